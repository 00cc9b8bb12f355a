"""A package that is promised at its import and only loaded when something of it is used."""

from __future__ import annotations

import importlib
import sys
import threading
from collections.abc import Callable, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any, cast


class Deferred(MetaPathFinder, Loader):
    """Put in ``sys.meta_path``, stands in for ``package`` and everything below it.

    ``from package.models import Thing`` gives a promise: a class that may be named in annotations.
    Calling it, asking it for an attribute or for its instances loads the real package, for good.
    Not for packages whose classes others derive from or catch.
    """

    def __init__(self, package: str) -> None:
        self._package = package
        self._loading = threading.RLock()

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Answer for the package; see importlib.abc.MetaPathFinder."""
        del path, target
        if fullname.partition(".")[0] != self._package:
            return None
        return ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """Return a module with nothing in it but promises."""
        return _Hollow(spec.name, self.load)

    def exec_module(self, module: ModuleType) -> None:
        """Do nothing: there is nothing in it to run."""

    def load(self, module: str, name: str) -> Any:
        """Return the real thing, having loaded the real package."""
        with self._loading:
            if self in sys.meta_path:
                sys.meta_path.remove(self)
                for key, value in list(sys.modules.items()):
                    if isinstance(value, _Hollow) and key.partition(".")[0] == self._package:
                        del sys.modules[key]
            return getattr(importlib.import_module(module), name)


class _Hollow(ModuleType):
    def __init__(self, name: str, load: Callable[[str, str], Any]) -> None:
        super().__init__(name)
        self._load = load

    def __getattr__(self, name: str) -> type:
        if name.startswith("_"):  # what the import system probes for
            raise AttributeError(name)
        load, module = self._load, self.__name__
        return _Promise(name, (), {"__module__": module, "_real": lambda: load(module, name)})


class _Promise(type):
    """The class of promises: whatever is done with one is done with the real class."""

    _real: Callable[[], Any]

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        return cls._real()(*args, **kwargs)

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):  # what typing and abc probe for
            raise AttributeError(name)
        return getattr(cls._real(), name)

    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, cast("type", cls._real()))

    def __subclasscheck__(cls, subclass: type) -> bool:
        return issubclass(subclass, cast("type", cls._real()))
