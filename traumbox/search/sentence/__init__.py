"""From a sentence to what is meant: conditions on tracks, sounds, names. English and German.

``understanding`` runs the rules, one module for each kind; ``english`` and ``german`` hold the
words; ``translate`` puts German sound words into English.
"""

from traumbox.search.sentence.describing import Described, described
from traumbox.search.sentence.sounds import SOUND_WORDS
from traumbox.search.sentence.translate import translated
from traumbox.search.sentence.understanding import understand
from traumbox.search.sentence.vocabulary import Vocabulary

__all__ = ["SOUND_WORDS", "Described", "Vocabulary", "described", "translated", "understand"]
