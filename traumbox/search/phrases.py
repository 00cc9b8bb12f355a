"""Phrases for sounds, in English and German: what somebody might ask for who doesn't know what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Language = Literal["en", "de"]


@dataclass(frozen=True, slots=True)
class Phrase:
    """One thing to ask for; phrases of one ``group`` ask for the same kind of thing."""

    group: str
    en: str
    de: str

    def said(self, language: Language) -> str:
        """Return it in a language."""
        return self.de if language == "de" else self.en


_SAID: dict[str, tuple[tuple[str, str], ...]] = {
    "keys": (
        ("calm piano", "ruhiges Klavier"),
        ("dramatic piano", "dramatisches Klavier"),
        ("church organ", "Kirchenorgel"),
        ("warm electric piano", "warmes E-Piano"),
        ("Hammond organ", "Hammondorgel"),
        ("harpsichord", "Cembalo"),
        ("accordion", "Akkordeon"),
        ("music box", "Spieluhr"),
        ("vibraphone", "Vibraphon"),
    ),
    "strings": (
        ("bright plucked strings", "helle gezupfte Saiten"),
        ("solo violin", "Solovioline"),
        ("solo cello", "Cello allein"),
        ("string quartet", "Streichquartett"),
        ("lush strings", "üppige Streicher"),
        ("harp", "Harfe"),
        ("folk fiddle", "Volksmusik mit Geige"),
    ),
    "guitar": (
        ("acoustic guitar fingerpicking", "gezupfte akustische Gitarre"),
        ("distorted electric guitar", "verzerrte E-Gitarre"),
        ("clean electric guitar", "klare E-Gitarre"),
        ("classical guitar", "klassische Gitarre"),
        ("slide guitar", "Slide-Gitarre"),
        ("ukulele", "Ukulele"),
        ("banjo", "Banjo"),
        ("guitar solo", "Gitarrensolo"),
    ),
    "winds": (
        ("saxophone solo", "Saxophonsolo"),
        ("muted trumpet", "gedämpfte Trompete"),
        ("brass band", "Blaskapelle"),
        ("flute", "Flöte"),
        ("clarinet", "Klarinette"),
        ("oboe", "Oboe"),
        ("harmonica", "Mundharmonika"),
        ("bagpipes", "Dudelsack"),
        ("wind instruments", "Bläser"),
    ),
    "rhythm": (
        ("energetic drums", "energisches Schlagzeug"),
        ("drum solo", "Schlagzeugsolo"),
        ("hand percussion", "Handtrommeln"),
        ("deep bass", "tiefer Bass"),
        ("slap bass", "Slap-Bass"),
        ("stomping beat", "stampfender Beat"),
        ("breakbeat", "Breakbeat"),
        ("gentle drums", "sanftes Schlagzeug"),
        ("people clapping", "Klatschen"),
    ),
    "electronic": (
        ("dreamy soft pad", "verträumte weiche Klangfläche"),
        ("synthesizer arpeggio", "Synthesizer-Arpeggio"),
        ("acid bass line", "Acid-Basslinie"),
        ("chiptune", "Chiptune"),
        ("dark drone", "dunkler Drone"),
        ("vocoder", "Vocoder"),
    ),
    "voices": (
        ("soft female voice", "sanfte Frauenstimme"),
        ("deep male voice", "tiefe Männerstimme"),
        ("choir singing", "Chorgesang"),
        ("a cappella singing", "Gesang a cappella"),
        ("rap", "Rap"),
        ("opera singing", "Operngesang"),
        ("screaming", "Schreie"),
        ("whispering", "Flüstern"),
        ("a narrator", "Erzähler"),
        ("children singing", "Kindergesang"),
        ("vocal harmonies", "mehrstimmiger Gesang"),
    ),
    "mood": (
        ("sad and lonely", "traurig und einsam"),
        ("happy and bright", "fröhlich und hell"),
        ("dark and menacing", "dunkel und bedrohlich"),
        ("tender and quiet", "zart und leise"),
        ("angry and loud", "wütend und laut"),
        ("melancholic", "melancholisch"),
        ("epic and heroic", "episch und heroisch"),
        ("mysterious", "geheimnisvoll"),
        ("romantic", "romantisch"),
        ("playful", "verspielt"),
        ("hopeful", "hoffnungsvoll"),
        ("hypnotic", "hypnotisch"),
    ),
    "genre": (
        ("gentle jazz", "sanfter Jazz"),
        ("big band swing", "Bigband-Swing"),
        ("delta blues", "Delta-Blues"),
        ("country song", "Countrysong"),
        ("heavy metal", "Heavy Metal"),
        ("punk rock", "Punkrock"),
        ("disco", "Disco"),
        ("funk groove", "Funk-Groove"),
        ("soul ballad", "Soul-Ballade"),
        ("reggae", "Reggae"),
        ("dub", "Dub"),
        ("techno", "Techno"),
        ("drum and bass", "Drum and Bass"),
        ("trance", "Trance"),
        ("lo-fi hip hop beat", "Lo-Fi-Hip-Hop-Beat"),
        ("ambient", "Ambient"),
        ("baroque music", "Barockmusik"),
        ("symphony orchestra", "Sinfonieorchester"),
        ("film music", "Filmmusik"),
        ("bossa nova", "Bossa Nova"),
        ("salsa", "Salsa"),
        ("flamenco", "Flamenco"),
        ("dance music", "Musik zum Tanzen"),
        ("tango", "Tango"),
        ("Irish folk music", "irische Volksmusik"),
        ("Indian sitar", "indische Sitar"),
        ("gospel", "Gospel"),
        ("psychedelic rock", "psychedelischer Rock"),
        ("synth pop", "Synthiepop"),
    ),
    "motion": (
        ("driving and restless", "treibend und unruhig"),
        ("waltz", "Walzer"),
        ("relaxed groove", "entspannter Groove"),
        ("march", "Marsch"),
        ("stomping dance", "stampfender Tanz"),
    ),
    "situation": (
        ("music to fall asleep", "Musik zum Einschlafen"),
        ("party music", "Partymusik"),
        ("music for running", "Musik zum Laufen"),
        ("background music for dinner", "Hintergrundmusik zum Abendessen"),
        ("car ride at night", "Autofahrt bei Nacht"),
        ("music for studying", "Musik zum Lernen"),
        ("Christmas music", "Weihnachtsmusik"),
        ("Sunday morning", "Sonntagmorgen"),
    ),
    "outside": (
        ("rain", "Regen"),
        ("thunder", "Donner"),
        ("birdsong", "Vogelgesang"),
        ("waves on a beach", "Wellen am Strand"),
        ("a crowd applauding", "Applaus"),
        ("crackling vinyl", "knisternde Schallplatte"),
        ("bells", "Glocken"),
        ("wind", "Wind"),
        ("water", "Wasser"),
    ),
}  # fmt: skip

PHRASES: tuple[Phrase, ...] = tuple(
    Phrase(group, en, de) for group, said in _SAID.items() for en, de in said
)
SENTENCES: tuple[str, ...] = tuple(phrase.en for phrase in PHRASES)
"""What of them is embedded: all text towers know English."""

_FIRST = (
    "calm piano",
    "energetic drums",
    "deep bass",
    "bright plucked strings",
    "church organ",
    "dreamy soft pad",
)
FIRST: tuple[Phrase, ...] = tuple(
    next(phrase for phrase in PHRASES if phrase.en == en) for en in _FIRST
)
"""They lead somewhere in most libraries; given until it is known what this one holds."""
