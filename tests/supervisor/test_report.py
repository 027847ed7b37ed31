import contextlib
import time
from dataclasses import replace

from soulguard.model import Attempt, RunStatus
from soulguard.supervisor import report
from tests.ledger.samples import OWNER, a_run, an_effect


def attempts(status):
    now = time.time()
    return [Attempt("run-1", 1, OWNER, now - 1, now, status)]


def ended(status):
    return a_run(status=status)


def test_the_last_line_counts_what_the_attempt_did(capsys):
    counts = {
        "effect.done": 3, "effect.done:file.write": 1, "effect.done:file.append": 1,
        "effect.skipped": 4, "effect.replayed": 5, "effect.resent": 6,
        "violation.duplicate": 2, "effect.in_doubt": 7,
    }  # fmt: skip
    standing = {("http.call", "in_doubt"): 1, ("mail.send", "begun"): 2}
    report.summary(ended(RunStatus.COMPLETED), counts, standing)
    out, err = capsys.readouterr()
    assert out == ""
    assert err == (
        "soulguard: run run-1 completed: 2 written, 1 calls made, 4 skipped, "
        "5 replayed, 6 re-sent, 2 blocked, 3 in doubt\n"
    )


def test_what_is_rare_is_told_only_when_it_happened(capsys):
    counts = {
        "observed": 1, "divergence": 2, "drift": 3, "process.unguarded": 4,
        "saved:tokens": 1200, "saved:usd": 0.5,
    }  # fmt: skip
    report.summary(ended(RunStatus.RESUMABLE), counts, {})
    first, second = capsys.readouterr().err.splitlines()
    for words in (
        "saved 1,200 tokens ($0.50)", "1 violations observed", "2 diverged", "3 drifted",
        "4 unguarded processes",
    ):  # fmt: skip
        assert words in first
    place = "/home/a/.soulguard/ledger.db"
    assert second.endswith(f"details: soulguard status run-1 --ledger {place}")


def test_the_way_to_the_details_works_from_this_folder(capsys, tmp_path, monkeypatch):
    (tmp_path / "below").mkdir()
    monkeypatch.chdir(tmp_path / "below")
    run = a_run(status=RunStatus.RESUMABLE, root=str(tmp_path))
    for named, way in (("", "run-1"), ("a b.db", "run-1 --ledger 'a b.db'")):
        report.summary(run, {}, {}, named)
        assert capsys.readouterr().err.endswith(f"soulguard status {way}\n")


def test_what_is_held_has_to_be_settled_before_the_next_start(capsys):
    standing = {("mail.send", "in_doubt"): 1, ("file.write", "begun"): 1}
    report.summary(ended(RunStatus.RESUMABLE), {"violation.held": 1}, standing)
    first, second = capsys.readouterr().err.splitlines()
    assert first.endswith("1 blocked, 1 in doubt")
    assert "settle what is in doubt with `soulguard resolve`, then start" in second
    # an answer too large to keep holds a call back as well, and is no doubt
    report.summary(ended(RunStatus.RESUMABLE), {"violation.held": 1}, {})
    assert "start the same command again to go on" in capsys.readouterr().err


def test_an_agent_that_ended_well_hears_what_keeps_its_run_open(capsys):
    run = ended(RunStatus.RESUMABLE)
    rows = [an_effect(protection="none"), an_effect(protection="key honoured")]
    for doubts, words in (
        (rows, "2 effects are in doubt: settle that with `soulguard resolve`, then"),
        (rows[1:], "1 effect is in doubt: start the same command again, which sends"),
    ):
        report.summary(run, {"violation.held": 1}, {}, doubts=doubts)
        first, second = capsys.readouterr().err.splitlines()
        assert "did not complete" in first
        assert f"ended with status 0, but {words}" in second


def test_a_named_run_that_another_command_goes_on_with_is_said(capsys):
    run = ended(RunStatus.RESUMABLE)
    report.other_command(run, run.command)
    assert capsys.readouterr().err == ""
    report.other_command(run, ("python", "b c.py"))
    said = capsys.readouterr().err
    assert "run run-1 was `python agent.py` so far: `python 'b c.py'` goes on" in said
    assert "another --run-id" in said


def told(files, calls, doubt):
    return f"on record: {files} file effects done, {calls} calls and commands recorded, {doubt} in doubt"


def test_an_earlier_attempt_ended_or_was_cut_off(capsys):
    counts = {
        ("file.write", "done"): 3, ("http.call", "done"): 2, ("http.call", "begun"): 1,
    }  # fmt: skip
    report.resumed(attempts(None), counts, 2)
    report.resumed(attempts(7), {}, 0)
    lines = capsys.readouterr().err.splitlines()
    assert lines == [
        "soulguard: attempt 1 was cut off; " + told(3, 2, 1),
        "soulguard: settled 2 unfinished file effects by what is on disk",
        "soulguard: attempt 1 ended with status 7; " + told(0, 0, 0),
    ]


def test_an_attempt_of_long_ago_is_said_to_be(capsys):
    for hours, said in ((30, "7 30 h ago;"), (72, "7 3 days ago;")):
        [last] = attempts(7)
        report.resumed([replace(last, ended_at=time.time() - hours * 3600)], {}, 0)
        assert said in capsys.readouterr().err


def test_the_header_names_run_attempt_and_rules(office, capsys, monkeypatch):
    monkeypatch.chdir(office.folder)
    found = office.running._found
    report.header(office.running.run, 2, found, observe=True)
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == (
        "soulguard: run run-1, attempt 2, observing only: nothing is refused"
    )
    assert lines[1] == "soulguard: read SOUL.md: 1 rule holds in process"


def test_rules_of_a_folder_above_are_named_with_it(office, capsys, monkeypatch):
    monkeypatch.chdir(office.folder.parent)
    report.header(office.running.run, 1, office.running._found, observe=False)
    assert f"read {office.folder}/SOUL.md: " in capsys.readouterr().err


def test_a_reader_that_is_gone_or_a_full_disk_ends_nothing(monkeypatch):
    with open("/dev/full", "w") as full:
        monkeypatch.setattr("sys.stderr", full)
        report.say("to nobody")
        monkeypatch.undo()
        with contextlib.suppress(OSError):
            full.close()
    monkeypatch.setattr("sys.stderr", None)
    report.say("to nobody")
