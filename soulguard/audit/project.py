"""Owns the modules of an audited tree: reading them, and finding one by its name.

Reads files; executes and imports none of them.
"""

from __future__ import annotations

import ast
import os.path
import sys
import warnings
from pathlib import Path

from soulguard.audit.findings import Trouble
from soulguard.audit.indexing import index
from soulguard.audit.scopes import Module, Site, called

MAX_SIZE = 4 * 1024 * 1024
"""Bytes a source file may have; a larger one is data."""


class Project:
    """The modules that could be read, by their dotted names."""

    def __init__(self) -> None:
        self.modules: list[Module] = []
        self.troubles: list[Trouble] = []
        self._by_name: dict[str, Module] = {}
        self._by_file: dict[str, Module] = {}
        self._callers: dict[str, list[Site]] = {}
        self._packages: dict[Path, bool] = {}
        self._methods: set[str] = set()
        self._given: set[str] = set()

    def add(self, file: Path, shown: str) -> Module | None:
        """Read one file; what is wrong with it is among the troubles."""
        read = self._read(file, shown)
        if read is None:
            return None
        tree, name = read, self._name(file)
        package = name if file.name == "__init__.py" else name.rpartition(".")[0]
        try:
            module = index(tree, file, shown, name, package)
        except RecursionError:
            self._trouble(shown, 1, "nested too deeply to be read")
            return None
        self.modules.append(module)
        self._by_name.setdefault(name, module)
        self._by_file[str(file)] = module
        self._methods.update(module.methods)
        self._given.update(module.given)
        for site in module.sites:
            name = called(site.call)
            self._callers.setdefault(name, []).append(site)
        return module

    def find(self, name: str, near: Path) -> Module | None:
        """Give the module of a dotted name, None where it is none of the tree's.

        `near` is the file that asks: scripts import what stands beside them.
        """
        if name.partition(".")[0] in sys.stdlib_module_names:
            return None
        beside = f"{os.path.dirname(near)}/{name.replace('.', '/')}"
        for file in (f"{beside}.py", f"{beside}/__init__.py"):
            if file in self._by_file:
                return self._by_file[file]
        return self._by_name.get(name)

    def callers(self, name: str) -> list[Site]:
        """Give the calls of anything of this name."""
        return self._callers.get(name, [])

    def defines(self, name: str) -> bool:
        """Whether a class of the tree has a method of this name."""
        return name in self._methods

    def gives(self, name: str) -> bool:
        """Whether the tree gives this name to something, which may be an effect."""
        return name in self._given

    def _read(self, file: Path, shown: str) -> ast.Module | None:
        try:
            if file.stat().st_size > MAX_SIZE:
                self._trouble(shown, 0, f"larger than {MAX_SIZE // 1024 // 1024} MiB")
                return None
            data = file.read_bytes()
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return ast.parse(data)
        except SyntaxError as error:
            said = " ".join((error.msg or "not Python").split())
            self._trouble(shown, error.lineno or 1, f"not Python: {said}")
        except (RecursionError, MemoryError):
            self._trouble(shown, 1, "nested too deeply to be read")
        except OSError as error:
            self._trouble(shown, 0, f"cannot be read: {error.strerror}")
        except ValueError as error:  # a null byte, an unknown encoding
            self._trouble(shown, 1, f"not Python: {error}")
        return None

    def _trouble(self, shown: str, line: int, message: str) -> None:
        self.troubles.append(Trouble(shown, line, message))

    def _name(self, file: Path) -> str:
        """Give the dotted name a file is imported by: its packages, then its own."""
        parts = [] if file.stem == "__init__" else [file.stem]
        folder = file.parent
        while self._is_package(folder) and folder.name:
            parts.insert(0, folder.name)
            folder = folder.parent
        return ".".join(parts) or folder.name

    def _is_package(self, folder: Path) -> bool:
        found = self._packages.get(folder)
        if found is None:
            found = self._packages[folder] = (folder / "__init__.py").is_file()
        return found
