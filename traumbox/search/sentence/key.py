"""Key and mode: "in A minor", "cis-Moll", "8A", "passend zu 8A", "in Moll"."""

from __future__ import annotations

from collections.abc import Iterator

from traumbox.domain.conditions import Condition
from traumbox.domain.keys import KEYS, neighbours, spelled
from traumbox.search.sentence.findings import Finding, Sentence, Stay, pattern
from traumbox.search.sentence.sounds import is_generic, word_after
from traumbox.search.sentence.sounds import may_follow as _may_follow

_LEAD = r"(?P<lead>(?:in|auf|key|key of|key:|in the key of|tonart|in der tonart|tonart:) )?"
_HARMONIC = (
    r"(?P<harmonic>(?:harmonic(?:ally)?(?: compatible)?|compatible|mixing|mixes|mixable|fits|goes"
    r"|passend|passt|harmonisch|harmoniert|mischbar) (?:well )?(?:with|to|zu|mit)"
    r"(?: the key of| der tonart)? )?"
)
_TONIC = (
    r"(?P<name>(?:[a-h](?:is|es|s)?[ -]?(?:dur|moll))"
    r"|(?:[a-g](?:#|♯|b|♭|[ -](?:sharp|flat))?[ -]?(?:major|minor|maj|min|dur|moll)))"
)
_CAMELOT = r"(?P<place>(?:1[0-2]|[1-9])[ab])"
_NAMED = pattern(rf"(?<![\w#'-]){_HARMONIC}{_LEAD}(?:{_TONIC}|(?:camelot )?{_CAMELOT})(?![\w#'])")
_TONIC_ONLY = pattern(
    r"(?<!\w)(?:(?P<of>(?:in the )?key of|in der tonart|tonart) (?P<any>[a-g](?:#|♯|b|♭"
    r"| sharp| flat)?)"
    r"|in (?P<sharp>[a-g](?:#|♯|b|♭| sharp| flat)))(?![\w#])"
)
_MODE = pattern(
    r"(?<!\w)(?:in |auf )?(?:(?:an? |the |eine[rm]? |the )?(?:(?P<minor>minor[ -]key"
    r"|molltonart(?:en)?)"
    r"|(?P<major>major[ -]key|durtonart(?:en)?))|(?<=in )(?:(?P<minor2>minor|moll)"
    r"|(?P<major2>major|dur)))"
    r"(?!\w)"
)
# What follows a place on the wheel or stands before it where it is none: an opus, a flat, a bus.
_NUMBERED = pattern(
    r"(?:\bno|\bnr|\bop|\bopus|\bnumber|\bnummer|\bflat|\broom|\bsection|\bact)\.? $"
)
_BAR = 12


def keys(sentence: Sentence) -> Iterator[Finding]:
    """Find keys by name or Camelot place, tonics alone, and modes alone.

    A mode alone stays in the sound: major and minor can be heard. "A major artist" is no key.
    """
    text = sentence.text
    for found in _NAMED.finditer(text):
        key = spelled(_hyphenless(found["name"] or found["place"]))
        if key is None or _is_article(found["name"], found["lead"], text, found.end()):
            continue
        if found["place"] and _NUMBERED.search(text, max(0, found.start() - _BAR), found.start()):
            continue
        values = (key, *neighbours(key)) if found["harmonic"] else (key,)
        yield Finding(*found.span(), (Condition("key", values=values),))
    for found in _TONIC_ONLY.finditer(text):
        tonic = _hyphenless(found["any"] or found["sharp"])
        both = tuple(key for key in (spelled(f"{tonic} {m}") for m in ("major", "minor")) if key)
        if both:
            yield Finding(*found.span(), (Condition("key", values=both),))
    for found in _MODE.finditer(text):
        following = word_after(text, found.end())
        named = found["minor2"] or found["major2"]
        if named in {"minor", "major"} and not _may_follow(following):
            continue
        mode = "minor" if found["minor"] or found["minor2"] else "major"
        values = tuple(key for key in KEYS if key.endswith(mode))
        yield Finding(*found.span(), (Condition("key", values=values),), stay=Stay.SOUND)


def _hyphenless(name: str) -> str:
    return name.replace("-", " ")


def _is_article(name: str | None, lead: str | None, text: str, end: int) -> bool:
    """Tell whether "a major …" or "a minor …" is an article and an adjective."""
    if name is None or name.casefold() not in {"a major", "a minor"}:
        return False
    following = word_after(text, end)
    if following == "key":
        return True
    return not _may_follow(following) or (not lead and is_generic(following))
