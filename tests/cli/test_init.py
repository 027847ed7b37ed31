from pathlib import Path

import pytest

from soulguard.cli.exits import Exit
from soulguard.cli.init import command
from soulguard.errors import UsageError
from soulguard.soul.compiler import compile_sources


def init(*args: object) -> int:
    code: int = command.main([str(a) for a in args], standalone_mode=False)
    return code


def test_a_new_file_gets_the_rule_and_compiles(tmp_path: Path) -> None:
    file = tmp_path / "SOUL.md"
    assert init(file) == Exit.OK
    found = compile_sources([file])
    assert [s.family for s in found.sentences] == ["write-once", "write-once"]


def test_what_a_file_says_keeps_every_byte(tmp_path: Path) -> None:
    file = tmp_path / "SOUL.md"
    file.write_bytes(b"# Me\r\n\r\nI like tea.  \r\nno newline at the end")
    before = file.read_bytes()
    init(file, "--preset", "careful")
    assert file.read_bytes().startswith(before)
    assert "## Care" in file.read_text()


def test_doing_it_twice_adds_nothing(tmp_path: Path, capsys) -> None:
    file = tmp_path / "SOUL.md"
    init(file, "--preset", "unattended")
    before = file.read_bytes()
    init(file, "--preset", "unattended")
    assert file.read_bytes() == before
    assert "says all that already" in capsys.readouterr().err


def test_an_unknown_preset_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no preset `bold`") as error:
        init(tmp_path / "SOUL.md", "--preset", "bold")
    assert "careful" in error.value.hint
    assert not (tmp_path / "SOUL.md").exists()
