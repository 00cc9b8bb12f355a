"""From the search service to what the search page shows; blocking, to be called in a thread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from traumbox.domain import Answer
from traumbox.errors import TraumboxError
from traumbox.web.panel.state import SearchState
from traumbox.web.services import Services
from traumbox.web.views import answer_view, is_heard, lens_of, moments_view, safe, track_view

RECENT_SHOWN = 12
ALIKE_SHOWN = 3
CLEAR_MATCH = 10
"""Out of 100: a moment below it is none."""
GENRES_MOST = 500
"""So many genres can be chosen from; others can be typed."""

Props = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Found:
    """An answer as the page shows it, or the words for why there is none.

    ``titles`` are those of the tracks that it should be like or unlike, by id. ``chips`` are the
    parts of the sentence that were understood, ``meant`` is what else it may have meant, and
    ``left_by`` how many tracks each filter alone leaves where all together leave none.
    """

    hits: list[Props] = field(default_factory=list)
    numbers: Props | None = None
    titles: Mapping[str, str] = field(default_factory=dict)
    chips: list[Props] = field(default_factory=list)
    meant: str = ""
    left_by: list[Props] = field(default_factory=list)
    message: str = ""
    hint: str = ""
    note: str = ""

    @property
    def is_partial(self) -> bool:
        """Whether there was music that hadn't been heard yet."""
        return bool(self.numbers and self.numbers["pending"])


def find(services: Services, words: Mapping[str, str], state: SearchState) -> Found:
    """Answer a question, in every case with something to show."""
    readiness = services.readiness()
    if not readiness.ready:
        return Found(message=words["not_ready"], hint=readiness.reason or words["not_ready_hint"])
    titles = find_titles(services, state)
    here = replace(state, unlike=tuple(one for one in state.unlike if one in titles))
    query = here.as_query(services.settings.search.limit)
    try:
        answer = services.search.search(query, services.kind_of)
    except KeyError:
        return Found(titles=titles, message=words["like_gone"], hint=words["like_gone_hint"])
    except TraumboxError as error:
        return Found(titles=titles, message=words["failed"], hint=safe(str(error)))
    view = answer_view(answer, query, lens_of(services))
    pending = services.status().pending
    numbers = {name: view[name] for name in ("searched", "total", "took_ms")}
    reason = _why_nothing(state, answer) if not answer.hits else ""
    return Found(
        hits=[_placed(hit) for hit in view["hits"]],
        numbers={**numbers, "pending": pending},
        titles=titles,
        chips=view["query"]["understood"]["chips"],
        meant=view["meant"],
        left_by=view["left_by"],
        message=words[reason] if reason else "",
        hint=words[f"{reason}_hint"] if reason else "",
        note=_unread(words, state),
    )


def find_titles(services: Services, state: SearchState) -> dict[str, str]:
    """Return the titles of the tracks that are named in a question and are still here, by id."""
    titles = {}
    for track_id in (*state.like, *state.unlike):
        row = services.ledger.row(track_id)
        if row is not None and is_heard(row):
            titles[track_id] = safe(row.as_track().title)
    return titles


def find_recent(services: Services) -> list[Props]:
    """Return what was heard last, as hits without a moment."""
    lens = lens_of(services)
    return [
        _bare(track_view(row.as_track(), lens))
        for row in services.ledger.recently_added(RECENT_SHOWN)
    ]


def find_detail(services: Services, state: SearchState, track_id: str) -> Props | None:
    """Return a track with where it matches and what sounds like it; None when it is gone."""
    row = services.ledger.row(track_id)
    if row is None or not is_heard(row):
        return None
    try:
        similar = services.search.similar(track_id, ALIKE_SHOWN)
        moments = moments_view(services.search.moments(track_id, state.text))
    except KeyError:
        return None
    lens = lens_of(services)
    hits = answer_view(similar, state.as_query(ALIKE_SHOWN), lens)["hits"]
    clear = [one for one in moments["moments"] if one["fits"] and one["match"] >= CLEAR_MATCH]
    return {
        "hit": _bare(track_view(row.as_track(), lens)),
        "similar": hits,
        "moments": clear,
        "heat": moments["heat"] if clear else "",
    }


def find_choices(services: Services) -> Props:
    """Return what this library offers to filter by: its genres and folders."""
    genres = set(services.search.words.vocabulary.genres().values())
    folders = [view.name for view in services.folders.folders()]
    return {
        "genres": [safe(one) for one in sorted(genres, key=str.casefold)[:GENRES_MOST]],
        "folders": [safe(one) for one in folders],
    }


def _bare(track: Props) -> Props:
    """Return a track as a hit without a moment and without a match."""
    return {
        "track": track,
        "start_s": None,
        "match": None,
        "fits": True,
        "why": [],
        "copies": [],
    }


def _placed(hit: Props) -> Props:
    """Return a hit; what was only filtered for has no moment and no match."""
    return {**hit, "start_s": None, "match": None} if hit["why"] == ["filter"] else hit


def _unread(words: Mapping[str, str], state: SearchState) -> str:
    if not state.unread:
        return ""
    return words["no_filter"].format(written=", ".join(f"“{safe(one)}”" for one in state.unread))


def _why_nothing(state: SearchState, answer: Answer) -> str:
    if not answer.searched:
        return "no_music"
    if answer.left_by:
        return "none_left"
    if state.like:
        return "none_alike"
    return "none_left" if state.filters else "none"
