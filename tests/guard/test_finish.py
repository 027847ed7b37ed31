import pytest


@pytest.mark.parametrize(
    ("end", "published"),
    [
        ("pass", True), ("sys.exit()", True), ("sys.exit(0)", True), ("exit(0)", True),
        ("sys.exit(2)", False), ("sys.exit('told')", False), ("quit(2)", False),
        ("raise KeyError", False), ("os._exit(0)", False),
        ("atexit.register(print, 'last')", True),
    ],
)  # fmt: skip
def test_a_clean_end_publishes_what_is_still_open(served, end, published):
    served.python(f"""
        import atexit, os, sys
        whole, more = open("a.txt", "w"), open("log.jsonl", "a")
        whole.write("text")
        more.write("line\\n")
        {end}
    """)
    assert (served / "a.txt").exists() is published
    assert (served / "log.jsonl").read_text() == ("line\n" if published else "")


def test_an_error_hook_of_the_agent_s_own_does_not_hide_the_error(served):
    done = served.python("""
        import sys
        before = sys.excepthook
        def hook(*error):
            print("mine", flush=True)
            before(*error)
        sys.excepthook = hook
        file = open("a.txt", "w")
        raise KeyError
    """)
    assert done.stdout == "mine\n"
    assert "KeyError" in done.stderr
    assert not (served / "a.txt").exists()


def test_an_exit_that_is_caught_is_no_failure(served):
    served.python("""
        import sys
        file = open("a.txt", "w")
        try:
            sys.exit(1)
        except SystemExit:
            pass
        sys.exit(0)
    """)
    assert (served / "a.txt").exists()


def test_a_forked_child_leaves_its_parent_s_files_alone(served):
    served.python("""
        import os, sys
        file = open("a.txt", "w")
        file.write("x")
        file.flush()
        pid = os.fork()
        if pid:
            os.waitpid(pid, 0)
            assert not os.access("b.txt", os.F_OK)
            os._exit(0)
        sys.exit(0)
    """)
    assert not (served / "a.txt").exists()


@pytest.mark.parametrize(
    ("end", "published"),
    [
        ("try: sys.exit(2)\nexcept SystemExit: pass", True),
        ("def main():\n    try: sys.exit(2)\n    except SystemExit: pass\nmain()", True),
        ("try: sys.exit(2)\nexcept SystemExit as e: kept = e\nkept = 0", True),
        ("t = threading.Thread(target=sys.exit, args=(2,)); t.start(); t.join()", True),
        ("def main():\n    try: sys.exit(2)\n    finally: print()\nmain()", False),
        ("try: sys.exit(2)\nexcept SystemExit: raise", False),
        ("try: sys.exit(2)\nexcept SystemExit: sys.exit(3)", False),
        ("sys.excepthook = print; raise KeyError", False),
    ],
)  # fmt: skip
def test_the_end_that_counts_is_that_of_the_process(served, end, published):
    program = 'import sys, threading\nfile = open("a.txt", "w")\nfile.write("x")\n'
    served.python(program + end)
    assert (served / "a.txt").exists() is published


@pytest.mark.parametrize(("status", "published"), [(0, True), (3, False)])
def test_a_file_of_the_function_that_exits_ends_as_the_process_does(
    served, status, published
):
    served.python(f"""
        import sys
        def main():
            file = open("a.txt", "w")
            more = open("log.jsonl", "a")
            raw = open("raw.bin", "wb", 0)
            file.write("half"), more.write("half"), raw.write(b"half")
            sys.exit({status})
        main()
    """)
    assert (served / "a.txt").exists() is published
    assert (served / "raw.bin").exists() is published
    assert (served / "log.jsonl").read_text() == ("half" if published else "")


def test_what_a_daemon_thread_is_in_the_middle_of_is_not_published(served):
    served.python("""
        import threading
        def work():
            with open("a.txt", "w") as file, open("log.jsonl", "a") as more:
                file.write("half")
                file.flush()
                more.write("half")
                reached.set()
                threading.Event().wait()
        reached = threading.Event()
        threading.Thread(target=work, daemon=True).start()
        reached.wait()
        done = threading.Thread(target=lambda: files.append(open("b.txt", "w")))
        files = []
        done.start()
        done.join()
    """)
    assert not (served / "a.txt").exists()
    assert (served / "log.jsonl").read_text() == ""
    assert (served / "b.txt").exists()
