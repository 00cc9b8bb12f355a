"""``python -m tests.bench.descriptors [N]``: tempo and key of N synthesised pieces against truth.

Beside ours stands librosa, where it is installed: it is a yardstick, not a dependency. It has no
key of its own; its chroma is compared with the profiles that we use. Time is that of the process,
per second of sound.
"""

from __future__ import annotations

import importlib.util
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from tests.bench.pieces_with_truth import Piece, pieces
from traumbox.audio import tonality
from traumbox.audio.descriptors import DescriptorMeter
from traumbox.domain import SAMPLE_RATE_HZ, Float32
from traumbox.domain.keys import KEYS, neighbours, spelled

PIECES = 310
SEED = 2
"""Not among those to which the weights of ``meter.py`` were fitted."""
NEAR = 0.04
OCTAVES = (0.5, 1.0, 2.0)
_BLOCK = 96_000
_LIBROSA_HZ = 22_050


@dataclass(frozen=True, slots=True)
class Told:
    """What a way of measuring tells of one piece."""

    bpm: float | None
    key: str | None
    took_s: float
    bpm_confidence: float | None = None
    bpm_other: float | None = None
    key_confidence: float | None = None


Measure = Callable[[Float32], Told]


@dataclass(frozen=True, slots=True)
class Report:
    """Shares of all pieces; ``mirex`` weighs keys as the MIREX contest does."""

    tempo: float
    tempo_octave: float
    tempo_or_other: float
    tempo_none: float
    key: float
    mirex: float
    key_none: float
    us_per_s: float


def ours(sound: Float32) -> Told:
    """Measure as the listener does, in blocks of two seconds."""
    begin_s = time.process_time()
    meter = DescriptorMeter()
    for start in range(0, len(sound), _BLOCK):
        meter.feed(sound[start : start + _BLOCK])
    found = meter.result()
    return Told(
        found.bpm,
        found.key,
        time.process_time() - begin_s,
        found.bpm_confidence,
        found.bpm_other,
        found.key_confidence,
    )


def librosas(sound: Float32) -> Told:
    """Measure with librosa's beat tracker and its constant-Q chroma, as its manual does."""
    import librosa  # noqa: PLC0415 - a yardstick that need not be there

    begin_s = time.process_time()
    y = librosa.resample(sound, orig_sr=SAMPLE_RATE_HZ, target_sr=_LIBROSA_HZ, res_type="polyphase")
    bpm, _ = librosa.beat.beat_track(y=y, sr=_LIBROSA_HZ)
    chroma = librosa.feature.chroma_cqt(y=y, sr=_LIBROSA_HZ).mean(axis=1)
    key = KEYS[int(np.argmax(tonality.correlations(chroma)))]
    bpm = float(np.atleast_1d(bpm)[0])
    return Told(bpm or None, key, time.process_time() - begin_s)


def mirex(told: str | None, true: str) -> float:
    """Weigh a key: 1 right, 0.5 a fifth off, 0.3 the relative, 0.2 the parallel key, else 0."""
    if told is None:
        return 0.0
    relative, *fifths = neighbours(true)
    tonic, _, mode = true.partition(" ")
    parallel = spelled(f"{tonic} {'major' if mode == 'minor' else 'minor'}")
    if told in fifths:
        return 0.5
    return {true: 1.0, relative: 0.3, str(parallel): 0.2}.get(told, 0.0)


def is_near(told: float | None, true: float, octaves: Sequence[float] = (1.0,)) -> bool:
    """Tell whether a tempo is within 4 % of the true one, or of one of its octaves."""
    return told is not None and any(abs(told / true / octave - 1.0) <= NEAR for octave in octaves)


def measured(piece: Piece, ways: Sequence[Measure]) -> list[Told]:
    """Play a piece once and let all measure it."""
    sound = piece.play().mean(axis=1)
    return [way(sound) for way in ways]


def report(told: Sequence[tuple[Piece, Told]], duration_s: float) -> Report:
    """Sum up what one way of measuring told of all pieces."""
    weights = [mirex(one.key, piece.key) for piece, one in told]
    exact = [is_near(one.bpm, piece.bpm) for piece, one in told]
    either = [is_near(one.bpm_other, piece.bpm) for piece, one in told]
    return Report(
        tempo=float(np.mean(exact)),
        tempo_octave=float(np.mean([is_near(o.bpm, p.bpm, OCTAVES) for p, o in told])),
        tempo_or_other=float(np.mean(np.logical_or(exact, either))),
        tempo_none=float(np.mean([one.bpm is None for _, one in told])),
        key=float(np.mean([weight == 1.0 for weight in weights])),
        mirex=float(np.mean(weights)),
        key_none=float(np.mean([one.key is None for _, one in told])),
        us_per_s=1e6 * float(np.mean([one.took_s for _, one in told])) / duration_s,
    )


def bench_descriptors(count: int, duration_s: float = 16.0, seed: int = SEED) -> None:
    """Measure ``count`` pieces and print the tables."""
    ways: dict[str, Measure] = {"traumbox": ours}
    if importlib.util.find_spec("librosa") is not None:
        ways["librosa"] = librosas
        librosas(np.zeros(SAMPLE_RATE_HZ, np.float32))  # numba compiles at the first call
    found: dict[str, list[tuple[Piece, Told]]] = {name: [] for name in ways}
    for piece in pieces(count, duration_s, seed):
        for name, told in zip(ways, measured(piece, tuple(ways.values())), strict=True):
            found[name].append((piece, told))
    _print({name: report(told, duration_s) for name, told in found.items()}, count)
    _print_confidence(found["traumbox"])
    _print_wrong(found["traumbox"])


def _print(reports: dict[str, Report], count: int) -> None:
    print(f"{count} pieces" + "".join(f"{name:>12}" for name in reports))
    rows: dict[str, Callable[[Report], str]] = {
        "tempo within 4 %": lambda r: f"{r.tempo:.1%}",
        "  octave forgiven": lambda r: f"{r.tempo_octave:.1%}",
        "  or the other told": lambda r: f"{r.tempo_or_other:.1%}",
        "  no tempo": lambda r: f"{r.tempo_none:.1%}",
        "key exact": lambda r: f"{r.key:.1%}",
        "  MIREX weighted": lambda r: f"{r.mirex:.1%}",
        "  no key": lambda r: f"{r.key_none:.1%}",
        "µs per second": lambda r: f"{r.us_per_s:.0f}",
    }
    for label, cell in rows.items():
        print(f"{label:<22}" + "".join(f"{cell(one):>12}" for one in reports.values()))


def _print_confidence(told: Sequence[tuple[Piece, Told]]) -> None:
    """Print how often what was told with so much confidence was right."""
    for low, high in ((0.0, 0.25), (0.25, 0.5), (0.5, 0.75), (0.75, 1.01)):
        tempi = [is_near(o.bpm, p.bpm) for p, o in told if _within(o.bpm_confidence, low, high)]
        keys = [o.key == p.key for p, o in told if _within(o.key_confidence, low, high)]
        print(f"confidence {low:.2f} to {high:.2f}: tempo {_share(tempi)}, key {_share(keys)}")


def _print_wrong(told: Sequence[tuple[Piece, Told]]) -> None:
    for piece, one in told:
        if not is_near(one.bpm, piece.bpm):
            print(f"tempo of {piece.name}: {piece.bpm}, told {one.bpm}, other {one.bpm_other}")
        if one.key != piece.key:
            print(f"key of {piece.name}: {piece.key}, told {one.key} ({one.key_confidence})")


def _within(value: float | None, low: float, high: float) -> bool:
    return value is not None and low <= value < high


def _share(right: Sequence[bool]) -> str:
    return f"{np.mean(right):.0%} of {len(right)}" if right else "-"


if __name__ == "__main__":
    bench_descriptors(int(sys.argv[1]) if len(sys.argv) > 1 else PIECES)
