"""The owner's rules for what isn't to be heard: ``.traumboxignore`` files, include and exclude.

Patterns are those of gitignore. What a rule covers is seen all the same, with the reason, so that
the owner finds it; and a rule that is broken takes nothing away.
"""

from __future__ import annotations

import errno
import logging
import os
import re
import stat
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pathspec import GitIgnoreSpec

log = logging.getLogger(__name__)

RULES_NAME = b".traumboxignore"
SIZE_MAX_BYTES = 1 << 20
PATTERN_MAX = 1000
"""Characters; a longer line is no pattern but a mistake."""
STARS_MAX = 16
"""A pattern with many more wildcards can take for ever to compare."""
_CACHED_MAX = 4096

_Version = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Patterns:
    """Compiled gitignore patterns, relative to one directory."""

    lines: tuple[str, ...]
    spec: GitIgnoreSpec

    def covers(self, path: str) -> bool:
        """Tell whether ``path``, or a directory that it lies in, is covered."""
        return bool(self.spec.check_file(path).include)

    def ask(self, path: str) -> tuple[bool | None, str]:
        """Return whether ``path`` itself is covered, or None when no pattern says, and by which.

        ``path`` is relative to the patterns' directory; that of a directory ends with a slash.
        """
        # pathspec would let a directory's pattern speak for what lies in it, and so have a later
        # "!a" bring back the a/b that an earlier "b" covers; for git each path stands for itself.
        for pattern, line in zip(reversed(self.spec.patterns), reversed(self.lines), strict=True):
            found = pattern.regex.finditer(path) if pattern.regex is not None else ()
            if any(_is_of_itself(match, path) for match in found):
                return pattern.include, line
        return None, ""


@dataclass(frozen=True, slots=True)
class _Layer:
    """The rules of one directory: ``base`` is its relative path, with a slash at its end."""

    base: bytes
    patterns: Patterns

    def reason(self, pattern: str) -> str:
        place = self.base.decode("utf-8", "backslashreplace")
        where = f" in {place}" if place else ""
        return f"“{RULES_NAME.decode()}”{where} leaves it out ({pattern})"


@dataclass(frozen=True, slots=True)
class Rules:
    """All the rules that hold in one directory of a folder, deepest directory last."""

    include: Patterns | None = None
    exclude: Patterns | None = None
    layers: tuple[_Layer, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.layers or self.include or self.exclude)

    def within(self, directory: bytes, patterns: Patterns) -> Rules:
        """Return the rules that hold from ``directory`` on, whose own are ``patterns``."""
        return Rules(self.include, self.exclude, (*self.layers, _Layer(directory, patterns)))

    def why_excluded(self, path: bytes) -> str:
        """Return why the file at ``path`` isn't to be heard, or "".

        As in git, what a directory's rule leaves out no deeper rule brings back: ask
        ``why_left_out`` on the way down.
        """
        reason = self.why_left_out(path)
        if not reason and self.include is not None and not self.include.covers(_text(path)):
            return "the folder's “include” doesn't name it"
        return reason

    def why_left_out(self, path: bytes) -> str:
        """Return which rule leaves out ``path`` (a directory's with a slash at its end), or ""."""
        if self.exclude is not None:
            covered, pattern = self.exclude.ask(_text(path))
            if covered:
                return f"the folder's “exclude” leaves it out ({pattern})"
        for layer in reversed(self.layers):
            covered, pattern = layer.patterns.ask(_text(path[len(layer.base) :]))
            if covered is not None:
                return layer.reason(pattern) if covered else ""
        return ""


@dataclass(slots=True)
class RuleCache:
    """Compiles rules once for each version of them; for the walks of one thread."""

    _files: dict[bytes, tuple[_Version, Patterns]] = field(default_factory=dict)
    _given: dict[tuple[str, ...], Patterns] = field(default_factory=dict)

    def of_folder(self, name: str, include: Sequence[str], exclude: Sequence[str]) -> Rules:
        """Return what the configuration says of the folder ``name``."""
        return Rules(
            self._compiled(include, f"“include” of the folder “{name}”"),
            self._compiled(exclude, f"“exclude” of the folder “{name}”"),
        )

    def read(self, path: bytes) -> Patterns | None:
        """Return the patterns of the file at ``path``; None when it has none or isn't a file.

        Raises
        ------
        OSError
            When it is there and can't be read.
        """
        try:
            found = os.stat(path)  # noqa: PTH116 - bytes names stay bytes
        except FileNotFoundError:
            return None
        if not stat.S_ISREG(found.st_mode):
            return None
        version = (found.st_size, found.st_mtime_ns, found.st_ino)
        cached = self._files.get(path)
        if cached is None or cached[0] != version:
            if len(self._files) >= _CACHED_MAX:
                self._files.clear()
            cached = version, compiled(_lines_of(path), os.fsdecode(path))
            self._files[path] = cached
        return cached[1] if cached[1].lines else None

    def _compiled(self, lines: Sequence[str], place: str) -> Patterns | None:
        if not lines:
            return None
        key = (place, *lines)
        if key not in self._given:
            self._given[key] = compiled(lines, place)
        patterns = self._given[key]
        return patterns if patterns.lines else None


def compiled(lines: Iterable[str], place: str) -> Patterns:
    """Compile patterns line by line; a broken one is logged with its ``place`` and left out."""
    good = []
    for number, raw in enumerate(lines, 1):
        line = unicodedata.normalize("NFC", raw.rstrip("\r\n"))
        if not line.strip() or line.startswith("#"):
            continue
        try:
            _check(line)
        except ValueError as error:
            log.warning(
                "%s, line %d: %r is no pattern and is ignored (%s)", place, number, line, error
            )
            continue
        good.append(line)
    return Patterns(tuple(good), GitIgnoreSpec.from_lines(good, backend="simple"))


def _is_of_itself(match: re.Match[str], path: str) -> bool:
    """Tell whether a match is of the whole path and not of a directory in it.

    pathspec's expressions end at a slash or at the end of the path; where they have a group, it is
    that slash.
    """
    if match.re.groups:
        return match.end(1) in (-1, len(path))
    return match.end() < len(path) or not match.group().endswith("/")


def _check(line: str) -> None:
    if len(line) > PATTERN_MAX:
        raise ValueError(f"it is longer than {PATTERN_MAX} characters")
    if line.count("*") > STARS_MAX:
        raise ValueError(f"it has more than {STARS_MAX} stars")
    if GitIgnoreSpec.from_lines([line], backend="simple").patterns[0].include is None:
        raise ValueError("it matches nothing")


def _lines_of(path: bytes) -> list[str]:
    """Read without ever waiting: a pipe may have been put in the file's place."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with open(descriptor, "rb") as file:  # noqa: PTH123 - it is open already
        data = file.read(SIZE_MAX_BYTES + 1)
    if data is None:
        raise OSError(errno.EAGAIN, os.strerror(errno.EAGAIN))
    if len(data) > SIZE_MAX_BYTES:
        log.warning("%s is larger than 1 MB and is ignored", os.fsdecode(path))
        return []
    text = data.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "surrogateescape")
    return text.split("\n")


def _text(path: bytes) -> str:
    """Return ``path`` as the patterns see it: both Unicode spellings of a name are alike."""
    text = path.decode("utf-8", "surrogateescape")
    return text if text.isascii() else unicodedata.normalize("NFC", text)
