from pathlib import Path

from soulguard.soul.compiler import examine
from soulguard.soul.difference import difference


def made(tmp_path: Path, text: str):
    file = tmp_path / "SOUL.md"
    file.write_text(text)
    return examine([file])


def test_sentences_come_go_and_change(tmp_path: Path) -> None:
    old = made(tmp_path, "Never use sudo.\n\nNever overwrite existing files.\n")
    new = made(
        tmp_path,
        "Never overwrite existing files. Source code edits are the exception.\n\n"
        "Never force push.\n",
    )
    found = difference(old, new)
    assert [s.text for s in found.removed] == ["Never use sudo."]
    assert "Never force push." in [s.text for s in found.added]
    assert [s.text for s in found.changed] == ["Never overwrite existing files."]
    assert [s.text for s in found.before] == ["Never overwrite existing files."]
    assert not found.empty


def test_words_that_make_no_rule_are_no_difference(tmp_path: Path) -> None:
    old = made(tmp_path, "Never use sudo.\n")
    new = made(tmp_path, "# Title\n\nBe kind.\n\nNever use sudo.\n")
    assert difference(old, new).empty


def test_new_demands_that_do_not_hold_are_told(tmp_path: Path) -> None:
    old = made(tmp_path, "Never use sudo.\n\nNever be rude.\n")
    new = made(tmp_path, "Never use sudo.\n\nNever be rude.\n\nNever be late.\n")
    found = difference(old, new)
    assert [s.text for s in found.open] == ["Never be late."]
    assert found.empty


def test_a_copy_under_another_name_is_no_difference(tmp_path: Path) -> None:
    new = made(tmp_path, "When you change this file, tell me.\n")
    file = tmp_path / "old.md"
    file.write_text("When you change this file, tell me.\n")
    assert difference(examine([file]), new).empty
