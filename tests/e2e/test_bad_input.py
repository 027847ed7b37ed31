"""Bad input through `soulguard run`: a short error, the way out, nothing lost.

In each story the agent would leave a mark if it were started.
"""

import os
import sqlite3

import pytest

from tests.e2e.conftest import SOUL, bound_by_modes

MARK = "open('mark.log', 'w')"
BLOCK = "# The clerk\n\n```soulguard\n%s```\n"


@pytest.fixture
def refused(workshop):
    """Run the agent and expect that nothing was started and nothing was lost."""
    workshop.agent(MARK)
    before = {}

    def run(status, *words, **more):
        before.update(workshop.tree())
        result = workshop.run(**more)
        assert result.status == status, result.err
        assert result.out == ""
        assert workshop.tree() == before
        assert len(result.err.strip().splitlines()) <= 4, result.err
        assert "Traceback" not in result.err
        assert result.err.startswith("error: ")
        assert "\nhint: " in result.err
        for word in words:
            assert word in result.err
        return result

    return run


def test_no_soul_md(workshop, refused):
    (workshop / "SOUL.md").unlink()
    (workshop / ".git").mkdir()
    refused(2, "no SOUL.md here or above", "--soul")


def test_a_named_file_that_is_missing(workshop):
    workshop.agent(MARK)
    result = workshop.run("--soul", "rules.md")
    assert result.status == 2
    assert "rules.md" in result.err
    assert workshop.tree() == {}


def test_a_soul_md_that_is_a_pipe(workshop, refused):
    (workshop / "SOUL.md").unlink()
    os.mkfifo(workshop / "SOUL.md")
    refused(2, "SOUL.md: is a pipe, not a rule file")


def test_a_soul_md_that_may_not_be_read(workshop, refused):
    (workshop / "SOUL.md").chmod(0)
    refused(2, "SOUL.md", preexec_fn=bound_by_modes)


def test_a_soul_md_that_is_not_utf_8(workshop, refused):
    (workshop / "SOUL.md").write_bytes(SOUL.encode() + b"- Never say caf\xe9.\n")
    refused(2, "SOUL.md:6:16", "UTF-8")


def test_invalid_yaml_in_a_block(workshop, refused):
    workshop.soul(BLOCK % "rules:\n  - id: a\n   effect: file.write\n")
    refused(2, "SOUL.md:6:")


def test_an_unknown_key_with_the_nearest_known_one(workshop, refused):
    workshop.soul(BLOCK % "rules:\n  - id: a\n    effcet: file.write\n    once: run\n")
    refused(2, "SOUL.md:6:5", "`effcet`", "`effect`")


def test_an_unknown_effect_with_the_nearest_known_one(workshop, refused):
    workshop.soul(BLOCK % "rules:\n  - id: a\n    effect: file.wriet\n    once: run\n")
    refused(2, "SOUL.md:6:", "`file.write`")


def test_a_policy_without_a_single_rule(workshop, refused):
    workshop.soul("# The clerk\n\nBe kind and precise.\n")
    refused(2, "not a single rule", "Never write twice")


# -- the ledger -------------------------------------------------------------------------


@pytest.fixture
def recorded(workshop):
    """A ledger with one run in it that can be resumed."""
    workshop.tell("open('a.txt', 'w').write('a'); sys.exit(1)")
    workshop.agent(MARK)
    return workshop / ".soulguard/ledger.db"


def test_a_corrupt_ledger(recorded, refused):
    recorded.write_bytes(b"SQLite format 3\0" + os.urandom(4000))
    for name in ("ledger.db-wal", "ledger.db-shm"):
        recorded.with_name(name).unlink(missing_ok=True)
    before = recorded.read_bytes()
    refused(3, "ledger.db")
    assert recorded.read_bytes() == before


def test_a_ledger_damaged_in_the_middle(recorded, refused):
    """What is read at the start is damaged; the file is left for rescue."""
    data = bytearray(recorded.read_bytes())
    data[4096:] = os.urandom(len(data) - 4096)
    recorded.write_bytes(data)
    refused(3, "ledger.db")
    assert recorded.read_bytes() == data


def test_a_file_that_is_no_ledger(recorded, refused):
    recorded.write_text("my notes, long enough to be no empty file\n" * 10)
    refused(3, "ledger.db")
    assert recorded.read_text().startswith("my notes")


def test_a_ledger_that_may_not_be_written(recorded, refused):
    for path in (recorded, *recorded.parent.glob("ledger.db-*")):
        path.chmod(0o444)
    recorded.parent.chmod(0o555)
    try:
        refused(3, "ledger.db", preexec_fn=bound_by_modes)
    finally:
        recorded.parent.chmod(0o700)


def test_a_folder_in_which_no_ledger_can_be_made(workshop, refused):
    workshop.folder.chmod(0o555)
    try:
        refused(3, ".soulguard", preexec_fn=bound_by_modes)
    finally:
        workshop.folder.chmod(0o755)


def test_a_ledger_of_a_newer_schema(recorded, refused):
    with sqlite3.connect(recorded) as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    refused(3, "newer")
    with sqlite3.connect(recorded) as db:
        assert db.execute("SELECT count(*) FROM runs").fetchone() == (1,)
    db.close()


def test_a_ledger_on_a_full_disk(workshop, small_disk):
    workshop.agent(MARK)
    ledger = small_disk / "ledger.db"
    workshop.run("--ledger", str(ledger), argv=("true",)).ok()
    with open(small_disk / "filler", "wb", buffering=0) as file:
        fill(file)
    result = workshop.run("--ledger", str(ledger))
    assert result.status == 3, result.err
    assert "Traceback" not in result.err
    assert "full" in result.err
    assert "hint: " in result.err
    assert not (workshop / "mark.log").exists()
    (small_disk / "filler").unlink()
    workshop.run("--ledger", str(ledger)).ok()


def test_a_disk_that_fills_up_during_the_run(workshop, small_disk):
    """The agent's effects fail closed; nothing that was recorded is lost."""
    workshop.agent("""
        def attempt(n):
            try:
                with open(f"out-{n}.txt", "w") as file:
                    file.write(str(n))
                return "done"
            except Exception as error:
                return type(error).__name__
        print(attempt(0))
        if os.environ["SOULGUARD_ATTEMPT"] == "1":
            with open(os.environ["FILLER"], "wb", buffering=0) as file:
                try:
                    while file.write(b"x" * 512):
                        pass
                except OSError:
                    pass
        told = [attempt(n) for n in range(1, 12)]
        print(sorted(set(told)))
        sys.exit("GuardUnavailable" in told)
    """)
    ledger = ("--ledger", str(small_disk / "ledger.db"))
    env = {"FILLER": str(small_disk / "filler")}
    first = workshop.run(*ledger, env=env)
    assert first.out.splitlines()[0] == "done"
    assert "GuardUnavailable" in first.out
    assert "Traceback" not in first.err
    assert first.status in (1, 3)
    (small_disk / "filler").unlink()
    second = workshop.run(*ledger, env=env).ok()
    assert second.out == "done\n['done']\n"
    expected = {f"out-{n}.txt": str(n).encode() for n in range(12)}
    assert workshop.tree() == expected


def fill(file):
    for size in (65536, 512, 1):
        try:
            while file.write(b"x" * size):
                pass
        except OSError:
            continue


def test_a_bad_file_of_facts_ends_the_launch_before_the_agent_starts(workshop):
    workshop.agent("print('started')")
    workshop.write("soulguard.prices.yaml", "prices:\n  ours: {read: cheap}\n")
    result = workshop.run()
    assert (result.status, result.out) == (2, "")
    assert "soulguard.prices.yaml:2: ours: `read` is not a price" in result.err
    assert "Traceback" not in result.err
    workshop.write("soulguard.prices.yaml", "prices: {ours: {read: 1, written: 1}}\n")
    assert "read soulguard.prices.yaml: facts" in workshop.run().ok().err
