"""The words that the built-in model was taught, so that it's known what it can't understand.

A text tower gives any sentence a place. That of words it never met is as good as drawn by lot, and
a large library has something near to every place.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from traumbox.embedders.builtin import tokens

_FIRST, _LAST, _STEM = 4, 5, 6
"""Letters that a whole taught word has at a word's beginning and at its end, and a shared stem:
"Jazz|keller", "Bass|gitarre", "einschl|ummern". The tokenizer lets such words lie near those that
were taught, as it cuts all words into pieces."""
_LONGEST = 40
"""Letters of a word; what is longer is none."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Called with a sentence, it tells whether any word of it is, or is like, a taught one."""

    words: frozenset[str] = field(repr=False)
    stems: frozenset[str] = field(repr=False)

    @classmethod
    def of(cls, taught: Iterable[str]) -> Vocabulary:
        """Take words as the tokenizer gives them: case-folded, without accents."""
        words = frozenset(taught)
        return cls(words, frozenset(word[:_STEM] for word in words if len(word) >= _STEM))

    def __call__(self, sentence: str) -> bool:
        """Tell whether the model can know what the sentence is about."""
        return any(self._is_like_one(word) for word in tokens.words(sentence))

    def _is_like_one(self, word: str) -> bool:
        if word in self.words:
            return True
        if len(word) > _LONGEST:
            return False
        begins = any(word[:end] in self.words for end in range(_FIRST, len(word)))
        ends = any(word[start:] in self.words for start in range(1, len(word) - _LAST + 1))
        return begins or ends or word[:_STEM] in self.stems
