import io

import pytest

from soulguard.cli.output import (
    ago,
    coloured,
    duration,
    echo_error,
    echo_hint,
    echo_warning,
    paint,
    table,
    width,
)
from soulguard.errors import PolicySyntaxError, UsageError


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch):
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")


@pytest.mark.parametrize(
    ("stream", "environment", "expected"),
    [
        (Terminal(), {}, True),
        (io.StringIO(), {}, False),
        (Terminal(), {"TERM": "dumb"}, False),
        (Terminal(), {"NO_COLOR": "1"}, False),
        (Terminal(), {"NO_COLOR": ""}, True),
        (io.StringIO(), {"FORCE_COLOR": "1"}, True),
        (io.StringIO(), {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
    ],
)
def test_the_environment_is_heard_before_the_terminal(
    monkeypatch, stream, environment, expected
):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert coloured(stream) is expected


def test_paint_wraps_text_for_a_terminal_and_leaves_it_for_a_pipe():
    assert paint("no", "bold", "red", stream=Terminal()) == "\x1b[1;31mno\x1b[0m"
    assert paint("no", "bold", "red", stream=io.StringIO()) == "no"
    assert paint("", "red", stream=Terminal()) == ""


def test_an_error_shows_where_what_and_the_way_out(capsys):
    echo_error(
        PolicySyntaxError("no key `efect`", where="SOUL.md:3:5", hint="use `effect`")
    )
    out, err = capsys.readouterr()
    assert out == ""
    assert err == "error: SOUL.md:3:5: no key `efect`\nhint: use `effect`\n"


def test_an_error_without_a_way_out_is_one_line(capsys):
    echo_error(UsageError("no run `x`"))
    assert capsys.readouterr().err == "error: no run `x`\n"


def test_a_warning_goes_to_stderr(capsys):
    echo_warning("not under the guard", "run it with python")
    out, err = capsys.readouterr()
    assert out == ""
    assert err == "warning: not under the guard\nhint: run it with python\n"


def test_a_hint_goes_to_stderr(capsys):
    echo_hint("look closer")
    assert capsys.readouterr() == ("", "hint: look closer\n")


def test_a_table_aligns_painted_and_wide_cells(monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    text = table(["run", "n"], [[paint("請求", "red"), "7"], ["a", "12"]], right={1})
    head, first, second = text.split("\n")
    assert width(head) == width(first) == width(second) == len("請求") * 2 + 2 + 2
    assert second == "a     12"
    assert first.endswith("\x1b[0m   7")


def test_a_table_without_rows_is_its_head():
    assert table(["run", "state"], []) == "run  state"


def test_width_counts_combining_marks_as_nothing():
    assert width("e\u0301") == 1


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0.0s"),
        (-1, "0.0s"),
        (0.44, "0.4s"),
        (9.96, "10s"),
        (59.6, "1m"),
        (185, "3m 5s"),
        (3600, "1h"),
        (3605, "1h"),
        (90061, "1d 1h"),
    ],
)
def test_duration_gives_the_two_largest_units(seconds, text):
    assert duration(seconds) == text


@pytest.mark.parametrize(
    ("passed", "text"),
    [
        (-5, "just now"),
        (0.5, "just now"),
        (1, "1s ago"),
        (61, "1m ago"),
        (7200, "2h ago"),
        (86400 * 3, "3d ago"),
    ],
)
def test_ago_gives_the_largest_unit(passed, text):
    assert ago(1000.0, 1000.0 + passed) == text
