"""What tags and sheets say, made plain: text of any encoding, one line, dates, numbers.

CUE sheets were written in whatever the PC of the day spoke. General detectors weigh dozens of
encodings by letter statistics, and err on the few words that a sheet has. It suffices to tell apart
the code pages that rippers really wrote, by the bytes that only one of them uses so.
"""

from __future__ import annotations

import codecs
import re
import unicodedata

FIELD_MAX = 1000
"""Characters of one field."""

_YEARS = range(1000, 3000)
_NUMBERS = range(1, 10_000)
# Beside control characters and lone surrogates: what turns the direction of the text around it.
_DIRECTION = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_HIGH = re.compile(rb"[\x80-\xff]+")
_CYRILLIC = re.compile(rb"[\xc0-\xff\xa8\xb8]")
_SIMPLIFIED = re.compile(rb"[\xb0-\xd7][\xa1-\xfe]")
_KANA = re.compile("[\u3040-\u30ff]")
_ALIEN = re.compile("[^\x00-\x7f]")
_MOSTLY = 0.7
_SOME = 0.2
_WORD = 3


def one_line(text: str) -> str:
    """Return ``text`` as one printable line, in Unicode's composed form."""
    composed = unicodedata.normalize("NFC", text[: 4 * FIELD_MAX])
    kept = (
        " " if unicodedata.category(char) in ("Cc", "Cs") or char in _DIRECTION else char
        for char in composed
    )
    return " ".join("".join(kept).split())


def several_lines(text: str) -> str:
    """Return ``text`` with every line printable and none of them empty."""
    return "\n".join(line for line in map(one_line, text.splitlines()) if line)


def cleaned(text: str) -> str:
    """Return ``text`` as one printable line of bounded length."""
    return one_line(text)[:FIELD_MAX].strip()


def year_in(text: str) -> int | None:
    """Return the year in a date of any form: 1999 of "1999-05-01", or None."""
    return _number(text, r"(?<!\d)\d{4}", _YEARS)


def number_in(text: str) -> int | None:
    """Return the number with which a text begins to count: 3 of "3/12", or None."""
    return _number(text, r"\d+", _NUMBERS)


def decoded_text(data: bytes) -> tuple[str, str]:
    """Return the text of ``data``, whatever it is, and the encoding it was taken for.

    A byte order mark decides; then UTF-16 by its zero bytes, UTF-8 where it is valid, and else
    Shift-JIS, GBK, Windows-1251 or Windows-1252 by what their letters look like. Bytes that mean
    nothing become U+FFFD.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace"), encoding
    encoding = _guess(data)
    return data.decode(encoding, "replace"), encoding


def _guess(data: bytes) -> str:
    if data.count(0) > len(data) // 4:
        return "utf-16-le" if data[1::2].count(0) >= data[::2].count(0) else "utf-16-be"
    if _is_valid(data, "utf-8"):
        return "utf-8"
    if _is_japanese(data):
        return "cp932"
    runs = _HIGH.findall(data)
    n_high = sum(map(len, runs))
    simplified = sum(2 * len(_SIMPLIFIED.findall(run)) for run in runs if len(run) % 2 == 0)
    if simplified >= _MOSTLY * n_high and _is_valid(data, "gb18030"):
        return "gb18030"
    # Accents stand alone between plain letters; Cyrillic words consist of nothing else.
    words = sum(len(_CYRILLIC.findall(run)) for run in runs if len(run) >= _WORD)
    return "cp1251" if words >= _MOSTLY * n_high else "cp1252"


def _is_japanese(data: bytes) -> bool:
    if not _is_valid(data, "cp932"):
        return False
    alien = _ALIEN.findall(data.decode("cp932"))
    return len(_KANA.findall("".join(alien))) >= _SOME * len(alien)


def _is_valid(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _number(text: str, pattern: str, allowed: range) -> int | None:
    found = re.search(pattern, text[:100], re.ASCII)
    number = int(found.group()) if found else 0
    return number if number in allowed else None
