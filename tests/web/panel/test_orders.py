from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.web.desk import FakeDesk
from traumbox.errors import ModelError
from traumbox.web.panel.pages.orders import MAX_PATH_LENGTH, Order, carry_out
from traumbox.web.panel.texts import ENGLISH

WORDS = ENGLISH["messages"]


@pytest.mark.parametrize(
    ("deed", "asked"),
    [
        ("fetch", "fetch clap-music"),
        ("stop", "stop"),
        ("use", "use clap-music"),
        ("use_now", "use clap-music now"),
        ("pause", "pause"),
        ("resume", "resume"),
        ("cancel", "cancel"),
        ("remove", "remove clap-music"),
    ],
)
def test_each_order_reaches_the_desk(deed: str, asked: str) -> None:
    desk = FakeDesk()
    order = Order.from_event({"do": deed, "name": "clap-music"})
    assert carry_out(desk, WORDS, order) == {}
    assert desk.asked == [asked]


def test_a_check_says_what_it_found() -> None:
    desk = FakeDesk()
    order = Order("verify", "clap-music")
    assert carry_out(desk, WORDS, order) == {"news": WORDS["verified"]}
    desk.damage = "audio.onnx.data has 12 bytes.\x1b"
    assert carry_out(desk, WORDS, order) == {"problem": "audio.onnx.data has 12 bytes. "}


def test_a_refusal_is_said_in_its_own_words() -> None:
    desk = FakeDesk(refusal=ModelError("There is no room on the disk."))
    assert carry_out(desk, WORDS, Order("fetch", "clap-music")) == {
        "problem": "There is no room on the disk."
    }


@dataclass
class BrokenDesk(FakeDesk):
    def fetch(self, name: str) -> None:
        raise ZeroDivisionError(name)


@pytest.mark.parametrize(("desk", "deed"), [(BrokenDesk(), "fetch"), (FakeDesk(), "make coffee")])
def test_what_goes_wrong_unforeseen_is_in_the_log(
    desk: FakeDesk, deed: str, caplog: pytest.LogCaptureFixture
) -> None:
    said = carry_out(desk, WORDS, Order.from_event({"do": deed, "name": ["no", "name"]}))
    assert said == {"problem": WORDS["action_failed"]}
    assert deed in caplog.text


def test_a_checkpoint_or_a_converted_models_folder_can_be_brought_in(tmp_path: Path) -> None:
    desk = FakeDesk()
    checkpoint = tmp_path / "music audioset.pt"
    checkpoint.touch()
    folder = tmp_path / "clap-music"
    folder.mkdir()
    (folder / "model.json").touch()
    for path in (checkpoint, folder):
        order = Order.from_event({"do": "import", "path": f" {path}\n"})
        assert order.place == "import"
        assert carry_out(desk, WORDS, order) == {"news": WORDS["import_begun"]}
    assert desk.asked == [f"import {checkpoint}", f"import {folder}"]


def test_of_other_files_nothing_is_told(tmp_path: Path) -> None:
    secret = tmp_path / "passwords.txt"
    secret.touch()
    desk = FakeDesk()
    told = {
        carry_out(desk, WORDS, Order("import", path=str(path)))["problem"].replace(str(path), "")
        for path in (secret, tmp_path, tmp_path / "none", tmp_path / "none.pt")
    }
    assert told == {WORDS["import_nothing"].format(path="")}
    assert desk.asked == []


@pytest.mark.parametrize("path", ["", "  ", "stick/x.pt", "~/x.pt", "C:\\x.pt"])
def test_a_path_begins_at_the_root(path: str) -> None:
    said = carry_out(FakeDesk(), WORDS, Order("import", path=path))
    assert said == {"problem": WORDS["import_empty"]}


@pytest.mark.parametrize("path", ["/a\0b.pt", "/\ud800.pt", "/" + "a" * 2 * MAX_PATH_LENGTH])
def test_a_path_nobody_can_have_is_no_path(path: str) -> None:
    said = carry_out(FakeDesk(), WORDS, Order("import", path=path))
    assert "nothing to import" in said["problem"]
    assert len(said["problem"]) < MAX_PATH_LENGTH + 200
    assert said["problem"].isprintable()
