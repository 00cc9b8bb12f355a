"""Sounds that must not be heard: "without drums or bass", "no vocals", "nicht zu laut".

Only what is known to be a sound is taken: "Without You", "No Woman No Cry" and "Ohne dich" are
titles. Of a genre that the library has, "not rock" makes two chips: the tag must not say it, and it
must not sound like it, because most tracks have no such tag.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from traumbox.domain.conditions import Condition
from traumbox.search.sentence.findings import Finding, Sentence, Stay, pattern
from traumbox.search.sentence.sounds import is_generic, may_follow, sound_named, word_after
from traumbox.search.sentence.vocabulary import listed

_LEAD = pattern(
    r"(?<![\w'’-])(?:(?:but|and|with|aber|und|mit|am besten|preferably|ganz|völlig|completely) )*"
    r"(?P<lead>(?P<weak>no|not|kein(?:e[nrsm]?)?|nicht)|without|ohne|minus|sans|free of"
    r"|frei von|lacking)"
    r"(?: any| all| the| a| an| jede[nrsm]?| den| die| das| dem| eine[nrm]?| too much| much"
    r"| zu viel| viel"
    r"| so viel| irgendwelche[nrsm]?)?(?P<degree> (?:too|so|that|very|zu|sehr|allzu))? "
)
_NEXT = pattern(
    r"(?P<comma>,)? ?(?P<and>(?:and|or|nor|und|oder|noch|auch)(?: (?:no|without|keine?n?"
    r"|ohne))?(?: any)? )?(?P<amp>[&/+] ?)?"
)
_MINUS = pattern(r"(?:^|(?<= ))-(?=[^\W\d_])")
_FREE = pattern(
    r"(?<!\w)(?:(?P<less>drum|beat|bass|guitar|piano|voice|vocal|lyric)(?:less|-free)"
    r"|(?P<frei>schlagzeug|gesangs?|bass|text)frei(?:e[nrsm]?)?)(?!\w)"
)
_NO_ONE = pattern(
    r"(?<!\w)(?:with )?(?:nobody|no ?one|niemand|keiner) (?P<does>sing(?:s|ing|t)?|talk(?:s"
    r"|ing)?|speak(?:s|ing)?|spricht|redet)(?!\w)"
)
_ANYTHING = (
    r"(?:(?:(?:other|more|further|additional|musical|(?:ander|weiter|sonstig)e[nrsm]?) )?"
    r"(?:instruments?|music|sounds?|instrumente?n?|musik|klänge?n?)|(?:any|every)thing else"
    r"|alles andere|anything|irgendetwas|irgendwas)(?: else)?(?: at all| whatsoever)?"
)
_ENDS = (
    r"(?= ?[.,;:!?)]| ?$| -| (?:and|or|nor|but|just|only|please|no|without|und|oder|aber|nur|bitte"
    r"|kein\w{0,2}|ohne)(?!\w))"
)
_GENERIC = pattern(_ANYTHING + _ENDS)
_NOTHING_ELSE = pattern(
    r"(?<![\w'’-])(?:(?:and|but|with|und|aber|mit) )?(?:nothing (?:else|more)|sonst (?:gar )?nichts"
    rf"|nichts (?:anderes|sonst|weiter))(?: at all| whatsoever)?{_ENDS}"
)
_TEMPO = frozenset(
    ["fast", "slow", "schnell", "langsam", "flott", "rasant", "schnelles", "langsames"]
)
_LIST_MOST = 8
_ADJECTIVES_MOST = 2


def absences(sentence: Sentence) -> Iterator[Finding]:
    """Find every sound that is ruled out, each of a list for itself.

    "No instruments" and "nothing else" name no sound, and a text tower would hear "instruments":
    they leave the sound. Titles say such things too ("Life Without Music", "No Music"): unless a
    sound is ruled out beside them they stay among the names, and alone they are no such thing.
    """
    findings = list(_named(sentence))
    is_wish = any(finding.without for finding in findings)
    for finding in findings:
        if finding.without or is_wish:
            yield finding
        elif _others(sentence.text, finding):
            yield replace(finding, stay=Stay.NAMES)


def _others(text: str, finding: Finding) -> str:
    return (text[: finding.start] + text[finding.end :]).strip(" ,.;:!?")


def _named(sentence: Sentence) -> Iterator[Finding]:
    text = sentence.text
    for found in _LEAD.finditer(text):
        yield from _listed(found, sentence)
    for found in _NOTHING_ELSE.finditer(text):
        yield Finding(*found.span())
    for found in _MINUS.finditer(text):
        if generic := _GENERIC.match(text, found.end()):
            yield Finding(found.start(), generic.end())
            continue
        named = sound_named(text, found.end())
        if named is not None and named[1] != "quality":
            yield _absent(found.start(), found.end(), named[0], named[1], sentence)
    for found in _FREE.finditer(text):
        root = found["less"] or found["frei"]
        sound = {"vocal": "vocals", "drum": "drums", "lyric": "lyrics", "gesangs": "gesang"}
        yield Finding(*found.span(), without=(sound.get(root.casefold(), root.casefold()),))
    for found in _NO_ONE.finditer(text):
        does = found["does"].casefold()
        sound = {"s": "singing", "t": "talking"}
        german = {"singt": "gesang", "spricht": "sprechen", "redet": "sprechen"}
        yield Finding(*found.span(), without=(german.get(does, sound.get(does[0], "speaking")),))


def _listed(lead: re.Match[str], sentence: Sentence) -> Iterator[Finding]:
    """Yield what "without" rules out: one sound, or several with "or" before the last."""
    text = sentence.text
    first = _item(lead.end(), lead, sentence)
    if first is None:
        return
    findings = [first]
    sure = 1  # those up to the last "and" or "or": what only a comma separates may be wanted
    while len(findings) < _LIST_MOST:
        between = _NEXT.match(text, findings[-1].end)
        if between is None or not between[0].strip():
            break
        following = _item(between.end(), None, sentence)
        if following is None:
            break
        findings.append(replace(following, start=findings[-1].end))
        if between["and"] or between["amp"]:
            sure = len(findings)
            if not between["comma"] and sure > _LIST_MOST:
                break
    yield from findings[:sure]


def _item(start: int, lead: re.Match[str] | None, sentence: Sentence) -> Finding | None:
    """Return the sound that is named at ``start``, with the adjectives before it."""
    text = sentence.text
    begin = start if lead is None else lead.start()
    if generic := _GENERIC.match(text, start):
        return Finding(begin, generic.end())
    position = start
    adjectives = 0
    named = sound_named(text, position)
    if lead is not None and named is not None and _turns_round(lead):
        if named[1] == "quality" and text[position : named[0]].casefold() in _TEMPO:
            return None  # see ``tempo``
        adjectives = _ADJECTIVES_MOST  # "not too loud jazz" wants jazz
    while named is not None and named[1] == "quality" and adjectives < _ADJECTIVES_MOST:
        if text[named[0] : named[0] + 1] != " ":
            break
        following = sound_named(text, named[0] + 1)
        if following is None or is_generic(text[named[0] + 1 : following[0]]):
            break
        adjectives += 1
        named = following
    if named is None:
        return _tag_only(begin, start, sentence)
    end, kind = named
    if not _may_be_absent(text, start, end, kind, lead):
        return None
    return _absent(begin, start, end, kind, sentence)


def _may_be_absent(text: str, start: int, end: int, kind: str, lead: re.Match[str] | None) -> bool:
    words = text[start:end]
    if is_generic(words):
        return False
    following = word_after(text, end)
    if kind == "played":
        return following not in {"machine's", "alone", "again", "more"}
    if not may_follow(following) or following in {"for", "on", "to", "like"}:
        return False
    if kind == "quality":
        # "Not sad" turns a quality round; "no sad" and "without sad" are no such thing.
        return lead is not None and _turns_round(lead)
    # "No Rain" is a song when nothing stands before it.
    return lead is None or not lead["weak"] or kind != "scene" or lead.start() > 0


def _turns_round(lead: re.Match[str]) -> bool:
    return lead["lead"].casefold() in {"not", "nicht"} or lead["degree"] is not None


def _absent(begin: int, start: int, end: int, kind: str, sentence: Sentence) -> Finding:
    words = sentence.text[start:end].casefold()
    tag = listed(words, sentence.vocabulary.genres()) if kind in {"style", "quality"} else None
    tags = () if tag is None else (Condition("genre", values=(tag,), negated=True),)
    return Finding(begin, end, tags, (words,))


def _tag_only(begin: int, start: int, sentence: Sentence) -> Finding | None:
    """Return "no zydeco", for a genre of this library that is no word we know."""
    found = pattern(r"[\w&'’-]{2,40}").match(sentence.text, start)
    if found is None or not may_follow(word_after(sentence.text, found.end())):
        return None
    tag = listed(found[0], sentence.vocabulary.genres())
    if tag is None:
        return None
    condition = Condition("genre", values=(tag,), negated=True)
    return Finding(begin, found.end(), (condition,), (found[0].casefold(),))
