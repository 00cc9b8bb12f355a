import importlib
import sys
from typing import Optional

import pytest

from traumbox.daemon.deferred import Deferred


@pytest.fixture
def catalogue(tmp_path, monkeypatch):
    """A package on disk that notes in ``loaded`` when it is really imported."""
    package = tmp_path / "costly_catalogue"
    (package / "models").mkdir(parents=True)
    (package / "__init__.py").write_text("import sys\nsys.loaded_for_real = True\n")
    (package / "models" / "__init__.py").write_text(
        "class Table:\n"
        "    kind = 'table'\n"
        "    def __init__(self, name):\n"
        "        self.name = name\n"
        "    @classmethod\n"
        "    def of(cls, name):\n"
        "        return cls(name)\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "loaded_for_real", False, raising=False)
    finder = Deferred("costly_catalogue")
    sys.meta_path.insert(0, finder)
    yield
    if finder in sys.meta_path:
        sys.meta_path.remove(finder)
    for name in [name for name in sys.modules if name.startswith("costly_catalogue")]:
        del sys.modules[name]


def promised():
    return importlib.import_module("costly_catalogue.models").Table


def test_naming_it_loads_nothing(catalogue):
    table = promised()
    assert Optional[table] is not None  # noqa: UP045 - what older code writes
    assert (table | None) is not None

    def annotated(_: table) -> table: ...

    assert annotated.__annotations__["return"] is table
    assert not sys.loaded_for_real


@pytest.mark.parametrize(
    "use",
    [
        lambda table: table("x").name == "x",
        lambda table: table.of("x").name == "x",
        lambda table: table.kind == "table",
        lambda table: not isinstance(5, table),
        lambda table: not issubclass(int, table),
    ],
)
def test_using_it_is_using_the_real_one(catalogue, use):
    table = promised()
    assert use(table)
    assert sys.loaded_for_real
    real = promised()
    assert real is not table
    assert isinstance(table("y"), real)


def test_an_old_promise_holds_after_loading(catalogue):
    one, other = promised(), promised()
    assert isinstance(one("x"), other)
    assert issubclass(promised(), one)


def test_what_isnt_there_is_said_when_it_is_used(catalogue):
    nothing = importlib.import_module("costly_catalogue.models").Nothing
    with pytest.raises(AttributeError, match="Nothing"):
        nothing()


def test_other_packages_are_none_of_its_business(catalogue):
    assert Deferred("costly_catalogue").find_spec("costly_catalogues") is None
    assert Deferred("costly_catalogue").find_spec("json") is None
