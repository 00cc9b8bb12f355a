"""Which words name a sound, in English and German, so that rules can tell them from names."""

from __future__ import annotations

from collections.abc import Container
from functools import cache

from traumbox.search.sentence import english
from traumbox.search.sentence.findings import pattern
from traumbox.search.sentence.german.reading import Kind, lookup

_WORD = pattern(r"[\w][\w'’&-]*")
_AFTER = pattern(r" ?([\w][\w'’&#-]*)?")
_BEFORE = pattern(r"(?:^|[^\w'’&-])([\w][\w'’&-]*)$")
_LONGEST = 40
"""Letters of a word; what is longer is none."""
SOUND_WORDS_MOST = 3
"""Words of the longest name of a sound, such as "drum and bass"."""


@cache
def _english() -> dict[str, Kind]:
    tables: tuple[tuple[str, Kind], ...] = (
        (english.QUALITIES, "quality"),
        (english.SCENES, "scene"),
        (english.STYLES, "style"),
        (english.PRODUCTION, "played"),
        (english.VOICES, "played"),
        (english.PLAYED, "played"),
    )
    return {" ".join(word.split()): kind for table, kind in tables for word in table.split(";")}


@cache
def _words(table: str) -> frozenset[str]:
    return frozenset(word.strip() for word in table.split(";"))


def kind_of(words: str) -> Kind | None:
    """Return what sort of sound word or phrase this is; None for none."""
    folded = words.casefold().replace("’", "'")
    if len(folded) > _LONGEST:
        return None
    found = _english().get(folded)
    if found is None and folded.endswith("s"):
        found = _english().get(folded[:-1])
    return found or lookup(folded).kind


def is_generic(word: str) -> bool:
    """Tell whether a word only says that it's about music: "song", "something", "Stück"."""
    return word.casefold() in _words(english.GENERIC)


def is_sound(word: str) -> bool:
    """Tell whether a word describes a sound, or music at all."""
    return kind_of(word) is not None or is_generic(word)


def may_follow(word: str) -> bool:
    """Tell whether ``word`` begins something new, or describes a sound; "" is the end."""
    return not word or word[0].isdigit() or word in _words(english.BOUNDARIES) or is_sound(word)


def word_after(text: str, end: int) -> str:
    """Return the next word in lower case, "" where something other than a space comes first."""
    found = _AFTER.match(text, end, min(len(text), end + _LONGEST))
    return (found[1] or "").casefold() if found else ""


def word_before(text: str, start: int) -> str:
    """Return the word before in lower case, "" where something other than a space lies between."""
    head = text[max(0, start - _LONGEST) : start]
    if not head.endswith(" "):
        return ""
    found = _BEFORE.search(head[:-1])
    return found[1].casefold() if found else ""


def beside_sound(text: str, start: int, end: int) -> bool:
    """Tell whether the adjective at ``start`` to ``end`` describes a sound rather than a name.

    It does when nothing follows it that is no sound, and neither stands before it: "fast piano",
    "fast and loud", "something fast", "jazz, fast" and "fast" alone, but not "fast car".
    """
    following = word_after(text, end)
    if following and following not in _words(english.BOUNDARIES) - _NO_BOUNDARIES:
        return following[0].isdigit() or (is_sound(following) and kind_of(following) != "scene")
    before = word_before(text, start)
    return (
        not before or before in _LEADS or before in _words(english.BOUNDARIES) or is_sound(before)
    )


# "Slow Like Honey", "Fast As You Can" go on; "slow with strings" says something new.
_NO_BOUNDARIES = frozenset(["like", "on", "to", "as", "over", "under", "of", "wie", "auf", "where"])
_LEADS = frozenset(
    [
        "very",
        "really",
        "super",
        "quite",
        "rather",
        "pretty",
        "something",
        "anything",
        "it",
        "is",
        "be",
        "too",
        "so",
        "sehr",
        "richtig",
        "ganz",
        "ziemlich",
        "möglichst",
        "schön",
        "a",
        "some",
        "me",
        "play",
        "the",
        "mehr",
        "more",
        "eher",
    ]
)


def sound_named(text: str, start: int) -> tuple[int, Kind] | None:
    """Return where the longest name of a sound that begins at ``start`` ends, and its kind."""
    ends: list[int] = []
    position = start
    for _ in range(SOUND_WORDS_MOST):
        found = _WORD.match(text, position)
        if found is None:
            break
        ends.append(found.end())
        if text[found.end() : found.end() + 1] != " ":
            break
        position = found.end() + 1
    for end in reversed(ends):
        kind = kind_of(text[start:end])
        if kind is not None:
            return end, kind
    return None


class _SoundWords:
    """All words that say how something sounds, as a container of folded words."""

    def __contains__(self, word: object) -> bool:
        return isinstance(word, str) and kind_of(word) is not None


SOUND_WORDS: Container[str] = _SoundWords()
