import os
import subprocess
import sys

from soulguard.guard.bootstrap import EXIT_UNGUARDED
from soulguard.guard.protocol import ENV_HOME
from soulguard.supervisor import launch


def test_a_guarded_interpreter_says_hello_before_the_first_line(served):
    done = served.python("import sys; print(sys._soulguard)")
    assert (done.returncode, done.stdout) == (0, "run-1\n")
    assert len(served.events("process.guarded")) == 2  # this test, and that one


def test_it_comes_up_under_the_standard_library_alone(served):
    done = served.python("""
        import sys
        print([n for n in ("socket", "threading", "logging", "typing", "dataclasses",
                           "subprocess", "yaml", "click") if n in sys.modules])
    """)
    assert done.stdout == "[]\n"


def test_everything_is_patched_and_can_be_put_back(served):
    done = served.python("""
        import builtins, io, os
        from soulguard.guard import bootstrap, originals
        print(builtins.open is originals.open, os.rename is originals.os_rename)
        bootstrap.uninstall()
        print(builtins.open is originals.open, os.rename is originals.os_rename)
        open("a.txt", "w").close()
        open("a.txt", "w").close()
    """)
    assert done.stdout == "False False\nTrue True\n", done.stderr


def test_what_was_captured_earlier_is_caught_too(served):
    (served / "folder").mkdir()
    done = served.python("""
        import os, shutil, tokenize
        from soulguard.guard import originals
        print(tokenize._builtin_open is originals.open)
        shutil.rmtree("folder")
        print(os.path.exists("folder"))
    """)
    assert done.stdout == "False\nFalse\n", done.stderr


def test_a_guard_whose_home_is_gone_ends_the_interpreter(served):
    env = launch.environment(
        {"PATH": os.environ["PATH"]}, address="/nobody", run_id="r", attempt=1
    )
    env[ENV_HOME] = str(served / "nowhere")
    done = subprocess.run(
        [sys.executable, "-c", "print('ran')"], env=env, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (EXIT_UNGUARDED, "")
    assert "the guard could not be loaded" in done.stderr


def test_without_a_supervisor_everything_is_closed(served):
    served._address = "/nobody.sock"
    done = served.python("""
        print("up", flush=True)
        open("a.txt", "w")
    """)
    assert done.stdout == "up\n"
    assert "GuardUnavailable" in done.stderr
    assert not (served / "a.txt").exists()
