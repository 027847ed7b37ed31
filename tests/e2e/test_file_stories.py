"""Stories of outputs over several attempts and runs."""

import os
import re
import sys

import pytest

ONCE = """\
    - id: once
      effect: file.write
      where: {path: "out/**"}
      once: run
      on_duplicate: %s
"""


def test_the_output_of_another_run_may_be_overwritten(workshop):
    agent = "open('out.txt', 'w').write(sys.argv[1])"
    workshop.agent(agent)
    for word in ("one", "two"):
        workshop.run(argv=(sys.executable, "agent.py", word)).ok()
        assert (workshop / "out.txt").read_text() == word
    assert len(workshop.runs()) == 2


def test_a_missing_output_is_written_again(workshop):
    workshop.agent("""
        pathlib.Path("a.txt").write_text("a")
        pathlib.Path("b.txt").write_text("b")
        sys.exit(int(os.environ["END"]))
    """)
    assert workshop.run(env={"END": "1"}).status == 1
    (workshop / "a.txt").unlink()
    workshop.run(env={"END": "0"}).ok()
    assert workshop.tree() == {"a.txt": b"a", "b.txt": b"b"}
    assert workshop.touched("effect.done") == ["a.txt", "b.txt", "a.txt"]
    assert workshop.touched("effect.skipped") == ["b.txt"]


def test_an_output_changed_by_somebody_else_is_kept_and_reported(workshop):
    workshop.agent("""
        pathlib.Path("a.txt").write_text("a")
        sys.exit(int(os.environ["END"]))
    """)
    workshop.run(env={"END": "1"})
    (workshop / "a.txt").write_text("corrected by hand")
    workshop.run(env={"END": "0"}).ok()
    assert workshop.tree() == {"a.txt": b"corrected by hand"}
    assert workshop.touched("drift") == ["a.txt"]


def test_a_touched_output_with_the_same_content_has_not_drifted(workshop):
    workshop.agent("""
        pathlib.Path("a.txt").write_text("a")
        sys.exit(int(os.environ["END"]))
    """)
    workshop.run(env={"END": "1"})
    os.utime(workshop / "a.txt", (1, 1))
    workshop.run(env={"END": "0"}).ok()
    assert workshop.touched("drift") == []
    assert workshop.touched("effect.skipped") == ["a.txt"]


def test_a_discarded_write_with_other_content_is_reported(workshop):
    workshop.agent("""
        pathlib.Path("a.txt").write_text(os.environ["WORD"])
        pathlib.Path("b.txt").write_text("same")
        sys.exit(int(os.environ["END"]))
    """)
    workshop.run(env={"END": "1", "WORD": "first"})
    workshop.run(env={"END": "0", "WORD": "second"}).ok()
    assert workshop.tree() == {"a.txt": b"first", "b.txt": b"same"}
    assert workshop.touched("content_differs") == ["a.txt"]


def test_the_agent_reads_back_what_it_would_have_written(workshop):
    workshop.agent("""
        with open("a.txt", "w+") as file:
            file.write(os.environ["WORD"])
            file.seek(0)
            print(file.read())
        print(open("a.txt").read())
        sys.exit(int(os.environ["END"]))
    """)
    workshop.run(env={"END": "1", "WORD": "first"})
    again = workshop.run(env={"END": "0", "WORD": "second"}).ok()
    assert again.out == "second\nfirst\n"


def test_a_duplicate_is_refused_with_the_rule_and_a_way_out(workshop):
    result = workshop.tell("""
        open("report.md", "w").write("one")
        try:
            open("report.md", "w")
        except FileExistsError as error:
            print(error.filename)
            print(error.decision["verdict"])
            print(error)
    """).ok()
    name, verdict, text = result.out.split("\n", 2)
    assert (name, verdict) == ("report.md", "deny")
    run = workshop.runs()[0].run_id
    for part in (
        "write report.md a second time",
        f"in this attempt of run {run}",
        "report-2.md",
    ):
        assert part in text
    assert re.search(r'SOUL.md:[45] says: "(Never write twice|Before creating)', text)
    assert workshop.touched("violation.duplicate") == ["report.md"]


def test_an_uncaught_refusal_ends_the_agent_and_keeps_the_first_file(workshop):
    result = workshop.tell("""
        for word in ("one", "two"):
            with open("report.md", "w") as file:
                file.write(word)
    """)
    assert result.status == 1
    assert "DuplicateWriteError" in result.err
    assert workshop.tree() == {"report.md": b"one"}


@pytest.mark.parametrize(
    ("action", "left"), [("skip", b"one"), ("warn", b"two"), ("block", b"one")]
)
def test_a_rule_says_what_a_duplicate_becomes(workshop, action, left):
    workshop.block(ONCE % action)
    (workshop / "out").mkdir()
    result = workshop.tell("""
        for word in ("one", "two"):
            with open("out/a.txt", "w") as file:
                file.write(word)
    """)
    assert result.status == (1 if action == "block" else 0)
    assert workshop.tree() == {"out/a.txt": left}
    assert workshop.touched("violation.duplicate") == ["out/a.txt"]


def test_outside_the_scope_nothing_is_touched(workshop):
    workshop.block(ONCE % "block")
    workshop.tell("""
        for name in ("out.log", "free.txt", "state.db"):
            for word in ("one", "two"):
                with open(name, "w") as file:
                    inode = os.fstat(file.fileno()).st_ino
                    assert os.stat(name).st_ino == inode
                    file.write(word)
    """).ok()
    assert set(workshop.tree().values()) == {b"two"}
    assert workshop.effects() == []


def test_what_the_default_scope_leaves_out_is_left_alone(workshop):
    workshop.tell("""
        for name in ("a.log", "a.pid", "a.lock", ".git/x", ".venv/x", "a.sqlite"):
            pathlib.Path(name).parent.mkdir(exist_ok=True)
            for word in ("one", "two"):
                pathlib.Path(name).write_text(word)
    """).ok()
    assert set(workshop.tree().values()) == {b"two"}
    assert workshop.effects() == []


def test_a_header_written_at_the_start_of_a_csv_is_written_once(workshop):
    workshop.agent("""
        import csv
        def journal(row):
            with open("journal.csv", "a", newline="") as file:
                out = csv.writer(file, lineterminator="\\n")
                if file.tell() == 0:
                    out.writerow(["n", "square"])
                out.writerow(row)
        for n in range(6):
            if n == int(os.environ["DIE"]):
                os._exit(9)
            journal([n, n * n])
    """)
    for die in (2, 4, 9):
        result = workshop.run(env={"DIE": str(die)})
        assert result.status == (0 if die == 9 else 9)
    lines = (workshop / "journal.csv").read_text().splitlines()
    assert lines == ["n,square", *(f"{n},{n * n}" for n in range(6))]


def test_equal_appends_are_counted(workshop):
    workshop.agent("""
        for n in range(5):
            if n == int(os.environ["DIE"]):
                os._exit(9)
            with open("ticks.jsonl", "a") as file:
                print("tick", file=file)
    """)
    for die in (1, 3, 9):
        workshop.run(env={"DIE": str(die)})
    assert (workshop / "ticks.jsonl").read_text() == "tick\n" * 5


def test_appends_go_behind_what_somebody_else_appended_meanwhile(workshop):
    workshop.agent("""
        for n in range(4):
            if n == int(os.environ["DIE"]):
                os._exit(9)
            with open("log.jsonl", "a") as file:
                print(n, file=file)
    """)
    workshop.run(env={"DIE": "2"})
    with open(workshop / "log.jsonl", "a") as file:
        file.write("theirs\n")
    workshop.run(env={"DIE": "9"}).ok()
    assert (workshop / "log.jsonl").read_text() == "0\n1\ntheirs\n2\n3\n"


def test_a_long_lived_handle_is_never_held_back(workshop):
    workshop.agent("""
        log = open("journal.txt", "a", buffering=1)
        for n in range(4):
            if n == int(os.environ["DIE"]):
                os._exit(9)
            log.write(f"line {n}\\n")
            assert pathlib.Path("journal.txt").read_text().count("\\n") >= n + 1
    """)
    workshop.run(env={"DIE": "2"})
    assert (workshop / "journal.txt").read_text() == "line 0\nline 1\n"
    workshop.run(env={"DIE": "9"}).ok()
    expected = "".join(f"line {n}\n" for n in range(4))
    assert (workshop / "journal.txt").read_text() == expected


def test_logging_to_a_guarded_file_survives_restarts_without_repeats(workshop):
    workshop.agent("""
        import logging
        logging.basicConfig(filename="agent.txt", format="%(message)s", level=20)
        for n in range(4):
            if n == int(os.environ["DIE"]):
                os._exit(9)
            logging.info("step %d", n)
    """)
    workshop.run(env={"DIE": "3"})
    workshop.run(env={"DIE": "9"}).ok()
    expected = "".join(f"step {n}\n" for n in range(4))
    assert (workshop / "agent.txt").read_text() == expected


def test_a_deletion_made_by_an_earlier_attempt_is_a_no_op(workshop):
    workshop.write("old.txt", "old")
    workshop.agent("""
        os.unlink("old.txt")
        pathlib.Path("new.txt").write_text("new")
        sys.exit(int(os.environ["END"]))
    """)
    workshop.run(env={"END": "1"})
    assert workshop.run(env={"END": "0"}).ok()
    assert workshop.touched("effect.skipped") == ["old.txt", "new.txt"]


def test_deleting_an_output_of_the_run_is_recorded_as_a_violation(workshop):
    workshop.tell("""
        pathlib.Path("out.txt").write_text("x")
        os.remove("out.txt")
    """).ok()
    assert workshop.tree() == {}
    assert workshop.touched("violation.output_removed") == ["out.txt"]


def test_moving_an_output_away_is_recorded_and_not_repeated(workshop, tmp_path):
    workshop.agent("""
        pathlib.Path("out.txt").write_text("x")
        os.rename("out.txt", os.environ["AWAY"])
        sys.exit(int(os.environ["END"]))
    """)
    away = {"AWAY": str(tmp_path / "away.txt")}
    workshop.run(env={**away, "END": "1"})
    inode = (tmp_path / "away.txt").stat().st_ino
    workshop.run(env={**away, "END": "0"}).ok()
    assert (tmp_path / "away.txt").stat().st_ino == inode
    assert workshop.tree() == {}
    assert workshop.touched("violation.output_removed")[0] == "out.txt"


def test_a_scratch_file_may_come_and_go(workshop):
    workshop.tell("""
        import tempfile
        for _ in range(3):
            with tempfile.NamedTemporaryFile("w", dir=".") as file:
                file.write("scratch")
            pathlib.Path("same.tmp").write_text("scratch")
            os.unlink("same.tmp")
    """).ok()
    assert workshop.tree() == {}


def test_a_temporary_of_a_fixed_name_serves_many_outputs(workshop):
    workshop.agent("""
        for n in range(4):
            if n == int(os.environ["DIE"]):
                os._exit(9)
            with open("tmp", "w") as file:
                file.write(str(n))
            os.replace("tmp", f"out-{n}")
    """)
    for die in (2, 3, 9):
        workshop.run(env={"DIE": str(die)})
    assert workshop.tree() == {f"out-{n}": str(n).encode() for n in range(4)}


def test_the_run_id_stamps_outputs_where_a_rule_says_so(workshop):
    workshop.soul(
        "# A\n\n## Rules\n- Never write twice to the same output path in a single run.\n"
        "- Include the run_id in every output.\n"
    )
    workshop.tell("""
        with open("a.json", "w") as file:
            json.dump({"total": 3}, file, indent=2)
        pathlib.Path("b.txt").write_text("text")
        pathlib.Path("c.json").write_text("[1]")
    """, "--run-id", "daily-1").ok()  # fmt: skip
    assert (workshop / "a.json").read_text() == (
        '{\n  "run_id": "daily-1",\n  "total": 3\n}'
    )
    assert (workshop / "b.txt").read_text() == "text"
    assert (workshop / "c.json").read_text() == "[1]"
    for name in ("a.json", "b.txt", "c.json"):
        found = os.getxattr(workshop / name, "user.soulguard.run_id")
        assert found == b"daily-1"


def test_a_file_deleted_and_made_again_survives_the_restart(workshop):
    workshop.write("log.jsonl", "old\n")
    workshop.agent("""
        def append(name, line):
            with open(name, "a") as file:
                file.write(line + "\\n")
        os.unlink("log.jsonl")
        append("log.jsonl", "one")
        pathlib.Path("a.txt").write_text("first")
        os.unlink("a.txt")
        pathlib.Path("a.txt").write_text("second")
        append("rotated.txt", "one")
        os.rename("rotated.txt", "rotated.1")
        append("rotated.txt", "two")
        os.rename("rotated.txt", os.environ["AWAY"])
        append("rotated.txt", "three")
        sys.exit(int(os.environ["END"]))
    """)
    away = str(workshop.folder.parent / "away.txt")
    expected = {
        "log.jsonl": b"one\n", "a.txt": b"second", "rotated.1": b"one\n",
        "rotated.txt": b"three\n",
    }  # fmt: skip
    for end in (1, 2, 0):
        result = workshop.run(env={"END": str(end), "AWAY": away})
        assert result.status == end, result.err
        assert workshop.tree() == expected
