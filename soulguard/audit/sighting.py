"""Owns which calls of a module are effects, and which outcome their arguments give.

Rules, providers and what detects an earlier run are others' to say.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from soulguard.audit.calling import find, spread
from soulguard.audit.evaluating import Evaluator
from soulguard.audit.scopes import Module, Site, called, written
from soulguard.audit.values import (
    CONSTANT,
    HOLE,
    LIST,
    PATH,
    TEXT,
    Value,
    Values,
    readable,
    said,
)
from soulguard.model.signature import Argument, Case, Signature

_TEXTS = (TEXT, LIST)
_LONG = 300
"""Letters of a target that are kept for a person."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """An effectful call: its signature with what the arguments made of it.

    `target` is the text of what it is done to, with holes, None where nothing is known;
    `node` the expression that names it. `method` is upper case, empty if unknown.
    """

    site: Site
    call: ast.Call
    signature: Signature
    does: str
    twice: str
    prior: str
    target: str | None
    node: ast.expr | None
    method: str
    receiver: Value


def sightings(module: Module, evaluator: Evaluator) -> Iterator[Sighting]:
    """Give the effects of a module in the order they are written."""
    seen: set[int] = set()
    for site in sorted(module.sites, key=lambda each: each.at):
        name = called(site.call)
        wanted = None
        if not isinstance(site.call.func, ast.Attribute) or (
            evaluator.table.wanted(name) or evaluator.project.gives(name)
        ):
            wanted = _direct(site, evaluator)
        wanted = wanted or _handed(site, evaluator)
        if wanted and id(site.call) not in seen:
            seen.add(id(site.call))
            yield wanted


def _direct(site: Site, evaluator: Evaluator) -> Sighting | None:
    for callee in evaluator.calls.callees(site):
        if callee.path[:1] == "@":
            continue
        for signature in evaluator.table.matches(callee.path):
            if _our_own(callee, signature, evaluator):
                continue
            found = _sighting(site, site.call, signature, callee, evaluator)
            if found:
                return found
    return None


def _our_own(callee: Value, signature: Signature, evaluator: Evaluator) -> bool:
    """Whether the receiver is unknown and may be of a class of the audited code.

    Where the arguments tell (a statement of SQL), the name need not.
    """
    if callee.path[:2] != "?.":
        return False
    if any(case.skip and case.test == "given" for case in signature.cases):
        return False
    return evaluator.project.defines(callee.path.rpartition(".")[2])


def _handed(site: Site, evaluator: Evaluator) -> Sighting | None:
    """Give the effect of a function that is handed on to be called: `to_thread(f, x)`."""
    name = called(site.call)
    at = evaluator.table.hands_on(name)
    if at is None:
        return None
    handed = find(site.call, Argument(at, ("target", "func", "function", "fn")))
    if not isinstance(handed, (ast.Name, ast.Attribute)):
        return None
    rest = site.call.args[at + 1 :] if at >= 0 else _given(site.call)
    call = ast.copy_location(ast.Call(handed, rest, site.call.keywords), site.call)
    if name == "partial":
        return None  # it counts where it is called
    for callee in evaluator.values(handed, site.scope, site.block):
        for signature in evaluator.table.matches(callee.path):
            found = _sighting(site, call, signature, callee, evaluator)
            if found:
                return found
    return None


def _given(call: ast.Call) -> list[ast.expr]:
    """Give the arguments of ``Thread(target=f, args=(...))``."""
    given = find(call, Argument(-1, ("args",)))
    return given.elts if isinstance(given, (ast.Tuple, ast.List)) else []


def _sighting(
    site: Site, call: ast.Call, signature: Signature, receiver: Value,
    evaluator: Evaluator,
) -> Sighting | None:  # fmt: skip
    does, twice, prior = signature.does, signature.twice, ""
    for case in signature.cases:
        if _holds(case, call, site, evaluator):
            if case.skip:
                return None
            does, twice = case.does or does, case.twice or twice
            prior = case.prior
            break
    node, target = _target(signature, call, site, receiver, evaluator)
    if _nowhere(node, target, site, evaluator):
        return None
    method = _method(signature, call, site, evaluator)
    return Sighting(
        site, call, signature, does, twice, prior, target, node, method, receiver
    )  # fmt: skip


def _holds(case: Case, call: ast.Call, site: Site, evaluator: Evaluator) -> bool:
    node = find(call, case.argument)
    if node is None:
        if case.test == "unknown":
            return spread(call)
        return case.test == "absent" and not spread(call)
    if case.test in ("given", "absent"):
        return case.test == "given"
    found = _comparable(evaluator.values(node, site.scope, site.block), node)
    if case.test == "unknown":
        return not found
    if case.test == "is":
        return bool(found) and all(t.lower() == case.value.lower() for t in found)
    return any(re.search(case.value, said_so) for said_so in found)


def _comparable(found: Values, node: ast.expr) -> list[str]:
    """Give the texts an argument may be; what is written stands for a name or a dict."""
    texts = []
    for value in found:
        if value.path in (TEXT, PATH, CONSTANT) and value.text is not None:
            if value.text.replace(HOLE, "").strip():
                texts.append(value.text)
        elif value.path == LIST and value.items:
            words = _words(value)
            if words.replace(HOLE, "").strip():
                texts.append(words)
        elif isinstance(node, (ast.Attribute, ast.BinOp, ast.Dict)):
            texts.append(written(node))
    return texts


def _nowhere(
    node: ast.expr | None, target: str | None, site: Site, evaluator: Evaluator
) -> bool:
    """Whether what is written goes to memory, to the terminal, or to no place at all."""
    nowhere = evaluator.table.nowhere
    if target in nowhere:
        return True
    found = evaluator.values(node, site.scope, site.block) if node is not None else ()
    return bool(found) and all(value.path in nowhere for value in found)


def _target(
    signature: Signature, call: ast.Call, site: Site, receiver: Value,
    evaluator: Evaluator,
) -> tuple[ast.expr | None, str | None]:  # fmt: skip
    if signature.target is None:
        owner = call.func.value if isinstance(call.func, ast.Attribute) else None
        return owner, receiver.text
    node = find(call, signature.target)
    if node is None:
        return None, None
    found = evaluator.values(node, site.scope, site.block)
    texts = [_whole(value) for value in found if value.path.split(".")[0] in _TEXTS or value.path == PATH]  # fmt: skip
    known = [each for each in texts if each is not None]
    if len(known) != len(found) or not known:
        return node, None if not known else _first(known) if len(found) == 1 else None
    return node, _first(known)


def _words(value: Value) -> str:
    return " ".join(HOLE if item.path == CONSTANT and item.text == "None" else said(item) for item in value.items)  # fmt: skip


def _first(texts: list[str]) -> str:
    """Give the one text, or what the alternatives have in common as far as it goes."""
    if len(texts) == 1:
        return texts[0][:_LONG]
    best = max(texts, key=len)
    return best[:_LONG]


def _whole(value: Value) -> str | None:
    if value.path == LIST:
        return _words(value) or None
    return value.text


def _method(
    signature: Signature, call: ast.Call, site: Site, evaluator: Evaluator
) -> str:
    if signature.method_in is None:
        return _urllib(signature, call, site, evaluator) or signature.method
    found = evaluator.calls.argument(call, signature.method_in, site.scope, site.block)
    if len(found) == 1 and found[0].path == TEXT:
        return readable(said(found[0])).upper() if found[0].text != HOLE else ""
    return ""


def _urllib(
    signature: Signature, call: ast.Call, site: Site, evaluator: Evaluator
) -> str:
    """Give a method said beside the usual one, as `urllib.request.Request` takes it."""
    given = find(call, Argument(-1, ("method",))) if signature.does == "http.call" else None  # fmt: skip
    if given is None:
        return ""
    found = evaluator.values(given, site.scope, site.block)
    return said(found[0]).upper() if len(found) == 1 and found[0].path == TEXT and found[0].text != HOLE else ""  # fmt: skip
