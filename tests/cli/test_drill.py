import json
import signal
from xml.etree import ElementTree as ET

import pytest

from soulguard.cli.exits import Exit
from soulguard.drill import drilling
from soulguard.drill.ground import Options
from soulguard.drill.results import Category, Finding, Point, Report, Verdict
from tests.cli.test_main import status_of


def report(category):
    point = Point("before it", "write a", 1, "agent.py:3", 1)
    verdict = Verdict(point, category, (Finding("written twice", "a"),))
    return Report(("x",), True, 1, (verdict,), "from run 1")


@pytest.fixture(autouse=True)
def own_signals():
    """Give the test runner its own way to be stopped back."""
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


@pytest.fixture
def drilled(monkeypatch):
    """Give a report instead of drilling, and note what was asked for."""
    asked = []

    def make(category):
        def drill(options, audience):
            asked.append(options)
            audience.say("copied")
            found = report(category)
            audience.progress(1, 1, found.verdicts[0])
            return found

        monkeypatch.setattr(drilling, "drill", drill)
        return asked

    return make


@pytest.mark.parametrize(
    ("category", "plain", "strict"),
    [
        (Category.SAFE, Exit.OK, Exit.OK),
        (Category.HELD, Exit.OK, Exit.VIOLATIONS),
        (Category.UNSAFE, Exit.VIOLATIONS, Exit.VIOLATIONS),
        (Category.NOT_REACHED, Exit.VIOLATIONS, Exit.VIOLATIONS),
    ],
)
def test_the_exit_code_says_whether_it_holds(drilled, category, plain, strict):
    drilled(category)
    assert status_of("drill", "--", "x") == plain
    assert status_of("drill", "--strict", "--", "x") == strict


def test_the_report_is_on_stdout_and_what_goes_on_on_stderr(drilled, capsys):
    drilled(Category.UNSAFE)
    status_of("drill", "--", "x")
    out, err = capsys.readouterr()
    assert (
        out.splitlines()[0] == "unsafe: point 1, write a, killed before it (agent.py:3)"
    )
    assert out.splitlines()[-1] == "0 of 1 crash points safe, 1 unsafe"
    assert err.splitlines() == [
        "drill: copied", "hint: look closer with `--point 1 --keep`"
    ]  # fmt: skip


def test_a_cancelled_job_ends_like_one_and_is_cleaned_up_after(monkeypatch):
    def drill(options, audience):
        signal.raise_signal(signal.SIGTERM)

    monkeypatch.setattr(drilling, "drill", drill)
    assert status_of("drill", "--", "x") == 128 + signal.SIGTERM


def test_json_and_junit_are_nothing_but_that(drilled, capsys):
    drilled(Category.UNSAFE)
    status_of("drill", "--format", "json", "--", "x")
    assert json.loads(capsys.readouterr().out)["holds"] is False
    status_of("drill", "--format", "junit", "--", "x")
    assert ET.fromstring(capsys.readouterr().out.strip()).get("failures") == "1"


def test_options_of_the_agent_are_its_own(drilled):
    asked = drilled(Category.SAFE)
    status_of(
        "drill", "--live", "--jobs", "3", "--point", "4", "--harmless", "git *",
        "--max-size", "1", "--", "python", "agent.py", "--live", "x",
    )  # fmt: skip
    assert asked[0] == Options(
        command=("python", "agent.py", "--live", "x"), live=True, jobs=3, only=(4,),
        harmless=("git *",), max_size=1024 * 1024,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--live", "--from", "r1"], "two recordings"),
        (["--point", "1", "--sample", "2"], "choose points twice"),
    ],
)
def test_options_that_exclude_each_other_are_refused(drilled, capsys, options, words):
    drilled(Category.SAFE)
    assert status_of("drill", *options, "--", "x") == Exit.USAGE
    assert words in capsys.readouterr().err
