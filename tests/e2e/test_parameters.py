"""Rules with a parameter (lengths, hours, folders, parts) hold in a real run."""

import contextlib
import textwrap
import threading
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from examples.service import Service
from tests.e2e.mail_server import MailServer
from tests.e2e.test_families import service, tell, whole

NEAR = """
import socket
ask = socket.getaddrinfo
socket.getaddrinfo = lambda host, *rest, **more: ask("127.0.0.1", *rest, **more)
def say(url, **fields):
    request = urllib.request.Request(url, json.dumps(fields).encode(),
                                     {"Content-Type": "application/json"})
    with urllib.request.urlopen(request) as reply:
        return reply.status
"""
"""Every host is this one: what is allowed to leave arrives at the local service."""


def run(workshop, text, *options):
    return tell(workshop, NEAR + textwrap.dedent(text), *options)


def outside(url):
    return url.replace("127.0.0.1", "social.example")


def test_a_long_message_is_refused_and_a_short_one_goes_out(workshop):
    workshop.soul(
        "- Keep posts under 40 characters.\n- Comments must not exceed 2 words.\n"
        "- Emails: max 3 words.\n"
    )
    with service() as (url, calls), Service() as clerk, MailServer(clerk) as post:
        told = run(workshop, f"""
            import smtplib
            def mail(text):
                with smtplib.SMTP("127.0.0.1", {post.port}) as server:
                    server.sendmail("a@x.org", ["b@x.org"], "Subject: a b c d\\n\\n" + text)
                return "sent"
            url = "{outside(url)}"
            attempt("short", lambda: say(url + "/posts", title="x" * 99, text="hello"))
            attempt("long", lambda: say(url + "/posts", text="x" * 41))
            attempt("comment", lambda: say(url + "/posts/7/comments", content="a b c"))
            attempt("local", lambda: say("{url}/posts", text="x" * 41))
            attempt("note", lambda: mail("one two three"))
            attempt("letter", lambda: mail("one two three four"))
        """)  # fmt: skip
    assert told["short"] == told["local"] == 200
    assert (told["note"], len(post.mails)) == ("sent", 1)
    whole(
        told["long"], line='SOUL.md:1 says: "Keep posts under 40 characters"',
        fact="it has 41 characters, and at most 40 characters may be",
        instead="make it shorter",
    )  # fmt: skip
    for name, line, fact in (
        ("comment", "SOUL.md:2", "it has 3 words"),
        ("letter", "SOUL.md:3", "it has 4 words"),
    ):
        whole(told[name], line=line, fact=fact, instead="shorter")
    assert len(calls) == 2


def around(*, hours):
    """Give the hours from one before to one after the hour that lies `hours` ahead."""
    now = datetime.now() + timedelta(hours=hours)  # noqa: DTZ005 - the wall's clock
    return [(now + timedelta(hours=h)).strftime("%H:%M") for h in (-1, 1)]


def test_what_has_its_time_is_refused_at_another_and_told_when_it_may(workshop):
    (quiet, loud), (start, end) = around(hours=0), around(hours=12)
    workshop.soul(
        f"- No posts between {quiet} and {loud}.\n"
        f"- Run `git` only between {start} and {end}.\n"
        f"- Never run `true` between {start} and {end}.\n"
    )
    told = run(workshop, """
        attempt("post", lambda: say("http://social.example/posts", text="hello"))
        attempt("git", lambda: subprocess.run(["git", "--version"]).returncode)
        attempt("true", lambda: subprocess.run(["true"]).returncode)
    """)  # fmt: skip
    assert told["true"] == 0
    whole(
        told["post"], line="SOUL.md:1", fact=f"that is in `{quiet}-{loud}`",
        instead=f"{loud}, when it is allowed again",
    )  # fmt: skip
    whole(
        told["git"], line="SOUL.md:2", fact=f"that is outside `{start}-{end}`",
        instead=f"{start}, when it is allowed again",
    )  # fmt: skip


def test_a_message_to_somebody_known_by_name_waits_for_a_person(workshop):
    workshop.soul("- Only message Maria.\n")
    told = run(workshop, """
        attempt("post", lambda: say("http://social.example/messages", text="hello"))
    """, "--approve-timeout", "0.3")  # fmt: skip
    whole(
        told["post"], line="SOUL.md:1", fact="nobody answered in time",
        instead="go on without this call",
    )  # fmt: skip


def test_a_command_is_refused_without_its_parts_or_outside_its_folder(workshop):
    workshop.soul(
        "- Always use MODE=quiet for `show`.\n"
        "- Always pass --dry-run to `show all`.\n"
        "- Never use --force with `show`.\n"
        "- Commands must always be a single line.\n"
        "- Never run `make` outside `web/`.\n"
        "- `codex` must run from inside a git repo.\n"
    )
    for name in ("show", "make", "codex"):
        workshop.write(f"bin/{name}", "#!/bin/sh\necho $MODE\n").chmod(0o755)
    workshop.write("web/index", "")
    workshop.write("web/.git/HEAD", "")
    told = run(workshop, """
        quiet = {**os.environ, "MODE": "quiet"}
        def start(*words, **more):
            return subprocess.run(words, **more).returncode
        os.environ["PATH"] = os.path.abspath("bin") + os.pathsep + os.environ["PATH"]
        attempt("plain", lambda: start("show", "one"))
        attempt("given", lambda: start("show", "one", env={**os.environ, "MODE": "quiet"}))
        attempt("shell", lambda: start("MODE=quiet show one", shell=True))
        attempt("dry", lambda: start("MODE=quiet show all --dry-run", shell=True))
        attempt("wet", lambda: start("MODE=quiet show all", shell=True))
        attempt("forced", lambda: start("MODE=quiet show --force", shell=True))
        attempt("lines", lambda: start("true\\ntrue", shell=True))
        attempt("outside", lambda: start("make"))
        attempt("inside", lambda: start("make", cwd="web"))
        attempt("moved", lambda: start("cd web && make", shell=True))
        attempt("system", lambda: os.system("cd .. && make"))
        attempt("bare", lambda: start("codex"))
        attempt("versioned", lambda: start("codex", cwd="web"))
    """)  # fmt: skip
    for name in ("given", "shell", "dry", "inside", "moved", "versioned"):
        assert told[name] == 0, (name, told[name])
    for name, line, fact, instead in (
        ("plain", "SOUL.md:1", "`MODE` is not set", "start it with `MODE=quiet`"),
        ("wet", "SOUL.md:2", "it is outside `show all --dry-run`", "keep to `show all"),
        ("forced", "SOUL.md:3", "it matches `show --force`", "without this command"),
        ("lines", "SOUL.md:4", "it has 2 lines", "say it in one line"),
        ("outside", "SOUL.md:5", "its folder is", "start it in `web/`"),
        ("system", "SOUL.md:5", "its folder is", "start it in `web/`"),
        ("bare", "SOUL.md:6", "no git repository", "inside a git repository"),
    ):
        whole(told[name], line=line, fact=fact, instead=instead)


def test_a_call_is_refused_without_its_field_or_with_a_time_that_has_passed(workshop):
    workshop.soul("- Every Social call must include a future `scheduledTime`.\n")
    with service() as (url, calls):
        told = run(workshop, f"""
            url = "{outside(url)}/posts"
            attempt("none", lambda: say(url, text="a"))
            attempt("past", lambda: say(url, text="b", scheduledTime="2020-01-01T00:00:00Z"))
            attempt("ahead", lambda: say(url, post={{"scheduledTime": "2999-01-01T00:00:00Z"}}))
        """)  # fmt: skip
    assert told["ahead"] == 200
    assert len(calls) == 1
    whole(
        told["none"], line="SOUL.md:1", fact="it has no `scheduledTime`",
        instead="add `scheduledTime`",
    )  # fmt: skip
    whole(
        told["past"], line="SOUL.md:1", fact="which is no time to come",
        instead="set `scheduledTime` to a time to come",
    )  # fmt: skip


@contextlib.contextmanager
def crowded():
    """Give a service that keeps each call until another comes, for a moment at most."""
    seen, lock = {"now": 0, "most": 0, "calls": 0}, threading.Condition()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers["content-length"]))
            with lock:
                seen["now"] += 1
                seen["calls"] += 1
                seen["most"] = max(seen["most"], seen["now"])
                lock.notify_all()
                lock.wait_for(lambda: seen["now"] > 2, 0.1)
                seen["now"] -= 1
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", seen
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_only_so_many_commands_and_calls_are_at_work_at_once(workshop):
    workshop.soul(
        "- Never spawn more than 2 concurrent sub-agents.\n"
        "- At most 2 parallel requests.\n"
    )
    with crowded() as (url, seen):
        told = run(workshop, f"""
            import threading
            url = "{outside(url)}/posts"
            def start():
                return subprocess.Popen(["cat"], stdin=subprocess.PIPE)
            one, two = start(), start()
            attempt("third", start)
            one.communicate()
            attempt("after one", lambda: start() and "started")
            attempt("system", lambda: os.system("true"))
            two.communicate()
            attempt("after two", lambda: [os.system("true") for _ in range(3)])
            said = []
            threads = [threading.Thread(target=lambda n=n: said.append(say(url, text=str(n))))
                       for n in range(5)]
            for thread in threads: thread.start()
            for thread in threads: thread.join()
            attempt("calls", lambda: said)
        """)  # fmt: skip
    for name in ("third", "system"):
        whole(
            told[name], line="SOUL.md:1",
            fact="2 commands are at work, and at most 2 may be",
            instead="wait until one of them has ended",
        )  # fmt: skip
    assert told["after one"] == "started"
    assert told["after two"] == [0, 0, 0]
    assert told["calls"] == [200] * 5
    assert (seen["calls"], seen["most"]) == (5, 2)


def test_a_named_command_and_a_thread_have_counts_of_their_own(workshop):
    workshop.soul(
        "- At most 2 `show` calls per run.\n"
        "- Do not post more than once per thread per cycle.\n"
    )
    workshop.write("bin/show", "#!/bin/sh\nexit 0\n").chmod(0o755)
    with service() as (url, calls):
        told = run(workshop, f"""
            url = "{outside(url)}/posts"
            def show(*words):
                return subprocess.run(["bin/show", *words]).returncode
            attempt("shown", lambda: [show("a"), show("b")])
            attempt("other", lambda: os.system("true"))
            attempt("third", lambda: show("c"))
            attempt("new", lambda: [say(url, text="a"), say(url, text="b")])
            attempt("one", lambda: say(url + "/1/comments", text="a"))
            attempt("two", lambda: say(url + "/2/comments", text="a"))
            attempt("again", lambda: say(url + "/1/comments", text="b"))
        """)  # fmt: skip
    assert (told["shown"], told["other"], told["new"]) == ([0, 0], 0, [200, 200])
    assert told["one"] == told["two"] == 200
    assert len(calls) == 4
    whole(
        told["third"], line="SOUL.md:1", instead="go on without it",
        fact="there were 2 commands already in this run, and at most 2 may be",
    )  # fmt: skip
    whole(
        told["again"], line="SOUL.md:2", instead="go on without it",
        fact="for `social.example /posts/1` in this run, and at most 1 may be",
    )  # fmt: skip


def test_a_mail_or_call_without_what_it_must_carry_is_refused(workshop):
    workshop.soul(
        '- Subject starts with "[scout]".\n- Attachments are not allowed.\n'
        "- Never write to people who are in `no.csv`.\n"
        "- Send the `X-Agent: scout` header with every request.\n"
    )
    (workshop.folder / "no.csv").write_text("name,mail\nBob,bob@x.org\n")
    with service() as (url, calls), Service() as clerk, MailServer(clerk) as post:
        told = run(workshop, f"""
            import smtplib
            from email.message import EmailMessage
            def mail(subject, to="a@x.org", attach=b""):
                made = EmailMessage()
                made["From"], made["To"], made["Subject"] = "me@x.org", to, subject
                made.set_content("hello")
                if attach:
                    made.add_attachment(attach, maintype="a", subtype="b", filename="f.pdf")
                with smtplib.SMTP("127.0.0.1", {post.port}) as server:
                    server.send_message(made)
                return "sent"
            url = "{outside(url)}"
            attempt("right", lambda: mail("[scout] hi"))
            attempt("subject", lambda: mail("hi"))
            attempt("attached", lambda: mail("[scout] hi", attach=b"x"))
            attempt("listed", lambda: mail("[scout] hi", to="bob@x.org"))
            attempt("call", lambda: say(url + "/posts"))
        """)  # fmt: skip
    assert (told["right"], len(post.mails), len(calls)) == ("sent", 1, 0)
    for name, line, fact, instead in (
        ("subject", "SOUL.md:1", "`subject` is `hi`", "begin with `[scout]`"),
        (
            "attached",
            "SOUL.md:2",
            "its `attachment` is `f.pdf`",
            "leave `attachment` out",
        ),
        ("listed", "SOUL.md:3", "`bob@x.org` is in `no.csv`", "write to others"),
        ("call", "SOUL.md:4", "`X-Agent` is not there", "set `X-Agent` to `scout`"),
    ):
        whole(told[name], line=line, fact=fact, instead=instead)
