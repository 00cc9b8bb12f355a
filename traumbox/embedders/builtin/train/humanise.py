"""Play a score as people do: the beat breathes, phrases swell, nobody is exactly in time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from traumbox.synth.score import Part

Rng = np.random.Generator


def humanise(parts: Sequence[Part], freedom: float, rng: Rng) -> list[Part]:
    """Bend time and force of all parts alike; ``freedom`` 0 (a machine) to 1 (a soloist)."""
    if freedom <= 0:
        return list(parts)
    rates = rng.uniform(0.05, 0.4, 2)  # Hz
    phases = rng.uniform(0, 2 * np.pi, 4)
    late_s = 0.018 * freedom

    def drift(at_s: float) -> float:
        bend = sum(
            np.sin(2 * np.pi * rate * at_s + phase) / rate
            for rate, phase in zip(rates, phases, strict=False)
        )
        return float(0.025 * freedom * bend)

    def phrase(at_s: float) -> float:
        return float(1.0 + 0.22 * freedom * np.sin(2 * np.pi * at_s / 3.7 + phases[2]))

    played = []
    for part in parts:
        if part.voice.role == "texture":
            played.append(part)
            continue
        own_s = rng.normal(0.0, late_s / 2)
        notes = tuple(
            replace(
                note,
                start_s=max(
                    0.0, note.start_s + drift(note.start_s) + own_s + rng.normal(0.0, late_s)
                ),
                velocity=float(np.clip(note.velocity * phrase(note.start_s), 0.05, 1.0)),
            )
            for note in part.notes
        )
        played.append(Part(part.voice, notes))
    return played
