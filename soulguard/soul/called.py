"""Owns services as a sentence names them: the calls that go to one.

A host is itself, a service that ships stands for its domains, an unknown one with a
capital letter for every host with its name in it. *API calls* alone are those to hosts
that are neither local nor a model. What is said of the calls is the families' business.
"""

from __future__ import annotations

import re

from soulguard.model import Where
from soulguard.soul import literals
from soulguard.soul.drafts import UNSAFE, World
from soulguard.soul.literals import Kind

RECEIVERS = frozenset(
    ("recipient", "recipients", "addressee", "addressees", "bcc", "cc")
)
"""Words of who gets mail: hosts beside them are those of addresses."""

_GENERIC = frozenset(("api", "http", "external", "outgoing", "outbound", "rest"))
_NO_SERVICE = frozenset(
    ("such", "function", "tool", "method", "phone", "sales", "other", "every", "each",
     "all", "any", "never", "always", "only", "new", "blog", "your", "their", "max", "get", "head", "post", "put", "patch", "delete")
)  # fmt: skip
_NAME = re.compile(r"[A-Z][A-Za-z]{3,}")


def calls_to(who: str, world: World) -> Where | None:
    """Give the calls that change something at a service; None where it is none."""
    who = who.strip("` ")
    low = who.lower()
    if low in _GENERIC:
        local = (*world.hosts("local"), *world.hosts("model-apis"))
        return Where(methods=UNSAFE, except_hosts=local)
    named = [x.text for x in literals.find(who) if x.kind is Kind.HOST]
    hosts = tuple(literals.host(text) for text in named) or world.service(low)
    if not hosts and _NAME.fullmatch(who) and low not in _NO_SERVICE:
        hosts = (f"*{low}*",)
    return Where(hosts=hosts, methods=UNSAFE) if hosts else None
