"""A person in front of the panel, with Chromium for eyes and hands."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import axe_core_python
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Dialog,
    Locator,
    Page,
    Request,
    sync_playwright,
)

DESKTOP = (1440, 900)
TABLET = (900, 1100)
PHONE = (390, 844)

PATIENCE_MS = 15_000
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def chromium() -> str | None:
    """Return where the system's Chromium is, or None."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


@contextmanager
def open_browser() -> Iterator[Browser]:
    """Start the system's Chromium without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(ARGUMENTS))
        yield browser
        browser.close()


@dataclass
class Person:
    """One browser tab on the panel at ``address``; collects what must not happen."""

    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", self._watch)
        self.page.on("dialog", self._refuse)
        self.page.set_default_timeout(PATIENCE_MS)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(f"{message.type}: {message.text}")

    def _watch(self, request: Request) -> None:
        target = urlsplit(request.url)
        is_remote = target.scheme in {"http", "https", "ws", "wss"}
        if is_remote and target.netloc != urlsplit(self.address).netloc:
            self.foreign.append(request.url)

    def _refuse(self, dialog: Dialog) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def visit(self, path: str = "/") -> None:
        """Open a page and wait until it is connected and its fonts are there."""
        self.page.goto(self.address + path)
        self.page.locator(".tb-player").wait_for()
        self.page.wait_for_function("window.did_handshake === true")
        self.page.evaluate("document.fonts.ready")

    def ask(self, text: str) -> None:
        """Type a sentence into the search field, press Enter and wait for the answer."""
        field_ = self.page.get_by_role("combobox", name="Describe")
        field_.fill(text)
        field_.press("Enter")
        self.page.wait_for_function("title => document.title === title", arg=f"{text} · traumbox")

    @property
    def rows(self) -> Locator:
        return self.page.locator(".tb-row[data-track]")

    def row(self, title: str) -> Locator:
        """Return the row of the track with this title."""
        return self.rows.filter(has_text=title)

    def play(self, title: str) -> None:
        """Press the play button of a row."""
        self.row(title).get_by_role("button", name=f"Play {title}").first.click()

    def sound(self) -> dict[str, Any]:
        """Return what the audio element is doing."""
        return self.page.evaluate(
            """async () => {
                const { audio, queue } = await import("tb-core");
                return {
                    src: audio.src, paused: audio.paused, time_s: audio.currentTime,
                    duration_s: audio.duration, volume: audio.volume, muted: audio.muted,
                    waiting: queue.waiting.map((entry) => entry.track.title),
                };
            }"""
        )

    def until(self, condition: str) -> None:
        """Wait for a JavaScript condition over the player's audio, playback and queue."""
        self.page.evaluate(
            """async ([condition, patienceMs]) => {
                const { audio, playback, queue } = await import("tb-core");
                const holds = new Function("audio", "playback", "queue", `return ${condition}`);
                const deadline = performance.now() + patienceMs;
                while (!holds(audio, playback, queue)) {
                    if (performance.now() > deadline) throw new Error(`never: ${condition}`);
                    await new Promise((resolve) => setTimeout(resolve, 50));
                }
            }""",
            [condition, PATIENCE_MS],
        )

    def wait_until_playing(self, from_s: float = 0.0) -> dict[str, Any]:
        """Wait until sound has been coming for a moment, after ``from_s``."""
        self.until(f"!audio.paused && audio.readyState > 2 && audio.currentTime > {from_s}")
        return self.sound()

    def overflow_px(self) -> int:
        """Return by how much the page is wider than the window."""
        return self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )

    def accessibility_violations(self) -> list[str]:
        """Return what axe-core finds, a line a rule with the elements concerned."""
        source = Path(axe_core_python.__path__[0]) / "axe.min.js"
        # Through the debugger, as the page's own policy rightly forbids foreign scripts.
        self.page.evaluate(source.read_text() + "; true")
        found = self.page.evaluate("async () => (await axe.run(document)).violations")
        return [
            f"{rule['id']}: {json.dumps([node['html'][:160] for node in rule['nodes'][:3]])}"
            for rule in found
        ]


@contextmanager
def a_person(browser: Browser, address: str, size: tuple[int, int]) -> Iterator[Person]:
    """Sit a person in front of a new, empty browser profile of the given window size."""
    width, height = size
    is_phone = width < 720
    context = browser.new_context(
        viewport={"width": width, "height": height}, has_touch=is_phone, reduced_motion="reduce"
    )
    try:
        yield Person(context.new_page(), address)
    finally:
        context.close()


def until_asked(person: Person, asked: list[str], *deeds: str) -> None:
    """Wait until exactly these deeds were asked of a desk."""
    for _ in range(100):
        if asked == list(deeds):
            break
        person.page.wait_for_timeout(50)
    assert asked == list(deeds)


def is_focused(element: Locator) -> bool:
    """Tell whether the keyboard is there."""
    return element.evaluate("element => element === document.activeElement")
