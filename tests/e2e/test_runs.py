"""Runs and attempts: which launch belongs to which run, and what a launch passes on."""

import contextlib
import datetime as dt
import fcntl
import json
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time

import pytest

from tests.e2e.conftest import PATIENCE

TRY = """
    print("attempt", os.environ["SOULGUARD_ATTEMPT"], flush=True)
    sys.exit(int(os.environ.get("END", "0")))
"""


def test_a_launch_that_did_not_complete_is_resumed_by_the_next(workshop):
    workshop.agent(TRY)
    for number in (1, 2):
        result = workshop.run(env={"END": "3"})
        assert (result.status, result.out) == (3, f"attempt {number}\n")
    assert "attempt 1 ended with status 3" in result.err
    assert workshop.run().ok().out == "attempt 3\n"
    assert workshop.run().ok().out == "attempt 1\n"
    assert [len(attempts(workshop, run)) for run in workshop.runs()] == [3, 1]
    assert [run.status.value for run in workshop.runs()] == ["completed"] * 2


def attempts(workshop, run):
    with workshop.ledger() as ledger:
        return ledger.attempts(run.run_id)


def test_another_command_or_folder_is_another_run(workshop):
    workshop.agent(TRY)
    workshop.run(env={"END": "1"})
    other = (sys.executable, "-B", "agent.py")
    assert workshop.run(argv=other).ok().out == "attempt 1\n"
    assert len({run.run_id for run in workshop.runs()}) == 2


def test_new_forces_a_new_run(workshop):
    workshop.agent(TRY)
    workshop.run(env={"END": "1"})
    assert workshop.run("--new", env={"END": "1"}).out == "attempt 1\n"
    assert len(workshop.runs()) == 2


def test_run_ids_are_version_7_uuids_that_sort_by_time(workshop):
    workshop.agent(TRY)
    for _ in range(2):
        workshop.run("--new").ok()
    ids = [run.run_id for run in workshop.runs()]
    assert ids == sorted(ids)
    assert all(re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f-]{21}", i) for i in ids)


def test_a_completed_run_id_is_not_executed_again(workshop):
    workshop.agent(TRY)
    assert "goes on" not in workshop.run("--run-id", "daily", env={"END": "1"}).err
    other = (sys.executable, "-B", "agent.py")
    second = workshop.run("--run-id", "daily", argv=other).ok()
    assert second.out == "attempt 2\n"
    assert "-B agent.py` goes on with it" in second.err
    third = workshop.run("--run-id", "daily", argv=other).ok()
    assert third.out == ""
    assert "run daily has completed: nothing to do" in third.err


def test_rerun_makes_a_fresh_generation_of_a_completed_run(workshop):
    workshop.agent("open('out.txt', 'w').write('x')\n" + TRY.replace("\n    ", "\n"))
    workshop.run("--run-id", "daily").ok()
    workshop.run("--run-id", "daily", "--rerun").ok()
    first, second = workshop.runs()
    assert (first.run_id, first.status.value) == ("daily", "superseded")
    assert (second.name, second.status.value) == ("daily", "completed")
    assert second.run_id != "daily"
    assert workshop.touched("effect.done") == ["out.txt"]
    assert workshop.run("--run-id", "daily").ok().out == ""


def test_a_date_in_the_run_id_is_filled_in(workshop):
    workshop.agent(TRY)
    before = dt.date.today()  # noqa: DTZ011 - the local day is what is meant
    workshop.run("--run-id", "daily-{date}").ok()
    after = dt.date.today()  # noqa: DTZ011
    assert workshop.runs()[0].run_id in {f"daily-{before}", f"daily-{after}"}


def test_a_run_id_with_an_unknown_hole_is_refused(workshop):
    workshop.agent(TRY)
    result = workshop.run("--run-id", "daily-{dat}")
    assert (result.status, result.out) == (2, "")
    assert "hint: use `{date}` or `{hour}`" in result.err


def test_observe_refuses_nothing_and_records_what_it_would_have_refused(workshop):
    result = workshop.tell("""
        for word in ("one", "two"):
            open("a.txt", "w").write(word)
    """, "--observe").ok()  # fmt: skip
    assert workshop.tree() == {"a.txt": b"two"}
    assert workshop.touched("violation.duplicate") == ["a.txt"]
    assert "observing only" in result.err
    assert "0 blocked, " in result.err
    assert "1 violations observed" in result.err


# -- two at a time ----------------------------------------------------------------------

BLOCKED = """
    print("up", flush=True)
    sys.stdin.readline()
    open("a.txt", "a").write("once\\n")
"""


def test_a_second_live_attempt_is_told_so(workshop):
    workshop.agent(BLOCKED)
    with workshop.started("--run-id", "one") as first:
        assert first.stdout.readline() == "up\n"
        second = workshop.run("--run-id", "one")
        assert (second.status, second.out) == (75, "")
        assert f"attempt 1 belongs to process {first.pid}" in second.err
        assert "--wait" in second.err
        first.communicate("go\n", timeout=PATIENCE)
        assert first.returncode == 0
    assert (workshop / "a.txt").read_text() == "once\n"


def test_wait_waits_and_finds_the_run_completed(workshop):
    workshop.agent(BLOCKED)
    with workshop.started("--run-id", "one") as first:
        assert first.stdout.readline() == "up\n"
        with workshop.started("--run-id", "one", "--wait") as second:
            line = second.stderr.readline()
            assert f"waiting for attempt 1 (process {first.pid})" in line
            first.communicate("go\n", timeout=PATIENCE)
            out, err = second.communicate("go\n", timeout=PATIENCE)
            assert second.returncode == 0
            assert out == ""
            assert "has completed" in err
    assert (workshop / "a.txt").read_text() == "once\n"


def test_wait_goes_on_where_the_first_attempt_failed(workshop):
    workshop.agent(
        BLOCKED + '    sys.exit(int(os.environ["SOULGUARD_ATTEMPT"]) == 1)\n'
    )
    with workshop.started("--run-id", "one") as first:
        assert first.stdout.readline() == "up\n"
        with workshop.started("--run-id", "one", "--wait") as second:
            assert "waiting" in second.stderr.readline()
            first.communicate("go\n", timeout=PATIENCE)
            assert first.returncode == 1
            out, _ = second.communicate("go\n", timeout=PATIENCE)
            assert (second.returncode, out) == (0, "up\n")
    assert (workshop / "a.txt").read_text() == "once\n"


# -- what is passed on ------------------------------------------------------------------


def test_standard_streams_are_the_agent_s_own(workshop):
    result = workshop.tell("""
        print("out:", sys.stdin.read(), flush=True)
        print("err", file=sys.stderr)
        os.write(1, b"ok raw\\n")
    """, stdin="in").ok()  # fmt: skip
    assert result.out == "out: in\nok raw\n"
    ours = [x for x in result.err.splitlines() if x.startswith("soulguard: ")]
    assert [x for x in result.err.splitlines() if x not in ours] == ["err"]
    assert ours[0].startswith("soulguard: run ")
    assert ours[1].startswith("soulguard: read SOUL.md: 2 rules hold in process")
    assert ours[-1].endswith(
        "0 written, 0 calls made, 0 skipped, 0 replayed, 0 re-sent, 0 blocked, 0 in doubt"
    )


def test_the_header_names_what_was_read_and_what_was_not(workshop):
    workshop.write("AGENTS.md", "# Also\n- Be kind.\n")
    workshop.write("CLAUDE.md", "# Not read\n")
    result = workshop.tell("pass").ok()
    assert "read SOUL.md, AGENTS.md: " in result.err
    assert "not read: CLAUDE.md" in result.err


def test_wait_starts_a_new_run_after_an_unnamed_one_completed(workshop):
    workshop.agent(BLOCKED)
    with workshop.started() as first:
        assert first.stdout.readline() == "up\n"
        with workshop.started("--wait") as second:
            assert "waiting" in second.stderr.readline()
            first.communicate("go\n", timeout=PATIENCE)
            second.communicate("go\n", timeout=PATIENCE)
            assert second.returncode == 0
    assert [run.attempts for run in workshop.runs()] == [1, 1]
    assert (workshop / "a.txt").read_text() == "once\n" * 2


TAKE_THE_TERMINAL = """
import fcntl, os, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execv(sys.argv[1], sys.argv[1:])
"""


@contextlib.contextmanager
def at_a_terminal(workshop):
    """Run the agent as a shell would, in the foreground of a terminal of its own."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("4H", 24, 77, 0, 0))
    process = subprocess.Popen(
        [sys.executable, "-c", TAKE_THE_TERMINAL, *workshop.command()],
        cwd=workshop.folder, env=workshop.environment(), start_new_session=True,
        stdin=slave, stdout=slave, stderr=subprocess.PIPE,
    )  # fmt: skip
    os.close(slave)
    try:
        yield process, master
        process.communicate(timeout=PATIENCE)
    finally:
        process.kill()
        process.communicate()
        os.close(master)


def read_until(master, wanted):
    said = b""
    while wanted not in said:
        assert select.select([master], [], [], PATIENCE)[0], said
        said += os.read(master, 1024)
    return said.decode()


def test_the_terminal_is_the_agent_s(workshop):
    workshop.agent("""
        print(sys.stdin.isatty(), sys.stdout.isatty(), os.get_terminal_size().columns)
        print(os.tcgetpgrp(0) == os.getpgrp())
        print("read", sys.stdin.readline().strip(), flush=True)
    """)
    with at_a_terminal(workshop) as (process, master):
        os.write(master, b"typed\n")
        said = read_until(master, b"read typed")
    assert process.returncode == 0
    lines = [line.strip() for line in said.splitlines()]
    assert lines[lines.index("True True 77") + 1] == "True"


def test_a_signal_from_the_keyboard_reaches_the_agent_once(workshop):
    workshop.agent("""
        import signal
        got = []
        signal.signal(signal.SIGINT, lambda *_: got.append(1))
        print("up", flush=True)
        while not got:
            time.sleep(0.01)
        print("interrupted", flush=True)
        sys.stdin.readline()
        print("times", len(got), flush=True)
    """)
    with at_a_terminal(workshop) as (process, master):
        read_until(master, b"up")
        os.write(master, b"\x03")
        read_until(master, b"interrupted")
        os.write(master, b"go on\n")
        assert "times 1" in read_until(master, b"times 1")
    assert process.returncode == 0


@pytest.mark.parametrize("status", [0, 1, 75, 255])
def test_the_exit_status_is_passed_through(workshop, status):
    argv = ("sh", "-c", f"exit {status}")
    assert workshop.run("--durability", "crash", argv=argv).status == status


@pytest.mark.parametrize("number", [9, 15])
def test_death_by_a_signal_is_passed_through(workshop, number):
    argv = ("sh", "-c", f"ulimit -c 0; kill -{number} $$")
    assert workshop.run("--durability", "crash", argv=argv).status == 128 + number


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGUSR1])
def test_a_signal_is_forwarded_to_the_agent(workshop, number):
    workshop.agent(f"""
        import signal
        def stop(number, frame):
            pathlib.Path("got.txt").write_text(str(number))
            sys.exit(7)
        signal.signal({int(number)}, stop)
        print("up", flush=True)
        while True:
            time.sleep(0.01)
    """)
    with workshop.started() as process:
        assert process.stdout.readline() == "up\n"
        process.send_signal(number)
        process.communicate(timeout=PATIENCE)
        assert process.returncode == 7
    assert (workshop / "got.txt").read_text() == str(int(number))


def test_a_command_that_does_not_exist(workshop):
    result = workshop.run(argv=("no-such-agent",))
    assert result.status == 127
    assert "command `no-such-agent` not found" in result.err


def test_a_command_that_is_not_executable(workshop):
    workshop.agent("pass")
    result = workshop.run(argv=("./agent.py",))
    assert result.status == 126
    assert "hint: run it with its interpreter" in result.err


def test_a_script_with_a_shebang_is_guarded(workshop):
    workshop.agent("open('a.txt', 'w').write('x')")
    path = workshop / "agent.py"
    path.write_text(f"#!{sys.executable}\n{path.read_text()}")
    path.chmod(0o755)
    workshop.run(argv=("./agent.py",)).ok()
    assert workshop.touched("effect.done") == ["a.txt"]


# -- unguarded --------------------------------------------------------------------------

AROUND = {
    "-I": "[sys.executable, '-I', '-c', code]",
    "-S": "[sys.executable, '-S', '-c', code]",
    "-E": "[sys.executable, '-E', '-c', code]",
    "env -i": "['env', '-i', sys.executable, '-c', code]",
}


def test_pythons_that_start_unguarded_are_reported(workshop):
    result = workshop.tell(f"""
        import subprocess
        code = "import sys; sys.stdin.read()"
        children = [
            subprocess.Popen(argv, stdin=subprocess.PIPE)
            for argv in ({", ".join(AROUND.values())})
        ]
        time.sleep(1.3)  # the process tree is looked at twice a second
        [child.communicate() for child in children]
    """).ok()
    assert len(workshop.touched("process.unguarded")) == len(AROUND)
    assert f"{len(AROUND)} unguarded processes" in result.err


def test_strict_refuses_to_start_an_unguarded_python(workshop):
    result = workshop.tell(f"""
        import subprocess
        code = "open('around.txt', 'w')"
        for argv in ({", ".join(text for how, text in AROUND.items() if how != "env -i")}):
            try:
                subprocess.run(argv)
            except PermissionError as error:
                print(error)
    """, "--strict").ok()  # fmt: skip
    assert result.out.count("soulguard refused to start") == 3
    assert workshop.tree() == {}


def test_strict_stops_an_unguarded_python_that_started_behind_its_back(workshop):
    workshop.tell("""
        import subprocess
        code = "import time; time.sleep(20); open('around.txt', 'w')"
        done = subprocess.run(["env", "-i", sys.executable, "-c", code])
        print(done.returncode)
    """, "--strict").ok()  # fmt: skip
    assert len(workshop.touched("process.unguarded")) == 1
    assert workshop.tree() == {}


def test_an_agent_that_switches_the_guard_off_is_not_started(workshop):
    workshop.agent("open('around.txt', 'w')")
    result = workshop.run(argv=(sys.executable, "-I", "agent.py"))
    assert result.status == 4
    assert "hint: start the agent without -I, -E and -S" in result.err
    assert workshop.tree() == {}


def test_an_interpreter_in_which_the_guard_does_not_come_up(workshop):
    """Another sitecustomize that fails is the agent's own trouble; ours must come up."""
    python = workshop.write("python3", f"""\
        #!/bin/sh
        unset PYTHONPATH
        exec {sys.executable} "$@"
    """)  # fmt: skip
    python.chmod(0o755)
    workshop.agent("open('around.txt', 'w')")
    result = workshop.run(argv=("./python3", "agent.py"))
    assert result.status == 4
    assert "the guard is not up in" in result.err
    assert "hint:" in result.err
    assert workshop.tree().keys() == {"python3"}
    assert workshop.runs()[0].status.value == "resumable"


def test_the_agent_s_own_sitecustomize_still_runs(workshop):
    workshop.write("site/sitecustomize.py", "import builtins; builtins.MINE = 'yes'")
    result = workshop.tell(
        "print(MINE, sys.modules['sitecustomize'].__file__)",
        env={"PYTHONPATH": f"{workshop / 'site'}:{workshop.environment()['PYTHONPATH']}"},
    ).ok()  # fmt: skip
    assert result.out == f"yes {workshop / 'site/sitecustomize.py'}\n"


def test_a_write_around_the_doors_is_refused_and_recorded(workshop):
    result = workshop.tell("""
        import posix
        with open(os.devnull, "rb", 0) as null:
            CFile = type(null)
        for act in (
            lambda: CFile("a.txt", "w"),
            lambda: posix.open("b.txt", os.O_CREAT | os.O_WRONLY),
            lambda: posix.rename("SOUL.md", "c.txt"),
        ):
            try:
                act()
            except PermissionError as error:
                print(type(error).__name__, "past the guard" in str(error))
    """).ok()
    assert result.out == "UnguardedWriteError True\n" * 3
    assert workshop.tree() == {}
    assert workshop.touched("violation.unguarded")[:2] == ["a.txt", "b.txt"]


# -- the supervisor dies ----------------------------------------------------------------


def test_without_its_supervisor_the_agent_can_do_nothing_more(workshop):
    workshop.agent("""
        open("one.txt", "w").write("1")
        with open("log.jsonl", "a") as file:
            file.write("one\\n")
        half = open("half.txt", "w")
        half.write("half")
        half.flush()
        if os.environ["SOULGUARD_ATTEMPT"] == "1":
            pathlib.Path(os.environ["TOLD"]).write_text("")
            print("up", flush=True)
            sys.stdin.readline()
        told = []
        def attempt(act):
            try:
                act()
            except Exception as error:
                told.append([type(error).__name__, str(error)])
        attempt(lambda: open("two.txt", "w").write("2"))
        attempt(lambda: open("log.jsonl", "a").write("two\\n"))
        attempt(half.close)
        attempt(lambda: os.unlink("one.txt") if told else None)
        attempt(lambda: os.rename("one.txt", "three.txt") if told else None)
        pathlib.Path(os.environ["TOLD"]).write_text(json.dumps(told))
        sys.exit(bool(told))
    """)
    told = workshop.folder.parent / "told.json"
    with workshop.started(env={"TOLD": str(told)}) as supervisor:
        assert supervisor.stdout.readline() == "up\n"
        supervisor.kill()
        supervisor.wait(timeout=PATIENCE)
        supervisor.stdin.write("go\n")
        supervisor.stdin.flush()
        deadline = time.monotonic() + PATIENCE
        while not told.read_text():
            assert time.monotonic() < deadline
            time.sleep(0.01)
    found = json.loads(told.read_text())
    assert [name for name, _ in found] == ["GuardUnavailable"] * 5
    assert all("nothing is done that is not on record" in text for _, text in found)
    assert workshop.tree() == {"one.txt": b"1", "log.jsonl": b"one\n"}
    again = workshop.run(env={"TOLD": str(told)}).ok()
    assert "attempt 1 was cut off" in again.err
    assert workshop.tree() == {
        "one.txt": b"1", "two.txt": b"2", "half.txt": b"half", "log.jsonl": b"one\ntwo\n",
    }  # fmt: skip
    assert workshop.leftovers() == []
