"""One attribute at a time: which of its plain words fits a clip best, without any training."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from traumbox.domain import Float32
from traumbox.embedders.builtin.train.concepts import CONCEPTS
from traumbox.embedders.builtin.train.data import Clip
from traumbox.embedders.builtin.train.evaluate.baseline import fit_and_guess
from traumbox.embedders.builtin.train.evaluate.descriptors import describe
from traumbox.embedders.builtin.train.evaluate.model import LANGUAGES, Language, Model, Words
from traumbox.embedders.builtin.train.evaluate.retrieval import held_groups
from traumbox.embedders.builtin.train.measure import BRIGHT_FROM_HZ, DULL_TO_HZ
from traumbox.embedders.builtin.train.scenes import FAST_FROM_BPM, MEDIUM_BPM, SLOW_TO_BPM

CALM_TO, ENERGETIC_FROM = 0.35, 0.7
_BASELINE_CLIPS = 5_000  # enough for a few measures, and describing them takes seconds
_TELLING = 5  # clips of a class before its own figure says something

MEMBERS: dict[str, tuple[str, ...]] = {
    "organ": ("organ", "church organ"),
    "mallets": ("mallets", "vibraphone", "marimba", "xylophone", "kalimba", "steel drums"),
    "bells": ("bells", "celesta", "glockenspiel", "music box", "church bells"),
    "plucked": ("plucked", "harp", "harpsichord", "sitar", "banjo", "koto", "pizzicato"),
    "bass": ("bass", "double bass", "synth bass"),
    "strings": ("strings", "violin", "viola", "cello"),
    "voice": ("singing", "choir"),
    "brass": ("brass", "trumpet", "trombone", "tuba", "french horn"),
    "woodwind": ("woodwind", "flute", "clarinet", "oboe", "bassoon", "whistle"),
    "synth": ("synth", "lead", "pad"),
}
"""The words of a family's instruments; a family that isn't here has its own word alone."""
_OWN_WORD = {"voice": "singing"}  # where a family isn't called as its concept


@dataclass(frozen=True, slots=True)
class Attribute:
    """A question with one answer a clip.

    ``label`` gives the answer, "" where the question can't be asked; ``accepts`` may take others
    too. ``prompts`` are the concepts whose words stand for a class; the best of them counts.
    """

    name: str
    label: Callable[[Clip], str]
    accepts: Callable[[Clip, str], bool]
    prompts: Callable[[str], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Weakness:
    """A class of an attribute, how often it is recognised, and what it is mostly taken for."""

    name: str
    clips: int
    accuracy: float
    taken_for: str


@dataclass(frozen=True, slots=True)
class AttributeResult:
    """How often the first word is right; ``baseline`` is None without clips to learn it from."""

    name: str
    classes: int
    clips: int
    accuracy: dict[str, float]  # by language
    chance: float  # always the answer that is right most often
    baseline: float | None
    by_held: dict[str, tuple[int, float]]  # clips, accuracy over both languages
    weakest: tuple[Weakness, ...]

    @property
    def mean(self) -> float:
        """The accuracy over both languages."""
        return float(np.mean(list(self.accuracy.values())))


def _solo(clip: Clip) -> str:
    return clip.facts.family if len(clip.facts.families) == 1 else ""


def _band(clip: Clip) -> str:
    return clip.facts.family if len(clip.facts.families) > 1 else ""


def _tempo(clip: Clip) -> str:
    bpm = clip.facts.tempo_bpm
    if not bpm:
        return ""
    if bpm <= SLOW_TO_BPM:
        return "slow"
    if bpm >= FAST_FROM_BPM:
        return "fast"
    return "medium" if MEDIUM_BPM[0] <= bpm <= MEDIUM_BPM[1] else ""


def _energy(clip: Clip) -> str:
    energy = clip.facts.energy
    if energy < 0:
        return ""
    return "calm" if energy <= CALM_TO else "energetic" if energy >= ENERGETIC_FROM else ""


def _brightness(clip: Clip) -> str:
    hz = clip.facts.brightness_hz
    if not hz:
        return ""
    return "bright" if hz >= BRIGHT_FROM_HZ else "dull" if hz <= DULL_TO_HZ else ""


def _plain(name: str) -> tuple[str, ...]:
    return (_OWN_WORD.get(name, name),)


def _instruments(family: str) -> tuple[str, ...]:
    return tuple(name for name in MEMBERS.get(family, (family,)) if name in CONCEPTS)


def _exactly(label: Callable[[Clip], str]) -> Callable[[Clip, str], bool]:
    return lambda clip, guess: guess == label(clip)


FAMILY, STYLE, TEMPO = "instrument family, solos", "style", "tempo class"
QUESTIONS: tuple[Attribute, ...] = (
    Attribute(FAMILY, _solo, _exactly(_solo), _instruments),
    Attribute("the same by the families' own words", _solo, _exactly(_solo), _plain),
    Attribute(
        "instrument family, more than one: any that plays",
        _band,
        lambda clip, guess: guess in clip.facts.families,
        _instruments,
    ),
    Attribute(STYLE, lambda c: c.facts.style, lambda c, guess: guess == c.facts.style, _plain),
    Attribute(
        "style, any that the clip has",
        lambda clip: clip.facts.style,
        lambda clip, guess: guess in clip.concepts,
        _plain,
    ),
    Attribute(TEMPO, _tempo, _exactly(_tempo), _plain),
    Attribute("mode", lambda c: c.facts.mode, lambda c, guess: guess == c.facts.mode, _plain),
    Attribute("energy", _energy, _exactly(_energy), _plain),
    Attribute("brightness", _brightness, _exactly(_brightness), _plain),
)


@dataclass(frozen=True, slots=True)
class _Plain:
    """Clips with their descriptors [clips, d], for the baseline: those asked, those to learn."""

    asked: Sequence[Clip]
    asked_measures: NDArray[np.float64]
    known: Sequence[Clip]
    known_measures: NDArray[np.float64]

    @classmethod
    def of(cls, asked: Sequence[Clip], known: Sequence[Clip]) -> _Plain:
        """Measure all clips, once for all questions; none where there is nothing to learn."""
        judged = asked if known else ()
        measures = [np.array([describe(one.mel) for one in clips]) for clips in (judged, known)]
        return cls(asked, measures[0], known, measures[1])

    def accuracy(self, question: Attribute, places: Sequence[int]) -> float | None:
        """Return how often the baseline is right about the clips at ``places``."""
        labels = [question.label(clip) for clip in self.known]
        learnt = [place for place, label in enumerate(labels) if label]
        if not learnt:
            return None
        guesses = fit_and_guess(
            self.known_measures[learnt],
            [labels[place] for place in learnt],
            self.asked_measures[places],
        )
        hits = [
            question.accepts(self.asked[place], guess)
            for place, guess in zip(places, guesses, strict=True)
        ]
        return float(np.mean(hits))


def ask_all(
    model: Model, words: Words, clips: Sequence[Clip], audio: Float32, trained: Sequence[Clip]
) -> tuple[AttributeResult, ...]:
    """Ask all questions about ``clips`` (vectors ``audio`` float32[n, dim]).

    ``trained`` are clips of the training, for the descriptor baseline; none, no baseline.
    """
    plain = _Plain.of(clips, trained[:: max(1, len(trained) // _BASELINE_CLIPS)])

    def embed(names: Sequence[str], language: Language) -> Float32:
        return model.embed_text([words.usual(name, language) for name in names])

    results = [_ask(question, embed, clips, audio, plain) for question in QUESTIONS]
    return tuple(result for result in results if result is not None)


def _ask(
    question: Attribute,
    embed: Callable[[Sequence[str], Language], Float32],
    clips: Sequence[Clip],
    audio: Float32,
    plain: _Plain,
) -> AttributeResult | None:
    """Return the result, or None where the clips don't have two answers."""

    def askable(clip: Clip) -> bool:  # a style that is no concept has no word
        return bool(set(question.prompts(question.label(clip))) & set(CONCEPTS))

    places = [place for place, clip in enumerate(clips) if askable(clip)]
    asked = [clips[place] for place in places]
    labels = [question.label(clip) for clip in asked]
    classes = sorted(set(labels))
    if len(classes) < 2:
        return None
    accepted = np.array([[question.accepts(clip, name) for name in classes] for clip in asked])
    right, guesses = {}, []
    for language in LANGUAGES:
        scores = np.stack(
            [
                (embed(question.prompts(name), language) @ audio[places].T).max(axis=0)
                for name in classes
            ]
        )
        best = np.argmax(scores, axis=0)
        right[language] = accepted[np.arange(len(asked)), best]
        guesses += list(zip(labels, (classes[place] for place in best), strict=True))
    both = np.mean(list(right.values()), axis=0)
    groups = held_groups(asked)
    return AttributeResult(
        name=question.name,
        classes=len(classes),
        clips=len(asked),
        accuracy={language: float(hits.mean()) for language, hits in right.items()},
        chance=float(accepted.mean(axis=0).max()),
        baseline=plain.accuracy(question, places),
        by_held={why: (int(of.sum()), float(both[of].mean())) for why, of in groups.items()},
        weakest=_weakest(labels, both, guesses),
    )


def _weakest(
    labels: Sequence[str], right: NDArray[np.floating], guesses: Sequence[tuple[str, str]]
) -> tuple[Weakness, ...]:
    """Return the three classes recognised worst, of those with enough clips and any mistake."""
    found = []
    for name, count in Counter(labels).items():
        if count < _TELLING:
            continue
        accuracy = float(
            np.mean([hit for label, hit in zip(labels, right, strict=True) if label == name])
        )
        if accuracy == 1.0:
            continue
        others = Counter(guess for label, guess in guesses if label == name and guess != name)
        taken_for = min(others, key=lambda other: (-others[other], other)) if others else ""
        found.append(Weakness(name, count, accuracy, taken_for))
    return tuple(sorted(found, key=lambda one: (one.accuracy, one.name))[:3])
