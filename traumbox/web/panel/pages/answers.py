"""From the search service to what the search page shows; blocking, to be called in a thread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from traumbox.errors import TraumboxError
from traumbox.web.panel.state import SearchState
from traumbox.web.services import Services
from traumbox.web.views import answer_view, lens_of, moments_view, safe, track_view

RECENT_SHOWN = 12
ALIKE_SHOWN = 3
CLEAR_MATCH = 10
"""Out of 100: a moment below it is none."""

Props = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Found:
    """An answer as the page shows it, or the words for why there is none."""

    hits: list[Props] = field(default_factory=list)
    numbers: Props | None = None
    like_title: str = ""
    message: str = ""
    hint: str = ""

    @property
    def is_partial(self) -> bool:
        """Whether there was music that hadn't been heard yet."""
        return bool(self.numbers and self.numbers["pending"])


def find(services: Services, words: Mapping[str, str], state: SearchState) -> Found:
    """Answer a question, in every case with something to show."""
    readiness = services.readiness()
    if not readiness.ready:
        return Found(message=words["not_ready"], hint=readiness.reason or words["not_ready_hint"])
    like_title = _title(services, state.like)
    query = state.as_query(services.settings.search.limit)
    try:
        answer = services.search.search(query)
    except KeyError:
        return Found(message=words["like_gone"], hint=words["like_gone_hint"])
    except TraumboxError as error:
        return Found(like_title=like_title, message=words["failed"], hint=safe(str(error)))
    view = answer_view(answer, query, lens_of(services))
    pending = services.status().pending
    numbers = {name: view[name] for name in ("searched", "total", "took_ms")}
    reason = _why_nothing(state, answer.searched) if not answer.hits else ""
    return Found(
        hits=view["hits"],
        numbers={**numbers, "pending": pending},
        like_title=like_title,
        message=words[reason] if reason else "",
        hint=words[f"{reason}_hint"] if reason else "",
    )


def find_recent(services: Services) -> list[Props]:
    """Return what was heard last, as hits without a moment."""
    lens = lens_of(services)
    return [
        {"track": track_view(row.as_track(), lens), "start_s": None, "match": None, "fits": True}
        for row in services.ledger.recently_added(RECENT_SHOWN)
    ]


def find_detail(services: Services, state: SearchState, track_id: str) -> Props | None:
    """Return where a track matches and what sounds like it; None when it is gone."""
    try:
        similar = services.search.similar(track_id, ALIKE_SHOWN)
        moments = moments_view(services.search.moments(track_id, state.text))
    except KeyError:
        return None
    hits = answer_view(similar, state.as_query(ALIKE_SHOWN), lens_of(services))["hits"]
    clear = [one for one in moments["moments"] if one["fits"] and one["match"] >= CLEAR_MATCH]
    return {"similar": hits, "moments": clear, "heat": moments["heat"] if clear else ""}


def _why_nothing(state: SearchState, searched: int) -> str:
    if not searched:
        return "no_music"
    return "none_alike" if state.like else "none"


def _title(services: Services, track_id: str) -> str:
    row = services.ledger.row(track_id) if track_id else None
    return safe(row.as_track().title) if row is not None and row.audio_id else ""
