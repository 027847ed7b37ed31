"""A report in words, as JSON and as JUnit XML; the same words for a person and a test.

Colour is the command line's.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from xml.etree import ElementTree as ET

from soulguard.drill.results import Category, Report, Verdict

_MOST = 25
_UNPRINTABLE = re.compile(r"[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")
"""What XML 1.0 takes no characters for (section 2.2)."""

_ORDER = (Category.UNSAFE, Category.NOT_REACHED, Category.HELD)


def text(report: Report, *, most: int = _MOST) -> str:
    """Give the report for a person: what is not safe and why, then the sum."""
    lines = []
    for category in _ORDER:
        found = [v for v in report.verdicts if v.category is category]
        lines += [line for verdict in found[:most] for line in _verdict(verdict)]
        if len(found) > most:
            more = len(found) - most
            lines += [f"and {more} more {category.value} (`--format json` has all)", ""]
    lines += _noise(report)
    lines += [f"note: {note}" for note in report.notes]
    if report.repeated:
        times = "once" if report.repeated == 1 else f"{report.repeated} times"
        lines.append(f"note: harmless calls were made again {times} in all")
    return "\n".join([*lines, summary(report)])


def summary(report: Report) -> str:
    """Give the one line that says how it went."""
    drilled, safe = len(report.verdicts), report.count(Category.SAFE)
    words = [f"{safe} of {drilled} crash points safe"]
    others = {
        Category.UNSAFE: "unsafe",
        Category.NOT_REACHED: "not reached",
        Category.HELD: "held for a person",
    }
    words += [f"{report.count(c)} {w}" for c, w in others.items() if report.count(c)]
    if drilled < report.points:
        words.append(f"{report.points - drilled} not drilled")
    return ", ".join(words) + ("" if report.guarded else " (without the guard)")


def as_json(report: Report, *, strict: bool = False) -> str:
    """Give the whole report as JSON, with the counts and whether it holds."""
    counts = {c.value: report.count(c) for c in Category}
    data = {
        **report.to_json(), "counts": counts, "holds": report.holds(strict=strict),
        "summary": summary(report),
    }  # fmt: skip
    return json.dumps(data, indent=2, ensure_ascii=False)


def as_junit(report: Report, *, strict: bool = False) -> str:
    """Give the report as JUnit XML: a test case per crash point.

    Unsafe and not reached are failures, held is skipped, under `strict` a failure.
    """
    bad = {Category.UNSAFE, Category.NOT_REACHED} | (
        {Category.HELD} if strict else set()
    )
    failures = sum(report.count(c) for c in bad)
    skipped = 0 if strict else report.count(Category.HELD)
    suite = ET.Element("testsuite", {
        "name": "soulguard drill", "tests": str(len(report.verdicts)),
        "failures": str(failures), "skipped": str(skipped), "errors": "0",
        "time": f"{report.seconds:.3f}",
    })  # fmt: skip
    for verdict in report.verdicts:
        point = verdict.point
        case = ET.SubElement(suite, "testcase", {
            "classname": "drill", "name": _xml(f"{point.number}: {point.words}"),
            "time": f"{verdict.seconds:.3f}",
        })  # fmt: skip
        if verdict.category is not Category.SAFE:
            words = _xml("\n".join(f.words for f in verdict.findings))
            tag = "failure" if verdict.category in bad else "skipped"
            told = ET.SubElement(case, tag, {"message": _xml(_first(verdict))})
            told.text = words
    ET.indent(suite)
    return ET.tostring(suite, encoding="unicode", xml_declaration=True)


def _verdict(verdict: Verdict) -> Iterator[str]:
    point = verdict.point
    place = f" ({point.at})" if point.at else ""
    yield f"{verdict.category.value}: point {point.number}, {point.words}{place}"
    for finding in verdict.findings:
        yield f"    {finding.words}"
    if verdict.kept:
        yield f"    kept in {verdict.kept}"
    yield ""


def _noise(report: Report) -> Iterable[str]:
    return [
        f"note: {path} differs between two runs nobody interrupted, so only its shape is "
        f"compared: {words}"
        for path, words in report.noise.items()
    ]


def _first(verdict: Verdict) -> str:
    wrong = [f.words for f in verdict.findings if f.wrong] or [
        f.words for f in verdict.findings
    ]
    return wrong[0] if wrong else verdict.category.value


def _xml(words: str) -> str:
    return _UNPRINTABLE.sub("?", words)
