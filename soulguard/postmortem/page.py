"""An account as one self-contained HTML page: no script, no font, nothing is loaded.

Understandable without colour; light or dark as the reader's system is; prints well.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from html import escape

from soulguard.model import Attempt, EffectRecord
from soulguard.postmortem.account import Account, Told
from soulguard.postmortem.contents import Difference
from soulguard.postmortem.style import CSS
from soulguard.postmortem.wording import GRADES, STANDINGS, mark, plain, shorten, what

_NUMBERS = (
    ("written", "written"),
    ("appended", "appended"),
    ("called", "calls made"),
    ("mailed", "mails sent"),
    ("commanded", "commands run"),
    ("explicit", "explicit effects made"),
    ("skipped", "skipped"),
    ("replayed", "replayed"),
    ("resent", "re-sent"),
    ("blocked", "blocked"),
    ("in_doubt", "in doubt"),
    ("diverged", "diverged"),
    ("around", "around the guard"),
)


def page(account: Account) -> str:
    """Give the whole page."""
    return "\n".join(_page(account)) + "\n"


def _page(account: Account) -> Iterator[str]:
    run = _e(account.run.run_id)
    yield "<!doctype html>"
    yield '<html lang="en"><head><meta charset="utf-8">'
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    yield f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>run {run}</title><style>{CSS}</style></head><body><main>"
    yield from _head(account)
    yield from _numbers(account)
    yield from _waiting(account)
    yield from _timeline(account)
    yield from _attempts(account)
    yield from _told(account)
    yield from _policy(account)
    yield from _effects(account)
    yield f"<footer>soulguard, as of {_at(account.now)}</footer>"
    yield "</main></body></html>"


def _head(account: Account) -> Iterator[str]:
    run, found = account.run, STANDINGS[account.standing]
    yield f"<h1>Run <code>{_e(run.run_id)}</code></h1>"
    yield '<dl class="facts">'
    facts = (
        ("stands", f'<b class="{found.weight}">{found.glyph} {found.word}</b>'),
        ("command", f"<code>{_e(' '.join(run.command))}</code>"),
        ("folder", f"<code>{_e(run.cwd)}</code>"),
        ("rules", _e(", ".join(shorten(s, run.root) for s in run.sources)) or "none"),
        ("started", _at(run.created_at)),
        ("last sign", _at(run.updated_at)),
    )
    yield from (f"<dt>{name}</dt><dd>{value}</dd>" for name, value in facts)
    yield "</dl>"


def _numbers(account: Account) -> Iterator[str]:
    counts, saved = account.summary, account.savings
    yield '<ul class="numbers">'
    for name, word in _NUMBERS:
        number = getattr(counts, name)
        if number:
            yield f"<li><b>{number:,}</b> {word}</li>"
    if counts.replayed:
        said = f"{counts.replayed:,} calls"
        said += f", {saved.tokens:,} tokens" if saved.tokens else ""
        said += f", ${saved.usd:,.2f}" if saved.usd else ""
        yield f'<li class="saved"><b>saved</b> {said}</li>'
    yield "</ul>"


def _waiting(account: Account) -> Iterator[str]:
    if not account.waiting:
        return
    yield "<h2>Waits for a person</h2><table><thead><tr><th>What<th>Why<th>Settle it"
    yield "</thead><tbody>"
    for item in account.waiting:
        run = _e(item.run_id)
        if item.kind == "doubt":
            settle = f"soulguard resolve {run} {item.id} --happened | --did-not"
        else:
            settle = f"soulguard approve {item.id} | soulguard deny {item.id}"
        yield f"<tr><td>{_e(item.target)}<td>{_e(item.reason)}<td><code>{settle}</code>"
    yield "</tbody></table>"


# -- the timeline -----------------------------------------------------------------------

_WIDTH, _ROW, _EDGE = 1000, 34, 6
_LANES = {"deny": 0, "ask": 0, "advise": 1, "done": 2, "quiet": 2}


def _timeline(account: Account) -> Iterator[str]:
    attempts = account.attempts
    if not attempts:
        return
    start = min(a.started_at for a in attempts)
    end = max(_end(a, account) for a in attempts)
    span = max(end - start, 0.001)

    def x(at: float) -> float:
        return _EDGE + (_WIDTH - 2 * _EDGE) * min(max((at - start) / span, 0), 1)

    height = _ROW * len(attempts) + 22
    yield "<h2>Timeline</h2>"
    label = f"attempts of the run from {_at(start)} to {_at(end)}"
    yield f'<svg viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="{label}">'
    for row, attempt in enumerate(attempts):
        yield from _attempt_row(account, attempt, row * _ROW, x)
    yield f'<text x="{_EDGE}" y="{height - 6}">{_at(start)}</text>'
    yield f'<text x="{_WIDTH - _EDGE}" y="{height - 6}" text-anchor="end">{_at(end)}</text>'
    yield "</svg>"


def _attempt_row(
    account: Account, attempt: Attempt, top: int, x: object
) -> Iterator[str]:
    assert callable(x)
    left, right = x(attempt.started_at), x(_end(attempt, account))
    width = max(right - left, 2)
    kind = "ok" if attempt.exit_status == 0 else "cut"
    said = f"attempt {attempt.number}: {_ended(attempt, account)}"
    yield f'<rect class="{kind}" x="{left:.1f}" y="{top + 4}" width="{width:.1f}" '
    yield f'height="{_ROW - 8}"><title>{said}</title></rect>'
    for told in account.told:
        event = told.event
        if event.attempt == attempt.number:
            found = mark(event)
            y = top + 12 + 6 * _LANES[found.weight]
            title = f"{_at(event.at)} {found.word}: {_e(what(event, account.run.root))}"
            yield f'<text class="{found.weight}" x="{x(event.at):.1f}" y="{y + 4}" '
            yield f'text-anchor="middle">{found.glyph}<title>{title}</title></text>'


def _end(attempt: Attempt, account: Account) -> float:
    last = max(
        (t.event.at for t in account.told if t.event.attempt == attempt.number),
        default=attempt.started_at,
    )
    live = account.standing == "running" and attempt is account.attempts[-1]
    return attempt.ended_at or (account.now if live else last)


def _ended(attempt: Attempt, account: Account) -> str:
    if attempt.ended_at:
        return f"ended with status {attempt.exit_status}"
    live = account.standing == "running" and attempt is account.attempts[-1]
    return "goes on" if live else "was cut off"


def _attempts(account: Account) -> Iterator[str]:
    yield "<h2>Attempts</h2><table><thead><tr><th>#<th>Started<th>Took<th>Ended"
    yield "<th>Processes</thead><tbody>"
    for a in account.attempts:
        took = f"{_end(a, account) - a.started_at:,.1f} s"
        processes = f"{a.guarded} guarded, {a.unguarded} not"
        yield f"<tr><td>{a.number}<td>{_at(a.started_at)}<td>{took}"
        yield f"<td>{_ended(a, account)}<td>{processes}"
    yield "</tbody></table>"


# -- what happened ----------------------------------------------------------------------


def _told(account: Account) -> Iterator[str]:
    yield "<h2>What happened</h2>"
    if account.untold:
        yield f"<p>{account.untold:,} older events are left out; the ledger has them.</p>"
    if not account.told:
        yield "<p>Nothing but what was simply done.</p>"
        return
    yield "<table><thead><tr><th>When<th>Verdict<th>What<th>Because</thead><tbody>"
    for told in account.told:
        yield from _event(account, told)
    yield "</tbody></table>"


def _event(account: Account, told: Told) -> Iterator[str]:
    event, found = told.event, mark(told.event)
    sentence = account.policy.deciding(event) if account.policy else None
    if sentence is not None:
        because = f"<b>{_e(sentence.span.short)}</b> “{_e(sentence.text)}”"
    else:
        because = f"<b>{_e(event.source)}</b>" if event.source else ""
    reason = f"<div>{_e(event.reason)}</div>" if event.reason else ""
    yield f'<tr id="e{event.id}"><td><time>{_clock(event.at)}</time> #{event.attempt}'
    yield f'<td class="{found.weight}">{found.glyph}&nbsp;{found.word}'
    yield f"<td><code>{_e(what(event, account.run.root))}</code>{reason}"
    if told.difference is not None:
        yield from _difference(told.difference)
    yield f"<td>{because}"


def _difference(found: Difference) -> Iterator[str]:
    yield f"<details><summary>{_e(found.title)}</summary><pre>"
    yield "\n".join(map(_diff_line, found.lines)) + "</pre></details>"


def _diff_line(line: str) -> str:
    name = {"+": "ins", "-": "del"}.get(line[:1])
    text = {"@": "⋮", "~": line[1:]}.get(line[:1], line)
    return f"<{name}>{_e(text)}</{name}>" if name else _e(text)


def _policy(account: Account) -> Iterator[str]:
    policy = account.policy
    if policy is None:
        return
    yield f"<h2>The rules in force <small>@{_e(policy.digest[:8])}</small></h2>"
    for wrong in policy.diagnostics:
        said = f"{_e(str(wrong.span))}: {_e(wrong.message)}"
        yield f'<p class="deny">✗ an edit was not taken over: {said}</p>'
    yield "<table><thead><tr><th>Where<th>Sentence<th>Grade<th>Decided</thead><tbody>"
    for sentence in policy.sentences:
        found = GRADES[sentence.grade]
        said = sentence.meaning or sentence.reason
        hits = policy.hits(sentence, account.hits)
        yield f"<tr><td>{_e(sentence.span.short)}<td>{_e(sentence.text)}"
        yield f"<div>{_e(said)}</div>" if said else ""
        yield f'<td class="{found.weight}">{found.glyph}&nbsp;{found.word}<td>{hits or ""}'
    yield "</tbody></table>"


def _effects(account: Account) -> Iterator[str]:
    yield f"<h2>Effects</h2><details><summary>{_effects_said(account)}</summary>"
    yield "<table><thead><tr><th>#<th>Kind<th>Where<th>State<th>Protection<th>Attempt"
    yield "</thead><tbody>"
    yield from _rows(account.effects, account.run.root)
    yield "</tbody></table></details>"


def _effects_said(account: Account) -> str:
    total = len(account.effects) + account.unlisted
    left = f", the newest {len(account.effects):,} here" if account.unlisted else ""
    return f"{total:,} on record{left}"


def _rows(effects: Sequence[EffectRecord], root: str) -> Iterable[str]:
    for effect in effects:
        state = effect.state.value.replace("_", " ")
        where = plain(shorten(effect.slot, root))
        yield f"<tr><td>{effect.id}<td>{effect.kind.value}<td><code>{_e(where)}</code>"
        yield f"<td>{state}<td>{_e(effect.protection)}<td>{effect.attempt}"


# -- words ------------------------------------------------------------------------------


def _e(text: str) -> str:
    return escape(plain(text))


def _at(moment: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(moment))


def _clock(moment: float) -> str:
    return time.strftime("%H:%M:%S", time.localtime(moment))
