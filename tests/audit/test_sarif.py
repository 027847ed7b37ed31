"""The essentials of SARIF 2.1.0, by the section of the standard that demands them."""

import json
import re
from dataclasses import replace

from soulguard.audit.findings import Audit, Status, Trouble
from soulguard.audit.sarif import as_sarif
from tests.audit.test_findings import FINDING

AUDIT = Audit(
    (
        FINDING,
        replace(FINDING, line=9),
        replace(FINDING, signature="other", status=Status.SAFE, file="a b/ü.py"),
        replace(FINDING, status=Status.UNKNOWN, ignored="a cache"),
        replace(FINDING, status=Status.GUARDED),
    ),
    (Trouble("c.py", 3, "not Python"), Trouble("d.py", 0, "too large")),
)
LOG = json.loads(as_sarif(AUDIT))
RUN = LOG["runs"][0]
KEYS = {
    "log": {"$schema", "version", "runs"},
    "run": {"tool", "invocations", "results", "columnKind"},
    "result": {
        "ruleId", "ruleIndex", "kind", "level", "message", "locations", "partialFingerprints",
        "properties", "suppressions",
    },
    "rule": {"id", "shortDescription", "fullDescription", "defaultConfiguration"},
}  # fmt: skip


def test_the_log_has_what_section_3_13_demands():
    assert LOG["version"] == "2.1.0"
    assert LOG["$schema"].startswith("https://")
    assert set(LOG) == KEYS["log"]
    assert set(RUN) == KEYS["run"]


def test_the_tool_has_a_name_and_rules_with_unique_ids():
    driver = RUN["tool"]["driver"]  # sections 3.18.2, 3.19.2
    assert driver["name"] == "soulguard audit"
    assert re.fullmatch(r"\d+\.\d+\.\d+.*", driver["semanticVersion"])
    ids = [rule["id"] for rule in driver["rules"]]
    assert ids == sorted(set(ids))
    for rule in driver["rules"]:
        assert set(rule) == KEYS["rule"]
        assert rule["shortDescription"]["text"]  # 3.49.9, a multiformatMessageString


def test_every_result_points_at_its_rule():
    rules = RUN["tool"]["driver"]["rules"]
    for result in RUN["results"]:
        assert set(result) <= KEYS["result"]
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]  # 3.27.6
        assert result["message"]["text"]  # 3.11.8


def test_levels_and_kinds_agree():
    pairs = [(r["kind"], r["level"]) for r in RUN["results"]]
    assert pairs == [
        ("fail", "error"), ("fail", "error"), ("pass", "none"), ("fail", "note"),
        ("pass", "none"),
    ]  # fmt: skip
    # 3.27.10: a level beside `none` only where kind is `fail`
    assert all(kind == "fail" or level == "none" for kind, level in pairs)


def test_places_are_uris_and_lines_from_one():
    place = RUN["results"][2]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "a%20b/%C3%BC.py"  # 3.10, RFC 3986
    assert place["region"] == {"startLine": 1, "startColumn": 1}


def test_fingerprints_outlive_an_edit_above_and_are_unique():
    marks = [r["partialFingerprints"]["soulguard/v1"] for r in RUN["results"]]
    assert len(set(marks)) == len(marks)
    moved = json.loads(as_sarif(Audit((replace(FINDING, line=50),))))
    assert (
        moved["runs"][0]["results"][0]["partialFingerprints"]
        == RUN["results"][0]["partialFingerprints"]
    )


def test_what_is_ignored_is_suppressed_in_the_source():
    assert RUN["results"][3]["suppressions"] == [
        {"kind": "inSource", "justification": "a cache"}  # 3.35.2
    ]


def test_files_that_were_not_read_make_the_run_unsuccessful():
    (invocation,) = RUN["invocations"]
    assert invocation["executionSuccessful"] is False  # 3.20.14, required
    first, second = invocation["toolExecutionNotifications"]
    assert first["locations"][0]["physicalLocation"]["region"] == {"startLine": 3}
    assert "region" not in second["locations"][0]["physicalLocation"]
