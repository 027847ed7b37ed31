from pathlib import Path

import pytest

from soulguard.tui.editing import editor_command, place_of, source_file


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        ({}, ["vi", "+6", "S.md"]),
        ({"EDITOR": "nano -w"}, ["nano", "-w", "+6", "S.md"]),
        (
            {"EDITOR": "nano", "VISUAL": "/opt/code"},
            ["/opt/code", "--wait", "--goto", "S.md:6"],
        ),
        ({"EDITOR": "hx"}, ["hx", "S.md:6"]),
        ({"EDITOR": "'my editor'"}, ["my editor", "+6", "S.md"]),
    ],
)
def test_each_editor_is_told_the_line_in_its_own_way(environ, words):
    assert editor_command(environ, Path("S.md"), 6) == words


def test_without_a_line_the_file_is_opened():
    assert editor_command({}, Path("S.md"), 0) == ["vi", "S.md"]


@pytest.mark.parametrize(
    ("source", "place"),
    [
        ("SOUL.md:6", ("SOUL.md", 6)),
        ("SOUL.md:6:3", ("SOUL.md", 6)),
        ("a:b.md:2", ("a:b.md", 2)),
        ("SOUL.md", ("SOUL.md", 0)),
        ("", ("", 0)),
    ],
)
def test_a_place_is_file_and_line(source, place):
    assert place_of(source) == place


def test_the_file_is_looked_for_beside_the_rules_and_among_the_sources(tmp_path):
    (tmp_path / "rules").mkdir()
    soul, other = tmp_path / "SOUL.md", tmp_path / "rules" / "extra.md"
    soul.touch()
    other.touch()
    root, sources = str(tmp_path), [str(soul), str(other)]
    assert source_file("SOUL.md", root, sources) == soul
    assert source_file("extra.md", root, sources) == other
    assert source_file("gone.md", root, sources) is None
