"""Every rule family of SOUL.md holds in a real run, with a refusal that can be read."""

import contextlib
import json
import subprocess
import sys
import textwrap
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from soulguard.ledger import open_ledger
from soulguard.ledger.waiting import approvals
from soulguard.supervisor.settling import answer

PATIENCE = 30
TRY = """
import json, os, pathlib, subprocess, sys, urllib.request
def attempt(name, act):
    try:
        said = act()
    except Exception as error:
        said = f"{type(error).__name__}: {error}"
    print(json.dumps([name, said]), flush=True)
def write(path, text, mode="w"):
    with open(path, mode) as file:
        file.write(text)
    return "done"
def post(url, body=b"{}", method="POST"):
    request = urllib.request.Request(url, body, method=method)
    with urllib.request.urlopen(request) as reply:
        reply.read()
        return reply.status
"""


class Told(dict):
    """What the agent printed about its attempts, by name."""

    def __init__(self, result):
        assert "Traceback" not in result.err, result.err
        self.status, self.err = result.status, result.err
        lines = [line for line in result.out.splitlines() if line.startswith("[")]
        super().__init__(json.loads(line) for line in lines)


def tell(workshop, text, *options, **more):
    return Told(workshop.tell(TRY + textwrap.dedent(text), *options, **more))


def whole(said, *, line, fact, instead):
    """A refusal has all four parts: what, the sentence with its line, fact, way out."""
    kind, _, text = said.partition(": ")
    assert "refused to" in text
    assert line in text
    assert fact in text
    assert instead in text
    return kind


@contextlib.contextmanager
def service():
    """Give a local service that counts what it is told."""
    calls = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            size = int(self.headers.get("content-length", 0))
            calls.append((self.path, self.rfile.read(size)))
            status = 429 if self.path == "/down" else 200
            self.send_response(status)
            answer = b'{"usage": {"total_tokens": 60, "prompt_tokens": 60}}'
            self.send_header("content-length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def do_DELETE(self):
            self.do_POST()

        def do_GET(self):
            self.do_POST()

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", calls
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


# -- files ------------------------------------------------------------------------------


def test_paths_are_denied_for_write_delete_and_read(workshop):
    workshop.soul(
        "- You never write `approved/`.\n"
        "- Never delete `raw/`.\n"
        "- Do NOT load `private.md`.\n"
    )
    for name in ("approved/a", "raw/a", "private.md"):
        workshop.write(name, "old")
    told = tell(workshop, """
        attempt("write", lambda: write("approved/b", "new"))
        attempt("move", lambda: os.rename("raw/a", "approved/a"))
        attempt("delete", lambda: os.remove("raw/a"))
        attempt("read", lambda: open("private.md").read())
        attempt("other", lambda: write("free", "new"))
    """)  # fmt: skip
    assert whole(
        told["write"], line='SOUL.md:1 says: "You never write',
        fact="it matches `approved/**`", instead="work on another path",
    ) == "DeniedError"  # fmt: skip
    assert "SOUL.md:2" in told["delete"]
    assert "SOUL.md:3" in told["read"]
    assert told["move"].startswith("DeniedError")
    assert told["other"] == "done"
    assert sorted(workshop.tree()) == ["approved/a", "free", "private.md", "raw/a"]


def test_an_allow_list_leaves_no_other_place(workshop):
    workshop.soul("Only write to `reports/`.\n")
    (workshop / "reports").mkdir()
    told = tell(workshop, """
        attempt("in", lambda: write("reports/a", "x"))
        attempt("out", lambda: write("b", "x"))
    """)  # fmt: skip
    assert told["in"] == "done"
    whole(
        told["out"], line="SOUL.md:1", fact="outside `reports/",
        instead="keep to `reports/`, which the rule allows",
    )  # fmt: skip


def test_an_append_only_file_grows_and_never_changes(workshop):
    workshop.soul("- `events.jsonl` is append-only.\n")
    text = """
        attempt("first", lambda: write("events.jsonl", "a\\n"))
        attempt("append", lambda: write("events.jsonl", "b\\n", "a"))
        attempt("truncate", lambda: write("events.jsonl", "c"))
        attempt("update", lambda: write("events.jsonl", "c", "r+"))
        attempt("cut", lambda: os.truncate("events.jsonl", 0))
        attempt("delete", lambda: os.remove("events.jsonl"))
        pathlib.Path("new").write_text("n")
        attempt("over", lambda: os.replace("new", "events.jsonl"))
        sys.exit(1)
    """
    for _ in range(2):  # the restart walks the same path
        told = tell(workshop, text)
        assert told["first"] == told["append"] == "done"
        for name in ("truncate", "update", "cut", "delete", "over"):
            whole(
                told[name], line="SOUL.md:1", fact="append-only", instead="append to it"
            )
        assert (workshop / "events.jsonl").read_text() == "a\nb\n"


def test_existing_files_are_never_overwritten_and_may_grow(workshop):
    workshop.soul("- Never overwrite existing files - create new versions.\n")
    workshop.write("report.md", "theirs")
    workshop.write("log.md", "theirs\n")
    text = """
        attempt("write", lambda: write("report.md", "mine"))
        attempt("update", lambda: write("report.md", "m", "r+"))
        attempt("cut", lambda: os.truncate("report.md", 0))
        attempt("fresh", lambda: write("report-2.md", "mine"))
        attempt("over", lambda: os.replace("report-2.md", "report.md"))
        attempt("append", lambda: write("log.md", "mine\\n", "a"))
        sys.exit(1)
    """
    for _ in range(2):  # the restart walks the same path
        told = tell(workshop, text)
        for name in ("write", "update", "cut", "over"):
            assert whole(
                told[name], line="SOUL.md:1", fact="report.md exists, last changed",
                instead="write a new path such as report-2.md, or append to it",
            ) == "DuplicateWriteError", name  # fmt: skip
        assert told["fresh"] == told["append"] == "done"
        assert (workshop / "report.md").read_text() == "theirs"
        assert (workshop / "log.md").read_text() == "theirs\nmine\n"
    (workshop / "build").mkdir()
    told = tell(workshop, """
        write("build/a.md", "mine")
        os.rename("build", "out")
        attempt("own", lambda: write("out/a.md", "more"))
    """, "--new")  # fmt: skip
    assert told["own"] == "done"


def test_a_deleted_file_lies_in_the_trash(workshop):
    workshop.soul("- `trash` > `rm`\n")
    workshop.write("notes/a.md", "keep me")
    told = tell(workshop, """
        attempt("delete", lambda: os.remove("notes/a.md"))
        attempt("gone", lambda: os.path.exists("notes/a.md"))
        import shutil
        pathlib.Path("notes/b.md").write_text("b")
        attempt("tree", lambda: shutil.rmtree("notes"))
        kept = next(pathlib.Path(".trash").rglob("a.md"))
        attempt("empty", lambda: os.remove(kept))
    """)  # fmt: skip
    assert (told["delete"], told["gone"], told["tree"]) == (None, False, None)
    whole(told["empty"], line="SOUL.md:1", fact="in the trash", instead="leave it")
    [kept] = (workshop / ".trash").glob("*/notes/a.md")
    assert kept.read_text() == "keep me"
    assert [p.name for p in (workshop / ".trash").rglob("*.md")] != ["a.md"]
    day = kept.parts[-3]
    with workshop.ledger() as ledger:
        said = [e.reason for e in ledger.events(types=["effect.done"])]
    assert f"moved to .trash/{day}/notes/a.md" in said


def test_a_change_of_a_watched_file_is_told(workshop):
    workshop.soul("Notify me whenever MEMORY.md is modified.\n")
    workshop.write("MEMORY.md", "old\n")
    told = tell(workshop, """
        attempt("write", lambda: write("MEMORY.md", "x"))
        attempt("other", lambda: write("else.md", "x"))
    """)  # fmt: skip
    assert told["write"] == told["other"] == "done"
    assert workshop.touched("notice") == ["MEMORY.md"]
    with workshop.ledger() as ledger:
        [notice] = ledger.events(types=["notice"])
    assert notice.data["text"].splitlines()[-2:] == ["-old", "+x"]


def test_identity_files_are_the_owners_unless_it_says_so_and_then_a_person_is_asked(
    workshop,
):
    tries = """
        attempt("soul", lambda: write("SOUL.md", "Be evil.\\n", "a"))
        attempt("record", lambda: write(".soulguard/ledger.db", ""))
    """
    workshop.soul("Never write twice to the same output path in a single run.\n")
    told = tell(workshop, tries)
    whole(
        told["soul"], line="The agent does not rewrite its own identity",
        fact="it matches `SOUL.md`", instead="ask the person who owns the rule",
    )  # fmt: skip
    assert "does not touch its own record" in told["record"]
    workshop.soul("Only answer in rhyme.\n\nIf you change this file, tell the user.\n")
    text = 'attempt("soul", lambda: write("SOUL.md", "Be kind.\\n"))'
    with asking(workshop, text) as process:
        asked = question(workshop)
        assert asked.source == "SOUL.md:3"
        assert asked.data["text"].splitlines()[-1] == "+Be kind."
        settle(workshop, asked)
        assert ended(process)["soul"] == "done"
    assert (workshop / "SOUL.md").read_text() == "Be kind.\n"
    assert workshop.touched("notice") == ["SOUL.md"]


def test_what_a_rule_wants_recorded_is_recorded(workshop):
    workshop.soul("Every command must be logged.\n")
    told = tell(workshop, """
        attempt("run", lambda: subprocess.check_output(["echo", "hi"], text=True))
    """)  # fmt: skip
    assert told["run"] == "hi\n"
    [row] = [e for e in workshop.effects() if e.kind.value == "command.run"]
    assert (row.slot, row.state.value) == ("echo hi", "done")


# -- secrets ----------------------------------------------------------------------------


def test_secrets_reach_no_file_call_or_command_line(workshop):
    workshop.soul("- Never log, store, or transmit API keys, passwords, tokens.\n")
    value = "correct-horse-7781"
    with service() as (url, calls):
        told = tell(workshop, f"""
            key = os.environ["ACME_API_KEY"]
            aws = "AKIA" + "ABCDEFGHIJKLMNOP"
            attempt("file", lambda: write("a", "the key is " + key))
            attempt("append", lambda: write("b", key, "a"))
            attempt("moved", lambda: os.rename(".hidden", "c"))
            attempt("body", lambda: post("{url}/a", key.encode()))
            attempt("format", lambda: post("{url}/b", aws.encode()))
            attempt("run", lambda: subprocess.run(["echo", key]))
            attempt("harmless", lambda: post("{url}/c", b"ACME_API_KEY"))
        """, env={"ACME_API_KEY": value})  # fmt: skip
    for name in ("file", "append", "body", "run"):
        kind = whole(
            told[name], line="SOUL.md:1", fact="the value of `ACME_API_KEY`",
            instead="take it out",
        )  # fmt: skip
        assert value not in told[name], name
        assert kind == ("DeniedCallError" if name == "body" else "DeniedError")
    assert "an AWS access key id" in told["format"]
    assert told["harmless"] == 200
    assert [path for path, _ in calls] == ["/c"]
    assert workshop.tree() == {}
    record = (workshop / ".soulguard/ledger.db").read_bytes()
    assert value.encode() not in record


# -- hosts, methods, external actions ----------------------------------------------------


def test_hosts_and_methods_are_refused(workshop):
    workshop.soul(
        "- Never call `api.stripe.com`.\n- Never POST to production.example.com.\n"
    )
    with service() as (url, calls):
        told = tell(workshop, f"""
            attempt("host", lambda: post("http://api.stripe.com/v1/charges"))
            attempt("method", lambda: post("http://production.example.com/x"))
            attempt("other", lambda: post("{url}/y", method="DELETE"))
        """)  # fmt: skip
    kind = whole(
        told["host"], line="SOUL.md:1", fact="it matches `api.stripe.com`",
        instead="go on without this call",
    )  # fmt: skip
    assert kind == "DeniedCallError"
    assert "SOUL.md:2" in told["method"]
    assert told["other"] == 200
    assert [path for path, _ in calls] == ["/y"]


CLIENTS = """
    import asyncio
    def get(url, client):
        if client == "urllib":
            with urllib.request.urlopen(url) as reply:
                return reply.status
        if client == "aiohttp":
            return asyncio.run(over_aiohttp(url))
        import httpx, requests
        return {"httpx": httpx, "requests": requests}[client].get(url).status_code
    async def over_aiohttp(url):
        import aiohttp
        async with aiohttp.ClientSession() as session, session.get(url) as reply:
            await reply.read()
            return reply.status
"""


def test_reading_a_host_is_a_call_too(workshop):
    workshop.soul("- Never call `127.0.0.1`.\n")
    told = {}
    with service() as (url, calls):
        for client in ("urllib", "requests", "httpx", "aiohttp"):
            told = tell(workshop, CLIENTS + f"""
    attempt("get", lambda: get("{url}/a", "{client}"))
    attempt("other", lambda: get("{url}/b".replace("127.0.0.1", "localhost"), "{client}"))
            """, "--new")  # fmt: skip
            whole(
                told["get"], line="SOUL.md:1", fact="it matches `127.0.0.1`",
                instead="go on without this call",
            )  # fmt: skip
            assert told["other"] == 200, client
    assert [path for path, _ in calls] == ["/b"] * 4


def test_a_secret_of_another_service_is_in_no_query(workshop):
    workshop.soul("- Never transmit API keys.\n")
    with service() as (url, calls):
        told = tell(workshop, f"""
            key = os.environ["STRIPE_API_KEY"]
            def get(url, **headers):
                request = urllib.request.Request(url, headers=headers)
                with urllib.request.urlopen(request) as reply:
                    return reply.status
            attempt("query", lambda: get("{url}/a?note=" + key))
            attempt("header", lambda: get("{url}/b", **{{"X-Note": key}}))
            attempt("credential", lambda: get("{url}/c", Authorization="Bearer " + key))
        """, env={"STRIPE_API_KEY": "correct-horse-7781"})  # fmt: skip
    for name in ("query", "header"):
        whole(
            told[name], line="SOUL.md:1", fact="the value of `STRIPE_API_KEY`",
            instead="take it out",
        )  # fmt: skip
        assert "correct-horse" not in told[name]
    assert told["credential"] == 200
    assert [path for path, _ in calls] == ["/c"]
    record = (workshop / ".soulguard/ledger.db").read_bytes()
    assert b"correct-horse" not in record


def test_nothing_leaves_without_a_yes_and_saying_dont_ask_loosens_nothing(workshop):
    workshop.soul(
        "Ask before acting externally (emails, tweets, public posts).\n\n"
        "Don't ask permission. Just do it.\n"
    )
    with service() as (url, calls):
        told = tell(workshop, f"""
            attempt("outside", lambda: post("http://example.com/post"))
            attempt("local", lambda: post("{url}/local"))
        """, "--approve-timeout", "0.3")  # fmt: skip
    whole(
        told["outside"], line="SOUL.md:1", fact="nobody answered in time",
        instead="go on without this call",
    )  # fmt: skip
    assert told["local"] == 200
    assert [path for path, _ in calls] == ["/local"]


# -- limits -----------------------------------------------------------------------------


def test_a_limit_counts_over_processes_and_restarts_and_replays_cost_nothing(workshop):
    workshop.block("""
        - id: two-calls
          text: At most two calls in a run.
          where: {host: 127.0.0.1}
          limit: {max: 2, unit: calls, per: run}
    """)
    with service() as (url, calls):
        first = tell(workshop, f"""
            attempt("one", lambda: post("{url}/1"))
            code = "import urllib.request as u; u.urlopen('{url}/2', b'x')"
            attempt("two", lambda: subprocess.run([sys.executable, "-c", code]).returncode)
            attempt("three", lambda: post("{url}/3"))
            sys.exit(1)
        """)  # fmt: skip
        again = tell(workshop, f"""
            attempt("one", lambda: post("{url}/1"))
            attempt("three", lambda: post("{url}/3"))
        """)  # fmt: skip
    assert (first["one"], first["two"], again["one"]) == (200, 0, 200)
    for told in (first, again):
        whole(
            told["three"], line="At most two calls in a run",
            fact="there were 2 calls already in this run, and at most 2 may be",
            instead="go on without it",
        )  # fmt: skip
    assert [path for path, _ in calls] == ["/1", "/2"]


def test_a_limit_with_a_scope_counts_each_host_for_itself(workshop):
    workshop.soul("- Max 1 API call per hour to the same host.\n")
    with service() as (url, calls):
        told = tell(workshop, f"""
            near = "{url}".replace("127.0.0.1", "localhost")
            attempt("one", lambda: post("{url}/1"))
            attempt("other", lambda: post(near + "/2"))
            attempt("two", lambda: post("{url}/3"))
        """)  # fmt: skip
    assert told["one"] == told["other"] == 200
    whole(
        told["two"], line="SOUL.md:1", instead="go on without it",
        fact="there was 1 call already for `127.0.0.1` in the last hour",
    )  # fmt: skip
    assert [path for path, _ in calls] == ["/1", "/2"]


def test_a_limit_per_day_holds_for_the_next_run_too(workshop):
    workshop.soul("- Write at most 2 files per day.\n")
    for run in ("one", "two"):
        told = tell(workshop, f"""
            for n in range(2):
                attempt(str(n), lambda: write(f"{run}-{{n}}", "x"))
        """, "--run-id", run)  # fmt: skip
        if run == "one":
            assert set(told.values()) == {"done"}
        else:
            whole(
                told["0"], line="SOUL.md:1",
                fact="there were 2 files already in the last day", instead="without it",
            )  # fmt: skip
    assert sorted(workshop.tree()) == ["one-0", "one-1"]


def test_calls_wait_until_the_gap_has_passed(workshop):
    workshop.soul("- 1s between API calls.\n")
    with service() as (url, calls):
        told = tell(workshop, f"""
            import time
            start = time.monotonic()
            post("{url}/1"); post("{url}/2")
            attempt("took", lambda: time.monotonic() - start)
        """)  # fmt: skip
    assert 0.9 < told["took"] < 10
    assert len(calls) == 2


def test_a_budget_of_tokens_is_spent_by_answers_and_kept_over_a_restart(workshop):
    workshop.block("""
        - id: tokens
          text: At most 100 tokens in a run.
          where: {host: 127.0.0.1}
          limit: {max: 100, unit: tokens, per: run}
    """)
    with service() as (url, calls):
        first = tell(workshop, f"""
            attempt("one", lambda: post("{url}/1"))
            sys.exit(1)
        """)  # fmt: skip
        again = tell(workshop, f"""
            attempt("one", lambda: post("{url}/1"))
            attempt("two", lambda: post("{url}/2"))
            attempt("three", lambda: post("{url}/3"))
        """)  # fmt: skip
    assert first["one"] == again["one"] == again["two"] == 200
    whole(
        again["three"], line="At most 100 tokens", fact="120 tokens are used up",
        instead="go on without it",
    )  # fmt: skip
    assert [path for path, _ in calls] == ["/1", "/2"]


def test_a_file_over_the_limit_is_refused(workshop):
    workshop.soul("- Never write files larger than 1 KB.\n")
    told = tell(workshop, """
        attempt("large", lambda: write("large", "x" * 1025))
        attempt("small", lambda: write("small", "x" * 1024))
        attempt("grown", lambda: write("small", "x", "a"))
    """)  # fmt: skip
    whole(told["large"], line="SOUL.md:1", fact="1,025 bytes", instead="without it")
    assert "1,025 bytes" in told["grown"]
    assert (workshop / "small").stat().st_size == 1024


def test_what_fails_is_tried_again_so_often_and_no_more(workshop):
    workshop.soul("- Never retry more than 2 times.\n")
    with service() as (url, calls):
        told = tell(workshop, f"""
            for n in range(4):
                attempt(str(n), lambda: post("{url}/down"))
            for n in range(4):
                attempt(f"c{{n}}", lambda: subprocess.run(["false"]).returncode)
        """)  # fmt: skip
    assert [told[str(n)][:9] for n in range(3)] == ["HTTPError"] * 3
    assert len(calls) == 3
    assert [told[f"c{n}"] for n in range(3)] == [1, 1, 1]
    for name in ("3", "c3"):
        whole(
            told[name],
            line="SOUL.md:1",
            fact="tried again twice",
            instead="without it",
        )


# -- commands ---------------------------------------------------------------------------

SHIP = "#!/bin/sh\necho run >> runs\necho shipped $1\necho warned >&2\nexit ${2:-0}\n"


def test_commands_are_refused_however_they_are_started(workshop):
    workshop.soul("Never force push, delete branches, or rewrite git history.\n")
    told = tell(workshop, """
        import asyncio
        words = ["git", "push", "--force"]
        attempt("run", lambda: subprocess.run(words))
        attempt("shell", lambda: subprocess.run("cd . && git push -f", shell=True))
        attempt("system", lambda: os.system("git push -f"))
        attempt("spawn", lambda: os.posix_spawnp("git", words, os.environ))
        attempt("asyncio", lambda: asyncio.run(asyncio.create_subprocess_exec(*words)))
        attempt("fork", lambda: os.spawnvp(os.P_WAIT, "git", words))
        attempt("other", lambda: subprocess.run(["true"]).returncode)
        attempt("exec", lambda: os.execvp("git", words))
    """)  # fmt: skip
    for name in ("run", "shell", "system", "spawn", "asyncio", "exec"):
        kind = whole(
            told[name], line="SOUL.md:1", fact="it matches `git push",
            instead="go on without this command",
        )  # fmt: skip
        assert kind == "DeniedError", name
    assert (told["fork"], told["other"]) == (127, 0)


def test_a_once_command_is_answered_from_the_record_after_a_restart(workshop):
    workshop.block("""
        - id: ship
          text: Ship once.
          effect: command.run
          where: {command: "ship*"}
          once: run
    """)
    workshop.write("ship", SHIP).chmod(0o755)
    text = """
        def run(*words, **more):
            done = subprocess.run(["./ship", *words], text=True, **more)
            return [done.returncode, done.stdout, done.stderr]
        both = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        attempt("piped", lambda: run("a", capture_output=True))
        attempt("merged", lambda: run("b", **both))
        attempt("plain", lambda: run("c"))
        attempt("system", lambda: os.system("./ship d"))
        attempt("failed", lambda: run("e", "3", capture_output=True))
        attempt("twice", lambda: run("a"))
        sys.exit(1)
    """
    first = tell(workshop, text)
    assert first["piped"] == [0, "shipped a\n", "warned\n"]
    assert sorted(first["merged"][1].split()) == ["b", "shipped", "warned"]
    assert first["plain"] == [0, None, None]
    assert first["failed"] == [3, "shipped e\n", "warned\n"]
    assert whole(
        first["twice"], line="Ship once", fact="it ran in this attempt already",
        instead="go on with its first result",
    ) == "DuplicateCallError"  # fmt: skip
    assert len((workshop / "runs").read_text().split()) == 5
    again = tell(workshop, text)
    assert dict(again).keys() == first.keys()
    for name in ("piped", "merged", "plain", "system", "failed"):
        assert again[name] == first[name], name
    assert len((workshop / "runs").read_text().split()) == 6, "only what failed runs"
    assert workshop.touched("effect.replayed") == [
        f"./ship {name}" for name in "abcd"
    ]  # fmt: skip


def test_a_command_a_sentence_wants_once_is_not_run_twice(workshop):
    workshop.soul("- Never run `tee` twice in one run.\n")
    text = """
        def told():
            subprocess.run(["tee", "-a", "log"], input=b"x", check=True, capture_output=True)
            return "done"
        attempt("first", told)
        attempt("second", told)
        sys.exit(1)
    """
    for _ in range(2):
        told = tell(workshop, text)
        assert told.get("first") == "done", (dict(told), told.status, told.err)
        assert "SOUL.md:1" in told["second"]
        assert (workshop / "log").read_text() == "x"


def test_a_commit_message_of_another_form_is_refused(workshop):
    workshop.soul("- Commit messages must start with `ops:`.\n")
    told = tell(workshop, """
        subprocess.run(["git", "init", "-q"], check=True)
        def commit(message):
            name = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
            subprocess.run(["git", *name, "commit", "-q", "--allow-empty", "-m", message],
                           check=True)
            return "done"
        attempt("good", lambda: commit("ops: open the door"))
        attempt("bad", lambda: commit("open the door"))
    """)  # fmt: skip
    assert told["good"] == "done"
    whole(
        told["bad"], line="SOUL.md:1", fact="ops:*", instead="keep to `git commit -m",
    )  # fmt: skip


def test_a_once_command_that_nobody_saw_end_waits_for_a_person(workshop):
    workshop.block("""
        - {id: ship, text: Ship once., where: {command: "ship*"}, once: run}
    """)
    workshop.write("ship", "#!/bin/sh\necho run >> runs\nkill -9 $PPID\nsleep 1\n")
    (workshop / "ship").chmod(0o755)
    text = """
        attempt("run", lambda: subprocess.run(["./ship"]).returncode)
        sys.exit(1)
    """
    assert tell(workshop, text)["run"] == -9
    kind = whole(
        tell(workshop, text)["run"], line="Ship once", fact="nobody saw it end",
        instead="soulguard resolve",
    )  # fmt: skip
    assert kind == "InDoubtError"
    assert (workshop / "runs").read_text() == "run\n"


# -- approvals --------------------------------------------------------------------------


@contextlib.contextmanager
def asking(workshop, text, *options):
    """Run an agent and hand over the questions it waits with, and its end."""
    workshop.agent(TRY + textwrap.dedent(text))
    with workshop.started(*options) as process:
        yield process


def question(workshop):
    """Wait until something is asked, and give it."""
    ledger_file = workshop / ".soulguard/ledger.db"
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if ledger_file.exists():
            with workshop.ledger() as ledger:
                for run in ledger.runs(1):
                    for found in approvals(ledger, run.run_id, time.time()):
                        return found
        time.sleep(0.05)
    raise AssertionError("nothing was asked")


def settle(workshop, asked, *, approve=True, scope="once"):
    with contextlib.closing(open_ledger(workshop / ".soulguard/ledger.db")) as ledger:
        answer(
            ledger, asked.id, approve=approve, scope=scope, by="ada", now=time.time()
        )


def ended(process):
    out, _ = process.communicate(timeout=PATIENCE)
    return dict(json.loads(line) for line in out.splitlines() if line[:1] == "[")


ASK = "Never touch `config.json` unless explicitly asked.\n"


def test_a_question_shows_all_and_an_answer_on_the_command_line_settles_it(workshop):
    workshop.soul(ASK)
    workshop.write("config.json", "old\n")
    text = 'attempt("write", lambda: write("config.json", "new\\n"))'
    with asking(workshop, text) as process:
        asked = question(workshop)
        assert asked.data["text"].splitlines() == [
            "write config.json", "--- before", "+++ after", "@@ -1 +1 @@", "-old", "+new"
        ]  # fmt: skip
        assert (workshop / "config.json").read_text() == "old\n"
        subprocess.run(
            [sys.executable, "-m", "soulguard", "approve", str(asked.id)],
            cwd=workshop.folder, env=workshop.environment(), check=True, timeout=PATIENCE,
            capture_output=True,
        )  # fmt: skip
        assert ended(process)["write"] == "done"
    assert (workshop / "config.json").read_text() == "new\n"
    assert workshop.touched("approval.used") == ["config.json"]


def test_a_no_is_a_refusal_that_names_who_said_it(workshop):
    workshop.soul(ASK)
    text = """
        attempt("first", lambda: write("config.json", "new"))
        attempt("same", lambda: write("config.json", "new"))
    """
    with asking(workshop, text) as process:
        settle(workshop, question(workshop), approve=False)
        told = ended(process)
    for name in ("first", "same"):  # the same again is not asked again
        whole(
            told[name], line="SOUL.md:1", fact="ada said no", instead="ask the person"
        )
    assert len(workshop.touched("approval.asked")) == 1
    assert "config.json" not in workshop.tree()


def test_an_append_that_waits_makes_no_file_before_the_answer(workshop):
    workshop.soul(ASK)
    text = """
        attempt("append", lambda: write("config.json", "new", "a"))
        attempt("empty", lambda: write("config.json", "", "a"))
    """
    with asking(workshop, text) as process:
        first = question(workshop)
        assert workshop.tree() == {}
        settle(workshop, first, approve=False)
        second = question(workshop)
        assert second.data["text"] == "append to config.json\n"
        settle(workshop, second)
        told = ended(process)
    assert "ada said no" in told["append"]
    assert told["empty"] == "done"
    assert workshop.tree() == {"config.json": b""}


def test_approved_once_is_asked_again_and_for_the_run_is_not(workshop):
    workshop.soul(ASK)
    text = """
        for n in range(3):
            attempt(str(n), lambda: write("config.json", str(n)))
        sys.exit(1)
    """
    with asking(workshop, text) as process:
        first = question(workshop)
        settle(workshop, first)
        second = question(workshop)
        assert second.id > first.id
        settle(workshop, second, scope="run")
        assert set(ended(process).values()) == {"done"}
    again = tell(workshop, text, "--approve-timeout", "0")
    assert set(again.values()) == {"done"}, "the run remembers over its restart"
    new = tell(workshop, text, "--approve-timeout", "0", "--new")
    assert "nobody answered" in new["0"]


def test_approved_always_holds_in_every_run_of_the_folder(workshop):
    workshop.soul("No destructive commands without confirmation.\n")
    workshop.write("old/a", "x")
    text = 'attempt("rm", lambda: subprocess.run(["rm", "-rf", "old"]).returncode)'
    with asking(workshop, text) as process:
        asked = question(workshop)
        assert asked.data["text"].startswith("rm -rf old\nin /")
        settle(workshop, asked, scope="always")
        assert ended(process)["rm"] == 0
    told = tell(workshop, text, "--new", "--approve-timeout", "0")
    assert told["rm"] == 0
    [kept] = json.loads((workshop / ".soulguard/approvals.json").read_text())
    assert (kept["target"], kept["answer"], kept["by"]) == (
        "rm -rf old",
        "approve",
        "ada",
    )


def test_what_was_approved_while_the_agent_was_dead_is_remembered(workshop):
    workshop.soul(ASK)
    text = 'attempt("write", lambda: write("config.json", "new"))'
    with asking(workshop, text) as process:
        asked = question(workshop)
        process.kill()
        process.wait(PATIENCE)
    settle(workshop, asked)
    assert tell(workshop, text, "--approve-timeout", "0")["write"] == "done"


def test_a_call_waits_for_a_person_and_shows_its_body(workshop):
    workshop.block("""
        - {id: pay, text: Ask before paying., where: {host: 127.0.0.1}, decision: ask}
    """)
    with service() as (url, calls):
        text = f'attempt("pay", lambda: post("{url}/v1/pay/42", b"amount=100"))'
        with asking(workshop, text) as process:
            asked = question(workshop)
            assert asked.data["text"].startswith(f"POST {url}/v1/pay/42\n")
            assert asked.data["text"].endswith("\n\namount=100")
            assert asked.data["place"].endswith("/v1/pay/*")
            assert calls == []
            settle(workshop, asked)
            assert ended(process)["pay"] == 200
    assert calls == [("/v1/pay/42", b"amount=100")]


# -- edits -----------------------------------------------------------------------------


def test_status_says_that_an_edit_does_not_hold_and_the_way_out(workshop):
    rules = "- Never write to `locked/`.\n- Never write to `vault/`.\n"
    workshop.soul(rules)
    workshop.agent("print('ready', flush=True); sys.stdin.readline()")

    def status(*words):
        command = [sys.executable, "-m", "soulguard", "status", *words]
        done = subprocess.run(
            command, cwd=workshop.folder, env=workshop.environment(), check=True,
            timeout=PATIENCE, capture_output=True, text=True,
        )  # fmt: skip
        return done.stdout + done.stderr

    def edit(text, type_):
        workshop.write("new", text).replace(workshop / "SOUL.md")
        end = time.monotonic() + PATIENCE
        while not workshop.touched(type_) and time.monotonic() < end:
            time.sleep(0.05)

    with workshop.started() as process:
        assert process.stdout.readline() == "ready\n"
        run = workshop.runs()[0].run_id
        assert "an edit" not in status() + status(run)
        edit("```soulguard\nrules: [\n```\n", "policy.rejected")
        for said in (status(), status(run)):
            assert "an edit of SOUL.md does not compile: SOUL.md:" in said
            assert "the rules before it stay in force" in said
        edit("- Never write to `locked/`.\n", "approval.asked")
        asked = question(workshop)
        for said in (status(), status(run)):
            assert (
                f"waits for a person\n  the rules before it stay in force; `soulguard approve {asked.id}`"
                in said
            )
        settle(workshop, asked)
        process.communicate("\n", timeout=PATIENCE)
    assert "an edit" not in status()


# -- observing --------------------------------------------------------------------------


@pytest.mark.parametrize("sentence", [
    "You never write `approved/`.", "Never write `approved/` without approval.",
    "- Never write files larger than 1 KB.", "- `approved/a` is append-only.",
    "- Never store API keys in files.",
])  # fmt: skip
def test_observing_refuses_nothing_and_records_what_would_be(workshop, sentence):
    workshop.soul(f"{sentence}\n")
    workshop.write("approved/a", "old")
    told = tell(workshop, """
        attempt("write", lambda: write("approved/a", "AKIA" + "ABCDEFGHIJKLMNOP" + " " * 1024))
    """, "--observe")  # fmt: skip
    assert told["write"] == "done"
    with workshop.ledger() as ledger:
        [denied, *_] = ledger.events(types=["violation.denied"])
    assert denied.data["observed"]
    assert denied.source == "SOUL.md:1"
