"""What speaks for a lag being the beat: the weights of ``TempoMeter.candidates``.

Fitted by ``python -m tests.bench.tempo_weights``: a conditional logit over the candidates of each
of some 180 synthesised pieces and of plain clicks and drums, small weights preferred. They say what
one would expect: sound repeats after one, two and four beats, the hats repeat after two, dotted
beats speak against, and the tempo and the number of onsets on a beat are usual.
"""

from __future__ import annotations

import numpy as np

MULTIPLES = np.array([0.25, 0.5, 1, 1.5, 2, 3, 4, 6, 8])
"""Of a lag; the first 27 features are the strength of the repetition there."""

_ALL = (0.35, 0.65, 3.23, 2.02, 0.19, 2.22, 2.38, 0.32, 0.04)
_BASS = (1.05, -0.67, -0.18, -0.89, 0.28, -1.05, 1.34, 1.16, 0.44)
_TREBLE = (-0.57, -0.73, -0.21, -0.58, 3.02, 0.05, 0.11, 2.91, 1.38)
_TEMPO = (0.57, -2.93)  # octaves above 115 BPM, and their square
_DENSITY = (-0.93, 0.64, -0.37)  # squared octaves above one onset a beat: all, bass, treble

WEIGHTS = np.array([*_ALL, *_BASS, *_TREBLE, *_TEMPO, *_DENSITY])
"""The score of a candidate is its features times these; scores are log odds."""
