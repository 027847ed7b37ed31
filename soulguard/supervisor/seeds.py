"""Owns the seeds of processes under a ``determinism`` rule: the same at every restart.

A process is known by who started it, its command line, and which of several equal ones
it is. What is drawn from a seed is the guard's.
"""

from __future__ import annotations

import hmac
import json
from collections import Counter
from hashlib import sha256

from soulguard.model import Action
from soulguard.supervisor.broker import Message
from soulguard.supervisor.session import Session


class Seeds:
    """The seeds of one attempt's processes."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._names: dict[int, str] = {}
        self._equal: Counter[str] = Counter()

    def of(self, hello: Message) -> dict[str, str]:
        """Give the seeds of a process that says hello, by what they are for, in hex."""
        parent = self._names.get(hello["parent"], "")
        name = _digest(parent, json.dumps(hello["argv"]))
        # counted with or without the rule: an edit must not renumber the others
        self._equal[name] += 1
        name = _digest(name, str(self._equal[name]))
        self._names[hello["pid"]] = name
        return {source: self._seed(source, name) for source in self._sources()}

    def _sources(self) -> list[str]:
        rules = self._session.engine.policy.rules
        asked = (r.params["sources"] for r in rules if r.action is Action.SEED)
        return sorted({source for sources in asked for source in sources})

    def _seed(self, source: str, name: str) -> str:
        run = self._session.run
        words = f"determinism {run.run_id} {source} {name}".encode()
        return hmac.new(run.secret, words, sha256).hexdigest()


def _digest(*words: str) -> str:
    return sha256("\n".join(words).encode("utf-8", "surrogateescape")).hexdigest()
