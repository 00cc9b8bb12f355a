"""What the owner can say in the configuration, with its defaults.

Each field's ``description`` completes the sentence "expected …" of an error message.
"""

from __future__ import annotations

from datetime import time
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    field_validator,
    model_validator,
)

from traumbox.config.units import parse_duration, parse_span

DEFAULT_DATA_DIR = "../data"
"""Relative to the folder of the configuration file."""


def _absolute(path: Path) -> Path:
    if not path.is_absolute():
        raise ValueError("not an absolute path")
    return path


AbsolutePath = Annotated[Path, AfterValidator(_absolute)]
Seconds = Annotated[float, BeforeValidator(parse_duration)]


class _Section(BaseModel):
    model_config = ConfigDict(
        frozen=True, extra="forbid", populate_by_name=True, coerce_numbers_to_str=True
    )


class Folder(_Section):
    """One watched folder."""

    path: AbsolutePath = Field(description="the path of a folder, such as /srv/music")
    name: str = Field(
        default="",
        min_length=1,
        max_length=80,
        description="a short name without '/', different from the other folders' names",
    )

    @model_validator(mode="before")
    @classmethod
    def _name_by_path(cls, data: Any) -> Any:
        if isinstance(data, str | Path):
            data = {"path": data}
        if isinstance(data, dict) and data.get("name") is None and data.get("path"):
            return {**data, "name": Path(str(data["path"])).name}
        return data

    @field_validator("name")
    @classmethod
    def _fit_for_display(cls, name: str) -> str:
        if "/" in name or not name.isprintable() or name != name.strip():
            raise ValueError("not a folder's name")
        return name


class Web(_Section):
    """Where the panel and the API listen."""

    host: str = Field(
        default="0.0.0.0",  # noqa: S104 - a box for the whole house; the owner can narrow it
        min_length=1,
        description="an address to listen on: 0.0.0.0 for the whole network, 127.0.0.1 for "
        "this machine only",
    )
    port: StrictInt = Field(
        default=8480,
        ge=0,
        le=65_535,
        description="a whole number from 0 to 65535 (0 takes any free port)",
    )


class Model(_Section):
    """Which model listens, and whence it may be had."""

    name: Literal[
        "auto", "builtin", "clap-music", "clap-general", "clap-music-int8", "clap-general-int8"
    ] = Field(
        default="auto",
        description="'auto', 'builtin', 'clap-music', 'clap-general', 'clap-music-int8' or "
        "'clap-general-int8'",
    )
    fetch: StrictBool = Field(default=True, description="true or false")
    mirror: str | None = Field(
        default=None,
        description="the beginning of a URL such as https://mirror.example/hf, or null for none",
    )
    proxy: str | None = Field(
        default=None,
        description="a proxy's URL such as http://proxy.lan:3128, or null for the environment's",
    )

    @field_validator("mirror", "proxy")
    @classmethod
    def _web_address(cls, url: str | None) -> str | None:
        if url is None:
            return None
        parts = urlsplit(url)
        # `port` raises by itself when it is no number.
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.port == 0:
            raise ValueError("not an http address")
        if not url.isprintable() or " " in url:
            raise ValueError("not an http address")
        return url.rstrip("/")


class Schedule(_Section):
    """When folders are looked through, and when the house wants quiet."""

    scan_every_s: Seconds = Field(
        default=3_600.0,
        alias="scan_every",
        ge=1.0,
        le=7 * 86_400.0,
        description="a duration from 1s to 7d, such as 1h, 15m, '1h 30m' or a number of seconds",
    )
    settle_s: Seconds = Field(
        default=10.0,
        alias="settle",
        ge=0.0,
        le=3_600.0,
        description="a duration from 0 to 1h, such as 10s or 1m",
    )
    quiet_hours: str | None = Field(
        default=None, description="a span of local time such as '22:00-07:00', or null for none"
    )

    @field_validator("quiet_hours")
    @classmethod
    def _span(cls, text: str | None) -> str | None:
        if text is None:
            return None
        begin, end = parse_span(text)
        return f"{begin:%H:%M}-{end:%H:%M}"

    @property
    def quiet_span(self) -> tuple[time, time] | None:
        """Begin and end of the quiet hours in local time; the end may lie on the next day."""
        return None if self.quiet_hours is None else parse_span(self.quiet_hours)


class Listener(_Section):
    """What the listening process may use of the machine."""

    cores: StrictInt = Field(
        default=0,
        ge=0,
        le=256,
        description="a whole number of processor cores from 0 to 256 (0 takes all but one)",
    )
    memory_mb: StrictInt = Field(
        default=900,
        ge=200,
        le=1_048_576,
        description="a whole number of megabytes, at least 200",
    )
    idle_s: Seconds = Field(
        default=120.0, ge=0.0, le=86_400.0, description="a number of seconds, or such as 2m"
    )
    hang_s: Seconds = Field(
        default=180.0, ge=1.0, le=86_400.0, description="a number of seconds from 1, or such as 3m"
    )
    nice: StrictInt = Field(
        default=10, ge=0, le=19, description="a whole number from 0 (no yielding) to 19 (most)"
    )


class Search(_Section):
    """How searches answer."""

    limit: StrictInt = Field(
        default=24, ge=1, le=200, description="a whole number of results from 1 to 200"
    )
    idle_s: Seconds = Field(
        default=300.0, ge=0.0, le=86_400.0, description="a number of seconds, or such as 5m"
    )


class Security(_Section):
    """Who may call."""

    allowed_hosts: tuple[str, ...] = Field(
        default=(),
        description="a list of host names such as [music.example.org], without http:// and port",
    )

    @field_validator("allowed_hosts")
    @classmethod
    def _host_names(cls, hosts: tuple[str, ...]) -> tuple[str, ...]:
        for host in hosts:
            if not host or any(c in host for c in "/:*@ "):
                raise ValueError("not a host name")
        return tuple(host.lower().rstrip(".") for host in hosts)


class Log(_Section):
    """How much is logged."""

    level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="'debug', 'info', 'warning' or 'error'"
    )


class Settings(_Section):
    """The whole configuration, checked."""

    data_dir: AbsolutePath = Field(description="the path of a folder that traumbox may write to")
    folders: tuple[Folder, ...] = Field(
        default=(), description="a list of folders, each '- path: /srv/music'"
    )
    web: Web = Field(default=Web(), description="a section with keys")
    model: Model = Field(default=Model(), description="a section with keys")
    schedule: Schedule = Field(default=Schedule(), description="a section with keys")
    listener: Listener = Field(default=Listener(), description="a section with keys")
    search: Search = Field(default=Search(), description="a section with keys")
    security: Security = Field(default=Security(), description="a section with keys")
    log: Log = Field(default=Log(), description="a section with keys")
    config_file: Path | None = Field(default=None, exclude=True)
