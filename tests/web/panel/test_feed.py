import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from nicegui import core

from traumbox.domain import IndexStatus, ModelsStatus
from traumbox.web.panel.feed import Live, StatusFeed
from traumbox.web.services import Readiness

MODELS = ModelsStatus(wanted="auto", serving="builtin", models=())
IDLE = Live(IndexStatus(indexed=1), Readiness(ready=True), False, (), MODELS)
BUSY = Live(IndexStatus(indexed=1, pending=1), Readiness(ready=True), False, (), MODELS)


@dataclass
class Appliance:
    """Answers with the state it is in, and counts how often it was asked."""

    state: Live = IDLE
    looks: int = 0
    broken: bool = False
    seen: list[Live] = field(default_factory=list)

    def look(self) -> Live:
        self.looks += 1
        if self.broken:
            raise OSError("the disk is away")
        return self.state


async def further_looks(appliance: Appliance, count: int = 3) -> None:
    target = appliance.looks + count
    async with asyncio.timeout(5.0):
        while appliance.looks < target:  # noqa: ASYNC110 - the looks happen in a thread
            await asyncio.sleep(0.001)


@pytest.fixture
def appliance() -> Appliance:
    return Appliance()


def run(scenario: Callable[[StatusFeed], object], appliance: Appliance) -> None:
    async def main() -> None:
        before, core.loop = core.loop, asyncio.get_running_loop()
        try:
            await scenario(StatusFeed(appliance.look, interval_s=0.001))  # type: ignore[misc]
        finally:
            core.loop = before

    asyncio.run(main())


def test_listeners_hear_of_changes_only(appliance: Appliance) -> None:
    async def scenario(feed: StatusFeed) -> None:
        stop = feed.subscribe(appliance.seen.append)
        await further_looks(appliance)
        assert appliance.seen == [IDLE]
        appliance.state = BUSY
        await further_looks(appliance)
        assert appliance.seen == [IDLE, BUSY]
        stop()

    run(scenario, appliance)


def test_a_second_listener_is_told_at_once_and_costs_no_second_look(appliance: Appliance) -> None:
    async def scenario(feed: StatusFeed) -> None:
        stop = feed.subscribe(lambda _: None)
        await further_looks(appliance)
        looks = appliance.looks
        stop_second = feed.subscribe(appliance.seen.append)
        assert appliance.seen == [IDLE]
        assert appliance.looks == looks
        stop()
        stop_second()

    run(scenario, appliance)


def test_without_listeners_nobody_looks(appliance: Appliance) -> None:
    async def scenario(feed: StatusFeed) -> None:
        feed.subscribe(appliance.seen.append)()
        looks = appliance.looks
        await asyncio.sleep(0.05)
        assert appliance.looks <= looks + 1
        assert appliance.seen == []

    run(scenario, appliance)


def test_it_outlives_a_failing_service(
    appliance: Appliance, caplog: pytest.LogCaptureFixture
) -> None:
    async def scenario(feed: StatusFeed) -> None:
        appliance.broken = True
        stop = feed.subscribe(appliance.seen.append)
        await further_looks(appliance)
        appliance.broken = False
        await further_looks(appliance)
        assert appliance.seen == [IDLE]
        stop()

    run(scenario, appliance)
    assert "the disk is away" in caplog.text
