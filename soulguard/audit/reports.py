"""An audit in words: as a table for a person, as Markdown and as JSON.

Colour is the command line's, by the `paint` it hands in; SARIF is `sarif`'s.
"""

from __future__ import annotations

import itertools
import json
import textwrap
from collections.abc import Callable, Iterable, Iterator

from soulguard.audit.findings import Audit, Finding, Status

Paint = Callable[..., str]

_STYLES = {
    Status.DEBT: "red",
    Status.UNKNOWN: "yellow",
    Status.GUARDED: "cyan",
    Status.SAFE: "green",
}
_LABEL = 10
_NARROW = 40


def plain(text: str, *_styles: str) -> str:
    """Give a text as it is: the `paint` of a stream without colour."""
    return text


def table(
    audit: Audit, *, width: int = 88, paint: Paint = plain, ignored: bool = False
) -> Iterator[str]:
    """Give the lines of the report for a person, grouped by file, the sum at the end."""
    width = max(width, _NARROW)
    shown = [f for f in audit.findings if ignored or not f.ignored]
    for file, group in itertools.groupby(shown, key=lambda f: f.file):
        yield paint(file, "bold")
        for finding in group:
            yield from _finding(finding, width, paint)
        yield ""
    for trouble in audit.troubles:
        yield paint("not audited: ", "yellow") + str(trouble)
    if audit.troubles:
        yield ""
    yield from _wrapped(summary(audit), width)


def summary(audit: Audit) -> str:
    """Give the sum as one sentence."""
    counts = ", ".join(
        f"{len(audit.of(status))} {_NAMES[status]}"
        for status in Status
        if audit.of(status) or status is Status.DEBT
    )
    total = len(audit.findings) - len(audit.ignored)
    said = f"idempotency debt {audit.debt}: {_count(total, 'effect')} in {_count(audit.files, 'file')}: {counts}"  # fmt: skip
    if audit.ignored:
        said += f"; {len(audit.ignored)} ignored"
    if audit.left_out:
        said += f"; {_count(audit.left_out, 'file')} of tests left out (`--tests`)"
    if audit.troubles:
        said += f"; {len(audit.troubles)} not audited"
    if not audit.soul and audit.findings:
        said += "; no SOUL.md there (`soulguard init` writes one)"
    return said


def markdown(audit: Audit, *, ignored: bool = False) -> str:
    """Give the report as one Markdown table with a line for each effect."""
    shown = [f for f in audit.findings if ignored or not f.ignored]
    lines = [
        "# Idempotency audit", "", summary(audit), "",
        "| where | effect | if it runs twice | what detects a prior run | key | rule | verdict |", "|---|---|---|---|---|---|---|",
    ]  # fmt: skip
    for found in shown:
        cells = (
            f"`{found.file}:{found.line}`", f"{found.what} {_code(found.target)}".strip(),
            found.twice, found.prior, found.key or "not asked", _rule(found),
            _verdict(found),
        )  # fmt: skip
        lines.append("| " + " | ".join(map(_cell, cells)) + " |")
    lines += ["", *(f"- not audited: `{t}`" for t in audit.troubles)]
    return "\n".join(lines).rstrip()


def as_json(audit: Audit) -> str:
    """Give everything as JSON, what was ignored included."""
    counts = {status.value: len(audit.of(status)) for status in Status}
    data = {
        "debt": audit.debt, "counts": counts, "ignored": len(audit.ignored),
        **audit.to_json(), "summary": summary(audit),
    }  # fmt: skip
    return json.dumps(data, indent=2, ensure_ascii=False)


_NAMES = {
    Status.DEBT: "happen twice",
    Status.UNKNOWN: "unknown",
    Status.GUARDED: "guarded",
    Status.SAFE: "safe",
}


def _finding(found: Finding, width: int, paint: Paint) -> Iterator[str]:
    place = f"{found.line}:{found.column}"
    said = f"{found.what} {found.target}".strip()
    status = "ignored" if found.ignored else found.status.value
    style = "dim" if found.ignored else _STYLES[found.status]
    head = f"{place:>9}  {paint(f'{status:<7}', 'bold', style)}  "
    room = width - 20
    if not _tells(found):
        why = found.ignored or _because(found)
        left = room - len(said) - 2
        if left >= 16:
            short = textwrap.shorten(why, left, placeholder=" …")
            yield f"{head}{said}  {paint(short, 'dim')}".rstrip()
            return
        yield head + textwrap.shorten(said, room, placeholder=" …")
        return
    first, *rest = textwrap.wrap(said, room) or [""]
    yield head + first
    for line in rest:
        yield " " * 20 + line
    for label, text in _answers(found):
        yield from _labelled(label, text, width, paint)


def _tells(found: Finding) -> bool:
    return found.status is not Status.SAFE and not found.ignored


def _because(found: Finding) -> str:
    return found.prior if found.prior != "nothing" else found.twice


def _answers(found: Finding) -> Iterable[tuple[str, str]]:
    yield "call", found.call
    yield "twice", found.twice
    yield "detected", f"by {found.prior}" if found.prior != "nothing" else "by nothing"
    if found.key:
        yield "key", found.key
    yield "rule", _rule(found)


def _labelled(label: str, text: str, width: int, paint: Paint) -> Iterator[str]:
    start = " " * 20
    lines = textwrap.wrap(text, width - 20 - _LABEL, break_long_words=True) or [""]
    yield start + paint(f"{label:<{_LABEL}}", "dim") + lines[0]
    for line in lines[1:]:
        yield start + " " * _LABEL + line


def _rule(found: Finding) -> str:
    return f"{found.rule} ({found.grade})" if found.grade else found.rule


def _verdict(found: Finding) -> str:
    if found.ignored:
        return f"ignored: {found.ignored}"
    return found.status.value


def _wrapped(text: str, width: int) -> Iterator[str]:
    yield from textwrap.wrap(text, width, break_long_words=False) or [""]


def _code(text: str) -> str:
    return f"`{text.replace('`', chr(39))}`" if text else ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + ("" if number == 1 else "s")
