import os
from pathlib import Path

import pytest

from soulguard.errors import SourceEncodingError, SourceMissingError
from soulguard.soul.text import (
    MAX_SIZE,
    contents,
    display_name,
    must_be_files,
    read_source,
)


def test_a_file_is_read_without_mark_and_carriage_returns(tmp_path: Path) -> None:
    file = tmp_path / "SOUL.md"
    file.write_bytes(b"\xef\xbb\xbfa\r\nb\rc")
    assert read_source(file, tmp_path).text == "a\nb\nc"


def test_utf_16_is_named(tmp_path: Path) -> None:
    file = tmp_path / "SOUL.md"
    file.write_bytes("never".encode("utf-16"))
    with pytest.raises(SourceEncodingError, match="is UTF-16"):
        read_source(file, tmp_path)


def test_a_file_too_large_is_a_mistake(tmp_path: Path) -> None:
    file = tmp_path / "SOUL.md"
    with file.open("wb") as stream:
        stream.truncate(MAX_SIZE + 1)
    with pytest.raises(SourceMissingError, match="too many"):
        read_source(file, tmp_path)


@pytest.mark.parametrize("what", ["a pipe", "a folder", "a device"])
def test_what_is_no_file_is_not_read(what: str, tmp_path: Path) -> None:
    file = tmp_path / "SOUL.md"
    if what == "a pipe":
        os.mkfifo(file)
    elif what == "a folder":
        file.mkdir()
    else:
        file.symlink_to("/dev/zero")
    with pytest.raises(SourceMissingError, match=f"is {what}, not") as refused:
        read_source(file, tmp_path)
    assert refused.value.where == "SOUL.md"
    assert "file" in refused.value.hint
    assert contents([file]) == ((str(file), ""),)
    with pytest.raises(SourceMissingError, match=f"is {what}, not"):
        must_be_files([file], tmp_path)


def test_a_name_is_shown_as_it_is_shorter(tmp_path: Path) -> None:
    assert display_name(tmp_path / "a" / "b", tmp_path) == "a/b"
    assert display_name(Path("/x"), tmp_path) == "/x"


def test_contents_change_with_the_bytes(tmp_path: Path) -> None:
    file = tmp_path / "a"
    before = contents([file])
    file.write_text("x")
    assert before == ((str(file), ""),)
    assert contents([file]) != before
