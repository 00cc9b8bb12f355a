# ruff: noqa: E501 -- lists of names
"""Draw what a training piece consists of: style or free line-up, mood, tempo, key, passages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from traumbox.embedders.builtin.train.facts import Facts
from traumbox.embedders.builtin.train.players import BASS_LINES, PLAYERS, Player, players_of
from traumbox.embedders.builtin.train.soundfont import Soundfont
from traumbox.embedders.builtin.train.styles import STYLES, Style
from traumbox.synth.moods import MOODS
from traumbox.synth.score import Role, Section, Voice

Rng = np.random.Generator


@dataclass(frozen=True, slots=True)
class Passage:
    """A section to be played, and what is known of it before a note has sounded."""

    section: Section
    concepts: frozenset[str]
    facts: Facts


@dataclass(frozen=True, slots=True)
class Scene:
    """One piece: its passages, and by which orchestra it is played.

    ``sampled``: notes by FluidSynth, drums on its ``kit`` or, with ``own_drums``, on ours.
    """

    passages: tuple[Passage, ...]
    sampled: bool
    kit: int = 0
    own_drums: bool = False


@dataclass(frozen=True, slots=True)
class Casting:
    """For whom to look: those of ``font`` or our own, those ``held_out`` or the others."""

    font: Soundfont | None
    held_out: bool = False

    @property
    def sampled(self) -> bool:
        """Whether a soundfont plays."""
        return self.font is not None

    def _has(self, player: Player) -> bool:
        return self.font is None or self.font.has(player.instrument)

    def pick(self, concept: str, rng: Rng) -> Player | None:
        """Return one player who brings ``concept``, if there is one."""
        found = players_of(concept, sampled=self.sampled, held_out=self.held_out)
        found = [player for player in found if self._has(player)]
        return found[int(rng.integers(len(found)))] if found else None

    def anyone(self, rng: Rng) -> Player:
        """Pick evenly over kinds of instrument, often among those most music has."""
        mine = [
            player
            for player in PLAYERS
            if player.sampled == self.sampled
            and (self.held_out or not player.is_held_out)
            and self._has(player)
        ]
        if self.held_out and rng.random() < 0.5:
            mine = [player for player in mine if player.is_held_out] or mine
        kinds = sorted({player.concepts[0] for player in mine})
        if rng.random() < 0.33:
            kinds = [kind for kind in kinds if kind in _COMMON] or kinds
        kind = kinds[int(rng.integers(len(kinds)))]
        found = [player for player in mine if player.concepts[0] == kind]
        return found[int(rng.integers(len(found)))]


_COMMON = frozenset({"piano", "acoustic guitar", "electric guitar", "strings", "violin", "choir", "singing", "organ", "trumpet", "saxophone", "flute", "pad", "lead"})  # fmt: skip
_BEAT_CONCEPTS = {
    **dict.fromkeys(
        ("four_on_the_floor", "house", "trance"), ("electronic drums", "drums", "rhythmic")
    ),
    **dict.fromkeys(("drum_and_bass", "trap"), ("electronic drums", "drums", "rhythmic")),
    **dict.fromkeys(("tribal", "latin"), ("hand drums", "percussion", "drums", "rhythmic")),
    "bossa": ("drums", "percussion"),
    "tango": ("percussion",),
    "epic": ("timpani", "drums"),
    "brushes": ("drums",),
    "ballad": ("drums",),
}
_MOOD_CONCEPTS = {
    "dreamy": ("dreamy", "calm"),
    "romantic": ("romantic",),
    "aggressive": ("aggressive", "energetic"),
}
_TEXTURE_CONCEPTS = {
    "white noise": ("noise",),
    "pink noise": ("noise",),
    "brown noise": ("noise", "rumble", "deep"),
    "wind": ("wind", "nature"),
    "rain": ("rain", "nature"),
    "sea": ("sea", "nature"),
    "crackle": ("crackle",),
    "birds": ("birds", "nature"),
    "speech": ("speech",),
    "man speaking": ("speech", "man speaking"),
    "woman speaking": ("speech", "woman speaking"),
    "heartbeat": ("heartbeat", "deep"),
    "applause": ("applause",),
}
_TEXTURE_ODDS = {"speech": 0.6, "man speaking": 1.2, "woman speaking": 1.2, "birds": 1.6, "heartbeat": 0.6, "wind": 1.3}  # fmt: skip
_BEDS = ("rain", "sea", "crackle", "birds", "applause", "wind", "speech")
_BEATS = ("rock", "pop", "four_on_the_floor", "hip_hop", "breakbeat", "metal", "jazz", "latin", "tribal", "march", "epic", "brushes", "ballad", "house", "drum_and_bass", "disco", "funk", "shuffle", "trap", "train")  # fmt: skip
_KITS = (0, 8, 16, 24, 25, 32, 40)
_OWN_DRUMS = 0.3  # so often a sampled band plays with our drummer
TWO_PASSAGES = 0.1


def draw_scene(
    duration_s: float, font: Soundfont | None, rng: Rng, *, held_out: bool = False
) -> Scene:
    """Draw one piece for ``font``, or for our synthesiser; some change half-way to something else.

    With ``held_out`` half of the line-ups have a player, and some a style, that training never
    hears, and nothing changes half-way.
    """
    two = not held_out and rng.random() < TWO_PASSAGES
    lengths = (duration_s / 2, duration_s / 2) if two else (duration_s,)
    kit, passages = 0, []
    casting = Casting(font, held_out and rng.random() < 0.5)
    strange = held_out and rng.random() < 0.1
    for length_s in lengths:
        passage, kit = _draw_passage(length_s, casting, rng, kit, strange=strange)
        passages.append(passage)
    own_drums = bool(rng.random() < _OWN_DRUMS)
    return Scene(tuple(passages), font is not None, kit, own_drums)


def draw_texture_scene(duration_s: float, rng: Rng) -> Scene:
    """Draw a piece of weather, birds or voices, which are rare among music."""
    return Scene((_texture(duration_s, rng),), sampled=False)


def _draw_passage(
    duration_s: float, casting: Casting, rng: Rng, kit: int, *, strange: bool
) -> tuple[Passage, int]:
    dice = rng.random()
    if strange or dice > 0.55:
        styles = [style for style in STYLES if style.is_held_out == strange]
        style = styles[int(rng.integers(len(styles)))]
        return _band(style, duration_s, casting, rng), int(rng.choice(style.kits))
    if dice < 0.35:
        return _solo(duration_s, casting, rng), kit
    if dice < 0.39 and not casting.sampled:
        return _texture(duration_s, rng), kit
    if dice < 0.43:
        return _drums_only(duration_s, rng), int(rng.choice(_KITS))
    return _ensemble(duration_s, casting, rng), kit


def _section(
    duration_s: float, mood_name: str, rng: Rng, tempo_bpm: float | None = None
) -> Section:
    mood = MOODS[mood_name]
    return Section(
        duration_s,
        (),
        tempo_bpm=float(rng.uniform(*mood.tempo_bpm)) if tempo_bpm is None else tempo_bpm,
        tonic=int(rng.integers(12)),
        mode=mood.modes[int(rng.integers(len(mood.modes)))],
        mood=mood_name,
        energy=float(rng.uniform(*mood.energy)),
    )


def _passage(
    section: Section,
    players: Sequence[Player],
    extra: Sequence[str],
    style: Style | None = None,
) -> Passage:
    """Name what is known of a section with ``players`` (drums are in ``section.voices``)."""
    concepts: set[str] = set(extra) | {name for player in players for name in player.concepts}
    beats = [voice.instrument for voice in section.voices if voice.role == "drums"]
    tonal = [voice for voice in section.voices if voice.role not in {"drums", "texture"}]
    textures = [voice.instrument for voice in section.voices if voice.role == "texture"]
    if any("acoustic" not in player.concepts for player in players):
        concepts.discard("acoustic")
    for texture in textures:
        concepts.update(_TEXTURE_CONCEPTS[texture])
    for beat in beats:
        concepts.update(_BEAT_CONCEPTS.get(beat, ("drums", "rhythmic")))
    if not beats:
        concepts.add("no drums")
    if tonal or beats:
        concepts.update((*_pace(section), "music"))
    else:
        concepts.add("no music")
    if tonal:
        concepts.update(_MOOD_CONCEPTS.get(section.mood, (section.mood,)))
        concepts.add(section.mode)
        if section.mood in {"sad", "romantic"} and section.energy < 0.3 and section.tempo_bpm < 80:
            concepts.add("calm")
    if (tonal or beats) and not concepts & {"singing", "speech"}:
        concepts.add("instrumental")
    count = len(tonal) + len(beats)
    concepts.update(("sparse",) if count + len(textures) <= 1 else ("dense",) if count >= 4 else ())
    families = tuple(dict.fromkeys(player.family for player in players))
    facts = Facts(
        style=style.concepts[0] if style is not None else "",
        family=families[0] if families else ("drums" if beats else ""),
        families=(*families, *(("drums",) if beats else ())),
        tempo_bpm=section.tempo_bpm if tonal or beats else 0.0,
        mode=section.mode if tonal else "",
        energy=section.energy if tonal or beats else -1.0,
        held=(
            *(("instrument",) if any(player.is_held_out for player in players) else ()),
            *(("style",) if style is not None and style.is_held_out else ()),
        ),
    )
    return Passage(section, frozenset(concepts), facts)


SLOW_TO_BPM, MEDIUM_BPM, FAST_FROM_BPM = 82.0, (94.0, 118.0), 132.0


def _pace(section: Section) -> tuple[str, ...]:
    if section.tempo_bpm <= SLOW_TO_BPM:
        return ("slow",)
    if section.tempo_bpm >= FAST_FROM_BPM:
        return ("fast",)
    return ("medium",) if MEDIUM_BPM[0] <= section.tempo_bpm <= MEDIUM_BPM[1] else ()


def _voice(player: Player, role: Role, rng: Rng, level: float = 1.0) -> Voice:
    level *= float(rng.uniform(0.7, 1.15))
    if role in {"melody", "arpeggio"} and BASS_LINES & set(player.concepts):
        level *= 1.2
    octave = player.octave
    if role == "bass" and octave == 0 and not BASS_LINES & set(player.concepts):
        octave = -1
    return Voice(player.instrument, role, level, float(rng.uniform(-0.5, 0.5)), octave)


def _a_mood(rng: Rng) -> str:
    return str(rng.choice(sorted(MOODS)))


def _solo(duration_s: float, casting: Casting, rng: Rng) -> Passage:
    """One player, with one hand or two."""
    player = casting.anyone(rng)
    section = _section(duration_s, _a_mood(rng), rng)
    roles: tuple[Role, ...] = ("bass",)
    if not BASS_LINES & set(player.concepts):
        choices: list[tuple[Role, ...]] = [
            ("melody",),
            ("melody",),
            ("melody", "chords"),
            ("melody", "arpeggio"),
            ("arpeggio",),
            ("chords",),
        ]
        roles = choices[int(rng.integers(len(choices)))]
    voices = tuple(
        _voice(player, role, rng, 1.0 if place == 0 else 0.65) for place, role in enumerate(roles)
    )
    voices += _bed(rng)
    passage = _passage(replace(section, voices=voices), [player], ())
    return replace(passage, concepts=passage.concepts | {"sparse"})


def _bed(rng: Rng, odds: float = 0.07) -> tuple[Voice, ...]:
    """Now and then it rains, or people talk, where music is played."""
    if rng.random() >= odds:
        return ()
    return (Voice(str(rng.choice(_BEDS)), "texture", float(rng.uniform(0.2, 0.5))),)


def _texture(duration_s: float, rng: Rng) -> Passage:
    names = sorted(_TEXTURE_CONCEPTS)
    odds = np.array([_TEXTURE_ODDS.get(name, 1.0) for name in names])
    count = 2 if rng.random() < 0.15 else 1
    chosen = rng.choice(names, size=count, replace=False, p=odds / odds.sum())
    voices = tuple(Voice(str(name), "texture", float(rng.uniform(0.7, 1.0))) for name in chosen)
    return _passage(Section(duration_s, voices), [], ())


def _drums_only(duration_s: float, rng: Rng) -> Passage:
    section = _section(duration_s, "energetic", rng, float(rng.uniform(60, 180)))
    energy = float(rng.uniform(0.35, 1.0))
    beat = str(rng.choice(_BEATS))
    section = replace(section, voices=(Voice(beat, "drums"),), energy=energy)
    extra = ("sparse", *(("energetic",) if energy > 0.7 and section.tempo_bpm > 110 else ()))
    return _passage(section, [], extra)


def _band(style: Style, duration_s: float, casting: Casting, rng: Rng) -> Passage:
    mood = str(rng.choice(style.moods))
    low, high = style.tempo_bpm
    wanted = np.clip(rng.uniform(*MOODS[mood].tempo_bpm), low, high) * rng.uniform(0.97, 1.03)
    section = replace(
        _section(duration_s, mood, rng, float(wanted)),
        swing=style.swing,
        meter=style.meter,
        feel=style.feel if rng.random() < 0.9 else "",
    )
    voices: list[Voice] = []
    players: list[Player] = []
    for role, names, odds in style.voices:
        if rng.random() > odds:
            continue
        player = casting.pick(str(rng.choice(names)), rng)
        if player is None:
            continue
        # The leading instrument first: the melody's, else whoever came first.
        players.insert(0 if role == "melody" else len(players), player)
        voices.append(_voice(player, role, rng, 0.8 if role == "chords" else 1.0))
    if len(voices) < 2:  # this orchestra has too few of the style's players
        return _ensemble(duration_s, casting, rng)
    beat = str(rng.choice(style.beats))
    if beat:
        voices.append(Voice(beat, "drums", float(rng.uniform(0.6, 1.0))))
    voices += _bed(rng, 0.03)
    return _passage(replace(section, voices=tuple(voices)), players, style.concepts, style)


def _ensemble(duration_s: float, casting: Casting, rng: Rng) -> Passage:
    """Two to four players who would never meet elsewhere: no habit is to be learnt by heart."""
    section = _section(duration_s, _a_mood(rng), rng)
    roles: list[Role] = ["melody", "chords", "bass", "arpeggio"]
    count = int(rng.integers(2, 5))
    players = [casting.anyone(rng) for _ in range(count)]
    voices = [_voice(player, role, rng) for player, role in zip(players, roles, strict=False)]
    if rng.random() < 0.4:
        voices.append(Voice(str(rng.choice(_BEATS)), "drums", float(rng.uniform(0.6, 1.0))))
    voices += _bed(rng, 0.04)
    return _passage(replace(section, voices=tuple(voices)), players, ())
