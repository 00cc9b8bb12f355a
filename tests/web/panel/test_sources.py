"""What the panel's own files must not do, whoever writes the next one."""

import re
from pathlib import Path

import pytest

import traumbox.web.panel

PANEL = Path(traumbox.web.panel.__file__).parent
SCRIPTS = sorted([*PANEL.glob("core/*.js"), *PANEL.glob("components/*.js")])
STYLES = sorted(PANEL.glob("static/*.css"))


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_names_and_tags_are_only_ever_text(path: Path) -> None:
    code = path.read_text()
    assert "v-html" not in code
    assert "document.write" not in code
    assert not re.search(r"\beval\(|new Function\(", code)
    if path.name != "icon.js":  # constant shapes only
        assert "innerHTML" not in code


@pytest.mark.parametrize("path", [*SCRIPTS, *STYLES], ids=lambda path: path.name)
def test_nothing_is_fetched_from_elsewhere(path: Path) -> None:
    assert not re.search(r"(https?:)?//[a-z0-9.-]+\.[a-z]{2,}/", path.read_text())


@pytest.mark.parametrize("path", sorted(PANEL.rglob("*.py")), ids=lambda path: path.name)
def test_python_hands_over_values_not_code(path: Path) -> None:
    code = path.read_text()
    assert "run_javascript" not in code
    assert "ui.html" not in code
    assert "add_body_html" not in code


def test_fonts_come_with_their_licence() -> None:
    notice = (PANEL / "static/fonts/OFL.txt").read_text()
    fonts = {path.name for path in (PANEL / "static/fonts").glob("*.woff2")}
    assert fonts == {"inter.woff2", "grotesk.woff2"}
    assert all(font in notice for font in fonts)
