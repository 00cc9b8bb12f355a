"""The real daemon as a process, for tests that look at the whole way of the data."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self, TypeVar

T = TypeVar("T")


class DaemonHouse:
    """A data folder, a music folder, a configuration, and the daemon over them."""

    def __init__(
        self, directory: Path, folders: bool = True, model: str = "{fetch: false}"
    ) -> None:
        self.music = directory / "music"
        self.data = directory / "data"
        self.config = directory / "traumbox.yaml"
        self.log = directory / "daemon.log"
        self.music.mkdir(exist_ok=True)
        self.config.write_text(
            f"data_dir: {self.data}\n"
            + (f"folders:\n  - path: {self.music}\n    name: Music\n" if folders else "")
            + "web: {host: 127.0.0.1, port: 0}\n"
            "schedule: {settle: 0.3}\n"
            # Or the house of someone who has the converter would go to the internet by itself.
            f"model: {model}\n"
        )
        self.process: subprocess.Popen[bytes] | None = None

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "traumbox", "-c", str(self.config), *arguments]

    def start(self) -> Self:
        self.launch()
        wait_for(lambda: self.ready() or self._check_alive(), "the daemon to be ready", 60)
        return self

    def launch(self) -> None:
        """Start the daemon without waiting for it."""
        (self.data / "address").unlink(missing_ok=True)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(self.command("run"), stdout=log, stderr=log)

    def _check_alive(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, f"the daemon ended early:\n{self.tail()}"
        return False

    def tail(self) -> str:
        return self.log.read_text(errors="replace")[-4000:]

    def ready(self) -> bool:
        try:
            return self.get("/api/v1/health/ready")[0] == 200
        except (OSError, urllib.error.URLError):
            return False

    @property
    def url(self) -> str:
        return (self.data / "address").read_text().strip()

    def get(
        self, path: str, headers: dict[str, str] | None = None, method: str = "GET"
    ) -> tuple[int, bytes, dict[str, str]]:
        request = urllib.request.Request(  # noqa: S310 - loopback
            self.url + path, headers=headers or {}, method=method
        )
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310 - loopback
                return answer.status, answer.read(), dict(answer.headers)
        except urllib.error.HTTPError as error:
            return error.code, error.read(), dict(error.headers)

    def json(self, path: str) -> Any:
        status, body, _ = self.get(path)
        assert status == 200, body
        return json.loads(body)

    def files(self) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = []
        after = ""
        while True:
            page = self.json(f"/api/v1/audio/files?limit=200&after={urllib.parse.quote(after)}")
            items += page["items"]
            after = page["next"] or ""
            if not after:
                return items

    def counts(self) -> dict[str, int]:
        counts: dict[str, int] = self.json("/api/v1/audio/files?limit=1")["counts"]
        return counts

    def search(self, text: str, limit: int = 24) -> list[dict[str, Any]]:
        query = urllib.parse.urlencode({"q": text, "limit": limit})
        hits: list[dict[str, Any]] = self.json(f"/api/v1/search?{query}")["hits"]
        return hits

    def wait_until_heard(self, files: int, timeout_s: float = 120) -> dict[str, int]:
        """Wait until ``files`` files are known and none is pending any more."""

        def heard() -> dict[str, int] | None:
            counts = self.counts()
            done = sum(counts.values()) == files and counts["pending"] == 0
            return counts if done else None

        return wait_for(heard, f"{files} files to be heard", timeout_s)

    def listener_pids(self) -> list[int]:
        """The daemon's children that are listeners (spawned by multiprocessing)."""
        assert self.process is not None
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        pids = [
            int(pid)
            for thread in children.parent.parent.iterdir()
            for pid in (thread / "children").read_text().split()
        ]
        return [pid for pid in pids if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()]

    def kill9(self) -> None:
        assert self.process is not None
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> float:
        """SIGTERM; return how long the daemon took to end, in seconds."""
        if self.process is None or self.process.poll() is not None:
            return 0.0
        begin_s = time.monotonic()
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.kill9()
            raise
        return time.monotonic() - begin_s

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()


def wait_for(look: Callable[[], T | None], what: str, timeout_s: float) -> T:
    """Look again and again until something true comes back."""
    deadline_s = time.monotonic() + timeout_s
    while time.monotonic() < deadline_s:
        found = look()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError(f"Waited {timeout_s:.0f} s in vain for {what}")
