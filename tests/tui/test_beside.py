import io
import os
import sys
import tempfile
import threading

import pytest

from soulguard.errors import UsageError
from soulguard.tui.beside import Beside, Lines


@pytest.fixture
def terminal(monkeypatch):
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)


def beside(code):
    started = Beside([sys.executable, "-c", code])
    started.start()
    return started


def test_the_command_has_a_terminal_no_input_and_its_output_comes_back_whole(terminal):
    code = (
        "import sys; print(sys.stdout.isatty(), sys.stdin.read() == '');"
        "print('x' * 100000); print('err', file=sys.stderr); sys.exit(7)"
    )
    out = io.BytesIO()
    started = beside(code)
    assert started.give_back(out) == 7
    text = out.getvalue().decode().replace("\r\n", "\n")
    assert text == f"True True\n{'x' * 100000}\nerr\n"
    assert started.status == 7


def test_what_comes_after_the_app_is_left_goes_straight_on(terminal, tmp_path):
    go = tmp_path / "go"
    code = (
        f"import os, time; print('early', flush=True)\n"
        f"while not os.path.exists({str(go)!r}): time.sleep(0.01)\n"
        "print('late')"
    )
    started = beside(code)
    assert started.status is None
    out = io.BytesIO()
    threading.Timer(0.1, go.touch).start()
    assert started.give_back(out) == 0
    assert out.getvalue().split() == [b"early", b"late"]


def test_a_signal_after_the_app_is_left_goes_to_the_command(terminal, tmp_path):
    ready = tmp_path / "ready"
    code = f"import time; open({str(ready)!r}, 'w').close(); time.sleep(60)"
    started = beside(code)

    def interrupt():
        while not ready.exists():
            pass
        os.kill(os.getpid(), 15)

    threading.Timer(0.05, interrupt).start()
    assert started.give_back(io.BytesIO()) == 128 + 15


def test_output_that_is_no_terminal_goes_where_it_was_going(monkeypatch, capfd):
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    started = beside("import sys; print('data'); print('words', file=sys.stderr)")
    out = io.BytesIO()
    started.give_back(out)
    assert out.getvalue() == b"words\r\n"
    assert capfd.readouterr().out == "data\n"


def test_without_a_terminal_for_the_app_it_says_what_to_do(monkeypatch):
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False)
    with pytest.raises(UsageError, match="needs a terminal"):
        beside("pass")


@pytest.fixture
def kept():
    with tempfile.TemporaryFile() as file:
        yield file


def write(file, data):
    file.write(data)
    file.flush()


def test_lines_are_found_as_they_come(kept):
    lines = Lines(kept)
    assert not lines.poll()
    assert len(lines) == 0
    write(kept, b"one\ntw")
    assert lines.poll()
    assert [lines.line(i) for i in range(len(lines))] == ["one", "tw"]
    write(kept, b"o\nthree\n")
    lines.poll()
    assert [lines.line(i) for i in range(len(lines))] == ["one", "two", "three"]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (b"\x1b[31mred\x1b[0m\r\n", "red"),
        (b" 10 %\r 90 %\r100 %\n", "100 %"),
        (b"\x1b]0;title\x07text\n", "text"),
        (b"a\tb\n", "a       b"),
        (b"\xff\x00\n", "��"),
    ],
)
def test_a_line_reads_as_it_would_stand_on_a_terminal(kept, written, shown):
    lines = Lines(kept)
    write(kept, written)
    lines.poll()
    assert lines.line(0) == shown
