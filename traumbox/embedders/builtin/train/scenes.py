# ruff: noqa: E501 -- tables, one entry a line
"""Draw what a training piece consists of: genre or free line-up, mood, tempo, key, passages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from traumbox.embedders.builtin.train.players import BASS_LINES, PLAYERS, Player, players_of
from traumbox.synth.moods import MOODS
from traumbox.synth.score import Role, Section, Voice

Rng = np.random.Generator


@dataclass(frozen=True, slots=True)
class Passage:
    """A section to be played and the concepts known before a note has sounded."""

    section: Section
    concepts: frozenset[str]


@dataclass(frozen=True, slots=True)
class Scene:
    """One piece: its passages, and by which orchestra (``sampled``, drum ``kit``) it is played."""

    passages: tuple[Passage, ...]
    sampled: bool
    kit: int


@dataclass(frozen=True, slots=True)
class _Genre:
    concepts: tuple[str, ...]
    voices: tuple[tuple[Role, tuple[str, ...], float], ...]  # role, one of these, how often
    beats: tuple[str, ...]
    moods: tuple[str, ...]
    tempo_bpm: tuple[float, float]
    kits: tuple[int, ...] = (0,)
    swing: float = 0.0
    meter: int = 4


def _voices(*rows: tuple[Role, str, float]) -> tuple[tuple[Role, tuple[str, ...], float], ...]:
    return tuple(
        (role, tuple(n.strip() for n in names.split(",")), odds) for role, names, odds in rows
    )


_GENRES: tuple[_Genre, ...] = (
    _Genre(("rock", "rhythmic"), _voices(("bass", "bass", 1), ("chords", "electric guitar, distorted guitar", 1), ("melody", "electric guitar, lead, organ", 0.6)), ("rock", "pop"), ("happy", "energetic", "dark"), (104, 150), (0, 8, 16)),
    _Genre(("metal", "rhythmic"), _voices(("bass", "bass", 1), ("chords", "distorted guitar", 1), ("bass", "distorted guitar", 0.8)), ("metal", "rock"), ("aggressive",), (140, 190), (16,)),
    _Genre(("pop", "rhythmic"), _voices(("bass", "bass", 1), ("chords", "piano, acoustic guitar, electric guitar, electric piano", 1), ("melody", "lead, flute, glockenspiel, violin, saxophone", 0.8), ("chords", "pad, strings", 0.4)), ("pop", "rock", "ballad"), ("happy", "romantic", "sad", "energetic"), (76, 138), (0, 8)),
    _Genre(("techno", "rhythmic", "electronic"), _voices(("bass", "synth bass", 1), ("arpeggio", "lead, synth bass", 0.8), ("chords", "pad, lead", 0.6), ("melody", "lead", 0.4)), ("four_on_the_floor",), ("energetic", "tense"), (120, 148), (25, 24)),
    _Genre(("synthwave", "rhythmic", "electronic"), _voices(("bass", "synth bass", 1), ("chords", "pad", 1), ("melody", "lead", 0.9)), ("rock", "pop"), ("energetic", "epic", "dreamy"), (84, 124), (24,)),
    _Genre(("chiptune", "electronic"), _voices(("melody", "lead", 1), ("arpeggio", "lead", 1), ("bass", "synth bass", 0.7)), ("pop", "rock", ""), ("playful", "happy", "energetic"), (120, 172), (25,)),
    _Genre(("ambient music",), _voices(("chords", "pad, choir, strings", 1), ("drone", "pad, organ", 0.7), ("arpeggio", "harp, celesta, kalimba, electric piano, piano", 0.4)), ("",), ("dreamy", "calm"), (50, 80)),
    _Genre(("jazz",), _voices(("bass", "double bass, bass", 1), ("chords", "piano, electric piano, electric guitar", 1), ("melody", "saxophone, trumpet, vibraphone, piano, clarinet, trombone", 0.9)), ("jazz", "brushes", "jazz"), ("groovy", "romantic", "happy"), (84, 180), (32, 40), 0.17),
    _Genre(("bossa", "latin"), _voices(("bass", "bass, double bass", 1), ("chords", "acoustic guitar", 1), ("melody", "flute, saxophone, piano", 0.8)), ("bossa",), ("romantic", "groovy", "calm"), (104, 136), (32, 0)),
    _Genre(("latin", "rhythmic"), _voices(("bass", "bass", 1), ("chords", "piano, acoustic guitar", 1), ("melody", "trumpet, steel drums, flute, marimba, brass", 0.9)), ("latin",), ("happy", "groovy", "energetic"), (92, 140)),
    _Genre(("hip hop", "rhythmic"), _voices(("bass", "synth bass, bass", 1), ("chords", "electric piano, strings, pad, piano", 0.9), ("melody", "vibraphone, lead, flute", 0.3)), ("hip_hop", "breakbeat"), ("groovy", "dark", "tense"), (78, 104), (25, 24)),
    _Genre(("lofi", "hip hop"), _voices(("bass", "bass, double bass", 0.9), ("chords", "electric piano, acoustic guitar, piano", 1), ("melody", "vibraphone, electric piano", 0.4)), ("hip_hop",), ("calm", "dreamy"), (68, 86), (25, 40)),
    _Genre(("funk", "rhythmic"), _voices(("bass", "bass", 1), ("chords", "electric guitar, electric piano, organ", 1), ("melody", "brass, saxophone, trumpet", 0.7)), ("breakbeat", "pop"), ("groovy", "energetic"), (96, 122)),
    _Genre(("classical",), _voices(("melody", "violin, flute, oboe, clarinet, cello, piano, harpsichord", 1), ("chords", "strings, piano, harp, harpsichord", 1), ("bass", "cello, bassoon", 0.5)), ("",), ("calm", "happy", "sad", "romantic", "playful", "tense"), (56, 150)),
    _Genre(("orchestral", "classical"), _voices(("chords", "strings", 1), ("melody", "french horn, trumpet, violin, oboe, flute, brass", 1), ("chords", "brass, choir", 0.5), ("arpeggio", "harp, pizzicato, strings", 0.5), ("bass", "cello, double bass, tuba", 0.5)), ("epic", "", ""), ("epic", "romantic", "tense", "dark", "sad", "happy"), (60, 140), (48,)),
    _Genre(("folk",), _voices(("chords", "acoustic guitar, banjo, accordion", 1), ("melody", "violin, flute, harmonica, whistle, accordion, banjo", 1), ("bass", "double bass", 0.4)), ("", "", "brushes"), ("happy", "calm", "sad", "romantic"), (72, 140), (40,)),
    _Genre(("march music",), _voices(("melody", "trumpet, brass, flute, clarinet", 1), ("chords", "brass, trombone", 0.9), ("bass", "tuba", 1)), ("march",), ("happy", "epic"), (104, 128), (0, 48)),
    _Genre(("waltz",), _voices(("melody", "accordion, violin, piano, music box, clarinet", 1), ("chords", "accordion, strings, piano", 1), ("bass", "double bass, cello, bass", 0.7)), ("waltz", "", ""), ("romantic", "playful", "happy", "sad"), (96, 168), (40,), 0.0, 3),
    _Genre(("sacred",), _voices(("chords", "choir, church organ", 1), ("melody", "choir, church organ, trumpet", 0.6), ("bass", "church organ", 0.4)), ("",), ("calm", "sad", "epic"), (48, 84)),
    _Genre(("world",), _voices(("melody", "sitar, koto, flute, kalimba, bagpipes, marimba, steel drums", 1), ("arpeggio", "kalimba, marimba, koto, sitar, harp", 0.6), ("drone", "sitar, accordion, bagpipes, strings", 0.3)), ("tribal", "latin", ""), ("calm", "happy", "dark", "groovy"), (64, 132)),
)  # fmt: skip

_BEAT_CONCEPTS = {
    "four_on_the_floor": ("electronic drums", "rhythmic"),
    "tribal": ("hand drums",),
    "latin": ("hand drums", "rhythmic"),
    "epic": ("timpani",),
    "rock": ("rhythmic",),
    "pop": ("rhythmic",),
    "metal": ("rhythmic",),
    "breakbeat": ("rhythmic",),
    "hip_hop": ("rhythmic",),
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
    "heartbeat": ("heartbeat", "deep"),
}
_BEATS = ("rock", "pop", "four_on_the_floor", "hip_hop", "breakbeat", "metal", "jazz", "latin", "tribal", "march", "epic", "brushes", "ballad")  # fmt: skip


_COMMON = frozenset({"piano", "acoustic guitar", "electric guitar", "strings", "violin", "choir", "organ", "trumpet", "saxophone", "flute", "pad", "lead"})  # fmt: skip


def draw_scene(duration_s: float, sampled: bool, rng: Rng) -> Scene:
    """Draw one piece; a quarter of them change half-way to something else."""
    kit = 0
    lengths = (duration_s / 2, duration_s / 2) if rng.random() < 0.25 else (duration_s,)
    passages = []
    for length_s in lengths:
        passage, kit = _draw_passage(length_s, sampled, rng, kit)
        passages.append(passage)
    return Scene(tuple(passages), sampled, kit)


def draw_texture_scene(duration_s: float, rng: Rng) -> Scene:
    """Draw a piece of weather, birds or voices, which are rare among music."""
    halves = (_texture(duration_s / 2, rng), _texture(duration_s / 2, rng))
    return Scene(halves, sampled=False, kit=0)


def _draw_passage(duration_s: float, sampled: bool, rng: Rng, kit: int) -> tuple[Passage, int]:
    dice = rng.random()
    if dice < 0.3:
        return _solo(duration_s, sampled, rng), kit
    if dice < 0.47 and not sampled:
        return _texture(duration_s, rng), kit
    if dice < 0.53:
        kit = int(rng.choice([0, 8, 16, 25, 24, 32, 40]))
        return _drums_only(duration_s, rng), kit
    if dice < 0.86:
        genre = _GENRES[int(rng.integers(len(_GENRES)))]
        kit = int(rng.choice(genre.kits))
        return _band(genre, duration_s, sampled, rng), kit
    return _ensemble(duration_s, sampled, rng), kit


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


def _passage(section: Section, players: Sequence[Player], extra: Sequence[str]) -> Passage:
    """Name what is known of a section with ``players`` (drums are in ``section.voices``)."""
    concepts: set[str] = set(extra) | {name for player in players for name in player.concepts}
    beats = [voice.instrument for voice in section.voices if voice.role == "drums"]
    tonal = [voice for voice in section.voices if voice.role not in {"drums", "texture"}]
    textures = [voice.instrument for voice in section.voices if voice.role == "texture"]
    if "synth" in concepts or "electronic" in concepts:
        concepts.discard("acoustic")
    if any("acoustic" not in player.concepts for player in players):
        concepts.discard("acoustic")
    for texture in textures:
        concepts.update(_TEXTURE_CONCEPTS[texture])
    if beats:
        concepts.update(
            ("drums", *(name for beat in beats for name in _BEAT_CONCEPTS.get(beat, ())))
        )
    else:
        concepts.add("no drums")
    if tonal or beats:
        concepts.update(_pace(section))
        concepts.add("music")
    else:
        concepts.add("no music")
    if tonal:
        concepts.update(_MOOD_CONCEPTS.get(section.mood, (section.mood,)))
        concepts.add(section.mode)
        if section.mood in {"sad", "romantic"} and section.energy < 0.3 and section.tempo_bpm < 80:
            concepts.add("calm")
    if "choir" not in concepts and "speech" not in concepts:
        concepts.add("instrumental")
    count = len(tonal) + len(beats)
    concepts.update(("sparse",) if count + len(textures) <= 1 else ("dense",) if count >= 4 else ())
    return Passage(section, frozenset(concepts))


def _pace(section: Section) -> tuple[str, ...]:
    if section.tempo_bpm <= 88 and section.energy < 0.6:
        return ("slow",)
    if section.tempo_bpm >= 118 and section.energy >= 0.45:
        return ("fast",)
    return ("medium",) if 92 <= section.tempo_bpm <= 114 else ()


def _pick(concept: str, sampled: bool, rng: Rng) -> Player | None:
    found = players_of(concept, sampled=sampled)
    return found[int(rng.integers(len(found)))] if found else None


def _any_player(sampled: bool, rng: Rng) -> Player:
    """Pick evenly over kinds of instrument, a third of the time among those most music has."""
    kinds = sorted({player.concepts[0] for player in PLAYERS if player.sampled == sampled})
    if rng.random() < 0.33:
        kinds = [kind for kind in kinds if kind in _COMMON]
    kind = kinds[int(rng.integers(len(kinds)))]
    found = [p for p in PLAYERS if p.sampled == sampled and p.concepts[0] == kind]
    return found[int(rng.integers(len(found)))]


def _voice(player: Player, role: Role, rng: Rng, level: float = 1.0) -> Voice:
    level *= float(rng.uniform(0.75, 1.1))
    if role in {"melody", "arpeggio"} and BASS_LINES & set(player.concepts):
        level *= 1.2
    octave = player.octave
    if role == "bass" and octave == 0 and not BASS_LINES & set(player.concepts):
        octave = -1
    return Voice(player.instrument, role, level, float(rng.uniform(-0.5, 0.5)), octave)


def _a_mood(rng: Rng) -> str:
    return str(rng.choice(sorted(MOODS)))


def _solo(duration_s: float, sampled: bool, rng: Rng) -> Passage:
    """One player, with one hand or two."""
    player = _any_player(sampled, rng)
    section = _section(duration_s, _a_mood(rng), rng)
    roles: tuple[Role, ...]
    if BASS_LINES & set(player.concepts):
        roles = ("bass",)
    else:
        choices: list[tuple[Role, ...]] = [
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
    passage = _passage(replace(section, voices=voices), [player], ())
    return replace(passage, concepts=passage.concepts | {"sparse"})


def _texture(duration_s: float, rng: Rng) -> Passage:
    names = sorted(_TEXTURE_CONCEPTS)
    odds = np.array([2.0 if name == "speech" else 1.0 for name in names])
    chosen = rng.choice(
        names, size=2 if rng.random() < 0.15 else 1, replace=False, p=odds / odds.sum()
    )
    voices = tuple(Voice(str(name), "texture", float(rng.uniform(0.7, 1.0))) for name in chosen)
    return _passage(Section(duration_s, voices), [], ())


def _drums_only(duration_s: float, rng: Rng) -> Passage:
    section = _section(duration_s, "energetic", rng, float(rng.uniform(60, 180)))
    energy = float(rng.uniform(0.35, 1.0))
    beat = str(rng.choice(_BEATS))
    section = replace(section, voices=(Voice(beat, "drums"),), energy=energy)
    extra = ("sparse", *(("energetic",) if energy > 0.7 and section.tempo_bpm > 110 else ()))
    return _passage(section, [], extra)


def _band(genre: _Genre, duration_s: float, sampled: bool, rng: Rng) -> Passage:
    mood = str(rng.choice(genre.moods))
    low, high = genre.tempo_bpm
    wanted = np.clip(rng.uniform(*MOODS[mood].tempo_bpm), low, high) * rng.uniform(0.97, 1.03)
    section = replace(
        _section(duration_s, mood, rng, float(wanted)), swing=genre.swing, meter=genre.meter
    )
    voices: list[Voice] = []
    players: list[Player] = []
    for role, names, odds in genre.voices:
        if rng.random() > odds:
            continue
        player = _pick(str(rng.choice(names)), sampled, rng)
        if player is None:
            continue
        players.append(player)
        voices.append(_voice(player, role, rng, 0.8 if role == "chords" else 1.0))
    if not voices:  # this orchestra has none of the genre's players
        return _ensemble(duration_s, sampled, rng)
    beat = str(rng.choice(genre.beats))
    if beat and (genre.meter == 4 or beat == "waltz"):
        voices.append(Voice(beat, "drums", float(rng.uniform(0.7, 1.0))))
    if not sampled and rng.random() < 0.08:
        voices.append(Voice(str(rng.choice(["rain", "sea", "crackle", "birds"])), "texture", 0.3))
    return _passage(replace(section, voices=tuple(voices)), players, genre.concepts)


def _ensemble(duration_s: float, sampled: bool, rng: Rng) -> Passage:
    """Two to four players who would never meet elsewhere, so that no habit can be learnt by heart."""
    section = _section(duration_s, _a_mood(rng), rng)
    roles: list[Role] = ["melody", "chords", "bass", "arpeggio"]
    count = int(rng.integers(2, 5))
    players = [_any_player(sampled, rng) for _ in range(count)]
    voices = [_voice(player, role, rng) for player, role in zip(players, roles, strict=False)]
    if rng.random() < 0.45:
        voices.append(Voice(str(rng.choice(_BEATS)), "drums", float(rng.uniform(0.6, 1.0))))
    return _passage(replace(section, voices=tuple(voices)), players, ())
