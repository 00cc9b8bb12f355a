import logging
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.library.walks import bytes_path, is_flac, put, walk
from traumbox.library.folders import WatchedFolder
from traumbox.library.rules import RuleCache, compiled
from traumbox.library.scan import Walk

RULES = ".traumboxignore"
ALL = [f"{d}{n}" for d in ("", "a/", "a/b/", "b/") for n in ("a.flac", "b.flac", "ab.flac")]


def heard(root: Path) -> set[str]:
    return {path.decode() for path, why in walk(root).items() if not why}


def configured(root: Path, include: tuple[str, ...] = (), exclude: tuple[str, ...] = ()) -> Walk:
    return Walk(WatchedFolder("m", root, include=include, exclude=exclude), is_flac)


def test_what_a_rule_covers_is_seen_with_the_reason(tmp_path: Path) -> None:
    put(tmp_path / "Live" / "a.flac")
    put(tmp_path / "Live" / "b-demo.flac")
    put(tmp_path / "Live" / RULES, b"# rough ones\n*-demo.*\n")
    put(tmp_path / "b-demo.flac")
    assert walk(tmp_path) == {
        b"Live/a.flac": "",
        b"Live/b-demo.flac": "“.traumboxignore” in Live/ leaves it out (*-demo.*)",
        b"b-demo.flac": "",
    }


def test_a_covered_directory_is_covered_with_all_below_it_as_in_git(tmp_path: Path) -> None:
    put(tmp_path / "a" / "b" / "x.flac")
    put(tmp_path / "a" / "b" / RULES, b"!x.flac\n")
    put(tmp_path / RULES, b"/a/\n!x.flac\n")
    assert walk(tmp_path) == {b"a/b/x.flac": "“.traumboxignore” leaves it out (/a/)"}


def test_a_deeper_rule_overrides_a_higher_one(tmp_path: Path) -> None:
    put(tmp_path / RULES, b"*.flac\n")
    put(tmp_path / "a" / RULES, b"!keep*.flac\n")
    for name in ("x.flac", "a/x.flac", "a/keep.flac", "a/b/keep2.flac"):
        put(tmp_path / name)
    assert heard(tmp_path) == {"a/keep.flac", "a/b/keep2.flac"}


def test_the_configuration_leaves_out_and_takes_in(tmp_path: Path) -> None:
    for name in ("Jazz/a.flac", "Jazz/Live/b.flac", "Rock/c.flac", "d.flac"):
        put(tmp_path / name)
    excluding = {row[0]: row[6] for row in configured(tmp_path, exclude=("Live/", "/d.*"))}
    assert excluding == {
        b"Jazz/a.flac": "",
        b"Jazz/Live/b.flac": "the folder's “exclude” leaves it out (Live/)",
        b"Rock/c.flac": "",
        b"d.flac": "the folder's “exclude” leaves it out (/d.*)",
    }
    both = configured(tmp_path, include=("Jazz/", "d.flac"), exclude=("Live/",))
    assert {row[0] for row in both if not row[6]} == {b"Jazz/a.flac", b"d.flac"}


def test_no_rule_file_brings_back_what_the_configuration_leaves_out(tmp_path: Path) -> None:
    put(tmp_path / "a.flac")
    put(tmp_path / RULES, b"!a.flac\n")
    ((*_, why),) = configured(tmp_path, exclude=("a.*",))
    assert why


def test_a_broken_pattern_takes_nothing_away_and_is_named(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    put(tmp_path / "a.flac")
    put(tmp_path / "b.flac")
    put(tmp_path / RULES, b"b.*\n!\n" + b"*" * 40 + b"x\n" + b"a" * 5000 + b"\n")
    cache = RuleCache()
    with caplog.at_level(logging.WARNING):
        seen = walk(tmp_path, rules=cache)
        walk(tmp_path, rules=cache)
    assert [path for path, why in seen.items() if why] == [b"b.flac"]
    lines = [record.getMessage() for record in caplog.records]
    assert len(lines) == 3
    assert f"{tmp_path}/.traumboxignore, line 2: '!'" in lines[0]


def test_other_patterns_than_text_take_nothing_away(tmp_path: Path) -> None:
    put(tmp_path / "a.flac")
    put(tmp_path / RULES, bytes(range(256)) * 10)
    assert heard(tmp_path) == {"a.flac"}
    put(tmp_path / RULES, b"*.flac\n" * 200_000)
    assert heard(tmp_path) == {"a.flac"}


def test_names_match_in_any_spelling_and_when_they_are_not_utf8(tmp_path: Path) -> None:
    put(tmp_path / "Ho\u0308rbu\u0308cher" / "a.flac")
    put(bytes_path(tmp_path, b"caf\xe9.flac"))
    put(bytes_path(tmp_path, b"the.flac"))
    put(tmp_path / RULES, "\ufeffHörbücher/\r\n".encode() + b"caf\xe9.*\r\n")
    assert heard(tmp_path) == {"the.flac"}


def test_a_rule_counts_from_the_next_walk_on(tmp_path: Path) -> None:
    put(tmp_path / "a.flac")
    cache = RuleCache()
    assert walk(tmp_path, rules=cache) == {b"a.flac": ""}
    rules = put(tmp_path / RULES, b"*.flac\n")
    assert walk(tmp_path, rules=cache)[b"a.flac"]
    put(rules, b"*.wave\n")
    os.utime(rules, ns=(1, 2))
    assert walk(tmp_path, rules=cache) == {b"a.flac": ""}
    rules.unlink()
    assert walk(tmp_path, rules=cache) == {b"a.flac": ""}


def test_an_empty_rule_file_or_one_of_comments_says_nothing(tmp_path: Path) -> None:
    put(tmp_path / "a.flac")
    put(tmp_path / RULES, b"\n# nothing\n\n")
    assert heard(tmp_path) == {"a.flac"}


def test_patterns_are_told_as_they_were_written() -> None:
    patterns = compiled(["# one", "", "*.wav", "!keep.wav"], "here")
    assert patterns.ask("x/a.wav") == (True, "*.wav")
    assert patterns.ask("x/keep.wav") == (False, "!keep.wav")
    assert patterns.ask("x/a.flac") == (None, "")


@pytest.mark.parametrize(
    ("lines", "ignored"),
    [
        (["b", "!a"], {f for f in ALL if "b/" in f}),
        (["*", "!*/", "!a.flac"], {f for f in ALL if not f.endswith("/a.flac") and f != "a.flac"}),
        (["a/**", "!a/a.flac"], {f for f in ALL if f.startswith("a/") and f != "a/a.flac"}),
        (["a/*", "!a/b/"], {"a/a.flac", "a/b.flac", "a/ab.flac"}),
    ],
)
def test_a_directory_s_pattern_does_not_speak_for_what_lies_in_it(
    tmp_path: Path, lines: list[str], ignored: set[str]
) -> None:
    for file in ALL:
        put(tmp_path / file)
    put(tmp_path / RULES, "\n".join(lines).encode())
    assert set(ALL) - heard(tmp_path) == ignored


SEGMENTS = st.lists(
    st.sampled_from(("a", "b", "*", "a*", "?", "[ab]", "[!a]", "*.flac", "a.flac", "**")),
    min_size=1,
    max_size=3,
)
PATTERNS = st.builds(
    lambda sign, root, segments, end: sign + root + "/".join(segments) + end,
    st.sampled_from(("", "!")),
    st.sampled_from(("", "/")),
    SEGMENTS,
    st.sampled_from(("", "/")),
).filter(lambda line: "**/**" not in line and not line.endswith("**/"))
LAYERS = st.dictionaries(
    st.sampled_from(("", "a/", "a/b/")), st.lists(PATTERNS, min_size=1, max_size=3), max_size=3
)


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if shutil.which("git") is None:
        pytest.skip("git isn't installed to compare with")
    root = tmp_path_factory.mktemp("git")
    subprocess.run(["git", "init", "-q", root], check=True)
    return root


@settings(max_examples=40, deadline=None)
@given(LAYERS)
def test_rules_leave_out_what_git_would_ignore(
    repository: Path, layers: dict[str, list[str]]
) -> None:
    """But for "**/" at a pattern's end and twice in a row, which pathspec sees otherwise."""
    root = repository / str(len(list(repository.iterdir())))
    for file in ALL:
        put(root / file)
    for directory, lines in layers.items():
        text = "\n".join(lines).encode()
        put(root / directory / RULES, text)
        put(root / directory / ".gitignore", text)
    asked = subprocess.run(
        ["git", "check-ignore", "--no-index", "--stdin", "-z"],
        cwd=root,
        input="\0".join(ALL).encode(),
        capture_output=True,
        check=False,
    )
    ignored = {path.decode() for path in asked.stdout.split(b"\0") if path}
    assert {path.decode() for path, why in walk(root).items() if why} == ignored
