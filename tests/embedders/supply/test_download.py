"""One file over HTTP, from servers that do what servers do."""

import errno
import json
import shutil
import ssl
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.embedders.supply import shelf
from tests.embedders.supply.server import (
    FileServer,
    cut,
    other,
    redirect,
    refuse,
    slow,
    stall,
    without_range,
)
from traumbox.embedders.supply.access import Access, trouble_of
from traumbox.embedders.supply.download import Downloader
from traumbox.embedders.supply.part import for_appending
from traumbox.embedders.supply.trouble import FetchError, FetchStopped

CONTENT = shelf.MUSIC
FILE = shelf.remote("clap-music.pt", CONTENT)


@pytest.fixture
def server() -> Iterator[FileServer]:
    with shelf.server() as server:
        yield server


class Watched:
    """A download into a folder; remembers what it was told."""

    def __init__(self, directory: Path, access: Access, open_file=for_appending) -> None:
        self.directory = directory
        self.stop = threading.Event()
        self.told: list[tuple[int, str]] = []
        self._downloader = Downloader(directory, access, pause_s=0.0, open_file=open_file)

    def get(self) -> bytes:
        path = self._downloader.get(FILE, self._watch, self.stop)
        assert path == self.directory / FILE.name
        return path.read_bytes()

    def part(self) -> bytes:
        return (self.directory / "clap-music.pt.part").read_bytes()

    def names(self) -> set[str]:
        return {path.name for path in self.directory.iterdir()}

    def _watch(self, done_bytes: int, note: str = "") -> None:
        self.told.append((done_bytes, note))


@pytest.fixture
def download(server: FileServer, tmp_path: Path) -> Watched:
    return Watched(tmp_path, Access(server.url, timeout_s=5.0))


def test_a_file_comes_whole_and_nothing_else_stays(server, download):
    assert download.get() == CONTENT
    assert download.names() == {"clap-music.pt"}
    assert download.told[-1] == (len(CONTENT), "")
    path, headers = server.asked[0]
    assert path == FILE.url_path
    assert headers["user-agent"].startswith("traumbox/")


def test_what_is_there_already_is_not_asked_for_again(server, download):
    download.get()
    assert download.get() == CONTENT
    assert len(server.asked) == 1


def test_after_a_cut_it_goes_on_at_that_byte(server, download):
    server.script.extend([cut(30_000), cut(20_000)])
    assert download.get() == CONTENT
    assert server.ranges() == ["", "bytes=30000-", "bytes=50000-"]
    assert server.asked[1][1]["if-range"].startswith('"')


def test_a_line_that_brings_nothing_is_given_up_and_resumed_later(server, download):
    server.script.extend([cut(30_000), cut(0)])
    with pytest.raises(FetchError, match=r"127\.0\.0\.1 broke the connection off") as caught:
        download.get()
    assert caught.value.again == "soon"
    assert download.part() == CONTENT[:30_000]
    assert download.get() == CONTENT
    assert server.ranges()[-1] == "bytes=30000-"
    assert (30_000, "checking what is there") in download.told


def test_a_file_that_changed_on_the_server_begins_anew(server, download, tmp_path):
    server.script.extend([cut(30_000), cut(0)])
    with pytest.raises(FetchError):
        download.get()
    note = tmp_path / "clap-music.pt.part.json"
    note.write_text(json.dumps({**json.loads(note.read_text()), "etag": '"older"'}))
    assert download.get() == CONTENT
    assert server.asked[-1][1]["if-range"] == '"older"'


def test_a_part_of_another_file_is_thrown_away(server, download, tmp_path):
    (tmp_path / "clap-music.pt.part").write_bytes(b"of an older checkpoint")
    (tmp_path / "clap-music.pt.part.json").write_text('{"url_path": "/older"}')
    assert download.get() == CONTENT
    assert server.ranges() == [""]


def test_another_mirror_goes_on_with_the_part_whatever_its_tags(server, download, tmp_path):
    server.script.extend([cut(30_000), cut(0)])
    with pytest.raises(FetchError):
        download.get()
    with shelf.server() as mirror:
        assert Watched(tmp_path, Access(mirror.url)).get() == CONTENT
        assert mirror.ranges() == ["bytes=30000-"]
        assert "if-range" not in mirror.asked[0][1]


def test_a_server_without_range_begins_anew(server, download):
    server.script.extend([cut(30_000), without_range])
    assert download.get() == CONTENT
    assert len(server.asked) == 2


def test_a_refused_range_begins_anew(server, download):
    server.script.extend([cut(30_000), refuse(416)])
    assert download.get() == CONTENT
    assert server.ranges() == ["", "bytes=30000-", ""]


def test_a_server_that_refuses_even_the_whole_is_left(server, download):
    server.always = refuse(416)
    with pytest.raises(FetchError, match="416") as caught:
        download.get()
    assert caught.value.again == "rarely"
    assert len(server.asked) == 1


def test_a_wrong_checksum_is_tried_once_more(server, download):
    server.script.append(other(b"x" * len(CONTENT)))
    assert download.get() == CONTENT
    assert len(server.asked) == 2


def test_a_checksum_that_stays_wrong_is_told_and_nothing_is_kept(server, download):
    server.always = other(b"x" * len(CONTENT))
    with pytest.raises(FetchError, match=r"wrong checksum.*model import") as caught:
        download.get()
    assert caught.value.again == "never"
    assert len(server.asked) == 2
    assert download.names() == set()


def test_a_damaged_part_costs_one_more_download_only(server, download, tmp_path):
    server.script.extend([cut(30_000), cut(0)])
    with pytest.raises(FetchError):
        download.get()
    (tmp_path / "clap-music.pt.part").write_bytes(b"0" * 30_000)
    assert download.get() == CONTENT
    assert server.ranges()[2:] == ["bytes=30000-", ""]


@pytest.mark.parametrize(
    ("status", "said", "again"),
    [
        (404, "isn't there any more", "rarely"),
        (410, "isn't there any more", "rarely"),
        (401, "isn't given to everybody", "rarely"),
        (403, "isn't given to everybody", "rarely"),
        (400, "Is model.mirror", "rarely"),
        (429, "busy or out of order", "soon"),
        (500, "busy or out of order", "soon"),
        (503, "busy or out of order", "soon"),
    ],
)
def test_an_answer_without_the_file_is_put_into_words(server, download, status, said, again):
    server.script.append(refuse(status))
    with pytest.raises(FetchError, match=said) as caught:
        download.get()
    assert str(status) in str(caught.value)
    assert caught.value.again == again
    assert caught.value.reason.startswith(f"not reachable (127.0.0.1 answers {status}")
    assert download.get() == CONTENT  # and nothing is in the way of the next try


def test_a_server_may_say_when_to_come_back(server, download):
    server.script.append(refuse(503, Retry_After="90"))
    with pytest.raises(FetchError) as caught:
        download.get()
    assert caught.value.wait_s == 90.0


def test_a_redirect_to_another_host_keeps_the_range(server, download):
    with shelf.server() as elsewhere:
        server.always = redirect(elsewhere.url)
        elsewhere.script.append(cut(30_000))
        assert download.get() == CONTENT
        assert elsewhere.ranges() == ["", "bytes=30000-"]
        assert "if-range" in elsewhere.asked[1][1]


def test_a_refusal_behind_a_redirect_names_the_host_behind(server, download):
    with shelf.server() as elsewhere:
        elsewhere.always = refuse(403)
        server.always = redirect(elsewhere.url.replace("127.0.0.1", "localhost"))
        with pytest.raises(FetchError, match="localhost answers 403"):
            download.get()


@pytest.mark.parametrize("target", ["file:///etc", "ftp://127.0.0.1"])
def test_only_http_is_followed(server, download, target):
    server.script.append(redirect(target))
    with pytest.raises(FetchError):
        download.get()
    assert not any(download.directory.glob("*.pt"))


def test_endless_redirects_end(server, download):
    server.always = redirect(server.url)
    with pytest.raises(FetchError):
        download.get()
    assert len(server.asked) < 20


def test_a_slow_server_is_only_slow(server, tmp_path):
    server.script.append(slow(8, 0.1))
    download = Watched(tmp_path, Access(server.url, timeout_s=0.5))
    assert download.get() == CONTENT
    assert len(server.asked) == 1


def test_a_stalled_server_is_left_after_its_time_and_resumed(server, tmp_path):
    server.script.extend([stall(30_000), stall(0)])
    download = Watched(tmp_path, Access(server.url, timeout_s=0.3))
    with pytest.raises(FetchError, match="doesn't answer") as caught:
        download.get()
    assert caught.value.again == "soon"
    assert download.part() == CONTENT[:30_000]
    assert download.get() == CONTENT
    assert server.ranges()[-1] == "bytes=30000-"


def test_a_login_page_in_between_is_noticed_before_it_is_taken(server, download):
    server.script.extend([cut(30_000), cut(0), other(b"<html>log in</html>")])
    with pytest.raises(FetchError, match="broke"):
        download.get()
    with pytest.raises(FetchError, match=r"sends 19 bytes as clap-music\.pt.*login page"):
        download.get()
    assert download.part() == CONTENT[:30_000]
    assert download.get() == CONTENT


def test_nobody_there_is_put_into_words(tmp_path):
    with shelf.server() as server:
        access = Access(server.url)
    with pytest.raises(FetchError, match="refuses the connection") as caught:
        Watched(tmp_path, access).get()
    assert caught.value.again == "soon"
    assert caught.value.reason == "not reachable (127.0.0.1 refuses the connection)"


def test_an_unknown_name_is_put_into_words(tmp_path):
    with pytest.raises(FetchError, match=r"name mirror\.invalid can't be resolved"):
        Watched(tmp_path, Access("http://mirror.invalid")).get()


class FullDisk:
    """Opens files that take so many bytes in all and no more."""

    def __init__(self, room: int) -> None:
        self.room = room

    def __call__(self, path: Path):
        disk, file = self, path.open("ab")

        class File:
            def write(self, chunk: bytes) -> int:
                fits = file.write(chunk[: disk.room])
                disk.room -= fits
                if fits < len(chunk):
                    raise OSError(errno.ENOSPC, "No space left on device")
                return fits

            def close(self) -> None:
                file.close()

        return File()


def test_a_full_disk_keeps_what_has_come(server, tmp_path):
    server.script.append(slow(20, 0.02))
    disk = FullDisk(30_000)
    download = Watched(tmp_path, Access(server.url), disk)
    with pytest.raises(FetchError, match="is full") as caught:
        download.get()
    assert caught.value.again == "soon"
    assert len(server.asked) == 1  # a full disk isn't knocked at again and again
    kept = len(download.part())
    assert kept == 30_000
    disk.room = 10**9
    assert download.get() == CONTENT
    assert server.ranges()[-1] == f"bytes={kept}-"


def test_stopping_keeps_what_has_come(server, tmp_path):
    server.script.append(slow(10, 0.05))
    download = Watched(tmp_path, Access(server.url))

    def stop_soon(done_bytes: int, note: str = "") -> None:
        if done_bytes > 20_000:
            download.stop.set()

    download._watch = stop_soon
    with pytest.raises(FetchStopped):
        download.get()
    assert len(download.part()) > 20_000


def test_the_proxy_is_asked_instead_of_the_host(server, tmp_path):
    access = Access("http://models.example", proxy=server.url)
    assert Watched(tmp_path, access).get() == CONTENT
    assert server.asked[0][0] == "http://models.example/models/clap-music.pt"


def test_the_environment_s_proxy_is_taken_without_one_of_ours(server, tmp_path, monkeypatch):
    for name in ("no_proxy", "NO_PROXY", "HTTP_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("http_proxy", server.url)
    assert Watched(tmp_path, Access("http://models.example")).get() == CONTENT


def test_a_proxy_s_demand_for_a_password_is_told(server, tmp_path):
    server.script.append(refuse(407))
    with pytest.raises(FetchError, match=r"model\.proxy: http://name:password@"):
        Watched(tmp_path, Access("http://models.example", proxy=server.url)).get()


def test_a_server_that_can_t_speak_tls_is_put_into_words(server, tmp_path):
    access = Access(server.url.replace("http:", "https:"), timeout_s=2.0)
    with pytest.raises(FetchError, match=r"127\.0\.0\.1"):
        Watched(tmp_path, access).get()


@pytest.fixture
def tls(tmp_path: Path) -> tuple[ssl.SSLContext, Path]:
    """A server's side of TLS for 127.0.0.1, and its certificate, which nobody knows."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl makes the certificate")
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    made = f"-keyout {key} -out {certificate} -subj /CN=us -addext subjectAltName=IP:127.0.0.1"
    subprocess.run(
        f"openssl req -x509 -newkey rsa:2048 -nodes -days 2 {made}".split(),
        check=True,
        capture_output=True,
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context, certificate


def test_a_certificate_of_nobody_s_is_named(tmp_path, tls):
    with FileServer({FILE.url_path: CONTENT}, tls=tls[0]) as server:
        with pytest.raises(FetchError, match=r"certificate of 127\.0\.0\.1 can't be trusted.*date"):
            Watched(tmp_path, Access(server.url)).get()
        assert server.asked == []


def test_an_encrypted_way_is_not_left_for_an_open_one(tmp_path, tls, server, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(tls[1]))
    with FileServer({FILE.url_path: CONTENT}, tls=tls[0]) as secure:
        assert Watched(tmp_path, Access(secure.url)).get() == CONTENT
        (tmp_path / FILE.name).unlink()
        secure.always = redirect(server.url)
        with pytest.raises(FetchError, match="isn't encrypted"):
            Watched(tmp_path, Access(secure.url)).get()
        assert server.asked == []


def test_a_sandbox_that_forbids_connections_is_told_with_the_way_out():
    trouble = trouble_of(PermissionError(errno.EPERM, "Operation not permitted"), "huggingface.co")
    assert "this process may not connect to huggingface.co" in trouble.reason
    assert "traumbox model fetch" in str(trouble)
    assert "traumbox model import" in str(trouble)
