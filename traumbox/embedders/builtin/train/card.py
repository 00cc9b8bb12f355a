"""Write MODEL.md: what the model is, what it was made of, how well it does, what it can't."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from traumbox.domain import ModelCard
from traumbox.embedders.builtin.train.data import PIECE_S, Clip
from traumbox.embedders.builtin.train.evaluate import Evaluation
from traumbox.embedders.builtin.train.learn import Plan

_HEAD = """\
# The built-in model, {id}

A small CLAP (contrastive language-audio pretraining) of traumbox's own: it maps ten seconds of
sound and a sentence into one space of {dim} dimensions. It comes with the program, so that the
first search answers at once, offline, on small machines. This page is written by the training
program (`python -m traumbox.embedders.builtin.train`).

## What it is
- Audio tower: log-mel spectrogram (48 kHz, 64 bands, 25 ms), a residual convolutional network.
- Text tower: words and their character n-grams, hashed; two transformer blocks.
- Files: `audio.onnx` {audio_mb:.1f} MB, `text.onnx` {text_mb:.1f} MB, weights stored in half
  precision. Licence of the weights: {licence}.

## What it was made of
- {clips} clips of ten seconds, cut from {pieces} pieces of {piece_s:.0f} s that were composed and
  played by traumbox's synthesiser (`traumbox/synth`); {sampled} clips were played by FluidSynth
  with the soundfont FluidR3 GM (Frank Wen, MIT licence). No recordings of anybody's music.
- Captions in English are written by rules from what is known of a clip: instruments, drums,
  tempo, mood, genre, and measured brightness, depth and level.
- Clips were spoiled at random: rooms, tone controls, noise, overdrive, low-pass, level.
- Trained for {minutes:.0f} minutes on a CPU. One piece in twenty was held out.

## How well it does, on held-out pieces
{held} clips ({held_sampled} of them sampled instruments), one new caption each. A hit is a clip
that has everything the caption asks for.

| | model | chance |
|---|---|---|
"""
_LIMITS = """
## What it can't do
- It knows {count} concepts and the words for them; a name, a language other than English, a
  style it wasn't taught comes out as chance or as what the letters resemble.
- It learnt from synthesised and sampled instruments. Tried on six recordings it never saw, it put
  birdsong, speech, a string orchestra, a vibraphone and a celesta first for their words; but it
  took a trumpet for a saxophone, and it hears drums in recordings that have none.
- It judges ten seconds at a time and knows nothing of form, lyrics or performers.
- "Match" is calibrated on its own kind of data: a right pair reads {right:.0f}, a wrong one
  {wrong:.0f} in the median (midpoint {midpoint:.3f}, slope {slope:.1f}).
"""


def write_model_card(
    path: Path, card: ModelCard, results: Evaluation, clips: Sequence[Clip], plan: Plan
) -> None:
    """Write the model card beside the weights it describes."""
    folder = path.parent
    head = _HEAD.format(
        id=card.id,
        dim=card.dim,
        licence=card.licence,
        audio_mb=(folder / "audio.onnx").stat().st_size / 1e6,
        text_mb=(folder / "text.onnx").stat().st_size / 1e6,
        clips=len(clips),
        pieces=len({clip.piece for clip in clips}),
        piece_s=PIECE_S,
        sampled=sum(clip.sampled for clip in clips),
        minutes=plan.budget_s / 60,
        held=results.clips,
        held_sampled=results.sampled_clips,
    )
    limits = _LIMITS.format(
        count=len(results.concepts),
        right=results.right_reads,
        wrong=results.wrong_reads,
        midpoint=card.calibration[0],
        slope=card.calibration[1],
    )
    path.write_text(head + _tables(results) + limits, "utf-8")


def _tables(results: Evaluation) -> str:
    rows = [
        f"| a hit among the first {k} | {results.recall[k]:.2f} | {results.chance[k]:.2f} |"
        for k in results.recall
    ]
    mean, blind = results.mean_average_precision, results.blind_average_precision
    rows.append(f"| mean average precision over concepts | {mean:.2f} | {blind:.2f} |")
    rows += ["", "| concept | average precision | chance | first hit right |", "|---|---|---|---|"]
    rows += [
        f"| {one.name} | {one.average_precision:.2f} | {one.share:.2f} | "
        f"{'yes' if one.first_right else 'no'} |"
        for one in sorted(results.concepts, key=lambda one: -one.average_precision)
    ]
    return "\n".join(rows) + "\n"
