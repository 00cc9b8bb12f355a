import pytest

from traumbox.config import load
from traumbox.config.document import parse
from traumbox.errors import ConfigError


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("web:\n\tport: 1\n", "x.yaml:2: a tab at the beginning of the line"),
        ("web: [1\n", "x.yaml:2: not valid YAML"),
        ("web:\n  port: 1\n host: x\n", "x.yaml:3: not valid YAML"),
        ("web: 'open\n", "not valid YAML"),
        ("- /srv/music\n", "x.yaml:1: expected keys such as 'folders:'"),
        ("\nmusic\n", "x.yaml:2: expected keys"),
        ("a: *nowhere\n", "x.yaml:1: not valid YAML"),
        ("a: 1\n---\nb: 2\n", "x.yaml"),
    ],
)
def test_what_is_no_configuration_is_told_with_its_line(text, told):
    with pytest.raises(ConfigError) as caught:
        parse(text, "x.yaml")
    assert told in str(caught.value)


def test_a_key_given_twice_is_told_with_both_lines():
    document = parse("web:\n  port: 1\n  host: x\n  port: 2\n", "x.yaml")
    (mistake,) = document.mistakes
    assert str(mistake) == "x.yaml:4: web.port: given twice, first on line 2; remove one"


def test_lines_are_known_by_key_path():
    document = parse("# a\nfolders:\n  - path: /a\n\n  - {path: /b,\n     name: c}\n", "x.yaml")
    assert document.place(("folders", 1, "name")) == ("x.yaml:6", 6)
    assert document.place(("folders", 0, "name")) == ("x.yaml:3", 3)
    assert document.place(("web", "port")) == ("x.yaml", 0)


def test_an_alias_that_holds_itself_ends():
    assert parse("a: &a\n  b: *a\n", "x.yaml").lines == {("a",): 1, ("a", "b"): 2}


def test_a_file_that_cannot_be_read_is_told(tmp_path):
    with pytest.raises(ConfigError, match="No such file"):
        load(tmp_path / "absent.yaml", {})
    with pytest.raises(ConfigError, match="Is a directory"):
        load(tmp_path, {})


def test_a_file_in_another_encoding_is_told(tmp_path):
    path = tmp_path / "latin.yaml"
    path.write_bytes("log:\n  # für\n  level: info\n".encode("latin-1"))
    with pytest.raises(ConfigError, match=r"latin\.yaml:2: not UTF-8 text"):
        load(path, {})


def test_a_byte_order_mark_is_no_mistake(tmp_path):
    path = tmp_path / "bom.yaml"
    path.write_bytes("﻿log: {level: error}\n".encode())
    assert load(path, {}).log.level == "error"
