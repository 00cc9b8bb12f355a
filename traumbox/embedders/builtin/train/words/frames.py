"""What people put around the words that count; ``{}`` stands for them.

``ANY`` takes whatever is asked for, ``NOUN`` a phrase led by a noun, ``BARE`` one noun alone (in
German ``{dem}`` and ``{der}`` stand for it with its article, dative and nominative), ``ADJECTIVE``
adjectives alone (in German ``{es}``: as a noun of its own, "etwas Ruhiges").
"""

from __future__ import annotations

from typing import Final, Literal

ANY: Final = {
    "en": (
        *(
            "{}",
            "{}",
            "{}",
            "{}",
            "find {}",
            "find me {}",
            "play {}",
            "play me {}",
            "please play {}",
        ),
        *("i want {}", "i want to hear {}", "i'd like to hear {}", "i would like {}", "show me {}"),
        *("looking for {}", "i am looking for {}", "search for {}", "do we have {}", "{} please"),
        *("can you play {}", "let me hear {}", "give me {}", "some {}", "a bit of {}", "more {}"),
        *("is there {}", "where is {}", "i need {}", "put on {}", "what about {}", "got any {}"),
    ),
    "de": (
        *("{}", "{}", "{}", "{}", "finde {}", "such mir {}", "suche {}", "spiel {}", "spiele {}"),
        *("ich möchte {} hören", "ich will {}", "ich will {} hören", "bitte {}", "{} bitte"),
        *("zeig mir {}", "ich suche {}", "ich hätte gern {}", "haben wir {}", "mach mal {} an"),
        *("spiel mir {}", "mal {}", "gib mir {}", "ich brauche {}", "gibt es {}", "wo ist {}"),
        *("hast du {}", "ein bisschen {}", "mehr {}", "lass mich {} hören", "leg {} auf"),
    ),
}
NOUN: Final = {
    "en": (
        *("something with {}", "anything with {}", "a piece with {}", "the part with {}"),
        *(
            "that part with {}",
            "sounds like {}",
            "the sound of {}",
            "i hear {}",
            "a recording of {}",
        ),
        *("with {}", "there is {}", "featuring {}", "the one with {}", "you can hear {}"),
    ),
    "de": (
        *(
            "etwas mit {}",
            "irgendwas mit {}",
            "ein Stück mit {}",
            "was mit {}",
            "die Stelle mit {}",
        ),
        *("mit {}", "klingt nach {}", "zusammen mit {}", "Aufnahme mit {}"),
    ),
}
BARE: Final = {
    "en": (
        *("that part with the {}", "the bit with the {}", "where the {} comes in", "the {}"),
        *("the passage with the {}", "a {}", "mostly {}", "where you can hear the {}"),
    ),
    "de": (
        *("die Stelle mit {dem}", "das Stück mit {dem}", "der Teil mit {dem}", "{der}"),
        *("wo {der} zu hören ist", "da wo {der} einsetzt", "das mit {dem}", "vor allem {}"),
    ),
}
ADJECTIVE: Final = {
    "en": (
        *("something {}", "something really {}", "music that is {}", "it should be {}", "very {}"),
        *("{} mood", "a {} mood", "anything {}", "make it {}", "something very {}", "quite {}"),
        *("in a {} mood", "sounds {}", "feels {}", "rather {}", "something that sounds {}"),
    ),
    "de": (
        *("etwas {es}", "was {es}", "irgendwas {es}", "es soll {} sein", "sehr {}", "ganz {}"),
        *(
            "{e} Stimmung",
            "klingt {}",
            "möglichst {}",
            "ziemlich {}",
            "richtig {}",
            "etwas sehr {es}",
        ),
        *("Musik die {} ist", "es klingt {}", "{e} Atmosphäre", "eher {}"),
    ),
}
# What adjectives lean on, with its gender. Rain can be a loud sound, but not a loud song.
HEADS: Final[dict[str, tuple[tuple[str, Literal["m", "f", "p", ""]], ...]]] = {
    "en": (("sounds", ""), ("sound", ""), ("recording", "")),
    "de": (("Klänge", "p"), ("Klang", "m"), ("Aufnahme", "f")),
}
UNSEEN: Final = {  # takes whatever is asked for
    "en": ("my favourite album has {}", "could somebody recommend {} to me", "today it must be {}"),
    "de": ("kennt jemand {}", "heute gern mal {}", "meine Lieblingsplatte hat {}"),
}
