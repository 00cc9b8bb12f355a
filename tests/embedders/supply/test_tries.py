from traumbox.embedders.supply.suited import suited
from traumbox.embedders.supply.tries import FIRST_S, LONGEST_S, RARELY_S, Tries
from traumbox.embedders.supply.trouble import FetchError

NOON_S = 1_800_000_000.0


def tries(path, way="https://huggingface.co ", jitter=0.0) -> Tries:
    return Tries(path / "tries.json", way, lambda: jitter)


def error(again="soon", wait_s=0.0) -> FetchError:
    return FetchError("It is broken. Mend it.", reason="broken", again=again, wait_s=wait_s)


def next_try_s(kept: Tries) -> float | None:
    last = kept.last("clap-music")
    assert last is not None
    return last.next_try_s


def test_the_pauses_double_up_to_six_hours(tmp_path):
    kept = tries(tmp_path)
    pauses = []
    for _ in range(13):
        kept.failed("clap-music", error(), NOON_S, asked=False)
        pauses.append(next_try_s(kept) - NOON_S)
    assert pauses[:4] == [FIRST_S, 60.0, 120.0, 240.0]
    assert pauses[-1] == LONGEST_S == 21_600.0


def test_chance_spreads_the_pauses(tmp_path):
    kept = tries(tmp_path, jitter=1.0)
    kept.failed("clap-music", error(), NOON_S, asked=False)
    assert next_try_s(kept) == NOON_S + 37.5


def test_the_server_s_wish_counts_when_it_is_longer(tmp_path):
    kept = tries(tmp_path)
    kept.failed("clap-music", error(wait_s=600.0), NOON_S, asked=False)
    assert next_try_s(kept) == NOON_S + 600.0
    kept.failed("clap-music", error(wait_s=1e9), NOON_S, asked=False)
    assert next_try_s(kept) == NOON_S + LONGEST_S


def test_what_others_must_mend_is_tried_daily_and_what_the_owner_must_not_at_all(tmp_path):
    kept = tries(tmp_path)
    kept.failed("clap-music", error("rarely"), NOON_S, asked=False)
    assert next_try_s(kept) == NOON_S + RARELY_S
    kept.failed("clap-music", error("never"), NOON_S, asked=False)
    assert next_try_s(kept) is None
    assert not kept.is_due("clap-music", NOON_S + 10**9)


def test_a_try_is_due_at_its_time_and_not_before(tmp_path):
    kept = tries(tmp_path)
    assert kept.is_due("clap-music", NOON_S)
    kept.failed("clap-music", error(), NOON_S, asked=False)
    assert not kept.is_due("clap-music", NOON_S + FIRST_S - 1.0)
    assert kept.is_due("clap-music", NOON_S + FIRST_S)
    assert kept.is_due("clap-general", NOON_S)


def test_a_clock_that_was_wrong_does_not_put_the_next_try_off_for_ever(tmp_path):
    kept = tries(tmp_path)
    kept.failed("clap-music", error(), NOON_S + 10**9, asked=False)
    assert kept.is_due("clap-music", NOON_S)


def test_a_restart_remembers(tmp_path):
    kept = tries(tmp_path)
    kept.failed("clap-music", error("never"), NOON_S, asked=True)
    kept.given_up("clap-general")
    again = tries(tmp_path)
    assert again.last("clap-music") == kept.last("clap-music")
    assert again.refused() == ["clap-music"]
    assert not again.is_due("clap-general", NOON_S)


def test_another_mirror_begins_with_a_clean_slate(tmp_path):
    tries(tmp_path).failed("clap-music", error("never"), NOON_S, asked=False)
    assert tries(tmp_path, way="https://mirror.example ").is_due("clap-music", NOON_S)


def test_a_damaged_note_is_no_note(tmp_path):
    for text in ("", "[]", '{"way": 1}', '{"way": "0.1.0 x", "models": {"a": {}}}'):
        (tmp_path / "tries.json").write_text(text)
        assert tries(tmp_path).is_due("clap-music", NOON_S)


def test_success_is_forgotten_and_only_what_was_asked_for_is_waited_for(tmp_path):
    kept = tries(tmp_path)
    kept.failed("clap-music", error(), NOON_S, asked=False)
    assert kept.waiting() == ""
    kept.failed("clap-general", error(), NOON_S, asked=True)
    assert kept.waiting() == "clap-general"
    kept.clear("clap-general")
    assert kept.waiting() == ""
    assert tries(tmp_path).last("clap-general") is None


def test_a_raspberry_pi_4_gets_the_small_model_by_itself():
    pi4 = "Features : fp asimd evtstrm crc32 cpuid\nCPU part : 0xd08"
    pi5 = "Features : fp asimd evtstrm aes pmull sha1 sha2 crc32 atomics asimddp\nCPU part: 0xd0b"
    assert suited("aarch64", pi4) == "clap-general"
    assert suited("aarch64", pi5) == "clap-music"
    assert suited("x86_64", "flags : sse2 avx2") == "clap-music"
