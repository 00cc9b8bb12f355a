"""What the owner can say in the configuration, with its defaults.

Each field's ``description`` completes the sentence "expected …" of an error message.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, StrictBool, StrictInt, field_validator

from traumbox.config.music import Folder, KindRule, Library
from traumbox.config.section import AbsolutePath, Seconds, Section
from traumbox.config.timing import Schedule

__all__ = [
    "DEFAULT_DATA_DIR",
    "Folder",
    "KindRule",
    "Library",
    "Listener",
    "Log",
    "Model",
    "Schedule",
    "Search",
    "Security",
    "Settings",
    "Web",
]

DEFAULT_DATA_DIR = "../data"
"""Relative to the folder of the configuration file."""


class Web(Section):
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


class Model(Section):
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


class Listener(Section):
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


class Search(Section):
    """How searches answer."""

    limit: StrictInt = Field(
        default=24, ge=1, le=200, description="a whole number of results from 1 to 200"
    )
    idle_s: Seconds = Field(
        default=300.0, ge=0.0, le=86_400.0, description="a number of seconds, or such as 5m"
    )


class Security(Section):
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


class Log(Section):
    """How much is logged."""

    level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="'debug', 'info', 'warning' or 'error'"
    )


class Settings(Section):
    """The whole configuration, checked."""

    data_dir: AbsolutePath = Field(description="the path of a folder that traumbox may write to")
    folders: tuple[Folder, ...] = Field(
        default=(), description="a list of folders, each '- path: /srv/music'"
    )
    web: Web = Field(default=Web(), description="a section with keys")
    model: Model = Field(default=Model(), description="a section with keys")
    schedule: Schedule = Field(default=Schedule(), description="a section with keys")
    library: Library = Field(default=Library(), description="a section with keys")
    listener: Listener = Field(default=Listener(), description="a section with keys")
    search: Search = Field(default=Search(), description="a section with keys")
    security: Security = Field(default=Security(), description="a section with keys")
    log: Log = Field(default=Log(), description="a section with keys")
    config_file: Path | None = Field(default=None, exclude=True)
