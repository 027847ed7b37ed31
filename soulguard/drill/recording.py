"""Owns what the outside world answered once, and which answer belongs to a request.

Comes from a real run, or from the ledger of one that has completed. Nothing is sent.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from soulguard.drill.results import Request
from soulguard.effects import carriers, mail, secrecy
from soulguard.effects.fingerprint import Fingerprint, fingerprint
from soulguard.guard.http import wire
from soulguard.ledger.protocol import Ledger
from soulguard.model import EffectKind, EffectRecord, EffectState, Noun
from soulguard.model.call import Call
from soulguard.supervisor.facts import Facts

SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
"""Methods that ask for nothing to happen (RFC 9110 section 9.2.1)."""

_IDEMPOTENT = frozenset({"PUT", "DELETE"})
_SECRET = b"drill"


@dataclass(frozen=True, slots=True)
class Exchange(Noun):
    """One request and what was answered.

    `chunks` is the body as it came, `at` when it was asked in Unix seconds.
    """

    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    status: int
    reason: str
    answer_headers: tuple[tuple[str, str], ...]
    chunks: tuple[bytes, ...]
    at: float = 0.0

    @property
    def call(self) -> Call:
        """The request."""
        return Call(self.method, self.url, self.headers, self.body, at=self.at)


@dataclass(frozen=True, slots=True)
class Recording(Noun):
    """All exchanges of one run in their order."""

    exchanges: tuple[Exchange, ...] = ()


def from_ledger(ledger: Ledger, run_id: str) -> Recording:
    """Give what was answered to the calls of a run on record."""
    found = ledger.find_effects(
        run_id, kind=EffectKind.HTTP_CALL, states=(EffectState.DONE.value,)
    )
    found.sort(key=lambda record: record.id)
    return Recording(tuple(filter(None, (_exchange(ledger, r) for r in found))))


def _exchange(ledger: Ledger, record: EffectRecord) -> Exchange | None:
    result, intent = record.result, record.intent
    if "status" not in result or result.get("large"):
        return None
    body = ledger.blob(record.request) if record.request else b""
    answer = ledger.blob(record.response) if record.response else b""
    kept = [(str(n), str(v)) for n, v in result.get("headers", ())]
    kind = str(intent.get("type", ""))
    return Exchange(
        str(intent["method"]), str(intent["url"]),
        (("Content-Type", kind),) if kind else (), body or b"",
        int(result["status"]), str(result.get("reason", "")),
        tuple(h for h in kept if h[1] != secrecy.HIDDEN),
        tuple(wire.split(answer or b"", list(result.get("chunks", ())))),
        float(intent.get("first_sent", 0.0)),
    )  # fmt: skip


@dataclass(slots=True)
class _Place:
    """Where in the recording an answer was taken from."""

    key: str
    at: int


@dataclass(slots=True)
class Answers:
    """The service's memory over one walk: what reached it, and what it said.

    `fetch` makes a call for real; without it only what is recorded is answered.
    `harmless` are patterns of calls that may be repeated.
    """

    recording: Recording
    facts: Facts
    fetch: Callable[[Call], Exchange] | None = None
    harmless: tuple[str, ...] = ()
    requests: list[Request] = field(default_factory=list)
    made: list[Exchange] = field(default_factory=list)
    _index: dict[str, list[Exchange]] = field(default_factory=dict)
    _used: Counter[str] = field(default_factory=Counter)
    _keyed: dict[tuple[str, str], _Place] = field(default_factory=dict)
    _acted: dict[str, list[_Place]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        """Find the exchanges by what they can be recognised by."""
        for exchange in self.recording.exchanges:
            prints = fingerprint(exchange.call, _SECRET)
            for key in _keys(exchange.call, prints):
                self._index.setdefault(key, []).append(exchange)

    def ask(self, call: Call, name: str, attempt: int, at: str) -> Exchange | None:
        """Take note of a request and give its answer, None where there is none."""
        prints = fingerprint(call, _SECRET)
        is_mail = call.method == mail.METHOD
        provider = mail.SMTP if is_mail else self.facts.providers.of(call)
        key = carriers.existing(provider, call, prints.value)
        honoured = carriers.protection(provider, call, key) == carriers.HONOURED
        with self._lock:
            place = self._keyed.get((provider.id, key)) if key and honoured else None
            recognised, match = place is not None, "exact"
            if place is None:
                place, match = self._next(call, prints)
            if place is not None:
                self._used[place.key] = max(self._used[place.key], place.at + 1)
                self._acted.setdefault(name, []).append(place)
                if key and honoured:
                    self._keyed[provider.id, key] = place
            self.requests.append(Request(
                prints.normalised, name, attempt, key, recognised,
                self._is_harmless(call, name), match, at,
            ))  # fmt: skip
        if self.fetch is not None and not is_mail:
            self.made.append(exchange := self.fetch(call))
            return exchange
        return None if place is None else self._index[place.key][place.at]

    def again(self, recorded: Callable[[str], int]) -> None:
        """Take back the answers that the next attempt cannot know of.

        `recorded` gives how many calls of a name are on record; the rest of them will be
        made again, and gets the same answers again.
        """
        with self._lock:
            for name, places in self._acted.items():
                for place in reversed(places[recorded(name) :]):
                    self._used[place.key] = min(self._used[place.key], place.at)
                del places[recorded(name) :]

    def _next(self, call: Call, prints: Fingerprint) -> tuple[_Place | None, str]:
        for how, key in zip(_HOW, _keys(call, prints), strict=True):
            found = self._index.get(key)
            if found:
                return _Place(key, min(self._used[key], len(found) - 1)), how
        return None, "none"

    def _is_harmless(self, call: Call, name: str) -> bool:
        if call.method in SAFE or call.method in _IDEMPOTENT:
            return True
        if any(fnmatchcase(name.removeprefix("call "), p) for p in self.harmless):
            return True
        return self.facts.inference.owns(call)


_HOW = ("exact", "normalised", "place")


def _keys(call: Call, prints: Fingerprint) -> Iterable[str]:
    query = call.split.query if call.method in SAFE else ""
    place = f"{call.slot}?{query}" if query else call.slot
    return (f"=:{prints.exact}", f"~:{prints.normalised}", f"@:{place}")
