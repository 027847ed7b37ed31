"""The embedded guard patches its own process, so each story has one of its own."""

import subprocess
import sys
import textwrap

import pytest

from tests.supervisor.office import SOUL


@pytest.fixture
def python(tmp_path):
    (tmp_path / "SOUL.md").write_text(SOUL)

    def run(code):
        done = subprocess.run(
            [sys.executable, "-c", "import soulguard\n" + textwrap.dedent(code)],
            cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


def test_a_block_is_guarded_and_what_follows_is_not(python, tmp_path):
    out = python("""
        import os
        before = os.rename
        with soulguard.guarded() as run:
            open("a.txt", "w").write("one")
            print(run.attempt, soulguard.run_id() == run.run_id)
            try:
                open("a.txt", "w")
            except FileExistsError as error:
                print(type(error).__name__)
        open("a.txt", "w").write("two")
        print(os.rename is before, soulguard.run_id())
    """)
    assert out == "1 True\nDuplicateWriteError\nTrue None\n"
    assert (tmp_path / "a.txt").read_text() == "two"


def test_a_block_that_raised_is_resumed_under_its_name(python, tmp_path):
    code = """
        try:
            with soulguard.guarded(run_id="daily") as run:
                open("a.txt", "w").write(str(run.attempt))
                with open("log.jsonl", "a") as file:
                    file.write("line\\n")
                if run.attempt == 1:
                    raise KeyError
                print(run.attempt)
        except KeyError:
            print("failed")
    """
    assert python(code) == "failed\n"
    assert python(code) == "2\n"
    assert (tmp_path / "a.txt").read_text() == "1"
    assert (tmp_path / "log.jsonl").read_text() == "line\n"


def test_a_completed_name_and_a_block_inside_a_block_are_refused(python):
    out = python("""
        with soulguard.guarded(run_id="daily"):
            try:
                soulguard.guarded().__enter__()
            except soulguard.SoulguardError as error:
                print(error)
        try:
            soulguard.guarded(run_id="daily").__enter__()
        except soulguard.SoulguardError as error:
            print(error)
    """)
    assert out == "this process is guarded already\nrun `daily` has completed\n"


def test_programs_that_are_started_by_names_taken_before_are_guarded_too(
    python, tmp_path
):
    (tmp_path / "SOUL.md").write_text(SOUL + "\nNever run `git push`.\n")
    out = python("""
        import os, sys
        from subprocess import run
        code = "open('child.txt', 'w').write('x')"
        path = os.environ.get("PYTHONPATH")
        with soulguard.guarded():
            for env in (None, {}):
                print(run([sys.executable, "-c", code], env=env, stderr=-3).returncode)
            try:
                run(["git", "push"])
            except soulguard.DeniedError as error:
                print(type(error).__name__)
        print(os.environ.get("PYTHONPATH") == path)
        print(run([sys.executable, "-c", code]).returncode)
    """)
    assert out == "0\n1\nDeniedError\nTrue\n0\n"


def test_a_question_is_asked_on_stderr_and_waits_no_longer_than_is_said(
    python, tmp_path
):
    (tmp_path / "SOUL.md").write_text(SOUL + "\nNever edit `a.txt` without approval.\n")
    out = python("""
        import io, sys
        sys.stderr = io.StringIO()
        with soulguard.guarded(approve_timeout=0.2):
            try:
                with open("a.txt", "w") as file:
                    file.write("x")
            except soulguard.DeniedError as error:
                print("nobody answered" in str(error))
        print("may the agent write a.txt?" in sys.stderr.getvalue())
    """)
    assert out == "True\nTrue\n"


def test_what_is_still_open_at_the_end_of_a_block_is_published_unless_it_failed(
    python, tmp_path
):
    out = python("""
        with soulguard.guarded():
            whole = open("whole.txt", "w")
            whole.write("all")
        whole.close()
        try:
            with soulguard.guarded():
                half = open("half.txt", "w")
                half.write("ha")
                raise KeyError
        except KeyError:
            half.close()
        print(open("whole.txt").read())
    """)
    assert out == "all\n"
    assert not (tmp_path / "half.txt").exists()


def test_a_block_inside_a_guarded_run_is_refused_and_the_run_stays_guarded(office):
    code = """
import soulguard
try:
    soulguard.guarded().__enter__()
except soulguard.SoulguardError as error:
    print(error)
open("a.txt", "w").close()
try:
    open("a.txt", "w")
except soulguard.DuplicateWriteError:
    print("guarded")
"""
    (office / "agent.py").write_text(code)
    done = subprocess.run(
        [sys.executable, "-m", "soulguard", "run", "--", sys.executable, "agent.py"],
        cwd=office.folder, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    said = "this process is guarded already, by `soulguard run`\nguarded\n"
    assert done.stdout == said, done.stderr
