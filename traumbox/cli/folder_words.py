"""How folders are, in words, from the API's document."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from traumbox.cli.terminal import moment, plural
from traumbox.domain import FolderState

WATCHED = {"partial": "watched in part", "polled": "looked through by the clock"}
EXAMPLES = 3


def as_json(name: str, state: FolderState) -> dict[str, Any]:
    """Return of how a folder fares what the API would tell and words are made of."""
    held = asdict(state.held) if state.held is not None else None
    return {"name": name, "online": state.online, "note": state.note, "held": held}


def state(folder: dict[str, Any]) -> str:
    """Return what is wrong with a folder in a few words, or nothing."""
    note: str = folder["note"]
    if folder["online"]:
        return note
    return f"offline: {note}" if note else "offline"


def sentence(text: str) -> str:
    """Return ``text`` with a full stop, unless it ends in one or in a question."""
    return text if text.endswith((".", "?", "!")) else f"{text}."


def trouble(folder: dict[str, Any]) -> Iterator[str]:
    """Yield what the owner should know of a folder besides its state, a line each.

    A service of an earlier version tells less; what it doesn't tell is taken as well.
    """
    if folder.get("remedy"):
        yield f"→ {folder['remedy']}"
    watch = folder.get("watch") or {}
    # Of one that is offline the same has been said already.
    if folder["online"] and watch.get("note") and watch["mode"] in WATCHED:
        yield f"{WATCHED[watch['mode']]}: {watch['note']}"
        if watch.get("remedy"):
            yield f"→ {watch['remedy']}"
    missing = folder.get("counts", {}).get("missing")
    if missing:
        yield f"{plural(missing, 'track')} missing, kept for their return"
    yield from held_lines(folder)


def held_lines(folder: dict[str, Any]) -> list[str]:
    """Return what is held in a folder and how it is let go, a line each."""
    held = folder.get("held")
    if held is None:
        return []
    return [
        f"{held_sentence(folder)} Nothing has been changed yet.",
        f"→ If that is right: traumbox folder confirm {shlex.quote(folder['name'])}",
    ]


def held_sentence(folder: dict[str, Any]) -> str:
    """Return which removal is held in a folder."""
    held = folder["held"]
    share = round(100 * held["count"] / held["total"]) if held["total"] else 100
    ruled_out = held["count"] - held["gone"]
    parts = [f"{held['gone']:,} are gone"] if held["gone"] else []
    parts += [f"{ruled_out:,} are ruled out"] if ruled_out else []
    return (
        f"{held['count']:,} of {plural(held['total'], 'track')} of “{folder['name']}” ({share} %) "
        f"would go: {' and '.join(parts)}{such_as(held['examples'])}."
    )


def such_as(examples: list[str]) -> str:
    """Return a few paths as an aside, or nothing."""
    return f", such as {'; '.join(examples[:EXAMPLES])}" if examples else ""


def counts(folder: dict[str, Any]) -> str:
    """Return how many of a folder's files are in which state."""
    known = folder["counts"]
    total = sum(known[key] for key in ("indexed", "pending", "failed", "excluded"))
    heard = f"{known['indexed']:,} of {plural(total, 'file')} heard"
    others = ("pending", "failed", "excluded", "missing")
    return ", ".join([heard, *(f"{known[key]:,} {key}" for key in others if known[key])])


def wishes(folder: dict[str, Any]) -> str:
    """Return what is wanted of a folder besides the usual, or nothing."""
    parts = []
    if folder["kind"] != "auto":
        parts.append(f"kind {folder['kind']}")
    if folder["priority"] != "normal":
        parts.append(f"heard {folder['priority']}")
    if folder["include"]:
        parts.append(f"only {' '.join(folder['include'])}")
    if folder["exclude"]:
        parts.append(f"without {' '.join(folder['exclude'])}")
    return ", ".join(parts)


def looks(folder: dict[str, Any]) -> str:
    """Return when a folder was and will be looked through."""
    last, following = folder["last_scan_s"], folder["next_scan_s"]
    told = "not looked through yet" if last is None else f"looked through {moment(last)}"
    return told if following is None else f"{told}, next {moment(following)}"


def removal(gone: dict[str, Any]) -> str:
    """Return what went at once, and till when it is kept."""
    return (
        f"{plural(gone['count'], 'track')} of “{gone['folder']}” gone {moment(gone['since_s'])}, "
        f"kept till {moment(gone['until_s'])}{such_as(gone['examples'])}"
    )
