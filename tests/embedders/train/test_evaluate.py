import json
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
import soundfile

from tests.embedders.train.knowing import WORDS, Guessing, Knowing, clip, many_clips, unit
from traumbox.embedders.builtin.mel import BANDS, FRAMES
from traumbox.embedders.builtin.train.concepts import CONCEPTS
from traumbox.embedders.builtin.train.evaluate import Recording, evaluate, find_recordings, tables
from traumbox.embedders.builtin.train.evaluate.attributes import (
    FAMILY,
    MEMBERS,
    QUESTIONS,
    TEMPO,
    ask_all,
)
from traumbox.embedders.builtin.train.evaluate.baseline import fit_and_guess
from traumbox.embedders.builtin.train.evaluate.descriptors import describe
from traumbox.embedders.builtin.train.evaluate.known import KNOWN
from traumbox.embedders.builtin.train.evaluate.naming import average_precision
from traumbox.embedders.builtin.train.evaluate.recordings import rank_recordings, windows
from traumbox.embedders.builtin.train.evaluate.retrieval import recall
from traumbox.embedders.builtin.train.evaluate.scale import (
    Rows,
    fit_floor,
    fit_scale,
    fit_strange,
)
from traumbox.embedders.builtin.train.evaluate.wishes import draw_wishes, fulfilled
from traumbox.embedders.builtin.train.facts import Facts


def rng(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


@pytest.fixture(scope="module")
def clips():
    return many_clips(120)


@pytest.fixture(scope="module")
def knowing(clips):
    return evaluate(Knowing(), clips, clips[::2], words=WORDS)


@pytest.fixture(scope="module")
def guessing(clips):
    return evaluate(Guessing(), clips, words=WORDS)


def test_who_knows_everything_finds_everything(knowing):
    for one in knowing.retrieval:
        assert one.captions == 120
        assert one.to_audio.fitting == {1: 1.0, 5: 1.0, 10: 1.0}
        assert one.to_text.fitting[10] == 1.0
        assert one.to_audio.own[10] <= one.to_audio.own_ceiling[10] + 0.1
        assert one.by_held == {"nothing": (90, 1.0), "font": (30, 1.0)}
    assert {one.name: one.mean for one in knowing.attributes}[FAMILY] == 1.0
    assert knowing.mean_average_precision == pytest.approx(1.0)


def test_who_guesses_is_near_chance(guessing):
    for one in guessing.retrieval:
        for found in (one.to_audio, one.to_text):
            assert found.fitting[10] == pytest.approx(found.fitting_chance[10], abs=0.15)
            assert found.own[10] == pytest.approx(found.own_chance[10], abs=0.1)
    tempo = next(one for one in guessing.attributes if one.name == TEMPO)
    assert tempo.mean == pytest.approx(1 / 3, abs=0.15)
    assert tempo.baseline is None


def test_the_same_seed_gives_the_same_figures(clips, knowing):
    again = evaluate(Knowing(), clips, clips[::2], words=WORDS)
    assert repr(again) == repr(knowing)  # a reading without rows is nan, equal to nothing
    assert repr(evaluate(Knowing(), clips, words=WORDS, seed=2)) != repr(knowing)


def test_recall_counts_hits_as_it_says():
    cosines = np.array([[0.9, 0.8, 0.1, 0.0], [0.1, 0.2, 0.3, 0.4]])
    fits = np.array([[False, True, True, False], [True, False, False, False]])
    found = recall(cosines, fits, np.array([2, 0]))
    assert found.fitting == {1: 0.0, 5: 1.0, 10: 1.0}
    assert found.fitting_chance[1] == pytest.approx((2 / 4 + 1 / 4) / 2)
    assert found.own == {1: 0.0, 5: 1.0, 10: 1.0}
    assert found.own_ceiling[1] == pytest.approx((1 / 2 + 1) / 2)


def test_blind_hits_are_counted_without_putting_back():
    fits = np.zeros((1, 20), dtype=bool)
    fits[0, :5] = True
    found = recall(np.zeros((1, 20)), fits, np.array([0]))
    tries = [np.random.default_rng(n).permutation(20)[:5].min() < 5 for n in range(4000)]
    assert found.fitting_chance[5] == pytest.approx(np.mean(tries), abs=0.03)


def test_wishes_name_what_is_there_and_nothing_twice():
    clips = [
        clip("piano", "keyboard", "acoustic", "slow", "sad", "jazz", "music") for _ in "123456"
    ]
    clips += [clip("organ", "keyboard", "fast", "happy", "rock", "music") for _ in "123456"]
    clips += [clip("flute", "music")]
    found = [wish for seed in range(20) for wish in draw_wishes(clips, 3, rng(seed))]
    for wish in found:
        assert set(wish.names) <= clips[wish.clip].concepts
        assert len(set(wish.names)) == 3
        assert "music" not in wish.names
    assert 12 not in {wish.clip for wish in found}  # it has one attribute only
    assert draw_wishes(clips, 3, rng(1)) == draw_wishes(clips, 3, rng(1))


def test_what_follows_from_another_wish_is_no_wish():
    paces = ("slow", "fast") * 6
    clips = [clip("piano", "keyboard", pace) for pace in paces]
    clips += [clip("organ", "keyboard", pace) for pace in paces]
    clips += [clip("drums", pace) for pace in paces]
    for seed in range(20):  # whether "keyboard" was drawn first or last
        assert draw_wishes(clips, 3, rng(seed)) == []
        assert len(draw_wishes(clips, 2, rng(seed))) == len(clips)


def test_fulfilled_is_the_share_of_what_was_asked():
    clips = [clip("piano", "slow", "sad"), clip("piano", "slow"), clip("drums")]
    (wish,) = draw_wishes(clips[:1], 3, rng())
    assert fulfilled([wish], clips).tolist() == [[1.0, pytest.approx(2 / 3), 0.0]]


def test_every_question_has_words_that_exist():
    for members in MEMBERS.values():
        assert set(members) <= set(CONCEPTS)
    tempo = next(question for question in QUESTIONS if question.name == TEMPO)
    labels = [tempo.label(clip(facts=Facts(tempo_bpm=bpm))) for bpm in (0, 70, 88, 105, 125, 150)]
    assert labels == ["", "slow", "", "medium", "", "fast"]


def test_a_band_counts_any_that_plays_and_a_solo_only_its_own():
    both = Facts(family="piano", families=("piano", "drums", "bass"))
    clips = [clip("drums", facts=both), clip("bass", facts=replace(both, family="bass"))] * 3
    audio = Knowing().embed_mels([one.mel for one in clips])
    found = {one.name: one for one in ask_all(Knowing(), WORDS, clips, audio, [])}
    assert FAMILY not in found
    assert found["instrument family, more than one: any that plays"].clips == 6
    solo = [
        clip("drums", facts=replace(both, families=("piano",))),
        clip("organ", facts=Facts(family="organ", families=("organ",))),
    ]
    audio = Knowing().embed_mels([one.mel for one in solo])
    found = {one.name: one for one in ask_all(Knowing(), WORDS, solo, audio, [])}
    assert found[FAMILY].clips == 2
    assert found[FAMILY].accuracy["en"] <= 0.5 + found[FAMILY].chance / 2


def test_weak_classes_say_what_they_are_taken_for():
    facts = Facts(mode="minor")
    clips = [clip("major", facts=facts) for _ in range(6)]
    clips += [clip("major", facts=Facts(mode="major")) for _ in range(6)]
    audio = Knowing().embed_mels([one.mel for one in clips])
    (mode,) = ask_all(Knowing(), WORDS, clips, audio, [])
    assert mode.accuracy == {"en": 0.5, "de": 0.5}
    assert [(one.name, one.accuracy, one.taken_for) for one in mode.weakest] == [
        ("minor", 0.0, "major")
    ]


def test_the_baseline_learns_a_line_and_bears_gaps():
    x = rng(2).normal(size=(300, 4))
    labels = ["high" if row[1] > 0 else "low" for row in x]
    x[::50, 0] = np.nan
    guesses = fit_and_guess(x[:200], labels[:200], x[200:])
    assert np.mean([a == b for a, b in zip(guesses, labels[200:], strict=True)]) > 0.9


def test_descriptors_hear_the_tempo():
    picture = np.full((FRAMES, BANDS), -1.0)
    frames_per_beat = round(0.5 * FRAMES / 10.0)  # 120 bpm
    picture[::frames_per_beat] = 1.0
    found = describe(picture.astype(np.float16))
    assert found.shape == (2 * BANDS + 20,)
    assert np.isfinite(describe(np.zeros((FRAMES, BANDS)))).all()
    recurrence = found[-14:]
    assert recurrence[7] == pytest.approx(recurrence.max(), abs=0.05)  # 120


def reads(scale, cosine: float) -> float:
    return float(100 / (1 + np.exp(-scale.slope * (cosine - scale.midpoint))))


def test_the_scale_reads_right_rows_high_half_right_ones_between_and_wrong_ones_low():
    shares = np.tile(np.repeat([1.0, 2 / 3, 0.0], [2, 8, 90]), (200, 1))
    middle = np.tile(np.repeat([0.7, 0.5, 0.1], [2, 8, 90]), (200, 1))
    rows = Rows(middle + rng(3).normal(0, 0.07, middle.shape), shares, np.full(200, 3))
    scale = fit_scale(rows)
    assert 75 <= reads(scale, 0.7) <= 95
    assert 40 <= reads(scale, 0.5) <= 70
    assert reads(scale, 0.1) < 25
    assert scale.share_right_75_95 > 0.6
    assert scale.right_first.low > scale.wrong.high


def test_the_scale_says_when_nothing_is_right():
    with pytest.raises(ValueError, match="more clips"):
        fit_scale(Rows(np.zeros((3, 4)), np.zeros((3, 4)), np.ones(3)))


def test_the_floor_parts_what_is_there_from_what_is_not(clips):
    audio = Knowing().embed_mels([one.mel for one in clips])
    floor = fit_floor(Knowing(), WORDS, clips, audio, rng())
    assert 0.0 < floor.cosine < 0.42  # one concept of the six that a clip has
    assert (floor.missed, floor.absent_passed) == (0.0, 0.0)
    assert (floor.nonsense_passed, floor.nonsense_passed_in_all) == (0.0, 0.0)


def test_the_floor_of_a_model_that_guesses_is_often_wrong(guessing):
    floor = guessing.floor_result
    assert (floor.missed + (floor.absent_passed + floor.nonsense_passed) / 2) / 2 > 0.25


class Hovering:
    """Puts question ``n`` (a number) so near to all that sounds: n hundredths."""

    def embed_mels(self, mels):
        raise NotImplementedError

    def embed_text(self, sentences):
        shares = np.array([int(sentence) / 100 for sentence in sentences], dtype=np.float32)
        return np.stack([shares, np.sqrt(1 - shares**2)], axis=1)


def strangeness(strange: range, floor: float = 0.095):
    """Put fifty questions to fit by and the same to judge by; those of ``strange`` are so."""
    words = replace(
        WORDS,
        strange=tuple(str(n // 2) for n in range(100)),
        knows=lambda sentence: int(sentence) not in strange,
    )
    audio = np.tile(np.array([1.0, 0.0], dtype=np.float32), (60, 1))
    return fit_strange(Hovering(), words, audio, floor, rng())


def test_nine_of_ten_strange_questions_stay_below():
    found = strangeness(range(50))
    assert found.rise == pytest.approx(0.441 - 0.095)
    assert (found.questions, found.strange) == (50, 1.0)
    assert (found.passed_before, found.passed) == pytest.approx((40 / 50, 5 / 50))


def test_questions_that_seem_known_pass_as_before():
    found = strangeness(range(20, 40))
    assert found.rise == pytest.approx(0.371 - 0.095)
    assert found.strange == 0.4
    assert found.passed == pytest.approx((10 + 2 + 10) / 50), "1 to 9 lie below the floor"


def test_without_strange_questions_nothing_is_raised():
    assert strangeness(range(0)).rise == 0.0
    assert strangeness(range(50), floor=0.6).rise == 0.0


def test_average_precision_of_a_small_ranking():
    assert average_precision([True, False, True]) == pytest.approx((1 + 2 / 3) / 2)


class Humming:
    """Maps silence and any sound apart; "hum" asks for sound."""

    def embed_mels(self, mels):
        return unit(np.array([[1.0, 0.0] if mel.max() > 0 else [0.0, 1.0] for mel in mels]))

    def embed_text(self, sentences):
        return unit(
            np.array([[1.0, 0.1] if "hum" in one.casefold() else [0.1, 1.0] for one in sentences])
        )


@pytest.fixture
def folder(tmp_path):
    t = np.arange(44_100) / 44_100
    soundfile.write(tmp_path / "hum.wav", 0.9 * np.sin(2 * np.pi * 220 * t), 44_100)
    soundfile.write(tmp_path / "silence.wav", np.zeros(44_100 * 12), 44_100)
    soundfile.write(tmp_path / "other.wav", np.zeros(44_100), 44_100)
    return tmp_path


def describe_folder(folder, *rows) -> None:
    (folder / "recordings.json").write_text(json.dumps(rows), "utf-8")


def test_recordings_are_ranked_for_their_words(folder):
    describe_folder(
        folder,
        {"file": "hum.wav", "words": {"en": ["Hum"], "de": ["Stille"]}, "licence": "CC0"},
        {"file": "silence.wav", "words": {"en": ["nothing"]}, "maybe": {"de": ["stille"]}},
        {"file": "other.wav", "words": {}},
    )
    found = rank_recordings(Humming(), find_recordings(folder))
    assert found.recordings == 3
    assert [(one.word, one.language, one.rank, one.among) for one in found.words] == [
        ("Hum", "en", 1, 3),
        ("nothing", "en", 1, 3),
        ("Stille", "de", 2, 2),  # where it is doubtful a recording is left out
    ]
    assert found.words[2].first == "other.wav"
    assert found.first_right == pytest.approx(2 / 3)
    assert found.blind_first_right == pytest.approx((1 / 3 + 1 / 3 + 1 / 2) / 3)


def test_a_wrong_table_of_recordings_says_what_it_must_be(folder):
    describe_folder(folder, {"file": "hum.wav"})
    with pytest.raises(ValueError, match="must be a list of"):
        find_recordings(folder)
    describe_folder(folder, {"file": "gone.wav", "words": {}})
    with pytest.raises(ValueError, match=r"gone\.wav, which isn't there"):
        find_recordings(folder)


def test_without_a_table_recordings_are_known_by_their_names(tmp_path):
    (tmp_path / "x_solo-trumpet-06.ogg").touch()
    (tmp_path / "unknown.ogg").touch()
    found = find_recordings(tmp_path)
    assert [one.path.name for one in found] == ["x_solo-trumpet-06.ogg"]
    assert "trumpet" in found[0].words["en"]
    assert all(words["en"] and words["de"] for _, words in KNOWN)


def test_windows_are_few_and_even_and_short_sounds_are_repeated(tmp_path):
    def cut(duration_s: float) -> list[np.ndarray]:
        ramp = np.linspace(0.0, 0.9, round(duration_s * 8000))  # tells where a window is from
        soundfile.write(tmp_path / "x.wav", np.stack([ramp, ramp], axis=1), 8000, "FLOAT")
        return windows(tmp_path / "x.wav")

    long = cut(90.0)
    assert [len(one) for one in long] == [480_000] * 6
    middles = [float(one[240_000]) for one in long]
    assert middles == pytest.approx(np.linspace(0.05, 0.85, 6), abs=1e-3)
    assert len(cut(10.0)) == 1
    assert len(cut(15.0)) == 2
    (short,) = cut(4.0)
    assert short[100_000] == pytest.approx(short[292_000], abs=1e-3)
    assert not short[384_100:].any()


def test_the_tables_hold_every_part(clips, folder):
    describe_folder(
        folder,
        {"file": "hum.wav", "words": {"en": ["trumpet"]}},
        {"file": "other.wav", "words": {}},
    )
    results = evaluate(Knowing(), clips, clips[::3], words=WORDS)
    recordings = rank_recordings(Humming(), find_recordings(folder))
    text = tables.everything(replace(results, recordings=recordings))
    for part in (
        "| instrument family, solos | 0.85 | 1.00 |  |",
        "| recordings: trumpet | first | 2 | missed |",
        "| recordings: piano | first | no such recording |  |",
        "German, new wordings",
        "| tempo class | 3 | 120 | 100 % | 100 % |",
        "Below a cosine of",
        "must come nearer by 0.",
        "| font | 1.00 of 30 |",
        "| saxophone |",
    ):
        assert part in text, part


def test_a_recording_is_a_value():
    assert Recording("a", {"en": ()}) == Recording("a", {"en": ()})


def test_the_command_takes_no_torch():
    program = (
        "import sys, traumbox.embedders.builtin.train.evaluate.__main__;"
        "sys.exit('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], check=False)
    assert done.returncode == 0
