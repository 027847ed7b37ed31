"""The report on one run, as lines and as data. Nothing is decided or written here."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from soulguard.cli.output import ago, duration, paint, table
from soulguard.cli.targets import plain, shorten
from soulguard.ledger.edits import REJECTED, WAITING, unsettled
from soulguard.ledger.queries import TOLD, in_doubt, savings, summary, told
from soulguard.model import EffectKind

if TYPE_CHECKING:
    from soulguard.ledger.protocol import Ledger
    from soulguard.ledger.queries import Savings, Summary
    from soulguard.model import Attempt, EffectRecord, Event, Run

_SHOWN = 10


# -- as data ----------------------------------------------------------------------------


def run_data(run: Run, word: str) -> dict[str, Any]:
    """Give a run as JSON values, without the secret its keys are made from."""
    data = run.to_json()
    del data["secret"]
    return {**data, "standing": word}


def data(ledger: Ledger, run: Run, word: str) -> dict[str, Any]:
    """Give all that is known of a run as JSON values."""
    edit = unsettled(ledger, run)
    return {
        "run": run_data(run, word),
        "edit": edit.to_json() if edit else None,
        "summary": summary(ledger, run).to_json(),
        "saved": savings(ledger, run.run_id).to_json(),
        "attempts": [attempt.to_json() for attempt in ledger.attempts(run.run_id)],
        "in doubt": [effect.to_json() for effect in in_doubt(ledger, run)],
        **{
            heading: [event.to_json() for event in told(ledger, run.run_id, heading)]
            for heading in TOLD
        },
    }


# -- as lines ---------------------------------------------------------------------------


def lines(ledger: Ledger, run: Run, word: str, *, every: bool) -> Iterator[str]:
    """Give the report line by line; without `every` the newest of each heading."""
    from soulguard.cli.status import counted

    counts = summary(ledger, run)
    yield f"run {paint(plain(run.run_id), 'bold')}: {word}"
    yield from banner(ledger, run)
    yield f"  command   {plain(' '.join(run.command))}"
    yield f"  folder    {plain(run.cwd)}"
    yield f"  rules     {plain(', '.join(run.sources))}"
    yield f"  counts    {counted(counts)}"
    yield from _saved(savings(ledger, run.run_id))
    yield from _coverage(counts)
    yield ""
    yield from _attempts(ledger.attempts(run.run_id))
    yield from _in_doubt(in_doubt(ledger, run), run)
    for heading in TOLD:
        limit = None if every else _SHOWN + 1
        yield from _section(
            heading, told(ledger, run.run_id, heading, limit), run, limit
        )


def banner(ledger: Ledger, run: Run) -> Iterator[str]:
    """Say that an edit of the rules does not hold, and the way out, while that is so."""
    edit = unsettled(ledger, run)
    if edit is None:
        return
    reason, number = plain(edit.reason), edit.question
    if edit.became == REJECTED:
        why = f"does not compile: {reason}"
        out = f"hint: {plain(edit.hint)}" if edit.hint else "correct it and save it"
    elif edit.became == WAITING:
        why = "loosens the rules and waits for a person"
        out = f"`soulguard approve {number}` or `soulguard deny {number}`"
    else:
        why = "loosens the rules, and a person said no"
        out = "take it back, or start a new run with it"
    yield paint(f"an edit of {plain(edit.files)} {why}", "bold", "yellow")
    yield f"  the rules before it stay in force; {out}"


def _saved(saved: Savings) -> Iterator[str]:
    if saved.tokens or saved.usd:
        yield f"  saved     {saved.tokens:,} tokens, ${saved.usd:.2f}"


def _coverage(counts: Summary) -> Iterator[str]:
    doors = ", ".join(f"{number:,} {kind}" for kind, number in counts.effects.items())
    around = f"{counts.around:,} around it"
    yield f"  coverage  {doors or 'nothing'} through the guard, {around}"


def _attempts(attempts: list[Attempt]) -> Iterator[str]:
    now = time.time()
    head = ("ATTEMPT", "STARTED", "TOOK", "ENDED", "PROCESSES")
    rows = [
        (str(a.number), ago(a.started_at, now), _took(a), _ended(a), _processes(a))
        for a in attempts
    ]
    yield table(head, rows, right={0})


def _took(attempt: Attempt) -> str:
    return duration(attempt.ended_at - attempt.started_at) if attempt.ended_at else ""


def _ended(attempt: Attempt) -> str:
    if not attempt.ended_at:
        return "not recorded"
    status = attempt.exit_status
    return "unknown" if status is None else f"status {status}"


def _processes(attempt: Attempt) -> str:
    return f"{attempt.guarded} guarded, {attempt.unguarded} not"


def _in_doubt(effects: list[EffectRecord], run: Run) -> Iterator[str]:
    if not effects:
        return
    yield ""
    yield paint(f"in doubt ({len(effects)}): may have happened", "bold", "yellow")
    for effect in effects:
        parts = [
            f"  #{effect.id}  {_target(effect.slot, run)}",
            f"attempt {effect.attempt}",
            *([effect.protection] if effect.protection else []),
            *([f"rule {effect.rule}"] if effect.rule else []),
        ]
        yield "  ".join(parts)
        at = time.localtime(float(effect.intent.get("first_sent", effect.created_at)))
        key = f"  key {plain(effect.key)}" if effect.key else ""
        yield f"      sent {time.strftime('%Y-%m-%d %H:%M:%S', at)}{key}"
        settle = f"soulguard resolve {plain(run.run_id)} {effect.id}"
        answer = " [--answer FILE]" if effect.kind is EffectKind.HTTP_CALL else ""
        yield f"      settle: {settle} --happened{answer} | --did-not"
    if len(effects) > 1:
        yield "  several at once: name them all, or add `--all-like` for what is equal"
    yield (
        "  a restart sends it again by itself where its key is honoured or a repetition "
        "is harmless, and holds it elsewhere"
    )


def _section(
    heading: str, events: list[Event], run: Run, limit: int | None
) -> Iterator[str]:
    if not events:
        return
    cut = limit is not None and len(events) == limit
    shown = events[1:] if cut else events
    yield ""
    yield paint(heading, "bold") + ("" if cut else f" ({len(events)})")
    yield from (f"  {line}" for line in (_line(event, run) for event in shown))
    if cut:
        yield f"  the newest {len(shown)}; all of them: `soulguard status {run.run_id} --all`"


def _line(event: Event, run: Run) -> str:
    why = ": ".join(filter(None, (event.source, event.reason)))
    parts = (_target(event.target, run), f"attempt {event.attempt}", plain(why))
    return "  ".join(part for part in parts if part)


def _target(target: str, run: Run) -> str:
    return plain(shorten(target, run.root))
