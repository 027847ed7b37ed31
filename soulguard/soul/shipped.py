"""Owns finding the policies that ship with soulguard, in a checkout and in a wheel.

Nothing else may guess where that folder is.
"""

from __future__ import annotations

import functools
from pathlib import Path

from soulguard.errors import PolicyError


@functools.cache
def folder() -> Path:
    """Give the folder of shipped policies.

    Installed it is ``soulguard/_policies``, in a checkout ``policies`` beside the
    package; the checkout's wins, so that an edit there is seen at once.

    Raises:
        PolicyError: the installation is incomplete.
    """
    package = Path(__file__).resolve().parent.parent
    for place in (package.parent / "policies", package / "_policies"):
        if (place / "defaults.yaml").is_file():
            return place
    raise PolicyError(
        "the shipped policies are missing",
        where=str(package / "_policies"),
        hint="install soulguard again",
    )


def shipped(name: str) -> Path:
    """Give the path of one shipped file, such as ``defaults.yaml``."""
    return folder() / name
