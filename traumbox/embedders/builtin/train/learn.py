"""Contrastive training of the two towers, for so many epochs, resumable.

Many captions fit many clips, so the usual "the rest of the batch is wrong" would teach nonsense.
A caption's target is every clip of the batch that has all the concepts it asks for; a clip's
target is every caption it satisfies, the more specific ones weighing more. Captions that are
wrong by one thing, and nonsense, are nobody's target.
"""

from __future__ import annotations

import copy
import logging
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from traumbox.embedders.builtin import tokens
from traumbox.embedders.builtin.mel import FRAMES
from traumbox.embedders.builtin.train.batches import GROUPS, NAMES, Batch, batches, count
from traumbox.embedders.builtin.train.concepts import usual
from traumbox.embedders.builtin.train.data import Clip
from traumbox.embedders.builtin.train.networks import AudioTower, TextTower

log = logging.getLogger(__name__)

_KEEP = 0.997  # of the average of the weights, a step
_NAMING = 15.0  # weight of the concept heads; they are means over some 140 concepts
_CHOOSING = 3.0
_WATCHED = 300  # held-out clips that the log's figure is from


@dataclass(frozen=True, slots=True)
class Plan:
    """How to train. For ``short_share`` of it the pictures are cut to half: twice the steps.

    From ``choosing_share`` on, each clip also has to be told by one word among its rivals.
    """

    epochs: int = 40
    batch: int = 96
    peak_rate: float = 2e-3
    short_share: float = 0.75
    choosing_share: float = 0.4
    seed: int = 7


class Towers(torch.nn.Module):
    """Both towers and the scale of their agreement."""

    def __init__(self) -> None:
        super().__init__()
        self.audio = AudioTower(len(NAMES))
        self.text = TextTower(len(NAMES))
        self.log_scale = torch.nn.Parameter(torch.tensor(math.log(14.0)))
        self.threshold = torch.nn.Parameter(torch.tensor(-4.0))


class Training:
    """Towers on their way: the average is what is exported.

    A saved one goes on as if it had never been stopped: the clips' order, captions and dropout of
    an epoch depend on the seed and its number alone.
    """

    def __init__(self, plan: Plan) -> None:
        torch.manual_seed(plan.seed)
        self.plan = plan
        self.towers = Towers()
        self.towers.audio.to(memory_format=torch.channels_last)
        self.average = copy.deepcopy(self.towers)
        self.epoch = 0
        self.spent_s = 0.0
        decayed = [p for p in self.towers.parameters() if p.ndim > 1]
        plain = [p for p in self.towers.parameters() if p.ndim <= 1]
        self._optimizer = torch.optim.AdamW(
            [
                {"params": decayed, "weight_decay": 0.02},
                {"params": plain, "weight_decay": 0.0},
            ],
            lr=1e-4,
        )

    def run_epoch(self, clips: Sequence[Clip]) -> float:
        """Train one epoch on ``clips``; return the mean loss."""
        plan, began = self.plan, time.monotonic()
        torch.manual_seed(plan.seed + 1000 * self.epoch)
        rng = np.random.default_rng([plan.seed, self.epoch])
        frames = FRAMES // 2 if self.epoch < plan.short_share * plan.epochs else FRAMES
        choosing = self.epoch >= plan.choosing_share * plan.epochs
        losses, steps = [], count(clips, plan.batch)
        for step, batch in enumerate(batches(clips, plan.batch, frames, rng, choosing=choosing)):
            share = (self.epoch + step / steps) / plan.epochs
            for group in self._optimizer.param_groups:
                group["lr"] = _rate(plan, share)
            losses.append(self._step(batch))
            _follow(self.average, self.towers, _KEEP if self.epoch else 0.9)
        self.epoch += 1
        self.spent_s += time.monotonic() - began
        return float(np.mean(losses))

    def save(self, path: Path) -> None:
        """Write everything that is needed to go on, all or nothing."""
        hidden = path.with_suffix(".part")
        state = {
            "towers": self.towers.state_dict(),
            "average": self.average.state_dict(),
            "optimizer": self._optimizer.state_dict(),
            "epoch": self.epoch,
            "spent_s": self.spent_s,
        }
        torch.save(state, hidden)
        hidden.replace(path)

    def restore(self, path: Path) -> None:
        """Go on from what :meth:`save` wrote."""
        saved = torch.load(path, weights_only=True)
        self.towers.load_state_dict(saved["towers"])
        self.average.load_state_dict(saved["average"])
        self._optimizer.load_state_dict(saved["optimizer"])
        self.epoch, self.spent_s = saved["epoch"], saved["spent_s"]

    def _step(self, batch: Batch) -> float:
        towers = self.towers.train()
        with torch.autocast("cpu", dtype=torch.bfloat16):
            features = towers.audio.features(batch.mel)
            heard = towers.text.features(towers.text.words(batch.words)[batch.places], batch.mask)
        features, heard = features.float(), heard.float()
        audio = functional.normalize(towers.audio.project(features), dim=1)
        text = functional.normalize(towers.text.project(heard), dim=1)
        cosines = audio @ text.T
        loss = _loss(towers, cosines, batch.fits)
        if batch.choices is not None:
            right = batch.choices
            chosen = _choice(towers.log_scale.exp() * cosines[:, -right.shape[1] :], right)
            loss = loss + _CHOOSING * chosen
        # Both towers also name the concepts outright: it shows them what the words are about.
        named = towers.audio.name_concepts(features)
        loss = loss + _NAMING * functional.binary_cross_entropy_with_logits(named, batch.named)
        wanted = towers.text.name_concepts(heard)
        loss = loss + _NAMING * functional.binary_cross_entropy_with_logits(wanted, batch.asked)
        self._optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(towers.parameters(), 5.0)
        self._optimizer.step()
        with torch.no_grad():
            towers.log_scale.clamp_(max=math.log(60.0))
        return float(loss.detach())


def train(clips: Sequence[Clip], watched: Sequence[Clip], checkpoint: Path, plan: Plan) -> Training:
    """Train for the plan's epochs, from ``checkpoint`` on if there is one.

    The log says after each epoch how the average does on some of ``watched``, held-out clips;
    nothing follows from that.
    """
    training = Training(plan)
    if checkpoint.exists():
        training.restore(checkpoint)
        log.info("resumed after %d epochs and %.0f s", training.epoch, training.spent_s)
    watched = watched[:: max(1, len(watched) // _WATCHED)]
    while training.epoch < plan.epochs:
        loss = training.run_epoch(clips)
        training.save(checkpoint)
        log.info(
            "epoch %d of %d, %d clips, %.0f s: loss %.3f, held-out right %.3f",
            training.epoch, plan.epochs, len(clips), training.spent_s, loss,
            held_out_precision(training.average, watched),
        )  # fmt: skip
    training.average.eval()
    return training


def _rate(plan: Plan, share: float) -> float:
    """Return the learning rate: a short rise, then a cosine down to nothing."""
    rise = min(1.0, share / 0.04 + 0.02)
    return max(plan.peak_rate * rise * 0.5 * (1 + math.cos(math.pi * share)), 1e-6)


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


def _choice(logits: Tensor, right: Tensor) -> Tensor:
    """Return the mean over GROUPS of what it costs to choose wrong; all by columns."""
    sizes = [len(group) for group in GROUPS]
    parts = zip(logits.split(sizes, dim=1), right.split(sizes, dim=1), strict=True)
    return torch.stack([_spread(some, wanted) for some, wanted in parts]).mean()


def _spread(logits: Tensor, weights: Tensor) -> Tensor:
    """Return the cross-entropy against targets that share each row by ``weights``.

    Rows without any weight, such as nonsense, have no say.
    """
    total = weights.sum(dim=1, keepdim=True)
    targets = weights / total.clamp(min=1e-6)
    # Less the targets' own entropy, so that a perfect answer costs nothing.
    entropy = -(targets * targets.clamp(min=1e-9).log()).sum(dim=1)
    cost = -(targets * functional.log_softmax(logits, dim=1)).sum(dim=1) - entropy
    asked = (total.squeeze(1) > 0).float()
    return (cost * asked).sum() / asked.sum().clamp(min=1.0)


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
    """Return how often the first clip for a concept's usual English word has that concept."""
    if not held:
        return 0.0
    towers.eval()
    mel = torch.from_numpy(np.stack([clip.mel for clip in held]).astype(np.float32))
    audio = torch.cat([towers.audio(part) for part in mel.split(64)])
    names = [name for name in NAMES if any(name in clip.concepts for clip in held)]
    text = towers.text(torch.from_numpy(tokens.encode([usual(name, "en") for name in names])))
    best = (text @ audio.T).argmax(dim=1).tolist()
    right = [name in held[first].concepts for name, first in zip(names, best, strict=True)]
    return sum(right) / len(right)
