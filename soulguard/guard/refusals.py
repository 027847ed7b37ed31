"""Turn a broker's refusal into the exception the agent gets. Nothing is decided here."""

from __future__ import annotations

import errno

from soulguard import errors

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_FILES = {
    "duplicate-write": (errors.DuplicateWriteError, errno.EEXIST),
    "unguarded-write": (errors.UnguardedWriteError, errno.EACCES),
    "denied": (errors.DeniedError, errno.EACCES),
}
_CALLS = {
    "denied-call": errors.DeniedCallError,
    "in-doubt": errors.InDoubtError,
    "duplicate-call": errors.DuplicateCallError,
    "guard-unavailable": errors.GuardUnavailable,
}


def refusal(decision: dict[str, Any], filename: object = None) -> Exception:
    """Give the exception for a refusing decision; `data.error` holds its slug.

    `filename` is what the agent passed, so that the error reads like the one a plain
    `open` would have raised.
    """
    slug = decision.get("data", {}).get("error", "denied")
    text = decision.get("message") or decision.get("reason", "")
    if slug in _CALLS:
        error: Any = _CALLS[slug](text)
    else:
        kind, number = _FILES.get(slug, _FILES["denied"])
        error = kind(number, text) if filename is None else kind(number, text, filename)
    error.decision = decision
    return error  # type: ignore[no-any-return]
