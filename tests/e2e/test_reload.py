"""Rules that change while the agent runs: a person edits, the next effect is judged."""

import contextlib
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from soulguard.ledger import open_ledger
from soulguard.model import EventType
from soulguard.supervisor import settling
from tests.e2e import saving
from tests.e2e.conftest import AGENTS, PATIENCE

BASE = "# The clerk\n\n- Never write to `locked/`.\n"
MORE = "- Never write to `vault/`.\n"
INVALID = "# The clerk\n\n```soulguard\nrules: [\n```\n"


class Prober:
    """A running agent that does what it is told, and the record of its run."""

    def __init__(self, shop, process):
        self.shop = shop
        self.process = process

    def ask(self, word, path):
        self.process.stdin.write(f"{word} {path}\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()

    def end(self):
        _, err = self.process.communicate(timeout=PATIENCE)
        assert self.process.returncode == 0, err
        return err

    def events(self, *types):
        names = [t.value for t in types]
        with self.shop.ledger() as ledger:
            return list(ledger.events(ledger.runs()[0].run_id, types=names))

    def wait(self, type_, count=1):
        """Wait until the record holds so many events of a type, and give them."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            found = self.events(type_)
            if len(found) >= count:
                return found
            time.sleep(0.01)
        raise AssertionError(f"no {count} events {type_.value}")

    def approve(self, asked, *, approve=True):
        with contextlib.closing(open_ledger(self.shop / ".soulguard/ledger.db")) as it:
            settling.answer(
                it, asked, approve=approve, scope="once", by="eve", now=time.time()
            )


LOADED, REJECTED = EventType.POLICY_LOADED, EventType.POLICY_REJECTED
ASKED, SETTLED = EventType.APPROVAL_ASKED, EventType.APPROVAL_SETTLED


@pytest.fixture
def shop(workshop):
    workshop.soul(BASE)
    shutil.copy(AGENTS / "prober.py", workshop / "agent.py")
    for name in ("locked", "vault", "attic", "free"):
        (workshop / name).mkdir()
    return workshop


@contextlib.contextmanager
def probing(shop, *options):
    with shop.started("--durability", "crash", *options) as process:
        prober = Prober(shop, process)
        assert prober.ask("write", "free/first") == "done", process.stderr.read()
        yield prober


@pytest.mark.parametrize("way", saving.WAYS)
def test_however_an_editor_saves_the_next_effect_is_judged_by_the_new_rule(shop, way):
    with probing(shop) as prober:
        assert prober.ask("write", "vault/before") == "done"
        saving.WAYS[way](shop / "SOUL.md", BASE + MORE)
        prober.ask("until", "vault/x")
        assert "SOUL.md:4" in prober.ask("write", "vault/y")
        assert prober.ask("write", "locked/z").startswith("refused")
        loaded = prober.events(LOADED)[-1]
        assert loaded.generation > 1
        assert [s["text"] for s in loaded.data["added"]] == [
            "Never write to `vault/`."
        ] or way == "burst"
        assert loaded.data["removed"] == [] or way == "burst"
        prober.end()


def test_a_rule_file_that_appears_holds_too(shop):
    with probing(shop) as prober:
        (shop / "AGENTS.md").write_text(f"# Agents\n\n{MORE}")
        prober.ask("until", "vault/x")
        assert "AGENTS.md:3" in prober.ask("write", "vault/y")
        (shop / "extra.soulguard.yaml").write_text(
            "rules:\n  - {id: a, where: {path: 'attic/**'}, decision: deny}\n"
        )
        prober.ask("until", "attic/x")
        prober.end()


def test_the_folder_of_the_rules_may_be_replaced(shop):
    home, spare = shop / "home", shop / "spare"
    for folder in (home, spare):
        folder.mkdir()
    (home / "SOUL.md").write_text(BASE)
    (spare / "SOUL.md").write_text(BASE + MORE.replace("vault", "inner"))
    with probing(shop, "--soul", "home/SOUL.md") as prober:
        home.rename(shop / "old")
        spare.rename(home)
        (home / "inner").mkdir()
        prober.ask("until", "home/inner/x")
        in_new = home / "SOUL.md"
        saving.rename_over(in_new, in_new.read_text() + "- Never write to `late/`.\n")
        (home / "late").mkdir()
        prober.ask("until", "home/late/x")


def test_loosening_waits_for_a_person_and_holds_once_one_agrees(shop):
    with probing(shop) as prober:
        saving.rename_over(shop / "SOUL.md", f"# The clerk\n\n{MORE}")
        asked = prober.wait(ASKED)[0]
        # what the same edit tightens holds already
        assert prober.ask("write", "vault/x").startswith("refused")
        assert prober.ask("write", "locked/x").startswith("refused")
        assert asked.data["kind"] == "policy"
        assert asked.data["text"] == "- SOUL.md:3: Never write to `locked/`."
        assert prober.wait(LOADED, 2)[-1].data["pending"]["approval"] == asked.id
        prober.approve(asked.id)
        prober.wait(LOADED, 3)
        assert prober.ask("write", "locked/y") == "done"
        assert prober.ask("write", "vault/y").startswith("refused")
        assert f"soulguard approve {asked.id}" in prober.end()


def test_a_no_to_looser_rules_keeps_the_old_ones(shop):
    with probing(shop) as prober:
        saving.in_place(shop / "SOUL.md", f"# The clerk\n\n{MORE}")
        asked = prober.wait(ASKED)[0]
        prober.approve(asked.id, approve=False)
        assert prober.ask("write", "locked/x").startswith("refused")
        # the person changes the file back: nothing is left to ask about
        saving.in_place(shop / "SOUL.md", BASE + MORE)
        last = prober.wait(LOADED, 3)[-1]
        assert "pending" not in last.data
        assert prober.ask("write", "locked/y").startswith("refused")


def test_the_next_edit_takes_an_open_question_back(shop):
    with probing(shop) as prober:
        saving.in_place(shop / "SOUL.md", f"# The clerk\n\n{MORE}")
        first = prober.wait(ASKED)[0]
        saving.in_place(shop / "SOUL.md", BASE + MORE)
        settled = prober.wait(SETTLED)[0]
        assert settled.data["asked"] == first.id
        assert settled.data["answer"] == "withdrawn"


def test_a_restart_agrees_to_nothing(shop):
    with probing(shop) as prober:
        saving.in_place(shop / "SOUL.md", f"# The clerk\n\n{MORE}")
        asked = prober.wait(ASKED)[0]
        prober.process.kill()
    with probing(shop) as prober:
        assert prober.ask("write", "locked/x").startswith("refused")
        assert len(prober.events(ASKED)) == 1
        prober.approve(asked.id)
        prober.wait(LOADED, 4)
        assert prober.ask("write", "locked/y") == "done"
        prober.end()


def test_the_impatient_trust_every_edit(shop):
    with probing(shop, "--trust-edits") as prober:
        saving.in_place(shop / "SOUL.md", f"# The clerk\n\n{MORE}")
        prober.ask("until", "vault/x")
        assert prober.ask("write", "locked/x") == "done"
        assert prober.events(ASKED) == []


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: path.write_text(INVALID),
        lambda path: path.write_text("Anything goes.\n"),
        lambda path: path.write_text(""),
        lambda path: path.write_bytes(b"\xff\xfe# UTF-16"),
        lambda path: path.unlink(),
        lambda path: path.rename(path.with_name("gone.txt")),
        lambda path: (path.unlink(), path.mkdir()),
    ],
    ids=["invalid", "no rule", "empty", "not utf-8", "deleted", "moved", "a folder"],
)  # fmt: skip
def test_a_file_that_cannot_be_used_lets_nothing_through(shop, spoil):
    with probing(shop) as prober:
        spoil(shop / "SOUL.md")
        rejected = prober.wait(REJECTED)[0]
        assert prober.ask("write", "locked/x").startswith("refused")
        assert rejected.data["message"]
        assert rejected.data["diagnostics"]
        assert rejected.generation == 1
        assert len(prober.events(LOADED)) == 1
        said = [line for line in prober.end().splitlines() if "stay in force" in line]
        assert len(said) == 1


def test_a_file_that_is_good_again_ends_the_complaint(shop):
    with probing(shop) as prober:
        saving.in_place(shop / "SOUL.md", INVALID)
        prober.wait(REJECTED)
        saving.in_place(shop / "SOUL.md", BASE)
        assert prober.wait(LOADED, 2)[-1].reason == "in order again"
        assert prober.ask("write", "locked/x").startswith("refused")


def test_an_agent_cannot_edit_its_rules_by_any_way_it_has(shop):
    with probing(shop) as prober:
        assert prober.ask("overwrite", "SOUL.md") == "refused"
        assert (shop / "SOUL.md").read_text() == BASE
        assert prober.ask("write", "locked/x").startswith("refused")
        prober.end()
        assert prober.events(ASKED) == []


def test_an_edit_past_the_guard_loosens_nothing_not_even_at_a_restart(shop):
    shop.agent(
        """
        import subprocess
        code = "open('SOUL.md', 'w').write('- Never write to `vault/`.')"
        # an interpreter without the guard does not say in its words what it writes
        subprocess.run([sys.executable, "-I", "-S", "-c", code], check=True)
        sys.exit(3)
        """
    )
    assert shop.run("--run-id", "one").status == 3
    shutil.copy(AGENTS / "prober.py", shop / "agent.py")
    with probing(shop, "--run-id", "one") as prober:
        assert prober.ask("write", "locked/x").startswith("refused")
        assert len(prober.events(ASKED)) == 1


def test_a_forked_child_and_a_spawned_one_follow_the_generation(shop):
    shop.agent(
        """
        import subprocess
        code = "import sys; sys.argv = ['x']; exec(open('probe.py').read())"
        print(flush=True)
        sys.stdin.readline()
        child = os.fork()
        if child == 0:
            exec(open("probe.py").read())
            os._exit(0)
        os.waitpid(child, 0)
        subprocess.run([sys.executable, "probe.py"], check=True)
        """
    )
    shop.write(
        "probe.py",
        """
        import time
        until = time.monotonic() + 30
        while time.monotonic() < until:
            try:
                open("vault/x", "w").close()
            except PermissionError:
                print("refused", flush=True)
                break
            time.sleep(0.001)
        """,
    )
    with shop.started("--durability", "crash") as process:
        process.stdout.readline()
        process.stdin.write("\n")
        process.stdin.flush()
        saving.rename_over(shop / "SOUL.md", BASE + MORE)
        out, err = process.communicate(timeout=PATIENCE)
        assert out.split() == ["refused", "refused"], err


def test_no_effect_begun_after_a_recorded_tightening_passes(shop):
    """INVARIANT: the record never says that a rule holds which some process ignores."""
    with probing(shop) as prober:
        for number in range(12):
            folder = shop / f"box{number}"
            folder.mkdir()
            text = (shop / "SOUL.md").read_text()
            rule = f"- Never write to `box{number}/`.\n"
            saving.rename_over(shop / "SOUL.md", text + rule)
            prober.wait(LOADED, number + 2)
            # the very next effect, with a prefilter that was right until just now
            assert prober.ask("write", f"box{number}/x").startswith("refused")


def test_a_block_of_code_follows_edits_as_well(shop):
    script = f"""
        import sys
        sys.path.insert(0, {str(Path(__file__).parents[2])!r})
        import soulguard
        with soulguard.guarded(durability="crash"):
            exec(open("agent.py").read())
        """
    shop.write("block.py", script)
    process = subprocess.Popen(
        [sys.executable, "block.py"], cwd=shop.folder, env=shop.environment(),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True,
    )  # fmt: skip
    with process:
        prober = Prober(shop, process)
        assert prober.ask("write", "vault/before") == "done"
        saving.rename_over(shop / "SOUL.md", BASE + MORE)
        prober.ask("until", "vault/x")
        saving.rename_over(shop / "SOUL.md", BASE)
        asked = prober.wait(ASKED)[0]
        assert prober.ask("write", "vault/y").startswith("refused")
        prober.approve(asked.id)
        prober.wait(LOADED, 4)
        assert prober.ask("write", "vault/z") == "done"
        assert "Traceback" not in prober.end()
