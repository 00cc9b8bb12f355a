"""Write what someone might type to find a clip, and which concepts that asks for.

English and German, from one word to a sentence. German grammar is plausible, not perfect, as
people type; so is the spelling.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TypeVar

import numpy as np

from traumbox.embedders.builtin import tokens
from traumbox.embedders.builtin.train import german
from traumbox.embedders.builtin.train.concepts import (
    CONCEPTS,
    IDIOMS,
    LANGUAGES,
    Concept,
    Idiom,
    Language,
    Wording,
)
from traumbox.embedders.builtin.train.words import frames
from traumbox.embedders.builtin.train.words.nothing import NOTHING, STRANGE

Rng = np.random.Generator
_T = TypeVar("_T")

GERMAN_SHARE = 0.45
_WEIGHTS = {"instrument": 3.0, "quality": 2.2, "scene": 6.0, "genre": 4.0, "absence": 0.35}
_RARE = {  # what most clips have, or what matters less: the factor on its kind's weight
    **dict.fromkeys(("major", "minor", "keyboard"), 0.3),
    **dict.fromkeys(("medium", "plucked", "music"), 0.4),
    **dict.fromkeys(("acoustic", "rhythmic", "dance"), 0.6),
    **dict.fromkeys(("bright", "fast", "slow", "deep", "drums", "instrumental"), 1.4),
    **dict.fromkeys(("wind", "no drums"), 2.0),
}
_COUNT_ODDS = (0.38, 0.33, 0.21, 0.08)  # of asking for one, two, three, four things
_IDIOM_SHARE, _IDIOM_PLUS_SHARE = 0.12, 0.25
_USUAL_SHARE = 0.22  # how often the plainest wording is taken whatever else there is
_KEYWORDS_SHARE = 0.25
_OF_MUSIC_SHARE = 0.5  # "sad music" where only "sad" was drawn
_TYPO_SHARE = 0.03
_SPELT_OUT_SHARE = 0.08  # "ae" for "ä"
_LOWER_SHARE = 0.6
_SPELT_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})
_POOLS: dict[tuple[Language, bool], tuple[Idiom, ...]] = {
    (language, unseen): tuple(i for i in IDIOMS if i.language == language and i.unseen == unseen)
    for language in LANGUAGES
    for unseen in (False, True)
}
_ODDS = {name: _WEIGHTS[c.kind] * _RARE.get(name, 1.0) for name, c in CONCEPTS.items()}
_COUNT_UP_TO = np.cumsum(_COUNT_ODDS)[:-1]
_LINKS = {"en": (" and ", " with ", ", ", " "), "de": (" und ", " mit ", ", ", " ")}
_PREPOSITIONS = frozenset(
    (
        *("at", "but", "from", "full", "free", "in", "just", "lacking", "like", "no", "not", "of"),
        *("on", "to", "with", "without", "aber", "aus", "frei", "in", "kein", "keine", "mit"),
        *("nur", "ohne", "vom", "voll", "voller", "wie", "zum"),
    )
)
_SAID = frozenset(
    word
    for text in (
        *(w.text for c in CONCEPTS.values() for lang in LANGUAGES for w in c.wordings(lang)),
        *(idiom.text for idiom in IDIOMS),
    )
    for word in tokens.words(text)
)
_NOTHING = tuple(NOTHING.split())
_STRANGE = tuple(" ".join(text.split()) for text in STRANGE.split(";"))
_LETTERS = "aaabcdeeeefghiiijklmnnooprrsstttuuvwxyz"
_NOTHING_FRAMES = ("{}", "{}", "{}", "find me {}", "i want {}", "suche {}", "etwas mit {}")
_NOTHING_FRAMES_SHARE, _SALAD_SHARE = 0.4, 0.3


def caption(
    present: Collection[str], rng: Rng, *, unseen: bool = False
) -> tuple[str, frozenset[str]]:
    """Return a caption for a clip with the concepts ``present``, and the concepts it names.

    With ``unseen`` it is worded as no caption is without: wordings, phrases and frames held back
    from training, and only concepts that have such a wording, where the clip has any. A name
    that is no concept is left out; ValueError when none is left.
    """
    language = _language(rng)
    if rng.random() < _IDIOM_SHARE:
        here = frozenset(present)
        fitting = [idiom for idiom in _POOLS[language, unseen] if idiom.asked <= here]
        if fitting:
            return _with_idiom(_pick(fitting, rng), here, rng, plain=unseen)
    names = sorted(name for name in present if name in CONCEPTS)
    if not names:
        raise ValueError(f"none of {sorted(present)} is a concept: nothing to write about")
    if unseen:
        names = [n for n in names if CONCEPTS[n].wordings(language, unseen=True)] or names
    chosen = _draw(names, rng)
    mood_alone = all(CONCEPTS[name].kind == "quality" for name in chosen)
    if mood_alone and "music" in present and not unseen and rng.random() < _OF_MUSIC_SHARE:
        chosen.append("music")
    return caption_of(chosen, rng, language, unseen=unseen), frozenset(chosen)


def caption_of(
    names: Sequence[str], rng: Rng, language: Language | None = None, *, unseen: bool = False
) -> str:
    """Return a caption that names exactly the concepts ``names``.

    With ``unseen`` its frame, and the wordings that have one held back, are such as training
    never sees; the other wordings are usual.
    """
    language = language or _language(rng)
    led = sorted(names, key=_follows)  # "jazz with a trumpet"
    said = [_word(CONCEPTS[name], language, rng, unseen) for name in led]
    if unseen:
        text = _pick(frames.UNSEEN[language], rng).format(_phrase(said, language, rng))
    elif len(said) > 1 and rng.random() < _KEYWORDS_SHARE:
        words = [word.text for word in said]
        rng.shuffle(words)
        text = (", " if rng.random() < 0.5 else " ").join(words)
    else:
        text = _framed(said, language, rng)
    return _typed(text, language, rng, slips=not unseen)


def nonsense(rng: Rng) -> str:
    """Return a query that asks for nothing that can be heard: names, things, letter salad."""
    count = 1 + int(rng.random() * 3)
    words = [
        _salad(rng) if rng.random() < _SALAD_SHARE else _pick(_NOTHING, rng) for _ in range(count)
    ]
    frame = _pick(_NOTHING_FRAMES, rng) if rng.random() < _NOTHING_FRAMES_SHARE else "{}"
    return frame.format(" ".join(words))


def strange() -> tuple[str, ...]:
    """Return questions that have nothing to do with sound, of words that training never has."""
    return _STRANGE


def _pick(options: Sequence[_T], rng: Rng) -> _T:
    return options[int(rng.random() * len(options))]


def _follows(name: str) -> bool:
    return CONCEPTS[name].kind != "genre" and name != "music"


def _language(rng: Rng) -> Language:
    return "de" if rng.random() < GERMAN_SHARE else "en"


def _draw(names: Sequence[str], rng: Rng) -> list[str]:
    """Draw one to four of ``names`` by weight."""
    count = min(len(names), 1 + int(np.searchsorted(_COUNT_UP_TO, rng.random())))
    # Gumbel's trick: the largest noisy logs are a weighted draw without replacement.
    noisy = np.log([_ODDS[name] for name in names]) + rng.gumbel(size=len(names))
    return [names[place] for place in np.argsort(-noisy)[:count]]


def _word(concept: Concept, language: Language, rng: Rng, unseen: bool) -> Wording:
    options = concept.wordings(language, unseen=unseen)
    if unseen and options:
        return _pick(options, rng)
    options = concept.wordings(language)
    return options[0] if unseen or rng.random() < _USUAL_SHARE else _pick(options, rng)


def _with_idiom(
    idiom: Idiom, present: frozenset[str], rng: Rng, *, plain: bool
) -> tuple[str, frozenset[str]]:
    """Return the idiom, sometimes with one more wish."""
    text, asked = idiom.text, idiom.asked
    more = sorted(name for name in present - asked if name in CONCEPTS)
    if more and not plain and rng.random() < _IDIOM_PLUS_SHARE:
        extra = _draw(more, rng)[:1]
        word = _word(CONCEPTS[extra[0]], idiom.language, rng, unseen=False)
        joint = ("mit" if idiom.language == "de" else "with") if word.role == "noun" else ""
        text, asked = " ".join(f"{text} {joint} {word.text}".split()), asked | frozenset(extra)
    return _typed(text, idiom.language, rng, slips=not plain), asked


def _framed(said: Sequence[Wording], language: Language, rng: Rng) -> str:
    """Put the words in one of the frames that suits them."""
    adjectives = [word for word in said if word.role == "adjective"]
    led = len(adjectives) < len(said) and any(word.role == "noun" for word in said)
    dice = rng.random()
    if len(said) == 1 and led and dice < 0.35:
        return _bare(said[0], language, rng)
    if adjectives and not led and dice < 0.4:
        return _adjectival(said, adjectives, language, rng)
    if led and dice > 0.7:
        phrase = _phrase(said, language, rng, "dative")
        return _pick(frames.NOUN[language], rng).format(phrase)
    phrase = _phrase(said, language, rng)
    return _pick(frames.ANY[language], rng).format(phrase) if dice > 0.42 else phrase


def _bare(word: Wording, language: Language, rng: Rng) -> str:
    frame = _pick(frames.BARE[language], rng)
    if language == "en":
        return frame.format(word.text)
    nominative, dative = german.with_the(word)
    return frame.format(word.text, der=nominative, dem=dative)


def _adjectival(
    said: Sequence[Wording], adjectives: Sequence[Wording], language: Language, rng: Rng
) -> str:
    frame = _pick(frames.ADJECTIVE[language], rng)
    plain = (" und " if language == "de" else " and ").join(word.text for word in adjectives)
    text = frame.format(plain, es=german.standing(adjectives), e=german.feminine(adjectives))
    return _followed(text, said)


def _phrase(
    said: Sequence[Wording], language: Language, rng: Rng, case: german.Case = "accusative"
) -> str:
    """Return adjectives, the leading noun, the others, and what comes after."""
    adjectives = [word for word in said if word.role == "adjective"]
    nouns = [word for word in said if word.role == "noun"]
    if adjectives and not nouns and rng.random() < 0.2:
        text, gender = _pick(frames.HEADS[language], rng)
        nouns = [Wording(text, "noun", gender)]
    lead = nouns[0] if nouns else None
    if language == "de" and lead and lead.gender and " " not in lead.text:
        front = [german.attribute(word, lead.gender, case) for word in adjectives]
    else:
        front = [word.text for word in adjectives]
    joint = " und " if language == "de" else " and "
    text = (joint if rng.random() < 0.3 else " ").join(front)
    if lead:
        leading = german.noun(lead, case) if language == "de" else lead.text
        text = f"{text} {leading}".strip()
    if len(nouns) > 1:
        link = _pick(_LINKS[language], rng)
        follow: german.Case = "dative" if link == " mit " else case
        others = [german.noun(n, follow) if language == "de" else n.text for n in nouns[1:]]
        text += link + joint.join(others)
    return _followed(text, said)


def _followed(text: str, said: Sequence[Wording]) -> str:
    for word in said:
        if word.role == "after":
            near = word.text.split()[0] in _PREPOSITIONS
            text = f"{text}{' ' if near else ', '}{word.text}" if text else word.text
    return text


def _typed(text: str, language: Language, rng: Rng, *, slips: bool) -> str:
    """Return the text as it comes from a keyboard: small letters, "ae" for "ä", slips."""
    if slips and rng.random() < _TYPO_SHARE:
        text = _slip(text, rng)
    if language == "de":
        if rng.random() < _LOWER_SHARE:
            text = text.lower()
        if rng.random() < _SPELT_OUT_SHARE:
            text = text.translate(_SPELT_OUT)
    return text


def _slip(text: str, rng: Rng) -> str:
    """Return the text with a letter lost, or two swapped, in one of its longer words."""
    words = text.split(" ")
    long = [place for place, word in enumerate(words) if len(word) >= 5]
    if not long:
        return text
    place = _pick(long, rng)
    word = words[place]
    at = 1 + int(rng.random() * (len(word) - 2))
    kept = word[at + 1 :] if rng.random() < 0.5 else word[at + 1] + word[at] + word[at + 2 :]
    words[place] = word[:at] + kept
    return " ".join(words)


def _salad(rng: Rng) -> str:
    """Return letters in no order, like nothing that is in any wording."""
    while True:
        word = "".join(_pick(_LETTERS, rng) for _ in range(3 + int(rng.random() * 8)))
        if word not in _SAID:
            return word
