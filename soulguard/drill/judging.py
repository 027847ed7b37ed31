"""Owns what a crash at a point comes to: a walk held against the uninterrupted one.

Pure: looks at two walks and says what happened twice, is torn, lost, different or held.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from soulguard.drill.results import (
    Category,
    Difference,
    Finding,
    Point,
    Request,
    Verdict,
    Walk,
)

_DRAWN = "(?:[a-z0-9_]{8}|[0-9a-f]{32}|[0-9a-f-]{36}|[0-9]+)"
"""What `*` stands for in the name of an effect (`probe.drawn`)."""


@dataclass(frozen=True, slots=True)
class Measure:
    """What a walk is held against.

    `whole` is an uninterrupted walk, `noise` what differs between two of these, by path.
    `outputs` are the files at its end. `harmless` are patterns of effects that may be
    repeated.
    """

    whole: Walk
    outputs: frozenset[str]
    noise: Mapping[str, Difference] = field(default_factory=dict)
    harmless: tuple[str, ...] = ()


def judge(point: Point, walk: Walk, measure: Measure) -> Verdict:
    """Say what a crash at a point came to."""
    findings = tuple(_findings(point, walk, measure))
    wrong = any(f.wrong for f in findings)
    if walk.trouble or (not walk.reached and not wrong):
        category = Category.NOT_REACHED
    elif wrong:
        category = Category.UNSAFE
    else:
        category = Category.HELD if walk.held else Category.SAFE
    return Verdict(point, category, findings, walk.seconds)


def repeated(walk: Walk, whole: Walk) -> int:
    """Count the requests that were made again and change nothing by it."""
    more = _counts(r for r in walk.requests if r.harmless and not r.recognised)
    more -= _counts(r for r in whole.requests if r.harmless and not r.recognised)
    return more.total()


def _findings(point: Point, walk: Walk, measure: Measure) -> Iterable[Finding]:
    if walk.trouble:
        yield Finding(walk.trouble.strip().splitlines()[-1], "the drill itself")
        return
    if not walk.reached:
        yield Finding("the agent did not come by here again", "", wrong=False)
    yield from _held(point, walk)
    yield from _end(walk)
    yield from _requests(walk, measure)
    yield from _performed(walk, measure)
    if walk.torn and walk.torn in measure.outputs:
        yield Finding("a reader saw half of it until the restart", walk.torn, point.at)
    if walk.completed:
        yield from _files(walk, measure)
    for kind, what, at in walk.notes:
        if kind != "command":
            yield Finding(_NOTES[kind], what, at)


_NOTES = {
    "escape": "it was written to in the real workspace, which the drill refused",
    "refused": "a connection that the drill refused",
    "unanswered": "no recorded answer: the uninterrupted run did not ask this",
    "unreachable": "it could not be reached",
    "broken": "the drill itself went wrong",
}


def _held(point: Point, walk: Walk) -> Iterable[Finding]:
    for held in walk.held:
        knows = {
            True: "it happened: settled with `--happened`",
            False: "it did not happen: settled with `--did-not`",
            None: "nobody here knows whether it happened",
        }[held.happened]
        words = (
            f"waits for a person (`soulguard resolve RUN {held.effect_id}`); {knows}"
        )
        after = "" if walk.completed else f", then the agent ended with {_status(walk)}"
        yield Finding(
            words + after, held.effect.removeprefix("call "), point.at, wrong=False
        )


def _end(walk: Walk) -> Iterable[Finding]:
    if walk.hung:
        yield Finding("it hung and was stopped", "the agent")
    elif not walk.completed and not walk.held:
        said = walk.said.splitlines()[-1:] or ["it said nothing"]
        yield Finding(f"did not complete ({_status(walk)}): {said[0]}", "the agent")


def _status(walk: Walk) -> str:
    return f"status {walk.statuses[-1]}" if walk.statuses else "no status"


def _requests(walk: Walk, measure: Measure) -> Iterable[Finding]:
    """Compare what reached the service, by what was asked."""
    unsteady = {r.name for r in measure.whole.requests if r.match == "place"}
    made = [r for r in walk.requests if not r.harmless and not r.recognised]
    due = [r for r in measure.whole.requests if not r.harmless and not r.recognised]
    if unsteady:
        made = [_by_name(r, unsteady) for r in made]
        due = [_by_name(r, unsteady) for r in due]
    more, fewer = _counts(made) - _counts(due), _counts(due) - _counts(made)
    by_identity = {r.identity: r for r in (*due, *made)}
    known = _counts(due)
    for identity, count in more.items():
        request = by_identity[identity]
        if not known[identity]:
            words, unknown = (
                "another request than the uninterrupted run's",
                _unknown(walk),
            )
            if unknown:
                name = request.name.removeprefix("call ")
                yield Finding(f"{words}, {unknown}", name, request.at, wrong=False)
                continue
        else:
            words = f"sent {_times(known[identity] + count)}, {known[identity]} is due"
            words += _key_words(request)
        yield Finding(words, request.name.removeprefix("call "), request.at)
    if walk.completed and not _unknown(walk):
        for identity in fewer:
            request = by_identity[identity]
            yield Finding("never sent", request.name.removeprefix("call "), request.at)


def _by_name(request: Request, names: set[str]) -> Request:
    if request.name not in names:
        return request
    data = {**request.to_json(), "identity": request.name}
    return Request.from_json(data)


def _key_words(request: Request) -> str:
    if request.key:
        return "; its key is not known to be honoured there"
    return "; without a key"


def _counts(requests: Iterable[Request]) -> Counter[str]:
    return Counter(r.identity for r in requests)


def _times(count: int) -> str:
    return "twice" if count == 2 else f"{count} times"


def _performed(walk: Walk, measure: Measure) -> Iterable[Finding]:
    """Compare files written, programs started and effects the agent names itself."""
    due = measure.whole.performed
    for name, count in walk.performed.items():
        kind, _, what = name.partition(" ")
        if count <= due.get(name, 0) or any(
            fnmatchcase(what, pattern) for pattern in measure.harmless
        ):
            continue
        if kind == "write" and what in measure.outputs and due.get(name, 0) == 1:
            # what the agent writes several times anyway is its own state, no output
            yield Finding(f"written {_times(count)} in one run", what, _at(walk, name))
        elif kind == "command":
            words = f"ran {_times(count)}, {due.get(name, 0)} is due"
            yield Finding(words, f"`{what}`", _at(walk, name))
        elif kind == "effect":
            yield Finding(f"made {_times(count)}", what, _at(walk, name))
    if walk.completed:
        for name, count in due.items():
            kind, _, what = name.partition(" ")
            if kind in ("command", "effect") and walk.performed.get(name, 0) < count:
                yield Finding("never made", what)


def _at(walk: Walk, name: str) -> str:
    return walk.places.get(name, "")


def _files(walk: Walk, measure: Measure) -> Iterable[Finding]:
    unknown = _unknown(walk)
    for difference in walk.differs:
        noise = measure.noise.get(difference.path)
        steady = noise is None or (noise.same_shape and not difference.same_shape)
        words = difference.words
        if not steady:
            words = f"differs, as between two whole runs: {words}"
        elif unknown and difference.kind == "content":
            steady, words = False, f"{words}, {unknown}"
        elif difference.kind == "order" and f"append {difference.path}" in walk.places:
            steady, words = False, f"{words}, as what runs side by side appends them"
        elif difference.kind == "extra" and _temporary(walk, difference.path):
            steady, words = False, f"{words}: a temporary file of the killed attempt"
        yield Finding(words, difference.path, wrong=steady)


def _temporary(walk: Walk, path: str) -> bool:
    """Whether a file has a name that the agent drew for it, so that no restart knows
    it: any program that is killed leaves it.
    """
    drawn = (name.removeprefix("write ") for name in walk.places if "*" in name)
    return any(
        re.fullmatch(re.escape(name).replace(r"\*", _DRAWN), path) for name in drawn
    )


def _unknown(walk: Walk) -> str:
    """Say why a walk may go on otherwise: nobody knows what a settled call answered."""
    if any(held.happened for held in walk.held):
        return "for a call settled with `--happened` has no answer any more"
    return ""
