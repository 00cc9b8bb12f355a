from itertools import combinations

import pytest

from tests.embedders.train.rng import rng
from traumbox.embedders.builtin.train.concepts import CONCEPTS
from traumbox.embedders.builtin.train.facts import Facts
from traumbox.embedders.builtin.train.humanise import humanise
from traumbox.embedders.builtin.train.players import FAMILIES, PLAYERS
from traumbox.embedders.builtin.train.rivals import one_wrong
from traumbox.embedders.builtin.train.scenes import Passage, draw_scene, draw_texture_scene
from traumbox.embedders.builtin.train.soundfont import HELD_OUT, SOUNDFONTS
from traumbox.embedders.builtin.train.styles import STYLES
from traumbox.synth.beats import BEATS
from traumbox.synth.compose import compose
from traumbox.synth.feels import FEELS
from traumbox.synth.mix import INSTRUMENTS
from traumbox.synth.moods import MOODS

FONTS = (None, HELD_OUT, SOUNDFONTS[-1])
CONTRARY = (
    {"drums", "no drums"},
    {"percussion", "no drums"},
    {"slow", "fast"},
    {"major", "minor"},
    {"music", "no music"},
    {"instrumental", "singing"},
    {"instrumental", "speech"},
    {"sparse", "dense"},
)


def passages(*, held_out: bool = False) -> list[Passage]:
    drawn = [draw_scene(13.0, FONTS[n % 3], rng(n), held_out=held_out) for n in range(300)]
    drawn += [draw_texture_scene(13.0, rng(n)) for n in range(40)]
    return [passage for scene in drawn for passage in scene.passages]


@pytest.mark.parametrize("held_out", [False, True])
def test_everything_a_scene_says_of_itself_is_a_concept_and_consistent(held_out):
    seen: set[str] = set()
    for passage in passages(held_out=held_out):
        assert passage.section.voices
        assert compose(passage.section, rng())
        for pair in CONTRARY:
            assert not pair <= passage.concepts
        seen |= passage.concepts
    assert seen <= set(CONCEPTS)
    assert len(seen) > 110


def test_facts_and_concepts_agree():
    for passage in passages():
        facts = passage.facts
        assert not facts.style or facts.style in passage.concepts
        assert set(facts.families) <= set(FAMILIES)
        assert not facts.families or facts.family in facts.families
        assert ("drums" in facts.families) <= (
            ("drums" in passage.concepts) or facts.style == "tango"
        )
        assert not facts.mode or facts.mode in passage.concepts
        if facts == Facts(held=facts.held):  # weather
            assert "no music" in passage.concepts


def test_training_never_hears_what_is_held_out():
    hidden = {player.instrument for player in PLAYERS if player.is_held_out}
    assert hidden
    for passage in passages():
        assert not hidden & {voice.instrument for voice in passage.section.voices}
        assert passage.facts.held == ()
    held = {what for passage in passages(held_out=True) for what in passage.facts.held}
    assert held == {"instrument", "style"}


def test_a_bank_is_asked_only_for_what_it_has():
    bank = SOUNDFONTS[-1]
    assert bank.programs
    for seed in range(100):
        for passage in draw_scene(13.0, bank, rng(seed)).passages:
            tonal = [v for v in passage.section.voices if v.role not in {"drums", "texture"}]
            assert all(bank.has(voice.instrument) for voice in tonal)


def test_every_style_is_drawn_and_can_be_played():
    drawn = {passage.facts.style for passage in passages()}
    assert drawn >= {style.concepts[0] for style in STYLES if not style.is_held_out}
    wanted = {name for player in PLAYERS for name in player.concepts}
    for style in STYLES:
        assert set(style.concepts) <= set(CONCEPTS)
        assert set(style.beats) <= {*BEATS, ""}
        assert set(style.moods) <= set(MOODS)
        assert not style.feel or style.feel in FEELS
        assert {name for _, names, _ in style.voices for name in names} <= wanted


def test_players_are_of_known_concepts_and_families_and_can_be_heard():
    assert {name for player in PLAYERS for name in player.concepts} <= set(CONCEPTS)
    assert {player.family for player in PLAYERS} <= set(FAMILIES)
    assert {p.instrument for p in PLAYERS if not p.sampled} <= set(INSTRUMENTS)


def test_people_are_not_exactly_in_time_and_machines_are():
    passage = next(p for p in passages() if len(compose(p.section, rng())[0].notes) > 8)
    score = compose(passage.section, rng())
    assert humanise(score, 0.0, rng()) == list(score)
    played = humanise(score, 1.0, rng())
    moved = [
        abs(a.start_s - b.start_s) for a, b in zip(score[0].notes, played[0].notes, strict=True)
    ]
    assert 0.001 < max(moved) < 0.6
    assert all(note.start_s >= 0 for part in played for note in part.notes)


def test_a_rival_is_wrong_by_one_thing():
    for first, second in combinations(["trumpet", "slow", "jazz", "happy"], 2):
        for seed in range(10):
            wrong = one_wrong({first, second}, rng(seed))
            assert wrong is not None
            assert len(set(wrong) & {first, second}) == 1
            assert set(wrong) <= set(CONCEPTS)
    assert one_wrong({"music"}, rng()) is None
