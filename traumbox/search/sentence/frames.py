"""What people put around the words that count: politeness, and asking for a place in a track."""

from __future__ import annotations

from collections.abc import Iterator

from traumbox.search.sentence.findings import Finding, Sentence, Stay, pattern
from traumbox.search.sentence.sounds import is_sound

# Said to somebody: hardly in a title, but for the one that is left out.
_POLITE = pattern(
    r"(?:(?:hi|hey|hello|hallo|please|bitte),? (?=(?:play|find|show|give|can|could|i|spiele?"
    r"|suche?|zeig|gib|ich) )"
    r"|(?:play|find|show me|spiele?|finde?|zeig mir) (?=(?:me )?(?:the|that|die|der"
    r"|das) (?:part|bit|moment|place|passage|point|spot"
    r"|section|stelle|teil|abschnitt|punkt) )"
    r"|(?:(?:can|could|would) you (?:please )?)?(?:please )?(?:play|find|get|give|show"
    r"|put on|search for|recommend)"
    r"(?: (?:me|us))?(?: (?:some(?:thing)?|anything)(?: (?:with|like|that sounds like"
    r"|that is))?| a bit of) "
    r"|(?:(?:can|could|would) you (?:please )?)?(?:play|find|search for|recommend) (?:me|us|for) "
    r"|(?:can|could|would) you (?:please )?(?:play|find|put on) "
    r"|(?:i|we)(?:['’]d| would) (?:like|love) (?:to (?:hear|listen to)"
    r"|some(?:thing)?)(?: some(?:thing)?)? "
    r"|(?:i|we) (?:want|need|wanna) (?:to )?(?:(?:hear|listen to)(?: some(?:thing)?)?"
    r"|some(?:thing)?) "
    r"|(?:(?:i['’]?m|i am|we are|we['’]re) )?(?:looking|searching) for(?: (?:some(?:thing)?"
    r"|anything))? "
    r"|(?:do (?:we|you|i) have|have (?:we|you) got)(?: (?:any(?:thing)?|some(?:thing)?))? "
    r"|(?:let me hear|is there any(?:thing)?|are there any) "
    r"|(?:something|anything|stuff|music|songs?|tracks?) (?:with|like|that sounds like"
    r"|that is|that are|featuring|similar to) "
    r"|(?:bitte )?(?:spiele?|suche?|finde?|gib|zeige?) (?:mir|uns)(?: (?:bitte|mal|doch"
    r"|etwas|was|ein paar|irgendwas)){0,3} "
    r"(?!das lied vom tod)"
    r"|(?:spiele?|suche?|finde?) (?:bitte|mal|doch|etwas|was|ein paar|irgendwas) "
    r"|(?:ich|wir) (?:suchen?|möchten?|wollen|will|hätten? gern[e]?|brauchen?"
    r"|würden? gern[e]?)(?: (?:gern[e]?|etwas|was|mal|irgendwas|bitte)){0,3} "
    r"|(?:hast du|haben wir|habt ihr|gibt es|gibt['’]?s)(?: (?:etwas|was|irgendwas|auch))? "
    r"|lass (?:mich|uns) (?:(?:mal|etwas|was) ){0,2}|mach (?:mir )?mal (?:(?:etwas|was) )?"
    r"|(?:etwas|was|irgendwas|irgendetwas|musik|lieder|lied|stücke?|ein stück|songs?|titel)"
    r" (?:mit|wie|das klingt wie|die klingt wie|das klingt nach) )"
)
# Titles begin so as well ("Play That Funky Music", "The Sound of Silence"): no part of the sound,
# but perhaps of a name.
_TITLES_TOO = pattern(
    r"(?:play|find|show me|give me|get me|i want|i need|got|put on|search|is there|are there"
    r"|what about|how about|sounds like|the sound of|spiele?|suche?|finde?|klingt (?:nach|wie)) "
)
_POLITE_MOST = 4
_THEN = pattern(r"(?:some|a|an|any|ein|eine|einen|ein bisschen|ein wenig|a bit of) (?=\S)")
_AFTERWARDS = pattern(
    r"(?:,? (?:please|bitte|thanks|thank you|danke|for me|für mich|hören"
    r"|anhören)){1,3} ?[.!?]{0,3}$"
    r"| ?[.!?]{1,3}$"
)

_PLACE = (
    r"(?:(?:the|that|a|at the|from the|die|der|das|den|dem|an der|ab der|zur|zu der|eine"
    r"|genau die) )?"
    r"(?:part|bit|moment|place|passage|point|spot|section|second|stelle|teil|abschnitt|punkt"
    r"|sekunde|stück)"
)
_COMES = (
    r"(?:comes? (?:back )?in|starts?(?: (?:playing|to play|up))?|begins?(?: to play)?"
    r"|enters?|kicks? in"
    r"|sets? in|drops?(?: in)?|joins?(?: in)?|einsetzen|einsetzt|einsteigt|einsteigen"
    r"|beginnt|beginnen|anfängt|anfangen"
    r"|los ?geht|los ?gehen|loslegt|loslegen|rein ?kommt|rein ?kommen|dazu ?kommt"
    r"|dazu ?kommen|hinzukommt|hinzukommen|startet|starten)"
)
_ARTICLE = r"(?:(?:the|a|an|der|die|das|ein|eine) )?"
_STARTS = (
    pattern(
        rf"(?<![\w'’])(?P<lead>{_PLACE},? (?:where|when|in which|at which|an der|bei der"
        rf"|ab der|in der|in dem"
        rf"|an dem|wo|wenn|als) {_ARTICLE})(?P<sound>[^,;.]{{1,60}}?)(?P<verb>,? {_COMES})(?!\w)"
    ),
    pattern(
        rf"(?<![\w'’])(?P<lead>(?:da |dort |there )?,?(?:when|where|once|as soon as|wo|wenn"
        rf"|sobald|as) {_ARTICLE})"
        rf"(?P<sound>[^,;.]{{1,60}}?)(?P<verb> {_COMES})(?!\w)"
    ),
    pattern(
        r"(?<![\w'’])(?P<lead>(?:the |der |den |beim )?(?:start|beginning|entry|entrance"
        r"|onset|beginn|anfang|einsatz)"
        r" (?:of|des|der|vom|von) (?:the |an? |dem )?)(?P<sound>[^,;.]{1,60}?)(?P<verb>(?=$"
        r"|[,;.]| in | with | mit ))"
    ),
)
_WITH = pattern(
    rf"(?<![\w'’]){_PLACE} (?:with|mit|where you can hear|where you hear|where there is"
    rf"|wo man|in der man|an der man)"
    r"(?: (?:the|a|an|der|dem|den|die|das|einem|einer))? "
)
_HEARD = pattern(r" (?:zu hören ist|zu hören sind|can be heard|hört|hören kann)(?!\w)")


def starts(sentence: Sentence) -> Iterator[Finding]:
    """Find "the part where the saxophone comes in"; what comes in stays as the sound."""
    text = sentence.text
    for rule in _STARTS:
        for found in rule.finditer(text):
            # "When the levee breaks" and "Where the Streets Have No Name" name no sound.
            if any(is_sound(word) for word in found["sound"].split()):
                yield Finding(*found.span("lead"), starts=True)
                if found["verb"]:
                    yield Finding(*found.span("verb"))
    for found in _WITH.finditer(text):
        yield Finding(*found.span())
    for found in _HEARD.finditer(text):
        yield Finding(*found.span())


def politeness(sentence: Sentence) -> Iterator[Finding]:
    """Find "play me some …", "ich suche …", "…, bitte". A sentence of nothing else stays."""
    text = sentence.text
    position, stay = _polite_to(text), Stay.NOWHERE
    if not position:
        said = _TITLES_TOO.match(text)
        position, stay = (said.end() if said else 0), Stay.NAMES
    article = _THEN.match(text, position) if position else None
    position = article.end() if article else position
    after = _AFTERWARDS.search(text, position)
    end = after.start() if after else len(text)
    if text[position:end].strip():
        if position:
            yield Finding(0, position, stay=stay)
        if end < len(text):
            yield Finding(end, len(text))


def _polite_to(text: str) -> int:
    """Return where the polite beginning of ``text`` ends."""
    position = 0
    for _ in range(_POLITE_MOST):
        found = _POLITE.match(text, position)
        if found is None or found.end() == len(text):
            break
        position = found.end()
    return position


def quotations(sentence: Sentence) -> Iterator[Finding]:
    """Find quoted text. Nothing in it is understood: it is a name as it stands."""
    for found in _QUOTED.finditer(sentence.text):
        yield Finding(*found.span(), stay=Stay.NAMES, name=found[0][1:-1].strip())


_QUOTED = pattern(
    r"\"[^\"]{1,200}\"|“[^“”]{1,200}”|„[^„“”]{1,200}[“”]|«[^«»]{1,200}»|»[^«»]{1,200}«"
    r"|＂[^＂]{1,200}＂"
)
