"""Folders are changed by place: what is written says what was asked, and nothing else moves."""

import os
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from traumbox.config import add_folder, change_folder, load, remove_folder
from traumbox.errors import ConfigError, UnknownFolderError

BLOCK = """\
# mine
data_dir: /d      # aligned   by hand
folders:
  # the first
  - path: '/srv/a'   # why
    name: A

    # between
  - /srv/b # short
  -   name: C
      exclude:
        - '*.wav'  # too large
        - Drafts/
      path: /srv/c
# the rest
web: {port: 1}
"""
FLOW = "folders: [/srv/a, {path: /srv/b, name: b}, {path: /srv/c, name: C}] # all\nweb: {port: 1}\n"


@pytest.fixture
def file(tmp_path):
    return tmp_path / "traumbox.yaml"


def changed(file: Path, text: str, called: str, **changes: object) -> str:
    file.write_text(text)
    change_folder(file, called, changes, environ={})
    return file.read_text()


def removed(file: Path, text: str, *names: str) -> str:
    file.write_text(text)
    for name in names:
        remove_folder(file, name, environ={})
    return file.read_text()


def test_a_value_that_is_there_is_replaced_where_it_stands(file):
    assert changed(file, BLOCK, "A", name="Ä, b") == BLOCK.replace("name: A", "name: 'Ä, b'")
    text = changed(file, BLOCK, "C", exclude=("*.mp3",))
    assert "      exclude: ['*.mp3']\n      path: /srv/c\n# the rest\n" in text
    assert changed(file, FLOW, "C", name="D") == FLOW.replace("name: C", "name: D")
    empty = "folders:\n  - path: /a\n    name:  # soon\n  - /b\n"
    assert changed(file, empty, "a", name="x") == empty.replace("name:", "name: x")


def test_a_value_that_is_not_there_is_added_behind_the_last(file):
    assert changed(file, BLOCK, "A", colour="#4e79a7", kind="podcast") == BLOCK.replace(
        "    name: A\n", "    name: A\n    colour: '#4e79a7'\n    kind: podcast\n"
    )
    assert changed(file, BLOCK, "b", priority="first") == BLOCK.replace(
        "- /srv/b # short\n", "- path: /srv/b # short\n    priority: first\n"
    )
    assert changed(file, FLOW, "a", kind="music", priority="last") == FLOW.replace(
        "[/srv/a,", "[{path: /srv/a, kind: music, priority: last},"
    )
    assert changed(file, FLOW, "b", include=("*.flac", "Live/")) == FLOW.replace(
        "name: b}", "name: b, include: ['*.flac', Live/]}"
    )


def test_what_is_so_already_is_not_touched(file):
    same = {"name": "A", "kind": "auto", "colour": "", "exclude": (), "priority": "normal"}
    assert changed(file, BLOCK, "A", **same) == BLOCK
    assert changed(file, BLOCK, "C", exclude=("*.wav", "Drafts/")) == BLOCK


def test_one_is_taken_out_with_its_lines(file):
    assert removed(file, BLOCK, "A") == BLOCK.replace(
        "  - path: '/srv/a'   # why\n    name: A\n", ""
    )
    assert removed(file, BLOCK, "b") == BLOCK.replace("  - /srv/b # short\n", "")
    begin, end = BLOCK.index("  -   name: C"), BLOCK.index("# the rest")
    assert removed(file, BLOCK, "C") == BLOCK[:begin] + BLOCK[end:]
    assert removed(file, FLOW, "a") == FLOW.replace("/srv/a, ", "")
    assert removed(file, FLOW, "b") == FLOW.replace("{path: /srv/b, name: b}, ", "")
    assert removed(file, FLOW, "C") == FLOW.replace(", {path: /srv/c, name: C}", "")


def test_the_last_one_leaves_an_empty_list_which_takes_folders_again(file):
    text = removed(file, BLOCK, "A", "b", "C")
    assert "folders: []\n  # the first\n\n    # between\n# the rest\n" in text
    assert load(file, {}).folders == ()
    add_folder(file, Path("/srv/d"), "D", environ={})
    assert file.read_text() == text.replace(
        "folders: []\n", "folders:\n  - path: /srv/d\n    name: D\n"
    )
    assert removed(file, FLOW, "a", "b", "C").startswith("folders: [] # all\n")


def test_options_are_added_with_a_folder_unless_they_are_the_default(file):
    add_folder(
        file, Path("/m"), "M", environ={}, kind="auto", colour="", priority="last", exclude=("*.x",)
    )
    assert file.read_text() == (
        "folders:\n  - path: /m\n    name: M\n    priority: last\n    exclude: ['*.x']\n"
    )
    file.write_text(FLOW)
    add_folder(file, Path("/m"), "M", environ={})
    assert file.read_text() == FLOW.replace("] # all", ", {path: /m, name: M}] # all")


def test_line_ends_and_byte_order_mark_stay(file):
    before = BLOCK.replace("\n", "\r\n").encode("utf-8-sig")
    file.write_bytes(before)
    add_folder(file, Path("/m"), "M", environ={})
    remove_folder(file, "M", environ={})
    assert file.read_bytes() == before
    change_folder(file, "A", {"kind": "music"}, environ={})
    line = b"    name: A\r\n"
    assert file.read_bytes() == before.replace(line, line + b"    kind: music\r\n")


def test_a_name_nobody_has(file):
    file.write_text(FLOW)
    for deed in (
        lambda: change_folder(file, "x", {"kind": "music"}, environ={}),
        lambda: remove_folder(file, "x", environ={}),
    ):
        with pytest.raises(UnknownFolderError, match="there are: “a”, “b”, “C”"):
            deed()


def test_what_would_be_a_mistake_is_refused_and_nothing_written(file):
    file.write_text(FLOW)
    with pytest.raises(ConfigError, match="a second folder named 'b'"):
        change_folder(file, "C", {"name": "b"}, environ={})
    with pytest.raises(ConfigError, match="expected a colour"):
        change_folder(file, "C", {"colour": "red"}, environ={})
    with pytest.raises(ConfigError, match="watched twice"):
        add_folder(file, Path("/srv/a"), "A2", environ={})
    with pytest.raises(ConfigError, match="path can't be changed"):
        change_folder(file, "C", {"path": "/x"}, environ={})
    assert file.read_text() == FLOW


def test_folders_that_the_environment_decides(file):
    file.write_text(FLOW)
    environ = {"TRAUMBOX_FOLDERS": "[/x]"}
    for deed in (
        lambda: add_folder(file, Path("/m"), "M", environ=environ),
        lambda: change_folder(file, "x", {"kind": "music"}, environ=environ),
        lambda: remove_folder(file, "x", environ=environ),
    ):
        with pytest.raises(ConfigError, match="variable TRAUMBOX_FOLDERS decides the folders"):
            deed()
    assert file.read_text() == FLOW


@pytest.mark.parametrize(
    "text",
    [
        "base: &x\nfolders: &all\n  - /a\n",
        "folders:\n- - - /a\n",
        "x-more: &more {path: /a}\nfolders:\n  - *more\n",
    ],
)
def test_an_unusual_file_is_left_as_it_is_with_the_lines_to_write(file, text):
    file.write_text(text)
    with pytest.raises(ConfigError):
        change_folder(file, "a", {"kind": "music", "exclude": ("*.x",)}, environ={})
    assert file.read_text() == text


def test_a_name_that_is_no_unicode_is_refused_in_words(file):
    with pytest.raises(ConfigError, match=r"“/caf\\xe9” can't be written .* isn't UTF-8"):
        add_folder(file, Path(os.fsdecode(b"/caf\xe9")), "M", environ={})


@pytest.mark.skipif(os.getuid() == 0, reason="root may write everywhere")
def test_a_file_that_cannot_be_written_is_told_with_the_lines(file):
    file.write_text(FLOW)
    file.parent.chmod(0o500)
    try:
        with pytest.raises(ConfigError, match="by hand"):
            change_folder(file, "C", {"kind": "music"}, environ={})
    finally:
        file.parent.chmod(0o700)


NAMES = st.text(
    st.characters(codec="utf-8", exclude_characters="/"), min_size=1, max_size=8
).filter(lambda name: name.isprintable() and name == name.strip() and name not in {".", ".."})
PATTERNS = st.lists(
    st.sampled_from(["*.wav", "!x", "#a, b]", "a: b", "- c", "Drafts/", "'q'", '"'])
).map(lambda them: tuple(one.replace("#", "\\#") for one in them))
STYLES = [BLOCK, FLOW, BLOCK.replace("  - ", "- ").replace("\n    ", "\n  "), "", "# none\n"]


@settings(max_examples=150, deadline=None)
@given(
    text=st.sampled_from(STYLES),
    steps=st.lists(
        st.tuples(st.sampled_from(["add", "change", "remove"]), NAMES, PATTERNS, st.integers(0, 9)),
        max_size=6,
    ),
)
@example(text="folders: [/srv/a, {path: /srv/b}]\n", steps=[("add", "?0", (), 0)])
def test_any_course_of_changes_says_what_it_should(tmp_path_factory, text, steps):
    file = tmp_path_factory.mktemp("any") / "traumbox.yaml"
    file.write_text(text)
    comments = {line.strip() for line in text.splitlines() if line.strip().startswith("#")}
    has = {folder.name: folder for folder in load(file, {}).folders}
    for deed, name, patterns, number in steps:
        if deed == "add" and name not in has:
            place = Path(f"/new/{len(has)}/{number}/{name}")
            if any(folder.path == place for folder in has.values()):
                continue
            add_folder(file, place, name, environ={}, include=patterns)
        elif deed == "change" and has and name not in has:
            old = list(has)[number % len(has)]
            change_folder(file, old, {"name": name, "exclude": patterns}, environ={})
        elif deed == "remove" and has:
            remove_folder(file, list(has)[number % len(has)], environ={})
        else:
            continue
        found = {folder.name: folder for folder in load(file, {}).folders}
        gone, come = has.keys() - found.keys(), found.keys() - has.keys()
        assert (len(gone), len(come)) == {"add": (0, 1), "change": (1, 1), "remove": (1, 0)}[deed]
        assert all(found[same] == has[same] for same in found.keys() & has.keys())
        if deed == "add":
            assert found[name].include == patterns
        if deed == "change":
            assert found[name].exclude == patterns
            assert list(found).index(name) == list(has).index(old)
        has = found
    assert comments <= {line.strip() for line in file.read_text().splitlines()}
