from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from traumbox.config import Folder, KindRule, Settings, colours, load
from traumbox.errors import ConfigError


@pytest.fixture
def write(tmp_path):
    def writer(text: str) -> Path:
        path = tmp_path / "traumbox.yaml"
        path.write_text(text, "utf-8")
        return path

    return writer


def mistakes_in(path: Path, environ=None) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load(path, environ or {})
    return [
        line.strip().replace(f"{path}:", "line ") for line in str(caught.value).splitlines()[1:]
    ]


def test_an_empty_file_and_no_file_mean_all_defaults(write, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    empty, absent = load(write("# nothing but a comment\n"), {}), load(None, {})
    assert empty.folders == absent.folders == ()
    assert empty.web.port == 8480
    assert empty.schedule.scan_every_s == 3600.0
    assert empty.data_dir == tmp_path.parent / "data"
    assert absent.data_dir == tmp_path / "data"
    assert absent.config_file is None


def test_every_key_arrives(write):
    settings = load(
        write(
            "data_dir: /var/lib/x\n"
            "folders:\n- {path: /srv/a, name: A}\n- /srv/b\n"
            "web: {host: 127.0.0.1, port: 0}\n"
            "model: {name: builtin}\n"
            "schedule: {scan_every: 1h 30m, poll_every: 20m, settle: 2, settle_network: 1m,\n"
            "  quiet_hours: '22:00-7:00', time_zone: Europe/Berlin}\n"
            "library: {keep_missing: 60d, brake_percent: 20, audiobooks: {genres: [Talk]},\n"
            "  podcasts: {paths: []}}\n"
            "listener: {cores: 2, memory_mb: 500, idle_s: 5, hang_s: 2m, nice: 0}\n"
            "search: {limit: 7, idle_s: 2m}\n"
            "security: {allowed_hosts: [Music.Example.org.]}\n"
            "log: {level: debug}\n"
        ),
        {},
    )
    assert settings.data_dir == Path("/var/lib/x")
    assert settings.folders == (
        Folder(path=Path("/srv/a"), name="A"),
        Folder(path=Path("/srv/b"), name="b"),
    )
    assert (settings.web.host, settings.web.port) == ("127.0.0.1", 0)
    assert settings.model.name == "builtin"
    assert (settings.schedule.scan_every_s, settings.schedule.settle_s) == (5400.0, 2.0)
    assert (settings.schedule.poll_every_s, settings.schedule.settle_network_s) == (1200.0, 60.0)
    assert settings.schedule.quiet_hours == "22:00-07:00"
    assert settings.schedule.zone == ZoneInfo("Europe/Berlin")
    assert (settings.library.keep_missing_s, settings.library.brake_percent) == (5_184_000.0, 20)
    assert settings.library.audiobooks == KindRule(paths=(), genres=("Talk",))
    assert settings.library.podcasts.paths == ()
    assert settings.schedule.quiet_span is not None
    assert (settings.listener.cores, settings.listener.memory_mb) == (2, 500)
    assert (settings.listener.idle_s, settings.listener.hang_s, settings.listener.nice) == (
        5,
        120,
        0,
    )
    assert (settings.search.limit, settings.search.idle_s) == (7, 120)
    assert settings.security.allowed_hosts == ("music.example.org",)
    assert settings.log.level == "debug"


def test_settings_can_be_built_by_attribute_name(tmp_path):
    settings = Settings.model_validate({"data_dir": tmp_path, "schedule": {"settle_s": 0.2}})
    assert settings.schedule.settle_s == 0.2


def test_paths_count_from_the_file_and_from_home(write, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", "/home/somebody")
    settings = load(write("data_dir: state\nfolders: [{path: ../music}, ~/Music]\n"), {})
    assert settings.data_dir == tmp_path / "state"
    assert [f.path for f in settings.folders] == [
        tmp_path.parent / "music",
        Path("/home/somebody/Music"),
    ]


def test_headings_without_keys_are_no_mistake(write):
    settings = load(write("folders:\nweb:\nlog:\n"), {})
    assert settings.folders == ()
    assert settings.web.port == 8480


def test_every_mistake_is_told_at_once_in_the_order_of_the_file(write):
    told = mistakes_in(
        write(
            "folderz: []\n"
            "web:\n"
            "  prt: 1\n"
            "  port: 99999\n"
            "log: {level: infos}\n"
            "folders:\n"
            "  - name: x\n"
            "    pth: /srv\n"
            "search: {limit: yes please}\n"
            "schedule:\n"
            "  scan_every: 1 fortnight\n"
            "data_dir: 5\n"
        )
    )
    assert told == [
        "line 1: folderz: unknown key; did you mean 'folders'?",
        "line 3: web.prt: unknown key; did you mean 'port'?",
        "line 4: web.port: 99999: expected a whole number from 0 to 65535 (0 takes any free port)",
        (
            "line 5: log.level: 'infos': expected 'debug', 'info', 'warning' or 'error'; "
            "did you mean 'info'?"
        ),
        "line 7: folders[0].path: missing; expected the path of a folder, such as /srv/music",
        "line 8: folders[0].pth: unknown key; did you mean 'path'?",
        "line 9: search.limit: 'yes please': expected a whole number of results from 1 to 200",
        (
            "line 11: schedule.scan_every: '1 fortnight': expected a duration from 1s to 7d, "
            "such as 1h, 15m, '1h 30m' or a number of seconds"
        ),
        "line 12: data_dir: 5: expected the path of a folder that traumbox may write to",
    ]


def test_the_attribute_name_is_no_key_in_the_file(write):
    (told,) = mistakes_in(write("schedule: {settle_s: 5}\n"))
    assert told == "line 1: schedule.settle_s: unknown key; did you mean 'settle'?"


def test_a_key_in_the_wrong_section_is_led_to_the_right_one(write):
    (told,) = mistakes_in(write("port: 9000\n"))
    assert told.endswith("did you mean 'web.port'?")


def test_an_unknown_key_like_no_other_names_what_there_is(write):
    (told,) = mistakes_in(write("web: {zzz: 1}\n"))
    assert told.endswith("unknown key; known here are host, port")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("web: {port: '8480'}", "'8480': expected a whole number"),
        ("web: {port: true}", "True: expected a whole number"),
        ("web: {port: 80.5}", "80.5: expected a whole number"),
        ("web: 8480", "web: 8480: expected a section with keys"),
        ("folders: /srv/music", "expected a list of folders"),
        ("folders: [{path: /srv, name: a/b}]", "'a/b': expected a short name without '/'"),
        ("folders: [{path: /}]", "expected a short name"),
        ("folders: [~nobody-by-this-name/x]", "expected the path of a folder"),
        ("schedule: {quiet_hours: 25:00-26:00}", "expected a span of local time"),
        ("schedule: {scan_every: 0}", "0: expected a duration from 1s"),
        ("schedule: {poll_every: 5s}", "'5s': expected a duration from 10s"),
        ("schedule: {time_zone: Europe/Berlim}", "did you mean 'Europe/Berlin'?"),
        ("schedule: {time_zone: Europe}", "'Europe': expected the name of a time zone"),
        ("schedule: {time_zone: ../../etc/passwd}", "expected the name of a time zone"),
        ("folders: [{path: /m, colour: red}]", "'red': expected a colour such as"),
        ("folders: [{path: /m, kind: audio book}]", "did you mean 'audiobook'?"),
        ("folders: [{path: /m, priority: 1}]", "1: expected 'first', 'normal' or 'last'"),
        ("folders: [{path: /m, name: ..}]", "'..': expected a short name"),
        ("folders: [{path: /m, exclude: '*.wav'}]", "'*.wav': expected a list of patterns"),
        ("folders: [{path: /m, exclude: ['*.wav', '!']}]", "expected a list of patterns"),
        ("folders: [{path: /m, include: ['[z-a]']}]", "expected a list of patterns"),
        ("folders: [{path: /m, include: ['']}]", "expected a list of patterns"),
        ("library: {podcasts: {paths: ['[Z-a]']}}", "expected a list of patterns"),
        ("library: {keep_missing: 1h}", "'1h': expected a duration from 1d"),
        ("library: {brake_percent: 0}", "0: expected a whole number of per cent"),
        ("library: {podcasts: {path: [x]}}", "did you mean 'paths'?"),
        ("library: {podcasts: {genres: ['']}}", "expected a list of genres"),
        ("security: {allowed_hosts: ['http://x']}", "without http:// and port"),
        ("security: {allowed_hosts: x.org}", "'x.org': expected a list of host names"),
        ("data_dir:", "nothing: expected the path of a folder"),
        ("listener: {memory_mb: 10}", "at least 200"),
    ],
)
def test_a_wrong_value_is_told_with_what_was_expected(write, text, told):
    (mistake,) = mistakes_in(write(text))
    assert mistake.startswith("line 1: ")
    assert told in mistake


def test_folders_must_differ_in_name_and_place(write, tmp_path):
    (tmp_path / "link").symlink_to("/srv/music")
    (tmp_path / "loop").symlink_to("loop")
    told = mistakes_in(
        write(
            "data_dir: /srv/music/x/state\n"
            "folders:\n"
            "  - path: /srv/music\n"
            "  - path: /mnt/music\n"
            "  - {path: link, name: linked}\n"
            "  - {path: /mnt/music/, name: again}\n"
            "  - {path: /srv/musicals}\n"
            "  - {path: loop}\n"
            "  - {path: 7, name: broken}\n"
        )
    )
    assert [line.partition(": ")[0] for line in told] == [
        "line 1",  # the data folder in /srv/music
        "line 1",  # and by way of the link
        "line 4",
        "line 5",
        "line 6",
        "line 9",
    ]
    assert "lies inside the watched folder '/srv/music'" in told[0]
    assert "a second folder named 'music'" in told[2]
    assert "watched twice" in told[3]
    assert "watched twice" in told[4]
    assert "expected the path of a folder" in told[5]


def test_a_folder_may_lie_inside_another(write):
    folders = load(write("folders: [/srv/music, /srv/music/jazz]\n"), {}).folders
    assert [folder.name for folder in folders] == ["music", "jazz"]


def test_a_colour_without_quotes_is_a_comment_and_told(write):
    (told,) = mistakes_in(write("folders:\n  - path: /m\n    colour: #4e79a7\n"))
    assert told.startswith("line 3: folders[0].colour: nothing: expected a colour such as")


def test_colours_that_were_not_chosen_are_told_apart():
    folders = [Folder(path=Path(f"/{n}"), colour="#F28E2B" if n == 1 else "") for n in range(3)]
    first, second, third = colours(folders)
    assert second == "#f28e2b"
    assert len({first, second, third}) == 3
    many = [Folder(path=Path(f"/{n}")) for n in range(40)]
    assert all(colours(many))


def test_a_folder_that_is_not_there_is_no_mistake(write):
    assert load(write("folders: [/mnt/not/mounted]\n"), {}).folders[0].name == "mounted"


def test_a_folder_inside_the_data_folder_is_allowed(write):
    assert load(write("data_dir: /srv/d\nfolders: [/srv/d/demo]\n"), {}).folders[0].name == "demo"
