"""What the owner says of time: how often, after how long, at which hours."""

from __future__ import annotations

from datetime import time
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from pydantic import Field, field_validator

from traumbox.config.section import Seconds, Section
from traumbox.config.units import parse_span


class Schedule(Section):
    """When folders are looked through, and when the house wants quiet."""

    scan_every_s: Seconds = Field(
        default=3_600.0,
        alias="scan_every",
        ge=1.0,
        le=7 * 86_400.0,
        description="a duration from 1s to 7d, such as 1h, 15m, '1h 30m' or a number of seconds",
    )
    poll_every_s: Seconds = Field(
        default=600.0,
        alias="poll_every",
        ge=10.0,
        le=7 * 86_400.0,
        description="a duration from 10s to 7d, such as 10m or 1h",
    )
    settle_s: Seconds = Field(
        default=10.0,
        alias="settle",
        ge=0.0,
        le=3_600.0,
        description="a duration from 0 to 1h, such as 10s or 1m",
    )
    settle_network_s: Seconds = Field(
        default=30.0,
        alias="settle_network",
        ge=0.0,
        le=3_600.0,
        description="a duration from 0 to 1h, such as 30s or 1m",
    )
    quiet_hours: str | None = Field(
        default=None, description="a span of local time such as '22:00-07:00', or null for none"
    )
    time_zone: str | None = Field(
        default=None,
        description="the name of a time zone such as Europe/Berlin, or null for the machine's",
    )

    @field_validator("quiet_hours")
    @classmethod
    def _span(cls, text: str | None) -> str | None:
        if text is None:
            return None
        begin, end = parse_span(text)
        return f"{begin:%H:%M}-{end:%H:%M}"

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, name: str | None) -> str | None:
        if name is None:
            return None
        try:
            ZoneInfo(name)
        except (LookupError, ValueError, OSError) as error:  # OSError: "Europe" is a directory
            raise ValueError("not a time zone") from error
        return name

    @property
    def quiet_span(self) -> tuple[time, time] | None:
        """Begin and end of the quiet hours in local time; the end may lie on the next day."""
        return None if self.quiet_hours is None else parse_span(self.quiet_hours)

    @property
    def zone(self) -> ZoneInfo | None:
        """The time zone of the quiet hours; None: the machine's."""
        return None if self.time_zone is None else ZoneInfo(self.time_zone)


@lru_cache(maxsize=1)
def zone_names() -> tuple[str, ...]:
    """Return the time zones there are, for guessing which one was meant; reads a directory."""
    return tuple(sorted(available_timezones()))
