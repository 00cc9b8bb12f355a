import json

import numpy as np
import pytest
import soundfile
from rich.console import Console

from tests.cli.heard import hear
from traumbox.cli.app import main
from traumbox.cli.chips import filter_words
from traumbox.cli.search import table_of
from traumbox.cli.tracks import track_of
from traumbox.config import load
from traumbox.embedders import registry
from traumbox.stores.ledger import Ledger

TRACK = {
    "id": "t1",
    "folder": "Music",
    "path": "A/b.flac",
    "title": "Slow\x1b one",
    "artist": "Somebody",
    "album": "",
    "duration_s": 200.0,
}
ANSWER = {
    "version": 1,
    "query": {"text": "slow piano", "like": None, "limit": 24},
    "hits": [{"track": TRACK, "start_s": 83.0, "score": 0.41, "match": 87, "why": ["sound"]}],
    "took_ms": 3.1,
    "searched": 10,
    "total": 12,
}


@pytest.fixture
def search(config_file):
    return lambda *arguments: main(["-c", str(config_file), "search", *arguments])


def test_a_description_is_asked_of_the_service(service, search, capsys):
    service.answers["/api/v1/search"] = (200, ANSWER)
    assert search("slow", "piano", "--limit", "5") == 0
    assert service.asked == [("GET", "/api/v1/search?q=slow+piano&limit=5", None)]
    assert (
        capsys.readouterr().out
        == "87 %\t1:23\tSomebody – Slow� one\tMusic/A/b.flac\tsounds like it\n"
    )


def test_the_limit_is_the_configurations_unless_given(service, config_file, search):
    config_file.write_text(config_file.read_text() + "search: {limit: 7}\n")
    service.answers["/api/v1/search"] = (200, ANSWER)
    search("x")
    assert service.asked[0][1].endswith("limit=7")


def test_json_is_exactly_the_apis(service, search, capsys):
    service.answers["/api/v1/search"] = (200, ANSWER)
    assert search("slow piano", "--json") == 0
    assert json.loads(capsys.readouterr().out) == ANSWER


def test_finding_nothing_is_code_3_with_json_too(service, search, capsys):
    service.answers["/api/v1/search"] = (200, {**ANSWER, "hits": []})
    assert search("x") == 3
    assert capsys.readouterr().err == "traumbox: nothing found.\n"
    assert search("x", "--json") == 3
    assert json.loads(capsys.readouterr().out)["hits"] == []
    service.answers["/api/v1/search"] = (200, {**ANSWER, "hits": [], "searched": 0})
    search("x")
    assert "nothing has been heard yet" in capsys.readouterr().err


def fitting(*fits):
    """The answer with a hit for each of ``fits``."""
    hits = [
        {**ANSWER["hits"][0], "match": 87 - place, "fits": fit} for place, fit in enumerate(fits)
    ]
    return {**ANSWER, "hits": hits, "nothing_fits": not any(fits)}


def test_what_is_not_like_it_has_no_match(service, search, capsys):
    service.answers["/api/v1/search"] = (200, fitting(True, False))
    assert search("x") == 0
    out, err = capsys.readouterr()
    assert [line.split("\t")[0] for line in out.splitlines()] == ["87 %", "–"]
    assert err == ""


def test_when_nothing_fits_the_nearest_are_printed_and_it_is_said(service, search, capsys):
    service.answers["/api/v1/search"] = (200, fitting(False, False))
    assert search("xyzzy") == 3
    out, err = capsys.readouterr()
    assert err == "traumbox: nothing here sounds like that. The nearest:\n"
    assert [line.split("\t")[0] for line in out.splitlines()] == ["–", "–"]
    assert search("xyzzy", "--json") == 3
    assert json.loads(capsys.readouterr().out)["nothing_fits"] is True


@pytest.mark.parametrize(
    ("fits", "column"),
    [
        ((True, True), ["87 %", "86 %"]),
        ((True, False), ["87 %", "less like it:", "–"]),
        ((False, False), ["–", "–"]),
    ],
)
def test_on_a_terminal_a_line_parts_what_fits_from_the_rest(fits, column):
    console = Console(width=120)
    with console.capture() as printed:
        console.print(table_of(fitting(*fits)["hits"]))
    _, *lines = printed.get().splitlines()
    assert [line.strip().split("  ")[0] for line in lines] == column


def understood(**chips):
    """The answer with these chips: words of the sentence -> filter or, after a "!", a sound."""
    told = [
        {
            "id": meant,
            "words": words,
            "filter": "" if meant[0] == "!" else meant,
            "without": meant[1:] if meant[0] == "!" else "",
        }
        for words, meant in chips.items()
    ]
    return {**ANSWER, "query": {**ANSWER["query"], "understood": {"chips": told}}}


def test_what_was_understood_is_told_in_words(service, search, capsys):
    answer = understood(around="bpm:110..130", minor="key:A minor", calm="!drums", x="!\x1b[2J")
    service.answers["/api/v1/search"] = (200, answer)
    assert search("x") == 0
    out, err = capsys.readouterr()
    assert err == (
        "traumbox: understood: 110–130 bpm, A minor (8A), without drums, without \ufffd[2J\n"
    )
    assert out.count("\n") == 1, "programs that read it see hits only"


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("bpm:..85", "at most 85 bpm"),
        ("bpm:130..", "at least 130 bpm"),
        ("bpm:120", "120 bpm"),
        ("-bpm:85.5..", "not faster than 85 bpm"),
        ("-bpm:..129.5", "not slower than 130 bpm"),
        ("-bpm:110..", "not faster than 110 bpm"),
        ("-bpm:110..130", "not 110–130 bpm"),
        ("-duration_s:180..", "not at least 3:00"),
        ("year:1980..1989", "from 1980–1989"),
        ("duration_s:..180", "at most 3:00"),
        ("duration_s:180..300", "3:00–5:00"),
        ("loudness_lufs:-14..", "loudness at least -14 LUFS"),
        ("vocals:0.7..", "vocals at least 0.7"),
        ("key:A minor,nonsense", "A minor (8A) or nonsense"),
        ("genre:jazz,soul", "genre jazz or soul"),
        ("-genre:rock", "not genre rock"),
        ("-artist:Miles%2C Davis", "not artist Miles, Davis"),
        ("played:never", "played never"),
        ("folder:Music/Jazz", "folder Music/Jazz"),
        ("later:5", "later:5"),
    ],
)
def test_filters_in_words(written, words):
    assert filter_words(written) == words


def test_times_in_words():
    assert filter_words("added_s:1000000000..").startswith("added since 2001-09-0")
    assert filter_words("played_s:..1000000000").startswith("last played before 2001-09-0")


def test_filters_are_handed_on(service, search):
    service.answers["/api/v1/search"] = (200, ANSWER)
    assert search("piano", "--filter", "bpm:110..130", "--filter=-genre:rock", "--limit", "3") == 0
    assert search("--filter", "played:never", "--limit", "3") == 0
    assert [path for _, path, _ in service.asked] == [
        "/api/v1/search?q=piano&limit=3&filter=bpm%3A110..130&filter=-genre%3Arock",
        "/api/v1/search?limit=3&filter=played%3Anever",
    ]


def test_what_is_no_filter_is_told(service, search, capsys):
    assert search("x", "--filter", "tempo:5") == 1
    assert "--filter: 'tempo:5' is no condition" in capsys.readouterr().err
    assert service.asked == []


def test_where_filters_leave_nothing_each_is_told(service, search, capsys):
    left = [{"filter": "year:..1970", "tracks": 1}, {"filter": "genre:rock", "tracks": 2000}]
    service.answers["/api/v1/search"] = (200, {**ANSWER, "hits": [], "left_by": left})
    assert search("--filter", "year:..1970", "--filter", "genre:rock") == 3
    assert capsys.readouterr().err == (
        "traumbox: nothing meets all of it. Each alone leaves: from 1970 or earlier: 1 track; "
        "genre rock: 2,000 tracks\n"
    )


def test_another_spelling_is_proposed(service, search, capsys):
    service.answers["/api/v1/search"] = (200, {**ANSWER, "hits": [], "meant": "miles davis"})
    assert search("miels davis") == 3
    assert capsys.readouterr().err.endswith("traumbox: did you mean: miles davis\n")


def test_why_and_copies_stand_beside_a_hit(service, search, capsys):
    hit = {**ANSWER["hits"][0], "why": ["name", "sound"], "copies": [TRACK, TRACK]}
    service.answers["/api/v1/search"] = (200, {**ANSWER, "hits": [hit]})
    search("x")
    assert capsys.readouterr().out.endswith("\tname + sounds like it, 2 copies\n")


def test_like_several_known_files_and_a_text(service, search, tmp_path):
    ids = hear(tmp_path / "data", "Music", [b"a.flac", b"b.flac"])
    files = [tmp_path / "music" / "a.flac", tmp_path / "music" / "b.flac"]
    for file in files:
        file.touch()
    service.answers["/api/v1/search"] = (200, ANSWER)
    likes = [word for file in files for word in ("--like", str(file))]
    assert search("calmer", *likes, "--limit", "2") == 0
    both = f"like={ids[b'a.flac']}&like={ids[b'b.flac']}"
    assert service.asked == [("GET", f"/api/v1/search?{both}&q=calmer&limit=2", None)]


def test_a_foreign_file_can_not_be_combined(service, search, tmp_path, capsys):
    hear(tmp_path / "data", "Music", [])
    (tmp_path / "foreign.wav").touch()
    assert search("calmer", "--like", str(tmp_path / "foreign.wav")) == 1
    assert "hasn't heard this file" in capsys.readouterr().err


def test_like_a_known_file_asks_for_what_is_similar(service, search, tmp_path):
    name = b"A/b\xff.flac"
    ids = hear(tmp_path / "data", "Music", [name])
    file = tmp_path / "music" / "A" / "b\udcff.flac"
    file.parent.mkdir()
    file.touch()
    service.answers["/api/v1/search"] = (200, ANSWER)
    assert search("--like", str(file), "--limit", "2") == 0
    assert service.asked == [("GET", f"/api/v1/search?like={ids[name]}&limit=2", None)]


def test_a_foreign_file_is_heard_with_the_model_that_serves(service, search, tmp_path):
    hear(tmp_path / "data", "Music", [])
    noise = np.random.default_rng(1).normal(0.0, 0.1, 5 * 48_000)
    soundfile.write(tmp_path / "noise.wav", noise, 48_000)
    service.answers["/api/v1/models"] = (200, {"serving": "builtin"})
    service.answers["/api/v1/search/vector"] = (200, ANSWER)
    assert search("--like", str(tmp_path / "noise.wav"), "--limit", "2") == 0
    _, path, body = service.asked[-1]
    card = registry.card("builtin", tmp_path / "data" / "models")
    assert (path, body["model"], body["limit"]) == ("/api/v1/search/vector", card.id, 2)
    (vector,) = body["vectors"]
    assert len(vector) == card.dim
    assert np.linalg.norm(vector) == pytest.approx(1.0, abs=1e-3)


def test_like_a_file_that_is_not_there_is_told(service, search, capsys):
    assert search("--like", "absent.flac") == 1
    assert "--like absent.flac: there is no such file." in capsys.readouterr().err


def test_only_a_heard_file_in_a_watched_folder_is_a_track(config_file, tmp_path):
    ids = hear(tmp_path / "data", "Music", [b"a.flac"], pending=[b"p.flac"])
    folders = load(config_file, {}).folders
    (tmp_path / "link").symlink_to(tmp_path / "music")
    ledger = Ledger(tmp_path / "data" / "traumbox.db")
    try:
        assert track_of(tmp_path / "music" / "a.flac", folders, ledger) == ids[b"a.flac"]
        assert track_of(tmp_path / "link" / "a.flac", folders, ledger) == ids[b"a.flac"]
        assert track_of(tmp_path / "music" / "p.flac", folders, ledger) is None
        assert track_of(tmp_path / "a.flac", folders, ledger) is None
    finally:
        ledger.close()
