"""The patch table: what is replaced, installed and removed in one place.

A patch is ``(module, attribute, make)``: `make(original)` gives the replacement. The
attribute may be dotted (``HTTPConnection.request``). A module that is not imported yet
is patched when the agent imports it and never imported by us; an attribute that does
not exist is no patch. Installing twice and removing nests safely.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    Patch = tuple[str, str, Callable[[Any], Any]]

_MISSING = object()


class Patches:
    """An installed set of patches with the originals to put back."""

    def __init__(self, table: Iterable[Patch]) -> None:
        self._waiting: dict[str, list[tuple[str, Callable[[Any], Any]]]] = {}
        self._done: list[tuple[Any, str, Any]] = []
        for module, attribute, make in table:
            self._waiting.setdefault(module, []).append((attribute, make))

    @property
    def modules(self) -> tuple[str, ...]:
        """The modules that still wait for their first import."""
        return tuple(self._waiting)

    def install(self) -> None:
        """Patch what is imported already and watch the imports for the rest."""
        for name in list(self._waiting):
            module = sys.modules.get(name)
            if module is not None and _initialised(module):
                self.apply(name, module)
        if self._waiting:
            sys.meta_path.insert(0, _Finder(self))

    def remove(self) -> None:
        """Put every original back, newest first."""
        while self._done:
            owner, attribute, original = self._done.pop()
            setattr(owner, attribute, original)
        sys.meta_path[:] = [
            f for f in sys.meta_path if getattr(f, "patches", None) is not self
        ]

    def apply(self, name: str, module: Any) -> None:
        """Patch one module that was just executed."""
        for attribute, make in self._waiting.pop(name, ()):
            owner, last = module, attribute
            for step in attribute.split(".")[:-1]:
                owner = getattr(owner, step, None)
            last = attribute.rpartition(".")[2]
            original = getattr(owner, last, _MISSING)
            if owner is None or original is _MISSING:
                continue
            if getattr(original, "_soulguard", False):
                # the same class under a second module name (an alias): once is enough
                continue
            replacement = make(original)
            if replacement is not original:
                self._done.append((owner, last, original))
                setattr(owner, last, replacement)


class _Finder:
    """Wait for the imports of the modules in the table; pass everything else on.

    The loader keeps its type and identity (resource readers, `inspect.getsource` and
    reload look at it): only `exec_module` of that one instance is wrapped, once.
    """

    def __init__(self, patches: Patches) -> None:
        self.patches = patches
        self._looking: set[str] = set()

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        if name not in self.patches._waiting or name in self._looking:
            return None
        # another set of patches may wait for the same module and come back to us
        self._looking.add(name)
        try:
            return self._find(name, path, target)
        finally:
            self._looking.discard(name)

    def _find(self, name: str, path: Any, target: Any) -> Any:
        for finder in sys.meta_path:
            if finder is self or not hasattr(finder, "find_spec"):
                continue
            spec = finder.find_spec(name, path, target)
            if spec is not None:
                self._hook(name, spec)
                return spec
        return None

    def _hook(self, name: str, spec: Any) -> None:
        loader, patches = spec.loader, self.patches
        execute = getattr(loader, "exec_module", None)
        if execute is None:
            return

        def exec_module(module: Any) -> None:
            try:
                del loader.exec_module
            except AttributeError:
                pass
            execute(module)
            patches.apply(name, module)

        try:
            loader.exec_module = exec_module
        except AttributeError:
            # a loader that takes no attributes (a frozen or built-in module)
            return


def _initialised(module: Any) -> bool:
    spec = getattr(module, "__spec__", None)
    return not getattr(spec, "_initializing", False)
