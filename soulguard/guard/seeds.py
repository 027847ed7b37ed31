"""Random values drawn from the run, where a rule asks for it (``determinism``).

A restart that walks the same path draws the same `uuid.uuid4` and `random` values, so
that the path does not fork on them. A process has seeds of its own, a forked child too.
`secrets`, `os.urandom` and generators the agent makes itself are left alone.
"""

from __future__ import annotations

import os
from itertools import count

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_keys: dict[str, bytes] = {}
_drawn = count()
_forks = 0
_seed: Callable[..., Any] | None = None
_state: Any = None
_watching = _hooked = False


def start(seeds: dict[str, str]) -> None:
    """Draw from these seeds from now on, by the name of what they are for."""
    global _drawn, _watching
    _keys.update((name, bytes.fromhex(seed)) for name, seed in seeds.items())
    _drawn = count()
    if _keys and not _watching:
        _watching = True
        os.register_at_fork(before=_forking, after_in_child=_forked)


def stop() -> None:
    """Draw at random again; the module `random` goes on where it was before."""
    global _seed, _state
    _keys.clear()
    if _seed is not None:
        _seed.__self__.setstate(_state)  # type: ignore[attr-defined]
        _seed = _state = None


def uuid4() -> bytes | None:
    """Give the bytes of the next UUID, None where it is to be drawn at random."""
    key = _keys.get("uuid")
    # a number is taken by one thread alone: `next` holds the interpreter's lock
    return _derived(key, next(_drawn))[:16] if key else None


def _seeded(original: Any) -> Any:
    """Seed `random` once it is there; the agent's own `random.seed` goes before."""
    global _hooked, _seed, _state
    if "random" in _keys:
        _state = original.__self__.getstate()
        if not _hooked:
            # after that of `random` itself, which takes a seed of the system
            _hooked = True
            os.register_at_fork(after_in_child=_reseed)
        _seed = original
        _reseed()
    return original


def _reseed() -> None:
    if _seed is not None and "random" in _keys:
        _seed(_keys["random"])


def _forking() -> None:
    global _forks
    _forks += 1


def _forked() -> None:
    global _drawn, _forks
    for name, key in _keys.items():
        _keys[name] = _derived(b"fork" + key, _forks)
    _drawn, _forks = count(), 0


def _derived(key: bytes, number: int) -> bytes:
    # only where a rule asks for it: the import costs more than a start has
    from hashlib import sha256

    return sha256(key + number.to_bytes(8, "big")).digest()


TABLE = (("random", "seed", _seeded),)
