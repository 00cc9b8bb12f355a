from traumbox.search.fusion import ByName, BySound, fused


def heard(*audio_ids: str, fits: bool = True) -> list[BySound]:
    return [BySound(one, 10.0, 0.5, 60, fits) for one in audio_ids]


def named(audio_id: str, coverage: float = 1.0, exact: str = "", column: str = "title") -> ByName:
    assert exact in {"whole", "part", ""}
    return ByName(audio_id, f"track-{audio_id}", column, coverage, exact)  # type: ignore[arg-type]


def order(sound: list[BySound], names: list[ByName], described: float = 1.0) -> list[str]:
    return [one.audio_id for one in fused(sound, names, described)]


def test_what_is_high_in_both_rankings_goes_first() -> None:
    assert order(heard("a", "b", "c"), [named("c"), named("b")])[0] in {"b", "c"}
    assert order(heard("a", "b"), [named("b")]) == ["b", "a"]


def test_a_whole_name_goes_before_any_sound() -> None:
    by_sound = heard(*"abcdefgh")
    assert order(by_sound, [named("z", exact="whole")])[0] == "z"
    assert order(by_sound, [named("y", exact="whole"), named("x", exact="whole")])[:2] == ["y", "x"]
    both = [named("a", exact="part"), named("z", exact="whole")]
    assert order(by_sound, both)[:2] == ["z", "a"]


def test_a_whole_name_within_the_sentence_goes_before_what_only_sounds_like_it() -> None:
    assert order(heard("a"), [named("z", 2 / 3, exact="part")]) == ["z", "a"]
    assert order(heard("a"), [named("z", 2 / 3)]) == ["a", "z"]


def test_the_less_describes_a_sound_the_surer_it_is_a_name() -> None:
    assert order(heard("a"), [named("z", 0.5)], described=1.0) == ["a", "z"]
    assert order(heard("a"), [named("z", 0.5)], described=0.0) == ["z", "a"]
    faint = heard("a", fits=False)
    assert order(faint, [named("z", 0.4)], described=1.0) == ["a", "z"]
    assert order(faint, [named("z", 0.4)], described=0.5) == ["z", "a"]


def test_half_of_the_words_are_worth_a_quarter() -> None:
    sounds = [f"s{place}" for place in range(200)]
    assert 170 < order(heard(*sounds), [named("z", 0.5)]).index("z") < 190


def test_what_fits_goes_before_what_does_not_whatever_its_places() -> None:
    sounds = [f"s{place}" for place in range(80)]
    assert order(heard(*sounds), [named("z", 0.45)], described=0.0)[-1] == "z"


def test_of_two_tracks_with_one_sound_the_better_named_counts() -> None:
    (one,) = fused([], [named("a", 1.0), named("a", 0.5, column="lyrics")])
    assert (one.match, one.why) == (95, ("name",))


def test_one_word_of_three_in_a_title_is_mostly_chance() -> None:
    assert order(heard("a", "b"), [named("z", 1 / 3)]) == ["a", "b", "z"]


def test_what_fits_by_neither_goes_last_and_says_so() -> None:
    found = fused([*heard("a"), *heard("b", fits=False)], [named("c", 0.4)])
    assert found[0].audio_id == "a"
    assert [one.fits for one in found] == [True, False, False]


def test_why_names_the_stronger_reason_first() -> None:
    (both,) = fused(heard("a"), [named("a", 1.0)])
    assert both.why == ("name", "sound")
    (mostly_sound,) = fused(heard("a"), [named("a", 0.5, column="genre")])
    assert mostly_sound.why == ("sound", "tag")
    (words,) = fused(heard("a", fits=False), [named("a", 0.9, column="lyrics")])
    assert words.why == ("words",)
    assert fused(heard("a"), [])[0].why == ("sound",)


def test_the_match_is_the_better_of_both_and_only_a_whole_name_is_all() -> None:
    assert fused(heard("a"), [])[0].match == 60
    assert fused(heard("a"), [named("a", 1.0)])[0].match == 95
    assert fused([], [named("a", 1.0, "whole")])[0].match == 100
