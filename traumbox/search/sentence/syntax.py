"""Fields as typed: "bpm:120..130", "-genre:rock", "year:1980s", "key:8A"."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import unquote

from traumbox.domain.conditions import NUMBER_FIELDS, Condition, Field
from traumbox.domain.keys import spelled
from traumbox.domain.search import KINDS
from traumbox.search.sentence.duration import durations
from traumbox.search.sentence.files import FORMATS, LOSSLESS, LOSSY
from traumbox.search.sentence.findings import Finding, Sentence, pattern
from traumbox.search.sentence.history import added, played
from traumbox.search.sentence.loudness import loudnesses
from traumbox.search.sentence.tempo import beats
from traumbox.search.sentence.years import decades, years

_NAMES: dict[str, Field] = {
    **dict.fromkeys(("bpm", "tempo"), "bpm"),
    **dict.fromkeys(("duration_s", "duration", "length", "dauer", "länge"), "duration_s"),
    **dict.fromkeys(("year", "jahr", "decade", "jahrzehnt"), "year"),
    **dict.fromkeys(("loudness_lufs", "loudness", "lufs", "lautheit"), "loudness_lufs"),
    **dict.fromkeys(("dynamic_range_lu", "dynamics", "dynamik"), "dynamic_range_lu"),
    **dict.fromkeys(("brightness_hz", "brightness"), "brightness_hz"),
    "percussive": "percussive",
    "vocals": "vocals",
    **dict.fromkeys(("added_s", "added", "hinzugefügt"), "added_s"),
    "played_s": "played_s",
    **dict.fromkeys(("key", "tonart"), "key"),
    "genre": "genre",
    **dict.fromkeys(("artist", "künstler", "interpret"), "artist"),
    "album": "album",
    **dict.fromkeys(("folder", "ordner"), "folder"),
    "format": "format",
    **dict.fromkeys(("kind", "type", "art"), "kind"),
    **dict.fromkeys(("played", "gehört"), "played"),
}
_QUOTES = '"“”„'
_PART = r"(?:[\"“„][^\"“”„]{1,100}[\"“”]|[^\s\"“”„,]{1,200})"
_TYPED = pattern(
    rf"(?<![\w'’])(?P<not>-)?(?P<name>{'|'.join(_NAMES)}):(?P<value>{_PART}(?:,{_PART}){{0,20}})"
)
_KEY = pattern(
    r"(?<![\w'’])(?P<not>-)?(?:key|tonart):(?P<value>[a-h](?:#|♯|b|♭|is|es|s)?[ -](?:major"
    r"|minor|dur|moll))(?!\w)"
)
_READERS: dict[str, tuple[tuple[str, Callable[[Sentence], Iterator[Finding]]], ...]] = {
    "bpm": (("{} bpm", beats),),
    "duration_s": (("{}", durations), ("{} long", durations), ("{} s long", durations)),
    "year": (("{}", decades), ("{}", years), ("from {}", years)),
    "loudness_lufs": (("{} lufs", loudnesses),),
    "added_s": (("added {}", added), ("added in the last {}", added), ("added since {}", added)),
    "played_s": (("played {}", played), ("played in the last {}", played)),
    "played": (("played {}", played),),
}
"""What makes a value of a field one of a sentence, and the rule that then reads it."""
_PLAYED_VALUES = {"nie": "never", "no": "never", "nein": "never", "yes": "ever", "ja": "ever"}
_KIND_VALUES = {"podcasts": "podcast", "audiobooks": "audiobook", "hörbuch": "audiobook"}


def typed(sentence: Sentence) -> Iterator[Finding]:
    """Find fields as ``Condition.parse`` reads them, and with values as people write them."""
    for rule in (_KEY, _TYPED):
        for found in rule.finditer(sentence.text):
            field = _NAMES[_as_named(found["name"])] if rule is _TYPED else "key"
            condition = typed_condition(field, found["value"], sentence)
            if condition is not None:
                negated = found["not"] is not None
                yield Finding(*found.span(), (_turned(condition, negated=negated),))


def typed_condition(field: Field, value: str, sentence: Sentence) -> Condition | None:
    """Return what ``field:value`` asks for; None when the value is none of this field.

    A single tempo, length or loudness takes its tolerance: a measured one is never exactly that.
    """
    if field not in NUMBER_FIELDS:
        return _of_words(field, value)
    if ".." in value or not _has_reader(field):
        try:
            return Condition.parse(f"{field}:{value}")
        except ValueError:
            pass
    plain = value.strip(_QUOTES).replace("..", "-")
    return _read(field, plain, sentence)


def _of_words(field: Field, value: str) -> Condition | None:
    parts = (unquote(part.strip(_QUOTES)).strip() for part in value.split(","))
    values = tuple(word for part in parts if part for word in _meant(field, part))
    return Condition(field, values=values[:50]) if values else None


def _meant(field: Field, word: str) -> tuple[str, ...]:
    """Return the values that ``word`` stands for; none when the field knows all of its values."""
    folded = word.casefold()
    if field == "key":
        key = spelled(word.replace("-", " "))
        return () if key is None else (key,)
    if field == "format":
        named = {"lossless": LOSSLESS, "verlustfrei": LOSSLESS, "lossy": LOSSY}
        return named.get(folded) or FORMATS.get(folded, (folded,))
    if field == "played":
        meant = _PLAYED_VALUES.get(folded, folded)
        return (meant,) if meant in {"never", "ever"} else ()
    if field == "kind":
        meant = _KIND_VALUES.get(folded, folded)
        return (meant,) if meant in KINDS else ()
    return (word,)


def _read(field: Field, value: str, sentence: Sentence) -> Condition | None:
    for frame, rule in _READERS.get(field, ()):
        text = frame.format(value) if "{}" not in value else ""
        read = Sentence(text, sentence.vocabulary, sentence.now)
        for found in rule(read):
            if found.end - found.start == len(text) and found.conditions[0].field == field:
                return found.conditions[0]
    return None


def _has_reader(field: Field) -> bool:
    return field in _READERS


def _turned(condition: Condition, *, negated: bool) -> Condition:
    return Condition(
        *(condition.field, condition.low, condition.high, condition.values),
        negated=negated != condition.negated,
    )


def _as_named(name: str) -> str:
    folded = name.casefold()
    if folded in _NAMES:
        return folded
    spelled_out = folded.replace("ae", "ä").replace("ue", "ü").replace("oe", "ö")
    known = (
        spelled_out,
        {
            "lange": "länge",
            "gehort": "gehört",
            "hinzugefugt": "hinzugefügt",
            "kunstler": "künstler",
        }.get(folded, ""),
    )
    return next(name for name in known if name in _NAMES)
