"""The lines of `soulguard run` on stderr: what is about to happen, and what happened.

stdout belongs to the agent. Every line is short and starts with the tool's name.
"""

from __future__ import annotations

import contextlib
import os
import shlex
import sys
import time
from collections.abc import Mapping, Sequence

from soulguard.model import (
    Attempt,
    EffectKind,
    EffectRecord,
    EffectState,
    Grade,
    Run,
    RunStatus,
)
from soulguard.soul.compilation import Compilation

PREFIX = "soulguard: "


def say(text: str) -> None:
    """Write one line to stderr; an agent does not end because nobody reads us."""
    with contextlib.suppress(OSError, ValueError):
        print(PREFIX + text, file=sys.stderr, flush=True)


def header(run: Run, attempt: int, found: Compilation, *, observe: bool) -> None:
    """Say which run and attempt this is and what holds."""
    mode = ", observing only: nothing is refused" if observe else ""
    say(f"run {run.run_id}, attempt {attempt}{mode}")
    say(
        f"read {', '.join(_place(run, name) for name in found.files_read)}: {_rules(found)}"
    )
    if found.lookalikes:
        say(f"not read: {', '.join(found.lookalikes)} (name them with --soul)")


def _place(run: Run, file: str) -> str:
    """Name a rule file; one that was found above is named with its folder."""
    return file if run.root == os.getcwd() else os.path.join(run.root, file)


def completed(run: Run, command: Sequence[str]) -> None:
    """Say that nothing is executed, and loudly where another command completed it."""
    if tuple(run.command) == tuple(command):
        say(f"run {run.run_id} has completed: nothing to do (--rerun runs it afresh)")
        return
    say(
        f"run {run.run_id} has completed: `{shlex.join(command)}` is not run, although "
        f"`{shlex.join(run.command)}` completed it (--rerun runs it afresh, another "
        "--run-id keeps them apart)"
    )


def other_command(run: Run, command: Sequence[str]) -> None:
    """Say that a named run goes on though it was begun by another command."""
    if tuple(run.command) != tuple(command):
        say(
            f"run {run.run_id} was `{shlex.join(run.command)}` so far: "
            f"`{shlex.join(command)}` goes on with it, and what is done stays done "
            "(another --run-id keeps them apart, --new starts it afresh)"
        )


def own_facts(names: list[str]) -> None:
    """Say which of the user's own files of facts hold, where there are any."""
    if names:
        say(f"read {', '.join(names)}: facts that go before the shipped ones")


def _rules(found: Compilation) -> str:
    holds = "1 rule holds" if found.own == 1 else f"{found.own} rules hold"
    advice = sum(s.grade is Grade.ADVISORY and s.firm for s in found.sentences)
    if not advice:
        return f"{holds} in process"
    are = "1 sentence is" if advice == 1 else f"{advice} sentences are"
    return f"{holds} in process, {are} advice only"


def resumed(
    attempts: list[Attempt], counts: Mapping[tuple[str, str], int], recovered: int
) -> None:
    """Say what earlier attempts left behind."""
    last = attempts[-1]
    if last.exit_status is None:
        how = "was cut off"
    else:
        how = f"ended with status {last.exit_status}"
    how += _ago(time.time() - (last.ended_at or last.started_at))
    say(f"attempt {last.number} {how}; on record: {_standing(counts)}")
    if recovered:
        say(f"settled {recovered} unfinished file effects by what is on disk")


_HOUR = 3600


def _ago(seconds: float) -> str:
    """Say how long ago an attempt was, where it is no plain restart any more."""
    if seconds < _HOUR:
        return ""
    hours = int(seconds // _HOUR)
    return f" {hours} h ago" if hours < 48 else f" {hours // 24} days ago"


def _standing(counts: Mapping[tuple[str, str], int]) -> str:
    files = _count(counts, EffectState.DONE, file=True)
    answered = _count(counts, EffectState.DONE, EffectState.FAILED)
    return (
        f"{files} file effects done, {answered} calls and commands recorded, "
        f"{doubt(counts)} in doubt"
    )


def _count(
    counts: Mapping[tuple[str, str], int], *states: EffectState, file: bool = False
) -> int:
    wanted = {state.value for state in states}
    return sum(
        number
        for (kind, state), number in counts.items()
        if state in wanted and (kind in _FILES) is file
    )


def doubt(counts: Mapping[tuple[str, str], int]) -> int:
    """Count what may have happened; files are settled by what is on disk."""
    return _count(counts, EffectState.IN_DOUBT, EffectState.BEGUN)


_DONE = "effect.done"
_FILES = ("file.write", "file.append", "file.rename", "file.delete")
_BLOCKED = (
    "violation.duplicate", "violation.denied", "violation.unguarded", "violation.held",
)  # fmt: skip


def summary(
    run: Run, counts: Mapping[str, int], standing: Mapping[tuple[str, str], int],
    ledger: str = "", *, doubts: Sequence[EffectRecord] = (),
) -> None:  # fmt: skip
    """Say in one line what this attempt did and what is in doubt at its end.

    `ledger` is the one that was named with ``--ledger``, `doubts` what keeps a run
    from being complete whose agent ended with status 0.
    """
    files = sum(counts.get(f"{_DONE}:{kind}", 0) for kind in _FILES)
    commands = counts.get(f"{_DONE}:{EffectKind.COMMAND_RUN.value}", 0)
    own = counts.get(f"{_DONE}:{EffectKind.CUSTOM.value}", 0)
    told = {
        "written": files,
        "calls made": counts.get(_DONE, 0) - files - commands - own,
        "skipped": counts.get("effect.skipped", 0),
        "replayed": counts.get("effect.replayed", 0),
        "re-sent": counts.get("effect.resent", 0),
        "blocked": sum(counts.get(name, 0) for name in _BLOCKED),
        "in doubt": doubt(standing),
    }
    parts = [f"{number} {name}" for name, number in told.items()]
    parts += _saved(counts)
    for name, type_ in (
        ("commands run", f"{_DONE}:{EffectKind.COMMAND_RUN.value}"),
        ("explicit effects made", f"{_DONE}:{EffectKind.CUSTOM.value}"),
        ("violations observed", "observed"), ("diverged", "divergence"),
        ("drifted", "drift"),
    ):  # fmt: skip
        if counts.get(type_):
            parts.append(f"{counts[type_]} {name}")
    if counts.get("process.unguarded"):
        parts.append(f"{counts['process.unguarded']} unguarded processes")
    completed = run.status is RunStatus.COMPLETED
    ended = "completed" if completed else "did not complete"
    say(f"run {run.run_id} {ended}: {', '.join(parts)}")
    if doubts:
        say(f"{_in_doubt(doubts)}; details: {_details(run, ledger)}")
    elif counts.get("violation.held") and doubt(standing):
        say(
            "settle what is in doubt with `soulguard resolve`, then start the same "
            f"command again; details: {_details(run, ledger)}"
        )
    elif not completed:
        say(f"start the same command again to go on; details: {_details(run, ledger)}")


def _in_doubt(doubts: Sequence[EffectRecord]) -> str:
    """Say why a run is not complete though its agent ended well, and the way out."""
    from soulguard.effects.carriers import HONOURED

    is_in = "1 effect is" if len(doubts) == 1 else f"{len(doubts)} effects are"
    again = "start the same command again"
    if all(row.protection == HONOURED for row in doubts):
        way = f"{again}, which sends it under the same key and completes the run"
    else:
        way = f"settle that with `soulguard resolve`, then {again} to complete the run"
    return f"the agent ended with status 0, but {is_in} in doubt: {way}"


def _details(run: Run, ledger: str) -> str:
    """Give the command that tells more, as it works from this folder."""
    cwd = os.path.join(os.getcwd(), "")
    if not ledger and not cwd.startswith(os.path.join(run.root, "")):
        ledger = os.path.join(run.root, ".soulguard", "ledger.db")
    where = f" --ledger {shlex.quote(ledger)}" if ledger else ""
    return f"soulguard status {run.run_id}{where}"


def _saved(counts: Mapping[str, float]) -> list[str]:
    """Give what replaying saved, where the services' answers told."""
    tokens, usd = counts.get("saved:tokens", 0), counts.get("saved:usd", 0)
    if not tokens:
        return []
    return [f"saved {tokens:,} tokens" + (f" (${usd:.2f})" if usd else "")]
