"""The words of the detail pane: an event, a run or a sentence, as weighed lines.

No widgets here; everything is read from the ledger when its row is selected.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

from soulguard.ledger.queries import summary
from soulguard.model import EffectRecord, Event, Grade, Run
from soulguard.postmortem.contents import Difference, difference
from soulguard.postmortem.wording import GRADES, STANDINGS, mark, plain, what
from soulguard.soul.compilation import Diagnostic, Sentence
from soulguard.tui.reading import Reader

Line = list[tuple[str, str]]
"""One line: pieces of text with their weights (`theme.Palette`)."""

CUT = 200
"""Lines of a difference that are shown before the whole is asked for."""


def event_lines(reader: Reader, event: Event) -> Iterator[Line]:
    """Tell an event: verdict, the sentence that decided, the fact, the difference."""
    found = mark(event)
    target = what(event, reader.root(event.run_id))
    yield [(f"{found.glyph} {found.word}  ", found.weight), (target, "bold")]
    yield from _because(reader, event)
    if event.reason:
        yield [("fact     ", "quiet"), (plain(event.reason), "")]
    yield from _difference(difference(reader.open(), event))
    yield from _effect(reader, event)
    yield from _rest(event)
    when = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(event.at))
    where = f"{when}  run {plain(event.run_id)}, attempt {event.attempt}"
    generation = f", policy generation {event.generation}" if event.generation else ""
    yield [("when     ", "quiet"), (f"{where}{generation}", "quiet")]


def _because(reader: Reader, event: Event) -> Iterator[Line]:
    policy = reader.policy(event.run_id)
    sentence = policy.deciding(event) if policy else None
    if sentence is not None:
        said = f"{sentence.span.short}  “{plain(sentence.text)}”"
        yield [("because  ", "quiet"), (said, "bold")]
    elif event.source or event.rule:
        yield [("because  ", "quiet"), (plain(event.source or event.rule), "bold")]


def _difference(found: Difference | None) -> Iterator[Line]:
    if found is None:
        return
    yield [(found.title, "quiet")]
    for line in found.lines[:CUT]:
        yield [_weighed(line)]
    if len(found.lines) > CUT:
        left = len(found.lines) - CUT
        yield [(f"… {left:,} more lines, enter shows all", "quiet")]


def _weighed(line: str) -> tuple[str, str]:
    first = line[:1]
    if first == "@":
        return "  ⋮", "quiet"
    if first == "~":
        return f"  {line[1:]}", ""
    return line, first if first in "+-" else "quiet"


def _effect(reader: Reader, event: Event) -> Iterator[Line]:
    effect = reader.open().effect(event.effect_id) if event.effect_id else None
    if effect is None:
        return
    state = effect.state.value.replace("_", " ")
    said = f"#{effect.id} {effect.kind.value}, {state}, attempt {effect.attempt}"
    yield [("effect   ", "quiet"), (said, "")]
    yield from _protection(effect)


def _protection(effect: EffectRecord) -> Iterator[Line]:
    if effect.key or effect.protection:
        key = f"  key {effect.key}" if effect.key else ""
        protection = effect.protection or "none"
        yield [("protects ", "quiet"), (f"{protection}{plain(key)}", "")]
    status = effect.result.get("status")
    if status:
        yield [("answer   ", "quiet"), (f"status {status}", "")]


_TOLD = {
    "observed", "tried", "difference", "blocked", "committed", "effect", "kind",
    "counts", "whole", "digest", "place", "target", "approval", "rule",
}  # fmt: skip


def _rest(event: Event) -> Iterator[Line]:
    if event.type.value.startswith("policy."):
        yield from _changes(event)
        return  # what holds now is told by the policy pane
    for name, value in event.data.items():
        if name not in _TOLD and value not in ("", None, [], {}, 0):
            yield from _value(name, value)


def _value(name: str, value: object) -> Iterator[Line]:
    """Tell a value, text line by line and a moment as a time."""
    if name == "expires" and isinstance(value, (int, float)):
        value = time.strftime("%H:%M:%S, then it is no", time.localtime(value))
    first, *more = str(value).splitlines() or [""]
    yield [(f"{plain(name):<8} ", "quiet"), (plain(first), "")]
    yield from ([(f"{'':9}{plain(line)}", "")] for line in more)


def _changes(event: Event) -> Iterator[Line]:
    """Tell which sentences came, which went, and which wait for a person."""
    for mark_, name in (("+", "added"), ("-", "removed")):
        for change in event.data.get(name, ()):
            source, text = str(change.get("source")), str(change.get("text"))
            yield [(f"{mark_} {plain(source)}  {plain(text)}", mark_)]
    for wrong in event.data.get("diagnostics", ()):
        yield [(f"✗ {plain(str(wrong.get('message')))}", "deny")]
    pending = event.data.get("pending")
    if pending:
        said = (
            f"question {pending.get('approval')} asks whether the looser rules may hold"
        )
        yield [(said, "ask")]


# -- runs -------------------------------------------------------------------------------


def run_lines(reader: Reader, run: Run) -> Iterator[Line]:
    """Tell a run: how it stands, its attempts, what became of it, what was saved."""
    word = reader.standings.get(run.run_id, run.status.value)
    found = STANDINGS[word]
    yield [(f"{found.glyph} {word}  ", found.weight), (plain(run.run_id), "bold")]
    yield [("command  ", "quiet"), (plain(" ".join(run.command)), "")]
    yield [("folder   ", "quiet"), (plain(run.cwd), "")]
    ledger = reader.open()
    for attempt in ledger.attempts(run.run_id)[-5:]:
        started = time.strftime("%H:%M:%S", time.localtime(attempt.started_at))
        ended = "goes on" if word == "running" else "was cut off"
        if attempt.ended_at:
            took = attempt.ended_at - attempt.started_at
            ended = f"ended with {attempt.exit_status} after {took:.1f} s"
        yield [("attempt  ", "quiet"), (f"{attempt.number} at {started} {ended}", "")]
    yield from _saved(reader, run)
    yield [("counts   ", "quiet"), (_counts(reader, run), "")]


def _saved(reader: Reader, run: Run) -> Iterator[Line]:
    text = saved(reader, [run.run_id])
    if text:
        yield [("saved    ", "quiet"), (text, "bold")]


def saved(reader: Reader, run_ids: list[str]) -> str:
    """Say how many calls, tokens and dollars replays saved; empty for none."""
    tally = reader.tally
    calls = sum(tally.replayed(run_id) for run_id in run_ids)
    tokens = sum(tally.tokens[run_id] for run_id in run_ids)
    usd = sum(tally.usd.get(run_id, 0.0) for run_id in run_ids)
    parts = [f"{calls:,} call{'s' if calls != 1 else ''}"] if calls else []
    parts += [f"{tokens:,} tokens"] if tokens else []
    parts += [f"${usd:,.2f}"] if usd else []
    return ", ".join(parts)


_LARGE = 50_000


def _counts(reader: Reader, run: Run) -> str:
    if reader.tally.events[run.run_id] > _LARGE:
        # counting a large run's effects takes long: the tally has to do
        return f"{reader.tally.events[run.run_id]:,} events"
    found = summary(reader.open(), run).to_json()
    parts = [
        f"{number} {name.replace('_', ' ')}"
        for name, number in found.items()
        if isinstance(number, int) and number
    ]
    return ", ".join(parts) or "nothing yet"


# -- sentences --------------------------------------------------------------------------


def sentence_lines(reader: Reader, run_id: str, sentence: Sentence) -> Iterator[Line]:
    """Tell a sentence: what it became, how far it holds, what would hold instead."""
    found = GRADES[sentence.grade]
    yield [
        (f"{found.glyph} {found.word}  ", found.weight),
        (sentence.span.short, "bold"),
    ]
    yield [(f"“{plain(sentence.text)}”", "")]
    if sentence.rules:
        families = ", ".join(sentence.families) or sentence.family
        yield [("became   ", "quiet"), (families, "")]
    if sentence.meaning:
        yield [("means    ", "quiet"), (plain(sentence.meaning), "")]
    if sentence.reason:
        label = "wrong    " if sentence.grade is Grade.ERROR else "not held "
        yield [(label, "quiet"), (plain(sentence.reason), "")]
    if sentence.suggestion:
        yield [("would be ", "quiet"), (plain(sentence.suggestion), "bold")]
    policy = reader.policy(run_id)
    hits = policy.hits(sentence, reader.tally.hits) if policy else 0
    if sentence.rules:
        yield [("decided  ", "quiet"), (f"{hits:,} times; enter shows them", "")]


def diagnostic_lines(found: Diagnostic) -> Iterator[Line]:
    """Tell an error of a rule file with the way out."""
    yield [("✗ error  ", "deny"), (str(found.span), "bold")]
    yield [(plain(found.message), "")]
    if found.hint:
        yield [("hint     ", "quiet"), (plain(found.hint), "bold")]
