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
