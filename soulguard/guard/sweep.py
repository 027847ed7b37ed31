"""Rebind what modules captured from `os` and `io` before the guard came up.

Code in ``.pth`` files runs before us and may import half the standard library. Looked
at: module globals, default arguments of functions and of methods, and the class
attributes of `pathlib` on 3.10. Nothing outside the standard library is touched: an
installed package that a ``.pth`` file loaded keeps its own names, and the audit hook
sees what it does with them.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Table = dict[object, object]

_OURS = ("posix", "_io", "os", "io", "builtins")


def sweep(table: Table) -> None:
    """Replace every captured original by its stand-in; `table` maps one to the other."""
    builtin, function = type(len), type(sweep)
    for name, module in list(sys.modules.items()):
        if name in _OURS or name.partition(".")[0] not in sys.stdlib_module_names:
            continue
        space = getattr(module, "__dict__", None)
        if not isinstance(space, dict):
            continue
        for key, value in list(space.items()):
            kind = type(value)
            if kind is builtin:
                if value in table:
                    space[key] = table[value]
            elif kind is function:
                _defaults(value, table)
            elif kind is type and value.__module__ == name:
                _class(value, table)


def _class(value: type, table: Table) -> None:
    for key, member in list(vars(value).items()):
        plain = getattr(member, "__func__", member)
        if type(plain) is type(len):
            if plain in table:
                setattr(value, key, table[plain])
        elif type(plain) is type(sweep):
            _defaults(plain, table)


def _defaults(function: Any, table: Table) -> None:
    values = function.__defaults__
    if values and any(type(v) is type(len) and v in table for v in values):
        function.__defaults__ = tuple(
            table[v] if type(v) is type(len) and v in table else v for v in values
        )
