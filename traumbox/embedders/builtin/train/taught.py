"""Which words the training captions teach: the vocabulary that is kept with the weights."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from traumbox.embedders.builtin import tokens
from traumbox.embedders.builtin.train.concepts import CONCEPTS, IDIOMS, LANGUAGES
from traumbox.embedders.builtin.train.words import frames
from traumbox.embedders.builtin.train.words.nothing import LITTLE

_SHORTEST = 3  # letters; shorter ones are ends of others: "hi-fi", "d'n'b"


def taught_words() -> frozenset[str]:
    """Return the words of all wordings and phrases of the training, as the tokenizer gives them.

    Words that only hold sentences together are left out, but of each wording one is kept: nobody
    may say of "music" that the model never learnt it.
    """
    little = frozenset((*LITTLE.split(), *_framing()))
    said = sorted({tuple(tokens.words(text)) for text in _said()}, key=len)
    kept: set[str] = set()
    for words in said:
        telling = [word for word in words if len(word) >= _SHORTEST and word not in little]
        if telling:
            kept.update(telling)
        elif kept.isdisjoint(words):
            kept.add(max(words, key=len))
    return frozenset(kept)


def _said() -> Iterator[str]:
    for concept in CONCEPTS.values():
        for language in LANGUAGES:
            yield from (wording.text for wording in concept.wordings(language))
    yield from (idiom.text for idiom in IDIOMS if not idiom.unseen)


def _framing() -> Iterator[str]:
    tables: tuple[Mapping[str, Iterable[str]], ...] = (
        frames.ANY,
        frames.NOUN,
        frames.BARE,
        frames.ADJECTIVE,
    )
    for table in tables:
        for options in table.values():
            for frame in options:
                yield from tokens.words(re.sub(r"\{\w*\}", " ", frame))
