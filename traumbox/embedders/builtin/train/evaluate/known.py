"""What is to be heard in the six free recordings that may lie beside the repository."""

from __future__ import annotations

KNOWN: tuple[tuple[str, dict[str, tuple[str, ...]]], ...] = (
    (
        "solo-trumpet",
        {"en": ("trumpet", "brass"), "de": ("Trompete", "Blechbläser")},
    ),
    (
        "string_orchestra",
        {
            "en": ("strings", "string orchestra", "classical music"),
            "de": ("Streicher", "Streichorchester", "klassische Musik"),
        },
    ),
    (
        "Sugar_Plum",
        {
            "en": ("celesta", "bells", "classical music"),
            "de": ("Celesta", "Glocken", "klassische Musik"),
        },
    ),
    (
        "Vibe_Ace",
        {
            "en": ("vibraphone", "jazz", "drums"),
            "de": ("Vibraphon", "Jazz", "Schlagzeug"),
        },
    ),
    (
        "198-209",
        {
            "en": ("speech", "someone talking", "a woman speaking"),
            "de": ("Sprache", "jemand spricht", "eine Frau spricht"),
        },
    ),
    (
        "robin",
        {"en": ("birdsong", "birds"), "de": ("Vogelgesang", "Vögel")},
    ),
)
"""A piece of the file's name, and the words for which it should come first."""
