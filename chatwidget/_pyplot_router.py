"""The figures that code makes with pyplot, kept apart: the part of `capture.py` for `plt.plot()` and `plt.show()`.

pyplot knows its open figures, and the current one, by one mapping for the whole process, so that `plt.show()` in one
tool shows and closes what another is still drawing. While captures are open, that mapping is a router: captured code
sees the figures of its capture, all other code those that were there.
"""

from __future__ import annotations

import sys
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

MODULE = "matplotlib._pylab_helpers"

Figures = OrderedDict[Any, Any]
Find = Callable[[], Figures | None]


def install(find: Find, when_imported: Callable[[], None]) -> None:
    """Route pyplot's figures to `find()`; before pyplot is imported, have `when_imported` called once it is."""
    registry = getattr(sys.modules.get(MODULE), "Gcf", None)
    if registry is None:
        _Finder.wait(when_imported)
    elif not isinstance(registry.figs, _Router):
        registry.figs = _Router(registry.figs, find)


def uninstall() -> None:
    """Put back the mapping that was there."""
    registry = getattr(sys.modules.get(MODULE), "Gcf", None)
    if registry is not None and isinstance(registry.figs, _Router):
        registry.figs = registry.figs._original


def take(figures: Figures) -> list[Any]:
    """Close all figures of a mapping and return them, oldest first."""
    managers = sorted(figures.values(), key=lambda manager: int(manager.num))
    figures.clear()
    made = [manager.canvas.figure for manager in managers]
    for manager in managers:
        with suppress(Exception):  # a window may refuse to be closed from another thread than its own
            manager.destroy()
    return made


class _Router:
    """Stands for the mapping of the calling code."""

    def __init__(self, original: Figures, find: Find) -> None:
        self._original = original
        self._find = find

    def _figures(self) -> Figures:
        mine = self._find()
        return self._original if mine is None else mine

    def __getattr__(self, name: str) -> Any:
        return getattr(self._figures(), name)

    def __getitem__(self, key: Any) -> Any:
        return self._figures()[key]

    def __setitem__(self, key: Any, value: Any) -> None:
        self._figures()[key] = value

    def __delitem__(self, key: Any) -> None:
        del self._figures()[key]

    def __contains__(self, key: object) -> bool:
        return key in self._figures()

    def __iter__(self) -> Iterator[Any]:
        return iter(self._figures())

    def __reversed__(self) -> Iterator[Any]:
        return reversed(self._figures())

    def __len__(self) -> int:
        return len(self._figures())


class _Finder(MetaPathFinder):
    """Waits for the first import of pyplot, which is often inside a tool.

    It stays in `sys.meta_path` for good: taking it out could make another thread's import pass over its neighbour.
    """

    def __init__(self) -> None:
        self.when_imported: Callable[[], None] | None = None

    @staticmethod
    def wait(when_imported: Callable[[], None]) -> None:
        """Have a function called after the import."""
        if _finder not in sys.meta_path:
            sys.meta_path.insert(0, _finder)
        _finder.when_imported = when_imported

    def find_spec(self, name: str, path: Any = None, target: ModuleType | None = None) -> ModuleSpec | None:
        if name != MODULE:
            return None
        others = (finder for finder in list(sys.meta_path) if finder is not self)
        spec = next(filter(None, (finder.find_spec(name, path, target) for finder in others)), None)
        if spec is not None and spec.loader is not None:
            execute = spec.loader.exec_module

            def exec_module(module: ModuleType) -> None:
                execute(module)
                if self.when_imported is not None:
                    self.when_imported()

            spec.loader.exec_module = exec_module  # type: ignore[method-assign]
        return spec


_finder = _Finder()
