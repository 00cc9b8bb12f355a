"""Write MODEL.md: what the model is, what it was made of, how well it does, what it can't."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from traumbox.domain import SAMPLE_RATE_HZ, ModelCard
from traumbox.embedders.builtin.mel import BANDS, HOP
from traumbox.embedders.builtin.train.evaluate import tables
from traumbox.embedders.builtin.train.evaluate.evaluation import Evaluation

_POOR = 0.3  # of the way from blind to perfect: below it a word is as good as unknown
_HEAD = """\
# The built-in model, {id}

A small CLAP (contrastive language-audio pretraining) of traumbox's own: it maps ten seconds of
sound and a sentence, English or German, into one space of {dim} dimensions. It comes with the
program, so that the first search answers at once, offline, on small machines. The training
program writes this page (`python -m traumbox.embedders.builtin.train`); all figures in it are
measured.

## What it is
- Audio tower: log-mel spectrogram (48 kHz, {bands} bands, {hop_ms:.1f} ms), a small convolutional
  network; {audio_mb:.1f} MB.
- Text tower: words and their character n-grams, hashed, a small transformer; {text_mb:.1f} MB.
- `words.txt`: the words that training had for what can be heard.
- {parameters:.1f} million parameters, stored in half precision. Licence of the weights: {licence}.

## What it was made of
- {clips} clips of ten seconds from {pieces} pieces, composed by rules; no recordings of anybody's
  music. Played by:
{sources}
- Captions in English and German, written by rules from what is known of a clip (line-up, style,
  tempo, key, mood) and measured on it (brightness, depth, level).
- Clips were spoiled at random (rooms, tone controls, noise, overdrive, vinyl, low bitrate), so that
  recordings don't come as a surprise.
- {steps} steps in {minutes:.0f} minutes, seed {seed}, on {machine}.

## How well it does
On {held} pieces that training never had, one clip each; some have instruments, styles or a
soundfont that training never had either. Captions name three attributes, such as an instrument, a
style or pace, and a mood. *Fits*: the piece has everything the caption asks for (or the caption
asks for nothing the piece lacks). *Own*: the very piece the caption was written for, though others
may fit as well, so that nobody could reach 1; *at best* is what knowing everything would give.

### Aims
"""
_ATTRIBUTES = """
A clip is put to the plain words of an attribute, and the word that fits best must be right, without
any training for it. *Chance* always gives the commonest answer. *Descriptors* is a logistic
regression on level, spectrum, onsets and tempo, trained on labelled clips.

"""
_SCALE = """
A cosine becomes the 0–100 match by a logistic curve, fitted on searches for one to three
attributes.

"""
_RECORDINGS = """
Each recording scores by its best window of ten seconds.

"""
_WRITTEN_LIMITS = """\
- It judges ten seconds at a time and knows nothing of form, lyrics, names or performers, and no
  languages but English and German.
- It has never heard a recording of real music: synthesised and sampled instruments are all it
  knows.
"""


@dataclass(frozen=True, slots=True)
class Source:
    """What played training clips, under which licence, and how many."""

    name: str
    licence: str
    clips: int


@dataclass(frozen=True, slots=True)
class Making:
    """How a model was made."""

    clips: int
    pieces: int
    sources: tuple[Source, ...]
    parameters: int
    steps: int
    minutes: float
    machine: str
    seed: int


def write_model_card(path: Path, card: ModelCard, results: Evaluation, making: Making) -> None:
    """Write the model card beside the weights it describes."""
    folder = path.parent
    sources = "\n".join(
        f"  - {one.name} ({one.licence}): {one.clips} clips" for one in making.sources
    )
    head = _HEAD.format(
        id=card.id,
        dim=card.dim,
        licence=card.licence,
        bands=BANDS,
        hop_ms=1000 * HOP / SAMPLE_RATE_HZ,
        audio_mb=(folder / "audio.onnx").stat().st_size / 1e6,
        text_mb=(folder / "text.onnx").stat().st_size / 1e6,
        parameters=making.parameters / 1e6,
        clips=making.clips,
        pieces=making.pieces,
        sources=sources,
        steps=making.steps,
        minutes=making.minutes,
        seed=making.seed,
        machine=making.machine,
        held=results.clips,
    )
    path.write_text(head + _results(results) + _limits(results) + _concepts(results), "utf-8")


def _results(results: Evaluation) -> str:
    return (
        tables.aims(results)
        + "\n### Retrieval\n"
        + tables.retrieval(results)
        + "\n### Attributes\n"
        + _ATTRIBUTES.lstrip()
        + tables.attributes(results)
        + "\n### By what training never had\n"
        + tables.held(results)
        + "\n### Real recordings\n"
        + _RECORDINGS.lstrip()
        + tables.recordings(results)
        + "\n### Match, and when nothing fits\n"
        + _SCALE.lstrip()
        + tables.scale(results)
    )


def _limits(results: Evaluation) -> str:
    lines = [
        "\n## What it can't do\n",
        *(f"- Worst told apart, {line}.\n" for line in tables.weakest(results)),
        *_poor_words(results),
        *_other_first(results),
    ]
    return "".join(lines) + _WRITTEN_LIMITS


def _poor_words(results: Evaluation) -> list[str]:
    poor = [
        one.name
        for one in sorted(results.concepts, key=lambda one: one.mean)
        if one.share < 1.0 and (one.mean - one.share) / (1.0 - one.share) < _POOR
    ]
    return [f"- Hardly better than guessing at: {_listed(poor)}.\n"] if poor else []


def _other_first(results: Evaluation) -> list[str]:
    if not results.recordings:
        return ["- It wasn't tried on real recordings.\n"]
    late = [one.word for one in results.recordings.words if one.rank > 1]
    share = results.recordings.first_right
    text = f"- Among {results.recordings.recordings} real recordings a right one came first for "
    text += f"{100 * share:.0f} % of the words"
    return [text + (f", but not for: {_listed(late)}.\n" if late else ".\n")]


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names)


def _concepts(results: Evaluation) -> str:
    return (
        "\n## All concepts by their plain words, average precision\n"
        "Chance is the share of the clips that have it.\n\n" + tables.concepts(results)
    )
