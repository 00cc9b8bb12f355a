import stat
from pathlib import Path

import pytest

from traumbox.config import add_folder, load
from traumbox.errors import ConfigError

SHIPPED = Path(__file__).parents[2] / "config" / "traumbox.yaml"


def added_lines(before: str, after: str) -> list[str]:
    """What was added, checked to be all that changed."""
    old, new = before.splitlines(), after.splitlines()
    position = 0
    added = []
    for line in new:
        if position < len(old) and line == old[position]:
            position += 1
        else:
            added.append(line)
    assert position == len(old), f"lost: {old[position:]}"
    return added


def test_in_the_shipped_file_only_the_list_changes(tmp_path):
    path = tmp_path / "traumbox.yaml"
    path.write_text(SHIPPED.read_text())
    add_folder(path, Path("/srv/my music"), "My: music", environ={})
    add_folder(path, Path("/srv/2"), "2", environ={})
    before = SHIPPED.read_text().replace("folders: []", "folders:")
    assert added_lines(before, path.read_text()) == [
        "  - path: /srv/my music",
        "    name: 'My: music'",
        "  - path: /srv/2",
        "    name: '2'",
    ]
    assert [f.name for f in load(path, {}).folders] == ["My: music", "2"]


@pytest.mark.parametrize(
    "before",
    [
        "",
        "# only a comment",
        "folders:\n  - path: /a # why\n    name: A\n\n# the rest\nweb:\n  port: 1\n",
        "folders:\n- /a # why\n- /b\n\n# the rest\nlog: {level: debug}\n",
        "folders: # here\n  - path: '/a'\n",
        'data_dir: "/x"   # long\nweb: {port: 1} # y\n',
    ],
)
def test_comments_and_everything_else_stay(tmp_path, before):
    path = tmp_path / "traumbox.yaml"
    path.write_text(before)
    had = load(path, {}).folders
    add_folder(path, Path("/new"), "New", environ={})
    added = added_lines(before, path.read_text())
    assert [line.strip() for line in added if line != "folders:"] == ["- path: /new", "name: New"]
    assert load(path, {}).folders[:-1] == had
    assert load(path, {}).folders[-1].name == "New"


def test_a_folder_comes_before_the_comment_of_the_next_section(tmp_path):
    path = tmp_path / "traumbox.yaml"
    path.write_text("folders:\n  - path: /a\n\n# the web\nweb: {port: 1}\n")
    add_folder(path, Path("/b"), "B", environ={})
    assert path.read_text() == (
        "folders:\n  - path: /a\n  - path: /b\n    name: B\n\n# the web\nweb: {port: 1}\n"
    )


def test_a_missing_file_is_made(tmp_path):
    path = tmp_path / "config" / "traumbox.yaml"
    add_folder(path, Path("/m"), "M", environ={})
    assert load(path, {}).folders[0].path == Path("/m")


def test_mode_and_link_are_kept(tmp_path):
    real, link = tmp_path / "real.yaml", tmp_path / "link.yaml"
    real.write_text("web: {port: 1}\n")
    real.chmod(0o640)
    link.symlink_to(real)
    add_folder(link, Path("/m"), "M", environ={})
    assert link.is_symlink()
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    assert "path: /m" in real.read_text()
    assert {entry.name for entry in tmp_path.iterdir()} == {"real.yaml", "link.yaml"}


def test_what_cannot_be_changed_is_told_with_the_lines_to_add(tmp_path):
    with pytest.raises(ConfigError) as caught:
        add_folder(tmp_path, Path("/srv/m"), "M", environ={})  # a folder, not a file
    assert "can't be changed (Is a directory)" in str(caught.value)
    assert "folders:\n  - path: /srv/m\n    name: M\n" in str(caught.value)


def test_a_broken_file_is_left_as_it_is(tmp_path):
    path = tmp_path / "traumbox.yaml"
    path.write_text("folders: [\n")
    with pytest.raises(ConfigError, match="by hand"):
        add_folder(path, Path("/m"), "M", environ={})
    assert path.read_text() == "folders: [\n"
