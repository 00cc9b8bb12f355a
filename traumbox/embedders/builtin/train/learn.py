"""Contrastive training of the two towers, for a given time, resumable.

Many captions fit many clips, so the usual "the rest of the batch is wrong" would teach nonsense.
A caption's target is every clip of the batch that has all the concepts it asks for; a clip's
target is every caption it satisfies, the more specific ones weighing more.
"""

from __future__ import annotations

import copy
import logging
import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from traumbox.domain import WINDOW_SAMPLES, Float32
from traumbox.embedders.builtin import tokens
from traumbox.embedders.builtin.mel import log_mel
from traumbox.embedders.builtin.train.captions import caption
from traumbox.embedders.builtin.train.concepts import CONCEPTS
from traumbox.embedders.builtin.train.data import Clip, count_shards, load
from traumbox.embedders.builtin.train.networks import AudioTower, TextTower

log = logging.getLogger(__name__)

Rng = np.random.Generator
NAMES = tuple(sorted(CONCEPTS))
HELD_OUT_EVERY = 20  # one piece in twenty is never trained on
_FILLERS = (
    *("the", "very", "really", "nice", "good", "my", "for", "in"),
    *("of", "that", "is", "like", "one", "best", "old", "new"),
)
_EMA = 0.997
_SHORT_UNTIL = 0.7
_SILENCE = log_mel(np.zeros(WINDOW_SAMPLES, dtype=np.float32)).min()
_NAMING = 15.0  # weight of the concept heads; they are means over some 120 concepts


@dataclass(frozen=True, slots=True)
class Plan:
    """How to train; ``budget_s`` counts the time in the training loop, over all resumed runs."""

    budget_s: float
    batch: int = 96
    captions_per_clip: int = 2
    peak_rate: float = 2e-3
    seed: int = 7


class Towers(torch.nn.Module):
    """Both towers and the scale of their agreement."""

    def __init__(self) -> None:
        super().__init__()
        self.audio = AudioTower(len(NAMES))
        self.text = TextTower(len(NAMES))
        self.log_scale = torch.nn.Parameter(torch.tensor(math.log(14.0)))
        self.threshold = torch.nn.Parameter(torch.tensor(-4.0))


def split(clips: Sequence[Clip]) -> tuple[list[Clip], list[Clip]]:
    """Return (training, held-out) clips; all clips of a piece fall on the same side."""
    held = [clip for clip in clips if clip.piece % HELD_OUT_EVERY == 0]
    return [clip for clip in clips if clip.piece % HELD_OUT_EVERY], held


def train(data: Path, checkpoint: Path, plan: Plan) -> Towers:
    """Train on the shards in ``data`` until the budget is spent; return the averaged towers.

    The learning rate follows the time (a short rise, then a cosine), so the run always ends
    annealed. Shards that are written meanwhile join at the next epoch.
    """
    torch.manual_seed(plan.seed)
    towers = Towers()
    towers.audio.to(memory_format=torch.channels_last)
    average = copy.deepcopy(towers)
    decayed = [p for p in towers.parameters() if p.ndim > 1]
    plain = [p for p in towers.parameters() if p.ndim <= 1]
    optimizer = torch.optim.AdamW(
        [{"params": decayed, "weight_decay": 0.02}, {"params": plain, "weight_decay": 0.0}], lr=1e-4
    )
    spent_s, epoch, shards = 0.0, 0, 0
    if checkpoint.exists():
        saved = torch.load(checkpoint, weights_only=True)
        towers.load_state_dict(saved["towers"])
        average.load_state_dict(saved["average"])
        optimizer.load_state_dict(saved["optimizer"])
        spent_s, epoch = saved["spent_s"], saved["epoch"]
        log.info("resumed after %d epochs and %.0f s", epoch, spent_s)
    clips: list[Clip] = []
    held: list[Clip] = []
    while spent_s < plan.budget_s:
        if not clips or count_shards(data) > shards:
            shards = count_shards(data)
            clips, held = split(load(data))
        rng = np.random.default_rng([plan.seed, epoch])
        losses = []
        last = time.monotonic()
        for batch in _batches(clips, plan, rng):
            share = min(1.0, spent_s / plan.budget_s)
            rate = (
                plan.peak_rate
                * min(1.0, share / 0.04 + 0.02)
                * 0.5
                * (1 + math.cos(math.pi * share))
            )
            for group in optimizer.param_groups:
                group["lr"] = max(rate, 1e-6)
            losses.append(_step(towers, _shortened(batch, share, rng), optimizer))
            _follow(average, towers, _EMA if epoch else 0.9)
            now = time.monotonic()
            spent_s, last = spent_s + now - last, now
            if spent_s >= plan.budget_s:
                break
        epoch += 1
        _save(checkpoint, towers, average, optimizer, spent_s=spent_s, epoch=epoch)
        log.info(
            "epoch %d, %d clips, %.0f s: loss %.3f, held-out right %.3f",
            epoch, len(clips), spent_s, float(np.mean(losses)), held_out_precision(average, held),
        )  # fmt: skip
    average.eval()
    return average


def _save(
    path: Path,
    towers: Towers,
    average: Towers,
    optimizer: torch.optim.Optimizer,
    *,
    spent_s: float,
    epoch: int,
) -> None:
    hidden = path.with_suffix(".part")
    state = {
        "towers": towers.state_dict(),
        "average": average.state_dict(),
        "optimizer": optimizer.state_dict(),
        "spent_s": spent_s,
        "epoch": epoch,
    }
    torch.save(state, hidden)
    hidden.replace(path)


@dataclass(frozen=True, slots=True)
class _Batch:
    mel: Tensor  # float32[n, FRAMES, BANDS]
    named: Tensor  # float32[n, concepts], 1 where the clip has the concept
    words: Tensor  # int64[distinct words, pieces]
    places: Tensor  # int64[captions, words], which of them
    mask: Tensor  # float32[captions, words, 1], 0 for padding
    asked: Tensor  # float32[captions, concepts], 1 where the caption asks for the concept
    fits: Tensor  # float32[n, captions], 1 where the caption's wishes are all fulfilled


def _batches(clips: Sequence[Clip], plan: Plan, rng: Rng) -> Iterator[_Batch]:
    order = rng.permutation(len(clips))
    for start in range(0, max(1, len(order) - plan.batch + 1), plan.batch):
        chosen = [clips[n] for n in order[start : start + plan.batch]]
        mel = np.stack([_vary(clip.mel.astype(np.float32), rng) for clip in chosen])
        named = np.array([[name in clip.concepts for name in NAMES] for clip in chosen])
        written = [
            caption(clip.concepts, rng) for clip in chosen for _ in range(plan.captions_per_clip)
        ]
        fits = np.array([[asked <= clip.concepts for _, asked in written] for clip in chosen])
        wanted = np.array([[name in asked for name in NAMES] for _, asked in written])
        ids = tokens.encode([_chatty(text, rng) for text, _ in written])
        words, places = np.unique(ids.reshape(-1, ids.shape[2]), axis=0, return_inverse=True)
        yield _Batch(
            torch.from_numpy(mel),
            torch.from_numpy(named.astype(np.float32)),
            torch.from_numpy(_forgetful(words, rng)),
            torch.from_numpy(places.reshape(ids.shape[:2])),
            torch.from_numpy((ids[:, :, :1] > 0).astype(np.float32)),
            torch.from_numpy(wanted.astype(np.float32)),
            torch.from_numpy(fits.astype(np.float32)),
        )


def _shortened(batch: _Batch, share: float, rng: Rng) -> _Batch:
    """Cut the pictures to half their length for the first part of the training: twice the steps."""
    if share >= _SHORT_UNTIL:
        return batch
    frames = batch.mel.shape[1]
    start = int(rng.integers(frames // 2 + 1))
    return replace(batch, mel=batch.mel[:, start : start + frames // 2].contiguous())


def _vary(mel: Float32, rng: Rng) -> Float32:
    """Vary a log-mel picture: start elsewhere, turn the tone controls, cover strips."""
    if rng.random() < 0.6:
        mel = np.roll(mel, int(rng.integers(len(mel))), axis=0)
    knots = rng.normal(0.0, 0.12, 6)
    tilt = np.interp(np.linspace(0, 5, mel.shape[1]), np.arange(6), knots)
    mel = mel + tilt.astype(np.float32) + np.float32(rng.normal(0.0, 0.05))
    if rng.random() < 0.4:
        start, width = int(rng.integers(mel.shape[0] - 60)), int(rng.integers(5, 60))
        mel[start : start + width] = mel.mean()
    if rng.random() < 0.3:
        start, width = int(rng.integers(mel.shape[1] - 8)), int(rng.integers(1, 8))
        mel[:, start : start + width] = mel.mean()
    if rng.random() < 0.12:  # short pieces are padded with silence
        mel[len(mel) - int(rng.integers(20, len(mel) // 2)) :] = _SILENCE
    floored: Float32 = np.maximum(mel, _SILENCE)
    return floored


def _chatty(text: str, rng: Rng) -> str:
    """Put a word in that means nothing, now and then."""
    words = text.split()
    if rng.random() < 0.15:
        words.insert(int(rng.integers(len(words) + 1)), str(rng.choice(_FILLERS)))
    return " ".join(words)


def _forgetful(ids: NDArray[np.int64], rng: Rng) -> NDArray[np.int64]:
    """Blank some pieces of words int64[words, pieces]: unknown and misspelt words get by."""
    drop = rng.random(ids.shape) < 0.1
    drop[:, 0] = rng.random(len(ids)) < 0.3
    drop[:, 1] = False
    out = ids.copy()
    out[drop] = 0
    return out


def _step(towers: Towers, batch: _Batch, optimizer: torch.optim.Optimizer) -> float:
    towers.train()
    with torch.autocast("cpu", dtype=torch.bfloat16):
        features = towers.audio.features(batch.mel)
        heard = towers.text.features(towers.text.words(batch.words)[batch.places], batch.mask)
    features, heard = features.float(), heard.float()
    audio = functional.normalize(towers.audio.project(features), dim=1)
    text = functional.normalize(towers.text.project(heard), dim=1)
    loss = _loss(towers, audio @ text.T, batch.fits)
    # Both towers also name the concepts outright: it shows them what the words are about.
    named = towers.audio.name_concepts(features)
    loss = loss + _NAMING * functional.binary_cross_entropy_with_logits(named, batch.named)
    wanted = towers.text.name_concepts(heard)
    loss = loss + _NAMING * functional.binary_cross_entropy_with_logits(wanted, batch.asked)
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(towers.parameters(), 5.0)
    optimizer.step()
    with torch.no_grad():
        towers.log_scale.clamp_(max=math.log(60.0))
    return float(loss.detach())


def _loss(towers: Towers, cosines: Tensor, fits: Tensor) -> Tensor:
    """Return the contrastive loss of cosines [clips, captions] against what fits."""
    logits = cosines * towers.log_scale.exp()
    text_to_audio = _spread(logits.T, fits.T)
    rarity = -torch.log(fits.mean(dim=0).clamp(1e-4, 1.0)) + 0.1  # float32[captions]
    audio_to_text = _spread(logits, fits * rarity)
    pairs = functional.binary_cross_entropy_with_logits(
        logits + towers.threshold, fits, pos_weight=torch.tensor(3.0)
    )
    return text_to_audio + 0.5 * audio_to_text + 2.0 * pairs


def _spread(logits: Tensor, weights: Tensor) -> Tensor:
    """Return the cross-entropy against targets that share each row by ``weights``."""
    targets = weights / weights.sum(dim=1, keepdim=True).clamp(min=1e-6)
    # Less the targets' own entropy, so that a perfect answer costs nothing.
    entropy = -(targets * targets.clamp(min=1e-9).log()).sum(dim=1)
    return (-(targets * functional.log_softmax(logits, dim=1)).sum(dim=1) - entropy).mean()


@torch.no_grad()
def _follow(average: Towers, towers: Towers, keep: float) -> None:
    """Move the average of the weights along."""
    for slow, fast in zip(average.state_dict().values(), towers.state_dict().values(), strict=True):
        if slow.dtype.is_floating_point:
            slow.lerp_(fast, 1.0 - keep)
        else:
            slow.copy_(fast)


@torch.no_grad()
def held_out_precision(towers: Towers, held: Sequence[Clip]) -> float:
    """Return how often the first clip for a concept's usual word has that concept."""
    if not held:
        return 0.0
    towers.eval()
    mel = torch.from_numpy(np.stack([clip.mel for clip in held]).astype(np.float32))
    audio = torch.cat([towers.audio(part) for part in mel.split(64)])
    names = [name for name in NAMES if any(name in clip.concepts for clip in held)]
    text = towers.text(torch.from_numpy(tokens.encode([CONCEPTS[name].words[0] for name in names])))
    best = (text @ audio.T).argmax(dim=1).tolist()
    right = [name in held[first].concepts for name, first in zip(names, best, strict=True)]
    return sum(right) / len(right)
