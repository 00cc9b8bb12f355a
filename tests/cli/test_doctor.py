import json
import os
import socket
import threading
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.cli.installed import install
from traumbox.cli import doctor
from traumbox.cli.app import main
from traumbox.cli.checks import folders, machine, models, serving, storage
from traumbox.cli.checks.check import Verdict, fail, ok, warn
from traumbox.cli.remote import Remote
from traumbox.config import Folder, Model, Schedule, Web, load
from traumbox.embedders.catalogue import CATALOGUE
from traumbox.library.mounts import Mount
from traumbox.library.patience import Patience
from traumbox.library.watch.limits import Limit, Limits

OK, WARN, FAIL = Verdict.OK, Verdict.WARN, Verdict.FAIL
X86 = "processor\t: 0\nmodel name\t: Some CPU\nflags\t\t: fpu sse4_2 {}\n\n"


@pytest.mark.parametrize(
    ("check", "verdict", "told"),
    [
        (machine.check_python((3, 11, 2)), OK, "Python 3.11.2"),
        (machine.check_python((3, 10, 9)), FAIL, "Install Python 3.11"),
        (machine.check_system("x86_64", is_64_bit=True), OK, "64-bit x86_64"),
        (machine.check_system("armv7l", is_64_bit=False), FAIL, "64-bit edition"),
        (machine.check_system("riscv64", is_64_bit=True), WARN, "riscv64"),
        (machine.check_memory("MemTotal:  4000000 kB\n", 900), OK, "3906 MB"),
        (machine.check_memory("MemTotal:  1000000 kB\n", 900), WARN, "memory_mb: 488"),
        (machine.check_memory("MemTotal:  4000000 kB\n", 3500), WARN, "memory_mb: 1953"),
        (machine.check_memory("", 900), WARN, "can't be told"),
    ],
)
def test_the_machine(check, verdict, told):
    assert check.verdict is verdict
    assert told in check.message + check.remedy
    assert (check.verdict is OK) == (check.remedy == "")


def test_a_processor_without_what_lancedb_needs_fails():
    assert machine.check_processor(X86.format("avx2 fma"), 2).verdict is OK
    lacking = machine.check_processor(X86.format("avx"), 2)
    assert lacking.verdict is FAIL
    assert "AVX2" in lacking.message


@pytest.mark.parametrize(
    ("kind", "network"),
    [
        ("ext4", False),
        ("nfs", True),
        ("nfs4", True),
        ("cifs", True),
        ("smb3", True),
        ("9p", True),
        ("fuse.sshfs", True),
        ("fuse.rclone", True),
        ("fuseblk", False),
        ("overlay", False),
    ],
)
def test_network_file_systems_are_known(tmp_path, kind, network):
    mount = Mount(tmp_path, kind)
    assert mount.is_network == network
    check = storage.check_file_system(tmp_path, mount)
    assert check.verdict is (FAIL if network else OK)


def test_the_data_folder(tmp_path):
    assert storage.check_writable(tmp_path, tmp_path).verdict is OK
    assert "will be made" in storage.check_writable(tmp_path / "new", tmp_path).message
    assert storage.check_hard_links(tmp_path).verdict is OK
    assert list(tmp_path.iterdir()) == []
    assert storage.check_hard_links(tmp_path / "absent").verdict is FAIL
    assert storage.check_free_space(tmp_path, 5).verdict is FAIL
    assert storage.check_free_space(tmp_path, 500).verdict is WARN
    assert storage.check_free_space(tmp_path, 50_000).verdict is OK


def test_a_place_where_nothing_can_be_made_fails():
    assert storage.check_hard_links(Path("/proc/sys")).verdict is FAIL  # even for root


def look(path, among=()):
    seen = folders.look(path, among, Patience())
    return folders.check_folder(Folder(path=path, name="M"), Schedule(), seen)


def test_folders(tmp_path):
    assert look(tmp_path / "absent").verdict is WARN
    assert "mount it" in look(tmp_path / "absent").remedy
    assert look(tmp_path).verdict is WARN
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / "deep" / "er" / "a.flac").touch()
    assert look(tmp_path).verdict is OK
    assert look(tmp_path / "deep" / "er" / "a.flac").verdict is FAIL
    assert folders.survey(tmp_path).directories == 3
    (tmp_path / "z").mkdir()
    assert folders.survey(tmp_path, until_audio=True).has_audio


def test_how_changes_are_noticed_is_told_per_folder(tmp_path):
    (tmp_path / "usb").mkdir()
    (tmp_path / "a.flac").touch()
    real = tmp_path.resolve()
    share = look(tmp_path, [Mount(real, "nfs4")])
    assert share.verdict is OK
    assert "network share (nfs4)" in share.message
    assert "every 10 minutes" in share.message
    within = look(tmp_path, [Mount(Path("/"), "ext4"), Mount(real / "usb", "fuse.mergerfs")])
    assert "within it, usb/ lies on a FUSE file system (fuse.mergerfs)" in within.message
    assert look(tmp_path, [Mount(Path("/"), "ext4")]).message == f"{tmp_path}."


def test_a_folder_that_does_not_answer_holds_nobody_up(tmp_path):
    class Silent(Patience):
        def ask(self, key, work, limit_s=None):
            return super().ask(key, threading.Event().wait, limit_s=0.01)

    check = folders.check_folder(
        Folder(path=tmp_path, name="M"), Schedule(), folders.look(tmp_path, (), Silent())
    )
    assert check.verdict is WARN
    assert "doesn't answer" in check.message


def test_what_cannot_be_listed_is_told():
    seen = folders.Survey(9, has_audio=True, unreadable=("a/b", "c"))
    check = folders.check_folder(Folder(path="/srv/m s", name="M"), Schedule(), seen)
    assert check.verdict is WARN
    assert "2 directories in it can't be read (the first is a/b/)" in check.message
    assert "'/srv/m s'" in check.remedy


@contextmanager
def nobody():
    """Be a user who may not read everything, as root may."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_directory_without_permission_is_found():
    with TemporaryDirectory() as place:  # pytest's own may be entered by their owner only
        music = Path(place)
        music.chmod(0o755)
        (music / "deep" / "shut").mkdir(parents=True)
        (music / "deep" / "shut").chmod(0o000)
        with nobody():
            seen = folders.survey(music)
        (music / "deep" / "shut").chmod(0o700)
    assert seen == folders.Survey(3, has_audio=False, unreadable=("deep/shut",))


def test_a_folder_within_a_folder_is_told(tmp_path):
    music, books, deep = (Folder(path=tmp_path / path) for path in ("m", "m/books", "m/books/deep"))
    (one, two) = folders.check_nesting([music, deep, books])
    assert one.message == "It lies in “books”; its files belong to “deep” alone."
    assert two.message == "It lies in “m”; its files belong to “books” alone."
    assert folders.check_nesting([music, Folder(path=tmp_path / "mm", name="x")]) == []


def limits(watches, instances=128):
    return Limits(
        Limit("fs.inotify.max_user_watches", watches) if watches else None,
        Limit("fs.inotify.max_user_instances", instances),
        None,
    )


def test_the_kernels_watch_limit():
    assert folders.check_inotify(100, 1, limits(8192)).verdict is OK
    short = folders.check_inotify(7000, 1, limits(8192))
    assert short.verdict is WARN
    assert "fs.inotify.max_user_watches=131072" in short.remedy
    assert "=524288" in folders.check_inotify(200_000, 1, limits(8192)).remedy
    crowd = folders.check_inotify(200, 120, limits(8192))
    assert "fs.inotify.max_user_instances=512" in crowd.remedy
    assert "can't be read" in folders.check_inotify(1, 1, limits(None)).message


def test_what_the_running_service_tells_is_passed_on():
    watch = {"mode": "partial", "note": "only 3 of 9 directories are watched", "remedy": "sysctl x"}
    held = {"count": 30, "total": 60, "gone": 30, "since_s": 0.0, "examples": ["a.flac"]}
    fine = {"name": "A", "watch": {"mode": "live", "note": "", "remedy": ""}, "held": None}
    share = {"name": "S", "watch": {"mode": "polled", "note": "a share", "remedy": ""}}
    bad = {"name": "B b", "watch": watch, "held": held}
    found = folders.check_told([fine, share, bad, {"name": "of an older service"}])
    assert [(check.name, check.verdict) for check in found] == [
        ("watching B b", WARN), ("removal in B b", WARN),
    ]  # fmt: skip
    assert found[0].remedy == "sysctl x"
    assert "30 of 60 tracks" in found[1].message
    assert "traumbox folder confirm 'B b'" in found[1].remedy


def test_the_doctor_asks_the_running_service(config_file, service, capsys):
    config_file.write_text(config_file.read_text() + "web: {host: 127.0.0.1, port: 0}\n")
    held = {"count": 30, "total": 60, "gone": 30, "since_s": 0.0, "examples": []}
    service.answers["/api/v1/status"] = (200, {"folders": [{"name": "Music", "held": held}]})
    main(["-c", str(config_file), "doctor"])
    assert "warn removal in Music: 30 of 60 tracks" in capsys.readouterr().out
    service.answers["/api/v1/status"] = (503, {})
    main(["-c", str(config_file), "doctor"])
    told = capsys.readouterr().out
    assert "removal" not in told
    assert "Fit to run." in told


def test_the_port():
    assert serving.check_port(Web(host="127.0.0.1", port=0), None).verdict is OK
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        busy = serving.check_port(Web(host="127.0.0.1", port=taken.getsockname()[1]), None)
    assert busy.verdict is FAIL
    assert "ss -ltnp" in busy.remedy
    foreign = serving.check_port(Web(host="192.0.2.1"), None)
    assert foreign.verdict is FAIL
    assert "an address of this machine" in foreign.remedy
    ours = serving.check_port(Web(), Remote("http://127.0.0.1:8480", 77))
    assert ours.verdict is OK
    assert "process 77" in ours.message


def test_the_wanted_model(tmp_path):
    assert models.check_model("auto", tmp_path).message == "Built-in model, its files are there."
    absent = models.check_model("clap-music", tmp_path)
    assert absent.verdict is WARN
    assert absent.message == "clap-music isn't installed. Meanwhile another one serves."
    assert absent.remedy == "Get it: traumbox model fetch clap-music"
    int8 = models.check_model("clap-general-int8", tmp_path)
    assert int8.remedy == "Make it: traumbox model quantize clap-general"
    directory = install(tmp_path, "clap-music")
    assert models.check_model("clap-music", tmp_path).verdict is OK
    assert "LAION" in models.check_model("auto", tmp_path).message
    (directory / "audio.onnx").write_bytes(b"cut")
    damaged = models.check_model("clap-music", tmp_path)
    assert damaged.verdict is WARN
    assert "audio.onnx" in damaged.message
    assert models.check_others("clap-music", tmp_path) == []
    assert [check.name for check in models.check_others("builtin", tmp_path)] == [
        "model clap-music"
    ]


@pytest.mark.parametrize(
    ("wanted", "way", "verdict", "told"),
    [
        (Model(name="builtin"), (0, "make clap"), OK, "the configuration wants builtin"),
        (Model(), (10**12, "make clap"), WARN, "Run 'make clap'"),
        (Model(), (10**9, ""), WARN, "1.00 GB are free.Make room"),
        (Model(), (10**12, ""), OK, "fetches clap-music by itself"),
        (Model(fetch=False), (10**12, ""), WARN, "traumbox model fetch clap-music"),
    ],
)
def test_the_way_to_laions_model(tmp_path, wanted, way, verdict, told):
    free, missing = way
    entry = CATALOGUE["clap-music"]
    check = models.check_clap(entry, wanted, tmp_path, free=free, missing=missing)
    assert check.verdict is verdict
    assert told in check.message + check.remedy
    assert (check.verdict is OK) == (check.remedy == "")


def test_once_laions_model_is_here_nothing_more_is_asked(tmp_path):
    install(tmp_path, "clap-general")
    check = models.check_clap(
        CATALOGUE["clap-music"], Model(), tmp_path, free=0, missing="make clap"
    )
    assert (check.verdict, check.message) == (OK, "Installed: clap-general.")


def test_what_would_be_fetched():
    assert models.to_be_fetched("auto", "clap-general").name == "clap-general"
    assert models.to_be_fetched("clap-music", "clap-general").name == "clap-music"
    assert models.to_be_fetched("clap-music-int8", "clap-general").name == "clap-general"


def test_only_a_failure_makes_unfit():
    assert doctor.is_fit([ok("a", "A."), warn("b", "B.", "b")])
    checks = [ok("a", "A."), fail("c", "C.", "mend c")]
    assert not doctor.is_fit(checks)
    assert doctor.as_json(checks) == {
        "version": 1,
        "ok": False,
        "checks": [
            {"name": "a", "verdict": "ok", "message": "A.", "remedy": ""},
            {"name": "c", "verdict": "fail", "message": "C.", "remedy": "mend c"},
        ],
    }


def test_the_command_looks_at_everything(config_file, capsys):
    config_file.write_text(config_file.read_text() + "web: {host: 127.0.0.1, port: 0}\n")
    code = main(["-c", str(config_file), "doctor", "--json"])
    document = json.loads(capsys.readouterr().out)
    names = [check["name"] for check in document["checks"]]
    assert names == [
        "python",
        "system",
        "processor",
        "memory",
        "data folder",
        "disk",
        "file system",
        "hard links",
        "folder Music",
        "inotify",
        "model",
        "LAION CLAP",
        "port",
    ]
    assert code == (0 if document["ok"] else 1)
    assert document["ok"], document


def test_in_words_a_failure_comes_with_its_remedy_and_code_1(config_file, capsys):
    config_file.write_text("data_dir: data\nweb: {host: 192.0.2.1}\n")
    assert load(config_file, {}).folders == ()
    assert main(["-c", str(config_file), "doctor"]) == 1
    written = capsys.readouterr().out
    assert "fail port: 192.0.2.1 port 8480" in written
    assert "     → Set 'web: {host: 0.0.0.0}'" in written
    assert "warn folders: No folder is watched yet." in written
    assert "1 thing must be mended." in written
