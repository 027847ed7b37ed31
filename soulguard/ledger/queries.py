"""What people ask of a ledger, as nouns. It reads only and speaks no SQL.

Works on every `Ledger`, best on one opened with ``read_only=True``. Every answer is a few
short reads, so a person who looks never holds up a run.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from soulguard.errors import UsageError
from soulguard.ledger.protocol import Ledger
from soulguard.model import EffectRecord, Event, EventType, Noun, Run, RunStatus

VIOLATIONS = tuple(type_ for type_ in EventType if type_.value.startswith("violation."))
"""The types of event that stopped, or in observe mode would have stopped, the agent."""

TOLD = {
    "replayed": (EventType.EFFECT_REPLAYED,),
    "re-sent": (EventType.EFFECT_RESENT,),
    "skipped": (EventType.EFFECT_SKIPPED, EventType.CONTENT_DIFFERS),
    "blocked": (
        EventType.DUPLICATE,
        EventType.DENIED,
        EventType.HELD,
        EventType.OUTPUT_REMOVED,
    ),
    "diverged": (EventType.DIVERGENCE, EventType.DRIFT),
    "around the guard": (EventType.UNGUARDED,),
    "unguarded processes": (EventType.PROCESS_UNGUARDED,),
    "taken out": (EventType.RUN_PRUNED,),
    "settled": (EventType.EFFECT_RESOLVED, EventType.APPROVAL_SETTLED),
}
"""The headings of a run's report and the events under each."""

_KNOWN_RUNS = 10_000
_TAIL = 8
"""Letters of an id's end by which a run is found: `log` prints that many."""


@dataclass(frozen=True, slots=True)
class Summary(Noun):
    """What became of a run, in numbers.

    `written` to `explicit` (what the agent names itself) count what was done in the whole run, the others what
    happened to effects in any of its attempts. `in_doubt` includes the calls that were
    begun by an attempt that is over. Of one that is `pruned` nothing else is known. `effects` counts by kind: through which door how
    many came; `around` by none.
    """

    run_id: str
    written: int = 0
    appended: int = 0
    moved: int = 0
    deleted: int = 0
    called: int = 0
    mailed: int = 0
    commanded: int = 0
    explicit: int = 0
    failed: int = 0
    skipped: int = 0
    replayed: int = 0
    resent: int = 0
    blocked: int = 0
    in_doubt: int = 0
    diverged: int = 0
    drifted: int = 0
    around: int = 0
    unguarded: int = 0
    pruned: bool = False
    effects: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Savings(Noun):
    """What replaying saved, as far as the replayed effects told it in ``data["saved"]``."""

    tokens: int = 0
    usd: float = 0.0


def summary(ledger: Ledger, run: Run) -> Summary:
    """Count what became of a run."""
    effects = ledger.count_effects(run.run_id)
    events = ledger.count_events(run.run_id)

    def done(kind: str) -> int:
        return effects.get((kind, "done"), 0)

    def told(*types: EventType) -> int:
        return sum(events.get(type_.value, 0) for type_ in types)

    kinds = {kind: 0 for kind, _ in sorted(effects)}
    for (kind, _), number in effects.items():
        kinds[kind] += number
    return Summary(
        run.run_id,
        written=done("file.write"),
        appended=done("file.append"),
        moved=done("file.rename"),
        deleted=done("file.delete"),
        called=done("http.call"),
        mailed=done("mail.send"),
        commanded=done("command.run"),
        explicit=done("custom"),
        failed=sum(n for (_, state), n in effects.items() if state == "failed"),
        skipped=told(EventType.EFFECT_SKIPPED),
        replayed=told(*TOLD["replayed"]),
        resent=told(*TOLD["re-sent"]),
        blocked=told(*TOLD["blocked"]),
        in_doubt=_count_in_doubt(effects, run),
        diverged=told(EventType.DIVERGENCE),
        drifted=told(EventType.DRIFT),
        around=told(*TOLD["around the guard"]),
        unguarded=told(*TOLD["unguarded processes"]),
        pruned=bool(told(EventType.RUN_PRUNED)),
        effects=kinds,
    )


def _count_in_doubt(effects: dict[tuple[str, str], int], run: Run) -> int:
    return sum(
        number
        for (kind, state), number in effects.items()
        if state == "in_doubt" or (state == "begun" and _is_left(kind, run))
    )


def _is_left(kind: str, run: Run) -> bool:
    """Whether what was begun waits for a person: recovery settles files by itself."""
    return run.status is not RunStatus.RUNNING and not kind.startswith("file.")


def in_doubt(ledger: Ledger, run: Run) -> list[EffectRecord]:
    """Give the effects of a run that may have happened, oldest first."""
    found = ledger.find_effects(run.run_id, states=("begun", "in_doubt"))
    left = [
        effect
        for effect in found
        if effect.state.value == "in_doubt" or _is_left(effect.kind.value, run)
    ]
    return sorted(left, key=lambda effect: effect.id)


def told(
    ledger: Ledger, run_id: str, heading: str, limit: int | None = None
) -> list[Event]:
    """Give the newest events under a heading of `TOLD`, oldest first."""
    found = ledger.events(
        run_id, types=TOLD[heading], limit=limit, newest_first=True
    )  # fmt: skip
    return list(found)[::-1]


def savings(ledger: Ledger, run_id: str) -> Savings:
    """Add up what the replayed effects of a run say they saved."""
    tokens, usd = 0, 0.0
    for event in ledger.events(run_id, types=TOLD["replayed"]):
        saved = event.data.get("saved") or {}
        tokens += int(saved.get("tokens") or 0)
        usd += float(saved.get("usd") or 0)
    return Savings(tokens, usd)


def find_run(ledger: Ledger, name: str) -> Run:
    """Give the run whose id is `name`, or begins with it, or ends (as `log` has it).

    Raises:
        UsageError: none or several; the hint names the nearest.
    """
    run = ledger.run(name)
    if run is not None:
        return run
    runs = ledger.runs(_KNOWN_RUNS)
    found = [run for run in runs if name and run.run_id.startswith(name)]
    if not found and len(name) >= _TAIL:
        found = [run for run in runs if run.run_id.endswith(name)]
    if len(found) == 1:
        return found[0]
    if found:
        shown = ", ".join(f"`{run.run_id}`" for run in found[:3])
        raise UsageError(f"`{name}` is the beginning of {len(found)} runs", hint=shown)
    known = _nearest(name, [run.run_id for run in runs]) if name else []
    hint = f"did you mean `{known[0]}`?" if known else "see `soulguard status`"
    raise UsageError(f"no run named `{name}`", hint=hint)


def _nearest(name: str, run_ids: list[str]) -> list[str]:
    near = difflib.get_close_matches(name, {known[: len(name)] for known in run_ids}, 1)
    return [known for known in run_ids if near and known.startswith(near[0])]


class Tail:
    """New events as they are committed: ask `poll` as often as you like.

    A poll that finds nothing new costs one read of a counter.
    """

    def __init__(
        self,
        ledger: Ledger,
        run_id: str | None = None,
        *,
        types: Sequence[EventType] = (),
        after: int = 0,
    ) -> None:
        self._ledger = ledger
        self._run_id = run_id
        self._types = types
        self._after = after
        self._version: int | None = None

    def poll(self) -> Iterator[Event]:
        """Give the events that came since the last poll, in order of id."""
        version = self._ledger.version()
        if version == self._version:
            return
        newest = self._ledger.last_event_id()
        found = self._ledger.events(
            self._run_id, after=self._after, types=self._types
        )  # fmt: skip
        for event in found:
            self._after = max(self._after, event.id)
            yield event
        self._after = max(self._after, newest)
        self._version = version
