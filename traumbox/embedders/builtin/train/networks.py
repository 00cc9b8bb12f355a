"""The two towers in PyTorch."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from traumbox.embedders.builtin.mel import BANDS
from traumbox.embedders.builtin.tokens import BUCKETS, MAX_WORDS

DIM = 192
_WIDTHS = (32, 64, 112, 192)
_TEXT_WIDTH, _HEADS = 128, 4


class _Residual(nn.Module):
    """Two 3 x 3 convolutions beside a shortcut (He et al. 2016)."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(width, width, 3, padding=1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.Conv2d(width, width, 3, padding=1, bias=False),
            nn.BatchNorm2d(width),
        )

    def forward(self, x: Tensor) -> Tensor:
        return functional.relu(x + self.body(x))


def _down(
    width_in: int, width_out: int, size: tuple[int, int] = (3, 3), stride: tuple[int, int] = (2, 2)
) -> nn.Sequential:
    """Reduce time and frequency by ``stride``, widen the channels."""
    padding = (size[0] // 2, size[1] // 2)
    return nn.Sequential(
        nn.Conv2d(width_in, width_out, size, stride=stride, padding=padding, bias=False),
        nn.BatchNorm2d(width_out),
        nn.ReLU(),
    )


class AudioTower(nn.Module):
    """A small residual network over the log-mel picture, then over time alone.

    float32[n, FRAMES, BANDS] -> float32[n, DIM] of unit norm.
    """

    def __init__(self, concepts: int) -> None:
        super().__init__()
        a, b, c, d = _WIDTHS
        self.picture = nn.Sequential(
            *(_down(1, a, (7, 5), (4, 2)), _down(a, b)),
            *(_down(b, c), _Residual(c)),
            *(_down(c, d), _Residual(d)),
        )
        high = BANDS // 16
        self.fold = nn.Sequential(
            nn.Conv1d(d * high, 256, 1, bias=False), nn.BatchNorm1d(256), nn.ReLU()
        )
        self.attend = nn.Conv1d(256, 256, 1)
        self.join = nn.Sequential(nn.Linear(512, 256), nn.ReLU(), nn.Dropout(0.1))
        self.project = nn.Linear(256, DIM)
        self.name_concepts = nn.Linear(256, concepts)  # for training only

    def features(self, mel: Tensor) -> Tensor:
        """Return what both heads build on: float32[n, 256]."""
        x = self.picture(mel.unsqueeze(1))
        x = self.fold(x.transpose(2, 3).flatten(1, 2))
        weights = torch.softmax(self.attend(x), dim=2)
        pooled = torch.cat([(weights * x).sum(dim=2), x.mean(dim=2)], dim=1)
        joined: Tensor = self.join(pooled)
        return joined

    def forward(self, mel: Tensor) -> Tensor:
        return functional.normalize(self.project(self.features(mel)), dim=1)


class _Block(nn.Module):
    """One pre-norm transformer block; padding words are kept out by ``bias``."""

    def __init__(self) -> None:
        super().__init__()
        self.before = nn.LayerNorm(_TEXT_WIDTH)
        self.mix = nn.Linear(_TEXT_WIDTH, 3 * _TEXT_WIDTH)
        self.out = nn.Linear(_TEXT_WIDTH, _TEXT_WIDTH)
        self.feed = nn.Sequential(
            nn.LayerNorm(_TEXT_WIDTH),
            nn.Linear(_TEXT_WIDTH, 2 * _TEXT_WIDTH),
            nn.ReLU(),
            nn.Dropout(0.1),
            nn.Linear(2 * _TEXT_WIDTH, _TEXT_WIDTH),
        )

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        mixed = self.mix(self.before(x)).unflatten(2, (3, _HEADS, _TEXT_WIDTH // _HEADS))
        query, key, value = mixed.permute(2, 0, 3, 1, 4).unbind(0)
        scores = query @ key.transpose(2, 3) / (_TEXT_WIDTH // _HEADS) ** 0.5 + bias
        heard = (torch.softmax(scores, dim=3) @ value).transpose(1, 2).flatten(2)
        x = x + self.out(heard)
        fed: Tensor = x + self.feed(x)
        return fed


class TextTower(nn.Module):
    """Words as bags of hashed pieces, two transformer blocks, mean over the words.

    int64[n, words, pieces] (0 is padding) -> float32[n, DIM] of unit norm.
    """

    def __init__(self, concepts: int) -> None:
        super().__init__()
        self.pieces = nn.Embedding(BUCKETS, _TEXT_WIDTH)
        nn.init.normal_(self.pieces.weight, std=0.1)
        self.places = nn.Parameter(torch.zeros(MAX_WORDS, _TEXT_WIDTH))
        self.blocks = nn.ModuleList([_Block(), _Block()])
        self.project = nn.Linear(2 * _TEXT_WIDTH, DIM)
        self.name_concepts = nn.Linear(2 * _TEXT_WIDTH, concepts)  # for training only

    def words(self, ids: Tensor) -> Tensor:
        """Return the mean of each word's pieces: int64[..., pieces] -> float32[..., 128]."""
        there = (ids > 0).float()
        mean: Tensor = (self.pieces(ids) * there.unsqueeze(-1)).sum(dim=-2)
        return mean / there.sum(dim=-1, keepdim=True).clamp(min=1.0)

    def features(self, words: Tensor, mask: Tensor) -> Tensor:
        """Return what both heads build on, float32[n, 256].

        ``words`` is float32[n, words, 128], ``mask`` float32[n, words, 1], 0 for padding.
        """
        x = (words + self.places[: words.shape[1]]) * mask
        bias = ((mask - 1.0) * 1e4).transpose(1, 2).unsqueeze(1)  # [n, 1, 1, words]
        for block in self.blocks:
            x = block(x, bias)
        mean = (x * mask).sum(dim=1) / mask.sum(dim=1).clamp(min=1.0)
        plain = (words * mask).sum(dim=1) / mask.sum(dim=1).clamp(min=1.0)
        return torch.cat([mean, plain], dim=1)

    def forward(self, ids: Tensor) -> Tensor:
        mask = (ids[:, :, :1] > 0).float()
        features = self.features(self.words(ids), mask)
        return functional.normalize(self.project(features), dim=1)
