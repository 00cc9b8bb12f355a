"""The same towers over the same weights, computed so that they can be exported for any batch.

laion-clap's own forward bakes the batch of the example into the exported graph and is silently
wrong for every other; its text tower carries a layer of masks that no exporter likes. Nothing here
has weights of its own: what isn't folded is shared with the network it is made of.
"""
# mypy: disallow-subclassing-any=False, warn-unused-ignores=False
# torch's classes are Any where it isn't installed.

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

FRAMES, BANDS = 1001, 64
_STRETCHED = 1024
_FIRST_POSITION = 2  # RoBERTa counts from the padding's id on


class LeanAudio(nn.Module):
    """Log-mel float32[n, 1001, 64] to unit vectors float32[n, 512].

    Through a stage the patches stay in the order of its attention windows: one gather of rows where
    the order changes, instead of partitioning, rolling and reversing in each block. Norms lend
    their scale and offset to the layer that follows.
    """

    def __init__(self, clap: Any) -> None:
        super().__init__()
        tower = clap.audio_branch
        scale = tower.bn0.weight / torch.sqrt(tower.bn0.running_var + tower.bn0.eps)
        self.register_buffer("scale", scale.detach())
        self.register_buffer("offset", (tower.bn0.bias - tower.bn0.running_mean * scale).detach())
        self.register_buffer("stretch", _bicubic(FRAMES, _STRETCHED))
        self.patch, self.patch_norm = tower.patch_embed.proj, tower.patch_embed.norm
        stages: list[nn.Module] = []
        order = torch.arange(math.prod(tower.patches_resolution))
        for number, layer in enumerate(tower.layers):
            for block in layer.blocks:
                stages.append(_Block(block, order))
                order = _windowed(block)
            if layer.downsample is not None:
                wanted = _windowed(tower.layers[number + 1].blocks[0])
                stages.append(_Merge(layer.downsample, order, wanted))
                order = wanted
        self.stages = nn.Sequential(*stages)
        self.norm, self.projection = tower.norm, clap.audio_projection

    def forward(self, mel: Tensor) -> Tensor:
        image = self.stretch @ (mel * self.scale + self.offset)
        # Four quarters of the time, one above the other: 1024 x 64 becomes 256 x 256.
        image = image.view(-1, 4, 256, BANDS).permute(0, 1, 3, 2).reshape(-1, 1, 256, 256)
        patches = self.patch_norm(self.patch(image).flatten(2).transpose(1, 2))
        heard = self.norm(self.stages(patches)).mean(1)
        return functional.normalize(self.projection(heard), dim=-1)


class _Block(nn.Module):
    """A Swin transformer block on patches that come in ``order``, masks and biases in one table.

    It leaves them in the order of its own windows.
    """

    def __init__(self, block: Any, order: Tensor) -> None:
        super().__init__()
        attention = block.attn
        cells = block.window_size**2
        self.cells, self.channels, self.heads = cells, attention.dim, attention.num_heads
        self.windows = len(order) // cells
        self.rows = _Rows(order, _windowed(block))
        self.norm1, self.norm2 = _Norm(block.norm1), _Norm(block.norm2)
        folded = _folded(block.norm1, attention.qkv)
        query, key, value = zip(
            folded.weight.chunk(3), folded.bias.chunk(3), strict=True
        )  # fmt: skip
        self.query = _linear(query[0] * attention.scale, query[1] * attention.scale)
        self.key, self.value = _linear(*key), _linear(*value)
        self.out = attention.proj
        self.grow, self.shrink = _folded(block.norm2, block.mlp.fc1), block.mlp.fc2
        bias = attention.relative_position_bias_table[attention.relative_position_index.view(-1)]
        bias = bias.view(cells, cells, self.heads).permute(2, 0, 1)[None]
        if block.attn_mask is not None:
            bias = bias + block.attn_mask[:, None]
        self.register_buffer("bias", bias.contiguous())  # [1 or windows, heads, cells, cells]

    def forward(self, x: Tensor) -> Tensor:
        x = self.rows(x)
        y = self.norm1(x)
        # [n, windows, heads, cells, channels of a head]; keys are asked for transposed at once.
        query = self._split(self.query(y)).permute(0, 1, 3, 2, 4)
        key = self._split(self.key(y)).permute(0, 1, 3, 4, 2)
        value = self._split(self.value(y)).permute(0, 1, 3, 2, 4)
        heard = torch.softmax(query @ key + self.bias, -1) @ value
        heard = heard.permute(0, 1, 3, 2, 4).reshape(-1, self.windows * self.cells, self.channels)
        x = x + self.out(heard)
        out: Tensor = x + self.shrink(functional.gelu(self.grow(self.norm2(x))))
        return out

    def _split(self, x: Tensor) -> Tensor:
        return x.view(-1, self.windows, self.cells, self.heads, self.channels // self.heads)


class _Merge(nn.Module):
    """Two by two patches, which come in ``order``, become one; these leave in order ``after``."""

    def __init__(self, merging: Any, order: Tensor, after: Tensor) -> None:
        super().__init__()
        height, width = (side // 2 for side in merging.input_resolution)
        # Column by column, as laion-clap joins them: x0, x1, x2, x3.
        squares = torch.arange(len(order)).view(height, 2, width, 2).permute(0, 2, 3, 1)
        self.rows = _Rows(order, squares.reshape(-1, 4)[after].reshape(-1))
        self.norm, self.reduction = _Norm(merging.norm), _folded(merging.norm, merging.reduction)
        self.patches, self.channels = height * width, merging.dim

    def forward(self, x: Tensor) -> Tensor:
        x = self.rows(x).reshape(-1, self.patches, 4 * self.channels)
        out: Tensor = self.reduction(self.norm(x))
        return out


class _Rows(nn.Module):
    """Brings rows from one order into another; nothing where both are the same."""

    def __init__(self, before: Tensor, after: Tensor) -> None:
        super().__init__()
        place = torch.empty_like(before)
        place[before] = torch.arange(len(before))
        self.same = bool((before == after).all())
        self.register_buffer("index", place[after])

    def forward(self, x: Tensor) -> Tensor:
        return x if self.same else torch.index_select(x, 1, self.index)


class _Norm(nn.Module):
    """A layer norm whose scale and offset are folded into the layer that follows."""

    def __init__(self, norm: Any) -> None:
        super().__init__()
        self.shape, self.eps = norm.normalized_shape, norm.eps

    def forward(self, x: Tensor) -> Tensor:
        return functional.layer_norm(x, self.shape, None, None, self.eps)


class LeanText(nn.Module):
    """Token ids and mask int64[n, length] to unit vectors float32[n, 512].

    Padding, where the mask is 0, comes last in each row.
    """

    def __init__(self, clap: Any) -> None:
        super().__init__()
        tower = clap.text_branch
        embeddings = tower.embeddings
        self.words, self.norm = embeddings.word_embeddings, embeddings.LayerNorm
        places = embeddings.position_embeddings.weight + embeddings.token_type_embeddings.weight[0]
        self.register_buffer("places", places[_FIRST_POSITION:].detach().contiguous())
        layers = list(tower.encoder.layer)
        self.layers = nn.ModuleList(
            _Layer(layer, only_first=layer is layers[-1], heads=tower.config.num_attention_heads)
            for layer in layers
        )
        self.pooler, self.projection = tower.pooler.dense, clap.text_projection

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        x = self.norm(self.words(ids) + self.places[: ids.shape[1]])
        hidden = ((1 - mask) * -1e9).to(x.dtype)[:, None, None, :]
        for layer in self.layers:
            x = layer(x, hidden)
        said = torch.tanh(self.pooler(x[:, 0]))
        return functional.normalize(self.projection(said), dim=-1)


class _Layer(nn.Module):
    """A layer of RoBERTa; the last one is only asked about the first token."""

    def __init__(self, layer: Any, *, only_first: bool, heads: int) -> None:
        super().__init__()
        attention = layer.attention
        self.query, self.key = attention.self.query, attention.self.key
        self.value = attention.self.value
        self.out, self.norm1 = attention.output.dense, attention.output.LayerNorm
        self.grow, self.shrink = layer.intermediate.dense, layer.output.dense
        self.norm2 = layer.output.LayerNorm
        self.heads, self.only_first = heads, only_first
        self.channels = self.query.out_features
        self.scale = (self.channels // heads) ** -0.5

    def forward(self, x: Tensor, hidden: Tensor) -> Tensor:
        asking = x[:, :1] if self.only_first else x
        query = self._split(self.query(asking)) * self.scale
        weights = torch.softmax(query @ self._split(self.key(x)).transpose(-1, -2) + hidden, -1)
        y = (weights @ self._split(self.value(x))).transpose(1, 2).flatten(2)
        y = self.norm1(self.out(y) + asking)
        out: Tensor = self.norm2(self.shrink(functional.gelu(self.grow(y))) + y)
        return out

    def _split(self, x: Tensor) -> Tensor:
        return x.view(x.shape[0], -1, self.heads, self.channels // self.heads).transpose(1, 2)


def _windowed(block: Any) -> Tensor:
    """Return int64[patches]: the patches (by row) in the order of the block's attention windows."""
    (height, width), side = block.input_resolution, block.window_size
    patches = torch.arange(height * width).view(height, width)
    if block.shift_size:
        patches = torch.roll(patches, (-block.shift_size, -block.shift_size), (0, 1))
    patches = patches.view(height // side, side, width // side, side)
    return patches.permute(0, 2, 1, 3).reshape(-1)


def _folded(norm: Any, layer: Any) -> nn.Linear:
    """Return ``layer`` as it must be after ``norm`` without scale and offset."""
    weight, offset = layer.weight.double(), norm.bias.double()
    bias = weight @ offset
    if layer.bias is not None:
        bias = bias + layer.bias.double()
    return _linear((weight * norm.weight.double()).float(), bias.float())


def _linear(weight: Tensor, bias: Tensor) -> nn.Linear:
    """Return a layer around given weights, without drawing random ones first."""
    layer = nn.Linear(1, 1)
    layer.weight = nn.Parameter(weight, requires_grad=False)
    layer.bias = nn.Parameter(bias, requires_grad=False)
    layer.out_features, layer.in_features = weight.shape
    return layer


def _bicubic(before: int, after: int) -> Tensor:
    """Return the matrix [after, before] of bicubic interpolation with aligned corners."""
    identity = torch.eye(before)[None, None]
    return functional.interpolate(identity, (after, before), mode="bicubic", align_corners=True)[
        0, 0
    ]
