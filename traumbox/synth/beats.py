"""Drum patterns: per drum a bar of sixteenths (twelve of them in three-four time).

``x`` is a blow, ``X`` an accent, ``o`` a ghost note, ``.`` a rest.
"""

from __future__ import annotations

BEATS: dict[str, dict[str, str]] = {
    "rock": {
        "kick": "X.......X.x.....",
        "snare": "....X.......X...",
        "hat": "x.o.x.o.x.o.x.o.",
    },
    "pop": {
        "kick": "X..x....x.X.....",
        "snare": "....X..o....X...",
        "hat": "x.x.x.x.x.x.x.x.",
    },
    "ballad": {
        "kick": "X.......x.......",
        "rim": "........X.......",
        "hat": "x...o...x...o...",
    },
    "four_on_the_floor": {
        "kick": "X...X...X...X...",
        "clap": "....X.......X...",
        "open_hat": "..x...x...x...x.",
        "hat": "o.o.o.o.o.o.o.o.",
    },
    "hip_hop": {
        "kick": "X..x..x...x.....",
        "snare": "....X.......X..o",
        "hat": "x.x.x.xox.x.x.x.",
    },
    "breakbeat": {
        "kick": "X.x.......xx....",
        "snare": "....X..o.o..X..o",
        "hat": "x.x.x.x.x.x.x.x.",
    },
    "metal": {
        "kick": "xxxxxxxxxxxxxxxx",
        "snare": "....X.......X...",
        "crash": "X...............",
        "ride": "x...x...x...x...",
    },
    "jazz": {
        "ride": "X...x..xX...x..x",
        "hat": "....x.......x...",
        "kick": "o.......o.......",
        "snare": ".......o......o.",
    },
    "bossa": {
        "kick": "x..xx..xx..xx..x",
        "rim": "x..x..x...x..x..",
        "shaker": "x.xxx.xxx.xxx.xx",
    },
    "latin": {
        "conga": "x..xx.x.x..xX.xx",
        "rim": "x..x...x..x.x...",
        "shaker": "x.x.x.x.x.x.x.x.",
    },
    "tribal": {
        "low_tom": "X..x..x.X..x..x.",
        "tom": "..x..x....x..xx.",
        "conga": "x.x..x.xx.x..x.x",
    },
    "march": {
        "kick": "X.......X.......",
        "snare": "x.xxx.xxx.xxxxxx",
        "crash": "x...............",
    },
    "epic": {
        "timpani": "X.....x.X...x.xx",
        "low_tom": "X..x..x.X..x..x.",
        "crash": "X...............",
    },
    "waltz": {
        "kick": "X...........",
        "snare": "....x...x...",
        "hat": "x...x...x...",
    },
    "brushes": {
        "shaker": "x.o.x.o.x.o.x.o.",
        "snare": "....o.......o...",
    },
    "house": {
        "kick": "X...X...X...X...",
        "clap": "....X.......X...",
        "open_hat": "..X...X...X...X.",
        "shaker": "x.xxx.xxx.xxx.xx",
    },
    "trance": {
        "kick": "X...X...X...X...",
        "open_hat": "..X...X...X...X.",
        "clap": "....x.......x...",
        "hat": "xxoxxxoxxxoxxxox",
    },
    "disco": {
        "kick": "X...X...X...X...",
        "snare": "....X.......X...",
        "hat": "x.o.x.o.x.o.x.o.",
        "open_hat": "..x...x...x...x.",
    },
    "drum_and_bass": {
        "kick": "X.........X.....",
        "snare": "....X.......X..o",
        "hat": "x.x.x.xox.x.x.x.",
        "ride": "x...x...x...x...",
    },
    "one_drop": {
        "kick": "........X.......",
        "rim": "........X.......",
        "hat": "x.o.x.o.x.o.x.oo",
    },
    "steppers": {
        "kick": "X...X...X...X...",
        "rim": "........X.....x.",
        "hat": "..x...x...x...x.",
    },
    "ska": {
        "kick": "x.......X.......",
        "snare": "....X.......X...",
        "hat": "..X...X...X...X.",
    },
    "shuffle": {
        "kick": "X.......X.......",
        "snare": "....X.......X...",
        "ride": "X...x.x.X...x.x.",
    },
    "train": {
        "snare": "xoXoxoXoxoXoxoXo",
        "kick": "X.......X.......",
    },
    "polka": {
        "kick": "X...x...X...x...",
        "snare": "..x...x...x...x.",
    },
    "funk": {
        "kick": "X.x....x..x..x..",
        "snare": "....X..o.o..X..o",
        "hat": "xxxxxxxxxxxxxxxx",
    },
    "trap": {
        "kick": "X......x..x.....",
        "clap": "........X.......",
        "hat": "x.x.x.x.x.xxxxx.",
    },
    "trip_hop": {
        "kick": "X.....x...X.....",
        "snare": "....X.......X.o.",
        "hat": "x.x.x.x.x.xox.x.",
    },
    "tango": {
        "rim": "x...x...x...x.x.",
    },
    "gospel": {
        "kick": "X.....X.....",
        "clap": "...X.....X..",
        "hat": "x.x.x.x.x.x.",
    },
}
STROKES = {"X": 1.0, "x": 0.72, "o": 0.4}
"""How hard each letter strikes."""
