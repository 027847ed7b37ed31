"""Never half: when a file that was being written is published, and when it is not."""

import signal

import pytest

from tests.e2e.conftest import bound_by_modes

OPEN = "file = open('open.txt', 'w'); file.write('half of it'); file.flush()\n"


def test_an_exception_inside_with_open_publishes_nothing(workshop):
    workshop.write("old.txt", "old")
    result = workshop.tell("""
        def write(name, mode="w"):
            try:
                with open(name, mode) as file:
                    file.write("half")
                    file.flush()
                    raise ValueError("in the middle")
            except ValueError:
                pass
        write("new.txt")
        write("old.txt")
        write("old.txt", "r+")
        write("x.txt", "x")
        assert not os.path.exists("new.txt")
        assert open("old.txt").read() == "old"
    """).ok()
    assert result.err.count("ValueError") == 0
    assert workshop.tree() == {"old.txt": b"old"}
    assert workshop.leftovers() == []
    assert workshop.effects() == []


def test_what_was_not_published_may_be_written_again(workshop):
    workshop.tell("""
        for word in ("half", "whole"):
            try:
                with open("a.txt", "w") as file:
                    file.write(word)
                    if word == "half":
                        raise ValueError
            except ValueError:
                pass
    """).ok()
    assert workshop.tree() == {"a.txt": b"whole"}


def test_a_nested_with_unwinds_every_file(workshop):
    workshop.tell("""
        import contextlib
        try:
            with open("a.txt", "w") as a, contextlib.ExitStack() as stack:
                b = stack.enter_context(open("b.txt", "w"))
                a.write("a"); b.write("b")
                1 / 0
        except ZeroDivisionError:
            pass
    """).ok()
    assert "a.txt" not in workshop.tree()


def test_files_of_an_error_handler_are_whole_files(workshop):
    workshop.tell("""
        def report(error):
            with open("error.txt", "w") as file:
                file.write(str(error))
        try:
            raise ValueError("told")
        except ValueError as error:
            report(error)
            pathlib.Path("more.txt").write_text("more")
    """).ok()
    assert workshop.tree() == {"error.txt": b"told", "more.txt": b"more"}


def test_leaving_by_return_break_and_clean_exit_publishes(workshop):
    workshop.tell("""
        def early():
            with open("return.txt", "w") as file:
                file.write("whole")
                return
        early()
        for _ in range(2):
            with open("break.txt", "w") as file:
                file.write("whole")
                break
        with open("exit.txt", "w") as file:
            file.write("whole")
            sys.exit(0)
    """).ok()
    assert set(workshop.tree()) == {"return.txt", "break.txt", "exit.txt"}


def test_dropping_the_last_reference_publishes(workshop):
    workshop.tell("""
        file = open("a.txt", "w")
        file.write("whole")
        del file
        assert os.path.exists("a.txt")
        os.stat("a.txt")
        assert json.dumps(os.listdir(".")).count("a.txt") == 1
    """).ok()
    assert workshop.tree() == {"a.txt": b"whole"}


def test_a_file_in_a_cycle_is_published_when_it_is_collected(workshop):
    workshop.tell("""
        import gc
        class Holder: pass
        holder = Holder()
        holder.me, holder.file = holder, open("a.txt", "w")
        holder.file.write("whole")
        holder.file.flush()  # without it a bare interpreter loses the text as well
        del holder
        gc.collect()
        assert open("a.txt").read() == "whole"
    """).ok()


@pytest.mark.parametrize(
    ("end", "status", "published"),
    [
        ("", 0, True),
        ("sys.exit(0)", 0, True),
        ("sys.exit()", 0, True),
        ("raise SystemExit(0)", 0, True),
        ("sys.exit(1)", 1, False),
        ("sys.exit('told')", 1, False),
        ("exit(3)", 3, False),
        ("quit(3)", 3, False),
        # nothing in the process can see the status of a SystemExit raised by hand
        ("raise SystemExit(3)", 3, True),
        ("raise ValueError", 1, False),
        ("os._exit(0)", 0, False),
        ("os._exit(5)", 5, False),
        ("os.abort()", 134, False),
        ("os.kill(os.getpid(), 9)", 137, False),
        ("os.kill(os.getpid(), 15)", 143, False),
        ("raise KeyboardInterrupt", 130, False),
    ],
)
def test_a_file_still_open_at_the_end(workshop, end, status, published):
    result = workshop.tell(OPEN + end, preexec_fn=no_core)
    assert result.status == status, result.err
    assert workshop.tree() == ({"open.txt": b"half of it"} if published else {})
    assert workshop.leftovers() == []


def no_core():
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def test_exit_handlers_of_the_agent_still_write(workshop):
    workshop.tell("""
        import atexit
        file = open("a.txt", "w")
        atexit.register(lambda: file.write("last words"))
        atexit.register(lambda: pathlib.Path("b.txt").write_text("b"))
    """).ok()
    assert workshop.tree() == {"a.txt": b"last words", "b.txt": b"b"}


def test_an_append_still_open_at_the_end_is_kept_by_a_clean_exit_only(workshop):
    text = "file = open('a.txt', 'a'); file.write('one\\n')\n"
    assert workshop.tell(text + "sys.exit(1)").status == 1
    assert workshop.tree().get("a.txt", b"") == b""
    workshop.tell(text, "--new").ok()
    assert workshop.tree() == {"a.txt": b"one\n"}


# -- errors of the system ---------------------------------------------------------------


def tell_the_error(text):
    return f"""
try:
{text}
except OSError as error:
    print(type(error).__name__, error.errno, error.filename)
"""


@pytest.mark.parametrize(
    ("act", "told"),
    [
        ("open('no/such/a.txt', 'w')", "FileNotFoundError 2 no/such/a.txt"),
        ("open('missing.txt', 'r+')", "FileNotFoundError 2 missing.txt"),
        ("open('folder', 'w')", "IsADirectoryError 21 folder"),
        ("open('plain/a.txt', 'w')", "NotADirectoryError 20 plain/a.txt"),
        ("open('plain', 'x')", "FileExistsError 17 plain"),
        ("open('a' * 300, 'w')", f"OSError 36 {'a' * 300}"),
        ("open(b'no/a', 'wb')", "FileNotFoundError 2 b'no/a'"),
        ("os.open('no/a', os.O_CREAT | os.O_WRONLY)", "FileNotFoundError 2 no/a"),
        ("os.unlink('missing')", "FileNotFoundError 2 missing"),
        ("os.rename('missing', 'b')", "FileNotFoundError 2 missing"),
        ("os.truncate('missing', 0)", "FileNotFoundError 2 missing"),
        ("open('loop', 'w')", "OSError 40 loop"),
    ],
)
def test_the_system_s_errors_reach_the_agent_as_they_are(workshop, act, told):
    (workshop / "folder").mkdir()
    workshop.write("plain", "plain")
    (workshop / "loop").symlink_to("loop")
    workshop.agent(tell_the_error(f"    {act}"))
    assert workshop.bare().out == told + "\n"
    assert workshop.run().ok().out == told + "\n"
    assert (workshop / "plain").read_text() == "plain"


def test_a_folder_or_file_that_may_not_be_written(workshop):
    (workshop / "shut").mkdir()
    workshop.write("shut/old.txt", "old")
    workshop.write("sealed.txt", "old")
    (workshop / "sealed.txt").chmod(0o444)
    (workshop / "shut").chmod(0o555)
    workshop.agent(
        tell_the_error("    open('shut/new.txt', 'w')")
        + tell_the_error("    open('sealed.txt', 'w')")
        + tell_the_error("    os.unlink('shut/old.txt')")
        + tell_the_error("    os.replace('sealed.txt', 'shut/x')")
    )
    result = workshop.run(preexec_fn=bound_by_modes)
    (workshop / "shut").chmod(0o755)
    assert result.status == 0, result.err
    assert result.out == (
        "PermissionError 13 shut/new.txt\n"
        "PermissionError 13 sealed.txt\n"
        "PermissionError 13 shut/old.txt\n"
        "PermissionError 13 sealed.txt\n"
    )
    assert workshop.tree() == {"shut/old.txt": b"old", "sealed.txt": b"old"}


def test_a_full_disk_reaches_the_agent_and_leaves_the_old_file(workshop, small_disk):
    (small_disk / "old.txt").write_text("old")
    workshop.soul(
        "# A\n\n```soulguard\nrules:\n  - id: once\n    effect: file.write\n"
        f'    where: {{path: "{small_disk}/**"}}\n    once: run\n```\n'
    )
    path = f"{str(small_disk)!r} + '/old.txt'"
    result = workshop.tell(f"""
        def fill(act):
            try:
                act()
            except OSError as error:
                print(type(error).__name__, error.errno)
        def with_open():
            with open({path}, "w") as file:
                for _ in range(64):
                    file.write("x" * 65536)
        fill(with_open)
        print(open({path}).read())
        fill(lambda: pathlib.Path({path}).write_bytes(b"x" * 4_000_000))
        print(open({path}).read())
        def append():
            with open({path}, "a") as file:
                file.write("x" * 4_000_000)
        fill(append)
        print(open({path}).read())
        with open({path}, "w") as file:
            file.write("fits")
    """).ok()
    assert result.out == "OSError 28\nold\n" * 2 + "OSError 28\nold\n"
    assert (small_disk / "old.txt").read_text() == "fits"
    assert [p.name for p in small_disk.iterdir()] == ["old.txt"]


def test_a_signal_handler_that_raises_in_the_middle_leaves_no_half_file(workshop):
    result = workshop.tell(f"""
        import signal
        class Stop(Exception): pass
        def stop(*_): raise Stop
        signal.signal({int(signal.SIGALRM)}, stop)
        for n in range(40):
            try:
                signal.setitimer(signal.ITIMER_REAL, 0.0005 * (n % 8) + 0.0001)
                with open(f"out-{{n}}.txt", "w") as file:
                    file.write("x" * 1000)
                    file.flush()
                signal.setitimer(signal.ITIMER_REAL, 0)
            except Stop:
                pass
    """).ok()
    assert {len(data) for data in workshop.tree().values()} <= {1000}, result.err
