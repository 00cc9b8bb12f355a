"""The results as Markdown tables, for the terminal and for the model card."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from traumbox.embedders.builtin.train.evaluate.attributes import FAMILY, STYLE, TEMPO
from traumbox.embedders.builtin.train.evaluate.evaluation import Evaluation
from traumbox.embedders.builtin.train.evaluate.model import Language
from traumbox.embedders.builtin.train.evaluate.retrieval import DEPTHS, Recall, Retrieval
from traumbox.embedders.builtin.train.evaluate.scale import Reading

_LANGUAGE: dict[Language, str] = {"en": "English", "de": "German"}
_AIMED_WORDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("trumpet", ("trumpet",)),
    ("strings", ("strings", "string orchestra")),
    ("celesta or bells", ("celesta", "bells")),
    ("speech", ("speech", "someone talking")),
    ("birdsong", ("birdsong", "birds")),
    ("piano", ("piano",)),
    ("drums", ("drums",)),
)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def mean_recall(results: Evaluation, depth: int, *, own: bool = False) -> float:
    """Return the recall from text to audio among the first ``depth``, over all four wordings."""
    found = [one.to_audio.own if own else one.to_audio.fitting for one in results.retrieval]
    return sum(hits[depth] for hits in found) / len(found)


def aims(results: Evaluation) -> str:
    """Return what was aimed at beside what was reached."""
    by_name = {one.name: one for one in results.attributes}
    pieces = results.clips
    rows = [
        _aim(f"a fitting piece among the first 10 of {pieces}", 0.8, mean_recall(results, 10)),
        _aim(
            f"the very piece among the first 10 (at best {_ceiling(results):.2f})",
            0.8,
            mean_recall(results, 10, own=True),
        ),
        *(
            _aim(name, goal, by_name[name].mean)
            for name, goal in ((FAMILY, 0.85), (STYLE, 0.75), (TEMPO, 0.9))
            if name in by_name
        ),
    ]
    if results.recordings:
        rows += [_word_aim(results, name, words) for name, words in _AIMED_WORDS]
    return table(("aim", "wanted", "reached", ""), rows)


def retrieval(results: Evaluation) -> str:
    """Return recall in both directions, with chance and, for the own piece, the ceiling."""
    first = results.retrieval[0]
    rows: list[tuple[str, ...]] = []
    for title, pick in (("text to audio", _to_audio), ("audio to text", _to_text)):
        rows += [(f"{title}, {_wording(one)}", *_hits(pick(one))) for one in results.retrieval]
        chance = pick(first)
        rows.append((f"{title}, *chance*", *_hits_of(chance.fitting_chance, chance.own_chance)))
        rows.append((f"{title}, *at best*", *["1.00"] * 3, *_three(chance.own_ceiling)))
    head = ["", *(f"fits @{k}" for k in DEPTHS), *(f"own @{k}" for k in DEPTHS)]
    return table(head, rows)


def attributes(results: Evaluation) -> str:
    """Return the top-1 accuracy of every attribute beside chance and the descriptor baseline."""
    rows = [
        (
            one.name,
            str(one.classes),
            str(one.clips),
            _percent(one.accuracy["en"]),
            _percent(one.accuracy["de"]),
            _percent(one.chance),
            "–" if one.baseline is None else _percent(one.baseline),
        )
        for one in results.attributes
    ]
    return table(
        ("attribute", "classes", "clips", "English", "German", "chance", "descriptors"), rows
    )


def held(results: Evaluation) -> str:
    """Return the main figures by what training never had of the clip beside the piece itself."""
    asked = [one for one in results.attributes if one.name in {FAMILY, STYLE, TEMPO}]
    seen = [one for one in results.retrieval if not one.unseen]
    rows = []
    for reason in sorted({reason for one in seen for reason in one.by_held}):
        found = [one.by_held[reason] for one in seen if reason in one.by_held]
        share = sum(hits for _, hits in found) / len(found)
        cells = [one.by_held.get(reason) for one in asked]
        figures = ["–" if cell is None else f"{_percent(cell[1])} of {cell[0]}" for cell in cells]
        rows.append((reason, f"{share:.2f} of {found[0][0]}", *figures))
    head = ("never in training", "fitting piece @10", *(one.name for one in asked))
    return table(head, rows)


def weakest(results: Evaluation) -> list[str]:
    """Return a sentence for each attribute on the classes recognised worst."""
    return [
        f"{one.name}: "
        + "; ".join(
            f"{weak.name} {_percent(weak.accuracy)} of {weak.clips}"
            + (f" (mostly taken for {weak.taken_for})" if weak.taken_for else "")
            for weak in one.weakest
        )
        for one in results.attributes
        if one.name in {FAMILY, STYLE, TEMPO} and one.weakest
    ]


def recordings(results: Evaluation) -> str:
    """Return where real recordings rank for their words."""
    if not results.recordings:
        return "No recordings were at hand.\n"
    rows = [
        (
            one.word,
            str(one.right),
            f"{one.rank} of {one.among}",
            f"{one.average_precision:.2f}",
            "" if one.rank == 1 else one.first,
        )
        for one in results.recordings.words
    ]
    head = ("word", "right ones", "best right one ranks", "average precision", "first instead")
    return table(head, rows)


def scale(results: Evaluation) -> str:
    """Return what the rows of an answer read, and how often the floor is wrong."""
    found, floor, other = results.scale, results.floor_result, results.strangeness
    kinds = (
        ("first row, all that was asked for", "75–95", found.right_first, found.share_right_75_95),
        ("in the first 20, half of it or more", "40–70", found.half_right, found.share_half_40_70),
        ("less than half of it", "below 25", found.wrong, found.share_wrong_below_25),
    )
    rows = [(name, _reading(read), wanted, _percent(share)) for name, wanted, read, share in kinds]
    text = table(("row", "median match (8 of 10 rows)", "wanted", "so it is"), rows)
    text += (
        f"\nCurve: midpoint {found.midpoint:.3f}, slope {found.slope:.1f}. "
        f"Below a cosine of {floor.cosine:.3f} nothing fits: of {floor.sentences} sentences put to "
        f"small collections, {_percent(floor.missed)} of those for something present fall below "
        f"it, {_percent(floor.absent_passed)} of those for something absent and "
        f"{_percent(floor.nonsense_passed)} of nonsense lie above it "
        f"({_percent(floor.nonsense_passed_in_all)} of nonsense put to all {results.clips} "
        "clips).\n\n"
        "That nonsense is of words that training had for it. A sentence without a word that "
        "training had for anything to be heard, or one like it (`words.txt`), must come nearer by "
        f"{other.rise:.3f}: of {other.questions} questions about other things in words that "
        f"training never had, {_percent(other.strange)} are such, and {_percent(other.passed)} "
        f"instead of {_percent(other.passed_before)} seem to be answered.\n"
    )
    return text


def concepts(results: Evaluation) -> str:
    """Return all concepts, the best first."""
    rows = [
        (
            one.name,
            str(one.clips),
            f"{one.average_precision['en']:.2f}",
            f"{one.average_precision['de']:.2f}",
            f"{one.share:.2f}",
            "/".join("yes" if right else "no" for right in one.first_right.values()),
        )
        for one in sorted(results.concepts, key=lambda one: -one.mean)
    ]
    mean, blind = results.mean_average_precision, results.blind_average_precision
    rows.append(("**mean**", "", f"**{mean:.2f}**", "", f"**{blind:.2f}**", ""))
    return table(("concept", "clips", "English", "German", "chance", "first hit right"), rows)


def everything(results: Evaluation) -> str:
    """Return all tables under headings, as the command prints them."""
    parts = (
        ("Aims", aims(results)),
        ("Retrieval by three attributes", retrieval(results)),
        ("Attributes, top-1", attributes(results)),
        ("By what was held out", held(results)),
        ("Weakest", "".join(f"- {line}\n" for line in weakest(results))),
        ("Match and floor", scale(results)),
        ("Real recordings", recordings(results)),
        ("Concepts, average precision", concepts(results)),
    )
    return "\n".join(f"## {title}\n{text}" for title, text in parts)


def _ceiling(results: Evaluation) -> float:
    return results.retrieval[0].to_audio.own_ceiling[10]


def _aim(name: str, wanted: float, reached: float) -> tuple[str, ...]:
    return name, f"{wanted:.2f}", f"{reached:.2f}", "" if reached >= wanted else "missed"


def _word_aim(results: Evaluation, name: str, words: Sequence[str]) -> tuple[str, ...]:
    found = results.recordings.words if results.recordings else ()
    ranks = [one.rank for one in found if one.language == "en" and one.word in words]
    if not ranks:
        return f"recordings: {name}", "first", "no such recording", ""
    best = min(ranks)
    return f"recordings: {name}", "first", str(best), "" if best == 1 else "missed"


def _wording(one: Retrieval) -> str:
    return f"{_LANGUAGE[one.language]}, {'new' if one.unseen else 'known'} wordings"


def _to_audio(one: Retrieval) -> Recall:
    return one.to_audio


def _to_text(one: Retrieval) -> Recall:
    return one.to_text


def _hits(found: Recall) -> tuple[str, ...]:
    return _hits_of(found.fitting, found.own)


def _hits_of(fitting: dict[int, float], own: dict[int, float]) -> tuple[str, ...]:
    return *_three(fitting), *_three(own)


def _three(hits: dict[int, float]) -> tuple[str, ...]:
    return tuple(f"{hits[k]:.2f}" for k in DEPTHS)


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _reading(found: Reading) -> str:
    return f"{found.median:.0f} ({found.low:.0f}–{found.high:.0f})"
