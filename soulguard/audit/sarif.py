"""An audit as SARIF 2.1.0, for code hosts and editors.

Source of the form: OASIS Standard, "Static Analysis Results Interchange Format (SARIF)
Version 2.1.0", sections 3.13 to 3.28.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from soulguard import __version__
from soulguard.audit.findings import Audit, Finding, Status, Trouble

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {Status.DEBT: "error", Status.UNKNOWN: "note"}


def as_sarif(audit: Audit) -> str:
    """Give the audit as one SARIF log with one run.

    Debt is an error, what is unknown a note; what is guarded or safe passes.
    """
    rules = sorted({f.signature: f for f in audit.findings}.items())
    numbers = {name: at for at, (name, _) in enumerate(rules)}
    marks: Counter[str] = Counter()
    results = [_result(f, numbers, marks) for f in audit.findings]
    run = {
        "tool": {
            "driver": {
                "name": "soulguard audit", "version": __version__,
                "semanticVersion": __version__,
                "rules": [_rule(name, found) for name, found in rules],
            }
        },
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {
                "executionSuccessful": not audit.troubles,
                "toolExecutionNotifications": [_notice(t) for t in audit.troubles],
            }
        ],
        "results": results,
    }  # fmt: skip
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=2, ensure_ascii=False)


def _rule(name: str, found: Finding) -> dict[str, Any]:
    return {
        "id": name,
        "shortDescription": {"text": f"{found.what[:1].upper()}{found.what[1:]}"},
        "fullDescription": {"text": f"A second run: {found.twice}."},
        "defaultConfiguration": {"level": "error"},
    }


def _result(
    found: Finding, numbers: dict[str, int], marks: Counter[str]
) -> dict[str, Any]:
    said = f"{found.what} {found.target}".strip()
    text = f"{said}: {found.twice}. Detected by {found.prior}. Rule: {found.rule}."
    if found.key:
        text += f" Key: {found.key}."
    mark = hashlib.sha256(
        f"{found.file}\0{found.signature}\0{found.call}\0{found.target}".encode()
    ).hexdigest()[:16]
    marks[mark] += 1
    result: dict[str, Any] = {
        "ruleId": found.signature,
        "ruleIndex": numbers[found.signature],
        "kind": _kind(found.status),
        "level": _LEVELS.get(found.status, "none"),
        "message": {"text": text},
        "locations": [_location(found.file, found.line, found.column)],
        # the line is left out: an edit above must not make it a new result
        "partialFingerprints": {"soulguard/v1": f"{mark}:{marks[mark]}"},
        "properties": {"verdict": found.status.value, "grade": found.grade},
    }
    if found.ignored:
        result["suppressions"] = [
            {"kind": "inSource", "justification": found.ignored}
        ]  # fmt: skip
    return result


def _kind(status: Status) -> str:
    # a level beside `none` belongs to `fail` alone (section 3.27.10)
    return "fail" if status in _LEVELS else "pass"


def _notice(trouble: Trouble) -> dict[str, Any]:
    return {
        "level": "error",
        "message": {"text": trouble.message},
        "locations": [_location(trouble.file, trouble.line, 0)],
    }


def _location(file: str, line: int, column: int) -> dict[str, Any]:
    uri = quote(PurePath(file).as_posix())
    place: dict[str, Any] = {"artifactLocation": {"uri": uri}}
    if line:
        place["region"] = {"startLine": line}
        if column:
            place["region"]["startColumn"] = column
    return {"physicalLocation": place}
