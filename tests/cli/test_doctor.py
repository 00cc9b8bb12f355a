import json
import socket
from pathlib import Path

import pytest

from tests.cli.installed import install
from traumbox.cli import doctor
from traumbox.cli.app import main
from traumbox.cli.checks import folders, machine, models, serving, storage
from traumbox.cli.checks.check import Verdict, fail, ok, warn
from traumbox.cli.checks.storage import Mount
from traumbox.cli.remote import Remote
from traumbox.config import Folder, Model, Web, load
from traumbox.embedders.catalogue import CATALOGUE

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


def test_mounts_are_read_and_the_innermost_counts(tmp_path):
    mounts = storage.parse_mounts(
        "21 1 8:1 / / rw - ext4 /dev/sda1 rw\n"
        "22 21 0:40 / /mnt/my\\040nas rw,relatime shared:5 - nfs4 nas:/x rw\n"
        "23 21 0:41 / /mnt/my\\040nas/deep rw - btrfs /dev/sdb rw\n"
        "24 21 0:42 / /mnt/my\\040nas rw - cifs //nas/x rw\n"
        "nonsense\n"
    )
    nas = Path("/mnt/my nas")
    assert storage.mount_of(nas / "a", mounts) == Mount(nas, "cifs")
    assert storage.mount_of(nas / "deep" / "a", mounts) == Mount(nas / "deep", "btrfs")
    assert storage.mount_of(tmp_path, mounts[:1]) == mounts[0]
    assert storage.mount_of(tmp_path, []) is None


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


def test_folders(tmp_path):
    def look(path, mount=None):
        return folders.check_folder(Folder(path=path, name="M"), 3600.0, mount)

    assert look(tmp_path / "absent").verdict is WARN
    assert "mount it" in look(tmp_path / "absent").remedy
    assert look(tmp_path).verdict is WARN
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / "deep" / "er" / "a.flac").touch()
    assert look(tmp_path).verdict is OK
    assert look(tmp_path / "deep" / "er" / "a.flac").verdict is FAIL
    assert "every 60 minutes" in look(tmp_path, Mount(tmp_path, "nfs4")).message
    assert folders.count_directories(tmp_path) == 3


def test_the_kernels_watch_limit():
    assert folders.check_inotify(100, 1, 8192, 128).verdict is OK
    short = folders.check_inotify(7000, 1, 8192, 128)
    assert short.verdict is WARN
    assert "fs.inotify.max_user_watches=131072" in short.remedy
    assert "=524288" in folders.check_inotify(200_000, 1, 8192, 128).remedy


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
