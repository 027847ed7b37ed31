import json
from dataclasses import replace

import pytest

from soulguard.audit import reports
from soulguard.audit.findings import Audit, Status, Trouble
from soulguard.cli.output import width
from tests.audit.test_findings import FINDING

SAFE = replace(
    FINDING, file="b.py", line=7, status=Status.SAFE, prior="mode `x`", target="b|c"
)
AUDIT = Audit(
    (FINDING, replace(FINDING, line=2, ignored="a cache"), SAFE),
    (Trouble("c.py", 3, "not Python"),),
    files=3,
    left_out=1,
)


def test_a_person_sees_each_file_once_and_the_sum_at_the_end():
    lines = list(reports.table(AUDIT))
    assert lines[0] == "a.py"
    assert lines[1] == "      1:1  debt     write a file a"
    assert "                    detected  by nothing" in lines
    assert "      7:1  safe     write a file b|c  mode `x`" in lines
    assert "not audited: c.py:3: not Python" in lines
    assert lines.count("a.py") == 1
    said = " ".join(lines[-3:])
    assert (
        "idempotency debt 1: 2 effects in 3 files: 1 happen twice, 1 safe; 1 ignored"
        in said
    )
    assert "1 file of tests left out (`--tests`)" in said


def test_what_is_ignored_is_shown_on_request():
    assert "a cache" not in "\n".join(reports.table(AUDIT))
    assert "ignored" in "\n".join(reports.table(AUDIT, ignored=True))
    assert "ignored: a cache" in reports.markdown(AUDIT, ignored=True)


@pytest.mark.parametrize("wide", [20, 40, 60, 88, 200])
def test_no_line_is_wider_than_the_terminal(wide):
    long = replace(
        FINDING, target="x" * 150, twice="it is " + "very " * 40 + "bad", call="a." * 60
    )
    lines = list(
        reports.table(
            Audit((long, replace(long, status=Status.SAFE)), files=1), width=wide
        )
    )
    assert max(map(width, lines)) <= max(wide, 40)


def test_colour_is_the_callers(monkeypatch):
    painted = reports.table(
        AUDIT, paint=lambda text, *styles: f"<{','.join(styles)}>{text}"
    )
    assert "<bold,red>debt" in "\n".join(painted)


def test_markdown_is_one_table():
    text = reports.markdown(AUDIT)
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert len(rows) == 4
    assert "`b\\|c`" in rows[3]
    assert {row.replace("\\|", "").count("|") for row in rows} == {8}
    assert "- not audited: `c.py:3: not Python`" in text


def test_json_has_everything():
    data = json.loads(reports.as_json(AUDIT))
    assert data["debt"] == 1
    assert data["counts"] == {"debt": 1, "unknown": 0, "guarded": 0, "safe": 1}
    assert [f["ignored"] for f in data["findings"]] == ["", "a cache", ""]
    assert data["troubles"] == [{"file": "c.py", "line": 3, "message": "not Python"}]


def test_nothing_found_is_said_plainly():
    assert list(reports.table(Audit(files=2))) == [
        "idempotency debt 0: 0 effects in 2 files: 0 happen twice"
    ]
