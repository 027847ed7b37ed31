import json
from pathlib import Path

import pytest
import yaml

from soulguard.cli.check import command
from soulguard.cli.exits import Exit

RULE = "Never write twice to the same output path in a single run.\n"


def check(*args: object) -> int:
    code = command.main([str(a) for a in args], standalone_mode=False)
    return Exit.OK if code is None else code


def test_the_report_names_line_grade_and_meaning(tmp_path: Path, capsys) -> None:
    file = tmp_path / "SOUL.md"
    file.write_text("# A\n\n" + RULE + "\nAlways be kind.\n")
    assert check(file) == Exit.OK
    out = capsys.readouterr().out
    assert "     3  process  Never write twice" in out
    assert "= write-once: every output" in out
    assert "SOUL.md: read, not enforced" in out
    assert "     5  Always be kind." in out
    assert "1 of 2 rule sentences is enforced, 1 is not" in out
    assert "\x1b" not in out


def test_strict_ends_with_one_when_a_rule_is_not_enforced(tmp_path: Path) -> None:
    file = tmp_path / "SOUL.md"
    file.write_text(RULE)
    assert check("--strict", file) == Exit.OK
    file.write_text(RULE + "\nAlways be kind.\n")
    assert check("--strict", file) == Exit.VIOLATIONS


def test_mistakes_end_with_two_and_stand_on_stderr(tmp_path: Path, capsys) -> None:
    file = tmp_path / "SOUL.md"
    file.write_text("```soulguard\nrules:\n  - onec: run\n```\n")
    assert check(file) == Exit.USAGE
    err = capsys.readouterr().err
    assert "error: SOUL.md:3:5: unknown key `onec` in a rule" in err
    assert "hint: did you mean `once`?" in err


@pytest.mark.parametrize("form", ["json", "yaml"])
def test_the_report_is_data_on_request(tmp_path: Path, capsys, form: str) -> None:
    file = tmp_path / "SOUL.md"
    file.write_text(RULE)
    check("--format", form, file)
    out = capsys.readouterr().out
    data = json.loads(out) if form == "json" else yaml.safe_load(out)
    assert data["totals"]["enforced"] == 1
    assert data["sentences"][0]["span"]["line"] == 1
    assert data["policy"]["rules"][0]["family"] == "write-once"


def test_lookalikes_are_told_of(tmp_path: Path, capsys) -> None:
    (tmp_path / "SOUL.md").write_text(RULE)
    (tmp_path / "CLAUDE.md").write_text(RULE)
    check(tmp_path)
    assert "warning: not read: `CLAUDE.md`" in capsys.readouterr().err


def test_an_edit_is_shown_as_the_sentences_it_adds_and_removes(
    tmp_path: Path, capsys
) -> None:
    old, new = tmp_path / "old.md", tmp_path / "new.md"
    old.write_text(RULE + "\nNever use sudo.\n")
    new.write_text("# Title\n\n" + RULE + "\nNever force push.\n")
    assert check("--diff", old, new) == Exit.OK
    out = capsys.readouterr().out.splitlines()
    assert [line for line in out if line[0] in "+-~"] == [
        "+ new.md:5: Never force push.",
        "- old.md:3: Never use sudo.",
    ]


def test_a_moved_sentence_is_no_difference(tmp_path: Path, capsys) -> None:
    old, new = tmp_path / "old.md", tmp_path / "new.md"
    old.write_text(RULE)
    new.write_text("# Title\n\n" + RULE)
    assert check("--diff", old, new) == Exit.OK
    assert capsys.readouterr().out == "the same rules\n"


def test_a_file_of_judgement_alone_is_no_mistake_and_ends_with_one(tmp_path, capsys):
    file = tmp_path / "SOUL.md"
    file.write_text("Always be kind.\n")
    assert check(file) == Exit.VIOLATIONS
    said = capsys.readouterr()
    assert "nothing here can be enforced" in said.out
    assert "none of 1 rule sentences is enforced" in said.out
    assert "error" not in said.err
    assert "hint: `soulguard run` starts with at least one rule" in said.err
    assert check("--format", "json", file) == Exit.VIOLATIONS
    assert json.loads(capsys.readouterr().out)["totals"]["errors"] == 0


def test_an_edit_that_leaves_nothing_to_enforce_ends_with_one(tmp_path, capsys):
    old, new = tmp_path / "old.md", tmp_path / "new.md"
    old.write_text(RULE)
    new.write_text("Always be kind.\n")
    assert check("--diff", old, new) == Exit.VIOLATIONS
    assert capsys.readouterr().out.startswith("- old.md:1: Never write twice")


def test_an_edit_shows_what_a_sentence_was_and_what_has_no_effect(tmp_path, capsys):
    old, new = tmp_path / "old.md", tmp_path / "new.md"
    old.write_text("Never overwrite existing files.\n")
    new.write_text(
        "Never overwrite existing files. `state/` is the exception.\n\nNever be late.\n"
    )
    check("--diff", old, new)
    out = capsys.readouterr().out
    assert "~ new.md:1: Never overwrite existing files.\n    = write-once: " in out
    assert "! new.md:3: Never be late.\n    not enforced: it names no file" in out
