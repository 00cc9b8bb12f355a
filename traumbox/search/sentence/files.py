"""What kind of file it is: format, and music, audiobook or podcast."""

from __future__ import annotations

from collections.abc import Iterator

from traumbox.domain.conditions import Condition
from traumbox.search.sentence.findings import Finding, Sentence, pattern

FORMATS = {
    "flac": ("flac",),
    "mp3": ("mp3",),
    "wav": ("wav",),
    "wave": ("wav",),
    "aiff": ("aiff",),
    "aif": ("aiff",),
    "ogg": ("ogg",),
    "vorbis": ("vorbis",),
    "opus": ("opus",),
    "aac": ("aac",),
    "m4a": ("mp4",),
    "m4b": ("mp4",),
    "mp4": ("mp4",),
    "alac": ("alac",),
    "wma": ("wmav1", "wmav2", "wmapro"),
    "ape": ("ape",),
    "wavpack": ("wavpack", "wv"),
    "dsd": ("dsf", "iff", "dff"),
    "dsf": ("dsf",),
    "webm": ("webm",),
}
"""What people call a format, and FFmpeg's names for it."""
LOSSLESS = ("flac", "alac", "wav", "aiff", "ape", "wavpack", "wv", "tta", "dsf", "shorten", "caf")
LOSSY = ("mp3", "mp2", "aac", "vorbis", "opus", "wmav1", "wmav2", "musepack7", "musepack8")

_NOT = r"(?P<not>(?:but )?(?:no|not|without|kein(?:e[nrsm]?)?|nicht|ohne|except) (?:any |in )?)?"
_AS = r"(?P<as>(?:in|as|im|als|only|nur) )?(?:the )?(?P<format>(?:format |file format )?)"
_FILES = r"(?P<files>[ -](?:files?|formate?s?|dateien?|quality|qualität|encoded))?"
# An "opus" or a "wave" is more often no format, and "ape" an animal.
_PLAIN = "flac|mp3|wav|aiff|aif|ogg|vorbis|aac|m4a|m4b|alac|wma|wavpack|dsd|dsf"
_SAID = "opus|wave|ape|mp4|webm"
_FORMAT = pattern(
    rf"(?<![\w./'’-]){_NOT}{_AS}(?:(?P<name>{_PLAIN})s?|(?P<said>{_SAID})s?"
    rf"|(?P<lossless>lossless|verlustfreie?[nrsm]?|verlustlose?[nrsm]?)|(?P<lossy>lossy"
    rf"|verlustbehaftete?[nrsm]?))"
    rf"{_FILES}(?![\w-])"
)
_KIND = pattern(
    rf"(?<![\w'’-]){_NOT}(?:(?:in|from|aus) )?(?:my |the |den |meinen )?(?:(?P<only>only|just"
    rf"|nur) )?"
    r"(?:(?P<podcast>podcasts?(?: episodes?)?|podcastfolgen?)|(?P<book>audio ?books?|hörbuch"
    r"|hörbücher[n]?)"
    r"|(?P<music>(?<=only )music|(?<=nur )musik))(?![\w-])"
)


def formats(sentence: Sentence) -> Iterator[Finding]:
    """Find "flac", "mp3s", "lossless", "no mp3s"."""
    for found in _FORMAT.finditer(sentence.text):
        if found["lossless"]:
            values: tuple[str, ...] = LOSSLESS
        elif found["lossy"]:
            values = LOSSY
        elif found["name"] or found["as"] or found["format"] or found["files"]:
            values = FORMATS[(found["name"] or found["said"]).casefold()]
        else:
            continue
        negated = found["not"] is not None
        yield Finding(*found.span(), (Condition("format", values=values, negated=negated),))


def kinds(sentence: Sentence) -> Iterator[Finding]:
    """Find podcasts, audiobooks, and "only music"."""
    for found in _KIND.finditer(sentence.text):
        kind = "podcast" if found["podcast"] else "audiobook" if found["book"] else "music"
        negated = found["not"] is not None
        yield Finding(*found.span(), (Condition("kind", values=(kind,), negated=negated),))
