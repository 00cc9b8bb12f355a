"""Opening a table of the index, whatever a power cut has left of it.

A cut may leave the newest commit torn: an empty manifest, or a manifest that names files without
content. That commit was never acknowledged, for acknowledged ones are synchronised first; so the
table goes back by one version, and what it lost is heard again.
"""

from __future__ import annotations

import errno
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain, count
from pathlib import Path
from typing import Any

import lancedb
import pyarrow as pa

from traumbox.errors import StoreError
from traumbox.stores.schema import one_of

log = logging.getLogger(__name__)

Table = Any
"""A lancedb table; the package publishes no types."""

LANCE_ERRORS = (Exception,)
"""What lancedb raises: plain RuntimeErrors mostly, known by their text alone; ValueErrors, Arrow's
own, and for panics in its Rust code, as on some damaged files, a class that can't be imported."""

INDEX_CACHE_BYTES = 512 << 20
METADATA_CACHE_BYTES = 32 << 20
"""Filled as far as it is used: what 2,000,000 windows need is dropped and read again at 256 MB."""
SET_ASIDE = "set-aside"
MANIFEST = re.compile(r"\d{20}\.manifest")
NEWEST_POSSIBLE = 2**64 - 1
"""The names of manifests count down from here, so that the newest sorts first."""
FIRST_VERSION = f"{NEWEST_POSSIBLE - 1}.manifest"

_OS_ERROR = re.compile(r"os error (\d+)")
_OUTER_CAUSES = {
    errno.ENOSPC: "its disk is full. Free some space; what was stored before is safe.",
    errno.EDQUOT: "its disk quota is used up. Free some space; what was stored before is safe.",
    errno.EACCES: "traumbox has no permission. Make it writable for the user that runs traumbox.",
    errno.EPERM: "traumbox has no permission. Make it writable for the user that runs traumbox.",
    errno.EROFS: "its disk is mounted read-only. Mount it writable, and check its health.",
    errno.EMFILE: "too many files are open. Raise the limit (ulimit -n, LimitNOFILE=).",
    errno.ENFILE: "too many files are open on this machine. Close other programs.",
    errno.ENOMEM: "memory is short. Close other programs, or add memory.",
}


@contextmanager
def explained(directory: Path) -> Iterator[None]:
    """Turn whatever lancedb raises into a StoreError with the remedy."""
    try:
        yield
    except StoreError:
        raise
    except LANCE_ERRORS as error:
        cause = _outer_cause(error)
        if cause is None:
            text = str(error).splitlines()[0][:300] if str(error) else type(error).__name__
            cause = (
                f"{text}. Restart traumbox: it repairs what it can when it opens the index. If that"
                " doesn't help, move that folder away and start again: all music is heard anew."
            )
        raise StoreError(f"The index in {directory} can't be used: {cause}") from error


def open_table(directory: Path, name: str, schema: pa.Schema) -> Table:
    """Open or create a table and make sure that it can be read and searched.

    Damaged newest versions are set aside, one after the other, until one can be read.

    Raises
    ------
    StoreError
        When no version can be read (then all is left as it was), or the table is not ours.
    """
    moved: list[tuple[Path, Path]] = []
    try:
        table = _open_newest(directory, name, schema, moved)
        _require_schema(directory, table, schema)
        _set_aside_torn_history(directory, table)
        _drop_damaged_indices(table, schema)
    except BaseException:
        for source, aside in reversed(moved):
            aside.rename(source)
        raise
    return table


def _open_newest(
    directory: Path, name: str, schema: pa.Schema, moved: list[tuple[Path, Path]]
) -> Table:
    """Return the newest version that can be read; note in ``moved`` what had to be set aside."""
    path = directory / f"{name}.lance"
    while path.exists():
        try:
            table = _connect(directory).open_table(name)
            _read_through(table, schema)
        except LANCE_ERRORS as error:
            if _outer_cause(error) is not None:
                raise
            moved += _step_back(directory, path, error)
        else:
            return table
    return _connect(directory).create_table(name, schema=schema)


def _connect(directory: Path) -> Any:
    # A session of its own: after a step back, cached pages of the damaged version must not return.
    session = lancedb.Session(
        index_cache_size_bytes=INDEX_CACHE_BYTES, metadata_cache_size_bytes=METADATA_CACHE_BYTES
    )
    return lancedb.connect(directory, session=session)


def _read_through(table: Table, schema: pa.Schema) -> None:
    """Read the key column of every file: a truncated one only fails when it is read."""
    for _ in table.search().select([schema.names[0]]).to_batches(8192):
        pass


def _step_back(directory: Path, path: Path, error: Exception) -> list[tuple[Path, Path]]:
    """Set aside what stands in the way of the next older version; return the moves made."""
    versions = path / "_versions"
    hint = versions / "latest_version_hint.json"
    if hint.exists():
        # Only a short cut to the newest version; torn or outdated it misleads. First try without.
        hint.unlink()
        return []
    names = _manifests(versions)
    if names in ([], [FIRST_VERSION]) and not _has_files(path / "data"):
        log.warning("The index table %s was never finished; it is made anew", path.stem)
        return [_set_aside(directory, path, path.name)]
    if not names:
        raise StoreError(
            f"The index in {directory} is damaged: no version of its table {path.stem} can be read"
            f" ({str(error).splitlines()[0][:200]}). It was left as it is. Bring back a backup, or"
            " move that folder away and start again: all music is then heard anew."
        ) from error
    log.warning(
        "The newest version of the index table %s is damaged (%s); going back by one. What it held"
        " is heard again.",
        path.stem,
        str(error).splitlines()[0][:200],
    )
    return [_set_aside(directory, versions / names[0], f"{path.stem}-{names[0]}")]


def _manifests(versions: Path) -> list[str]:
    """Return the names of a table's manifests, the newest first."""
    return sorted(path.name for path in versions.glob("*") if MANIFEST.fullmatch(path.name))


def _set_aside(directory: Path, source: Path, name: str) -> tuple[Path, Path]:
    aside = directory / SET_ASIDE
    aside.mkdir(exist_ok=True)
    free = (aside / f"{name}{suffix}" for suffix in chain([""], map(".{}".format, count(2))))
    target = next(path for path in free if not path.exists())
    source.rename(target)
    return source, target


def _has_files(directory: Path) -> bool:
    return directory.is_dir() and any(directory.iterdir())


def _require_schema(directory: Path, table: Table, schema: pa.Schema) -> None:
    found = {field.name: str(field.type) for field in table.schema}
    wanted = {field.name: str(field.type) for field in schema}
    if found != wanted:
        differing = sorted(
            name for name in found.keys() | wanted.keys() if found.get(name) != wanted.get(name)
        )
        raise StoreError(
            f"The index table {table.name} in {directory} was written by another version of"
            f" traumbox or of the model (it differs in: {', '.join(differing)}). Install that"
            " version again, or move that folder away and start again: all music is heard anew."
        )


def _drop_damaged_indices(table: Table, schema: pa.Schema) -> None:
    """Drop the indices if they can't be read: they derive from the rows and are built again."""
    try:
        _search_once(table, schema)
    except LANCE_ERRORS as error:
        if _outer_cause(error) is not None:
            raise
        log.warning("The indices of %s are damaged and are built again (%s)", table.name, error)
        for index in table.list_indices():
            table.drop_index(index.name)
        _search_once(table, schema)


def _search_once(table: Table, schema: pa.Schema) -> None:
    """Ask each index something; raise one of LANCE_ERRORS when it fails or misses."""
    keys = [name for name in schema.names if name.endswith("_id")]
    for row in table.search().select(keys).limit(1).to_arrow().to_pylist():
        for key in keys:
            if not table.count_rows(one_of(key, [row[key]])):
                raise RuntimeError(f"the index of {key} misses a row")
    probe = [1.0] + [0.0] * (schema.field("vector").type.list_size - 1)
    query = table.search(probe, vector_column_name="vector").distance_type("dot")
    query.select(["_distance"]).nprobes(50).refine_factor(3).limit(1).to_arrow()


def _set_aside_torn_history(directory: Path, table: Table) -> None:
    """Set aside manifests of older versions that can't be read: no cleaning gets past them."""
    try:
        table.list_versions()
    except LANCE_ERRORS as error:
        if _outer_cause(error) is not None:
            raise
    else:
        return
    versions = directory / f"{table.name}.lance" / "_versions"
    for manifest in _manifests(versions)[1:]:
        try:
            _connect(directory).open_table(table.name).checkout(
                NEWEST_POSSIBLE - int(manifest[:20])
            )
        except LANCE_ERRORS:
            log.warning("An old version of the index table %s is damaged; set aside", table.name)
            _set_aside(directory, versions / manifest, f"{table.name}-{manifest}")


def _outer_cause(error: Exception) -> str | None:
    """Return the words for an error that lies in the surroundings, not in the table."""
    number = error.errno if isinstance(error, OSError) else None
    match = _OS_ERROR.search(str(error))
    if number is None and match:
        number = int(match[1])
    return _OUTER_CAUSES.get(number or 0)
