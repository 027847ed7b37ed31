from pathlib import Path

import pytest

from soulguard.cli import init, test
from soulguard.cli.exits import Exit
from soulguard.errors import UsageError
from soulguard.soul.shipped import shipped


def run(*args: object) -> int:
    code: int = test.command.main([str(a) for a in args], standalone_mode=False)
    return code


@pytest.fixture
def folder(tmp_path: Path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "SOUL.md").write_text("Never force push.\n")
    return tmp_path


def test_cases_that_hold_end_with_zero(folder: Path, capsys) -> None:
    (folder / "soulguard.cases.yaml").write_text(
        "cases:\n  - {effect: run git push -f, expect: deny, by: SOUL.md:1}\n"
        "  - {effect: run git push, expect: allow}\n"
    )
    assert run() == Exit.OK
    assert "2 of 2 cases hold" in capsys.readouterr().out


def test_a_case_that_does_not_hold_is_named_with_its_line(folder: Path, capsys) -> None:
    (folder / "c.yaml").write_text(
        "cases:\n  - {effect: run git push, expect: deny}\n"
        "  - {effect: write a, expect: allow, with: [once]}\n"
    )
    assert run("c.yaml") == Exit.VIOLATIONS
    out = capsys.readouterr().out
    assert "c.yaml:2: `run git push` is allow, not deny: no rule refuses it" in out
    assert "c.yaml:3: `write a` lacks `once`" in out
    assert "0 of 2 cases hold" in out


def test_no_case_file_says_what_to_write(folder: Path) -> None:
    with pytest.raises(UsageError, match="no case file") as error:
        run()
    assert "soulguard.cases.yaml" in error.value.hint


def test_the_shipped_presets_hold_their_cases(folder: Path) -> None:
    (folder / "SOUL.md").unlink()
    args = ["--preset", "careful", "--preset", "unattended"]
    init.command.main(args, standalone_mode=False)
    assert run(shipped("presets.cases.yaml")) == Exit.OK
