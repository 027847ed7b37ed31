"""Owns deduplication keys in calls: an argument, a header or a field that carries one.

Whether the service honours it is `services`'s to know.
"""

from __future__ import annotations

import ast
import re

from soulguard.audit.calling import find
from soulguard.audit.evaluating import Evaluator
from soulguard.audit.priors import Prior, short
from soulguard.audit.sighting import Sighting
from soulguard.audit.values import DICT
from soulguard.model.signature import Argument

_KEYLIKE = re.compile(r"(?i)idempoten|^x?-?request-id$|dedup")
_HEADERS = Argument(-1, ("headers", "extra_headers"))
_BODIES = Argument(-1, ("json", "data", "body"))
_KEY = ("idempotency_key", "idempotencyKey", "IdempotencyKey")
_DRAWN = (
    "uuid.uuid1", "uuid.uuid4", "secrets.", "random.", "time.time", "os.urandom",
    "datetime.datetime.now", "datetime.datetime.utcnow", "time.monotonic",
)  # fmt: skip


def key(seen: Sighting, carrier: str, evaluator: Evaluator) -> Prior | None:
    """Give the deduplication key that the call carries, if it does.

    `carrier` is the header or field the service takes it in, empty if unknown.
    """
    found = _argument(seen, carrier) or _entry(seen, carrier, evaluator)
    if found is None:
        return None
    name, node = found
    if isinstance(node, ast.Constant) and node.value is None:
        return None
    if _is_drawn(node, seen, evaluator):
        return Prior(f"`{name}`, drawn anew: a restart draws another", key=True)
    return Prior(f"`{name}={short(node)}`", sure=True, key=True)


def _argument(seen: Sighting, carrier: str) -> tuple[str, ast.expr] | None:
    names = {*seen.signature.key, *_KEY, carrier.partition(".")[0]} - {""}
    for keyword in seen.call.keywords:
        if keyword.arg in names:
            return keyword.arg, keyword.value
    return None


def _entry(
    seen: Sighting, carrier: str, evaluator: Evaluator
) -> tuple[str, ast.expr] | None:
    """Give the header or field of a dict that is a key."""
    if seen.does != "http.call":
        return None
    for place in (_HEADERS, _BODIES):
        node = find(seen.call, place)
        found = evaluator.values(node, seen.site.scope, seen.site.block)
        for value in found if node is not None else ():
            entries = value.of.entries() if value.path == DICT and value.of else ()
            for name, said in entries:
                written = str(name.value) if isinstance(name, ast.Constant) else ""
                if _is_key(written, carrier, headers=place is _HEADERS):
                    return written, said
    return None


def _is_key(name: str, carrier: str, *, headers: bool) -> bool:
    if carrier and name.lower() == carrier.lower():
        return True
    return bool(_KEYLIKE.search(name)) and (headers or "idempoten" in name.lower())


def _is_drawn(node: ast.expr, seen: Sighting, evaluator: Evaluator) -> bool:
    """Whether anything in an expression comes from chance or the clock."""
    scope, block = seen.site.scope, seen.site.block
    return any(
        value.path.startswith(_DRAWN)
        for each in ast.walk(node)
        if isinstance(each, (ast.Name, ast.Call, ast.Attribute))
        for value in evaluator.values(each, scope, block)
    )
