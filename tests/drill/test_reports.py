import json
from xml.etree import ElementTree as ET

import pytest

from soulguard.drill.reports import as_json, as_junit, summary, text
from soulguard.drill.results import Category, Finding, Point, Report, Verdict


def verdict(number, category, *words):
    point = Point("before it", f"write {number}", 1, "agent.py:3", number)
    return Verdict(point, category, tuple(Finding(w, "a") for w in words), 0.5)


SAFE = Report(
    ("python", "agent.py"), True, 2,
    (verdict(1, Category.SAFE), verdict(2, Category.SAFE)), "from run 1", seconds=1.0,
)  # fmt: skip
MIXED = Report(
    ("python", "agent.py"), False, 9,
    (
        verdict(1, Category.SAFE), verdict(2, Category.HELD, "waits"),
        verdict(3, Category.UNSAFE, "sent \x00 twice", "torn"),
        verdict(4, Category.NOT_REACHED, "not reached"),
    ),
    "", noise={"b": "line 1"}, notes=("a note",), repeated=2,
)  # fmt: skip


def test_a_safe_report_is_one_line():
    assert text(SAFE) == summary(SAFE) == "2 of 2 crash points safe"


def test_a_report_says_what_is_wrong_first_and_the_sum_last():
    lines = text(MIXED).splitlines()
    assert lines[0] == "unsafe: point 3, write 3, killed before it (agent.py:3)"
    assert lines[1:3] == ["    a: sent \x00 twice", "    a: torn"]
    assert lines[-4:-1] == [
        (
            "note: b differs between two runs nobody interrupted, so only its shape is "
            "compared: line 1"
        ),
        "note: a note",
        "note: harmless calls were made again 2 times in all",
    ]
    assert lines[-1] == (
        "1 of 4 crash points safe, 1 unsafe, 1 not reached, 1 held for a person, "
        "5 not drilled (without the guard)"
    )


def test_a_long_report_is_cut_and_says_so():
    many = Report(("x",), True, 9, tuple(
        verdict(n, Category.UNSAFE, "twice") for n in range(9)
    ), "")  # fmt: skip
    assert "and 7 more unsafe (`--format json` has all)" in text(many, most=2)


def test_json_is_the_whole_report_with_the_counts():
    data = json.loads(as_json(MIXED))
    assert data["counts"] == {"safe": 1, "unsafe": 1, "held": 1, "not reached": 1}
    assert data["holds"] is False
    kept = {k: v for k, v in data.items() if k not in ("counts", "holds", "summary")}
    assert Report.from_json(kept) == MIXED


@pytest.mark.parametrize(
    ("strict", "failures", "skipped"), [(False, 2, 1), (True, 3, 0)]
)
def test_junit_has_a_case_per_point(strict, failures, skipped):
    suite = ET.fromstring(as_junit(MIXED, strict=strict))
    assert suite.get("tests") == "4"
    assert (suite.get("failures"), suite.get("skipped")) == (
        str(failures),
        str(skipped),
    )
    assert len(suite.findall("testcase/failure")) == failures
    assert len(suite.findall("testcase/skipped")) == skipped
    failure = suite.find("testcase[3]/failure")
    assert failure.get("message") == "a: sent ? twice"
    assert failure.text == "a: sent ? twice\na: torn"
