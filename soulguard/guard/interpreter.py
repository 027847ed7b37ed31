"""Python command lines: is this an interpreter, and do its flags switch the guard off?

Pure; the supervisor asks the same questions of the command it starts.
"""

from __future__ import annotations

from os.path import basename

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def is_python(executable: str) -> bool:
    """Say whether an executable's name is that of a Python interpreter."""
    name = basename(executable)
    return name.startswith(("python", "pypy")) and "-config" not in name


def isolated(argv: Sequence[str]) -> bool:
    """Say whether a Python command line switches the guard's way in off.

    ``-E`` and ``-I`` ignore PYTHONPATH, ``-S`` never imports site
    (https://docs.python.org/3/using/cmdline.html).
    """
    skip = False
    for word in argv[1:]:
        if skip:
            skip = False
        elif not word.startswith("-") or word in ("-", "--"):
            return False
        elif not word.startswith("--"):
            found, skip = _flags(word[1:])
            if found is not None:
                return found
    return False


def _flags(letters: str) -> tuple[bool | None, bool]:
    """Read one bundle of short flags: isolated or not if that is settled by it, and
    whether the next word is an argument of its last flag.
    """
    for at, letter in enumerate(letters, 1):
        if letter in "IES":
            return True, False
        if letter in "cm":
            return False, False
        if letter in "WX":
            return None, at == len(letters)
    return None, False
