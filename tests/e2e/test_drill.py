"""`soulguard drill` on the examples, and on an agent that does everything again.

The examples talk to their stand-ins of OpenAI, Stripe, Resend and a press, once: the run
that is recorded. The rest is answered from that.
"""

import csv
import json
import os
import shutil
import subprocess
import sys

import pytest

from examples.demo import environment
from examples.service import Service
from tests.e2e.mail_server import MailServer
from tests.e2e.test_demo_crashes import ROOT, load_service, office

FIVE = ROOT / "examples" / "five_agents"
AGENT = """
import os, smtplib, subprocess, sys, urllib.request

def pay(order):
    url = os.environ["WORLD"] + "/v1/charges"
    with urllib.request.urlopen(url, f"amount={order}".encode()) as answer:
        return answer.read().decode()

def mail(order):
    host, port = os.environ["SMTP_SERVER"].split(":")
    with smtplib.SMTP(host, int(port)) as server:
        server.sendmail("a@x.example", [f"c{order}@x.example"], f"Subject: {order}")

for order in (100, 200):
    charge = pay(order)
    with open("journal.jsonl", "a") as journal:
        journal.write(f"{order} paid\\n")
    with open(f"{order}.md", "w") as page:
        page.write(f"# {order}\\n\\n{charge}\\n")
    mail(order)
subprocess.run(["sh", "-c", "echo pushed"], check=True)
"""

MAILER = """
import os, smtplib

host, port = os.environ["SMTP_SERVER"].split(":")
with smtplib.SMTP(host, int(port)) as server:
    server.sendmail("a@x.example", ["b@x.example"], "Subject: News")
"""


def drill(folder, env, *options, agent="agent.py"):
    """Drill an agent; gives the exit code, the report and what was said meanwhile."""
    done = subprocess.run(
        [sys.executable, "-m", "soulguard", "drill", "--format", "json", *options, "--",
         sys.executable, agent],
        cwd=folder, env={**os.environ, **env, "PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout), done.stderr


def unsafe(report):
    """Give what is wrong, as (effect, what happened)."""
    return {
        (finding["effect"], finding["what"])
        for verdict in report["verdicts"]
        for finding in verdict["findings"]
        if finding["wrong"]
    }


def counts(report):
    found = {name: n for name, n in report["counts"].items() if n}
    print(
        f"\n{report['summary']}, {report['points']} points, {report['seconds']:.0f} s"
    )
    print(*sorted(unsafe(report)), sep="\n")
    return found


def test_the_invoice_agent_is_safe_at_every_kind_of_point(tmp_path):
    folder = office(tmp_path / "office")
    with load_service().Service() as world:
        env = environment(world.url)
        status, report, said = drill(folder, env, "--live", "--sample", "6")
        stats = world.stats()
    assert counts(report) == {"safe": 6}
    assert status == 0
    assert report["points"] > 50
    assert (stats["charges"], stats["llm_calls"]) == (2, 3), "recorded once, by one run"
    assert "ONE run is made with the real world now" in said


def test_without_its_rule_the_invoice_agent_charges_twice(tmp_path):
    folder = office(tmp_path / "office")
    with load_service().Service() as world:
        env = environment(world.url)
        status, report, _ = drill(folder, env, "--live", "--bare", "--sample", "3")
    assert status == 1
    assert counts(report)["unsafe"] >= 2
    wrong = unsafe(report)
    assert any(e.endswith("/v1/charges") and "sent" in w for e, w in wrong)


@pytest.fixture(scope="module")
def lantern(tmp_path_factory):
    """The folder of the five agents, with a week's work of the first three done."""
    folder = tmp_path_factory.mktemp("lantern") / "five"
    shutil.copytree(FIVE, folder, ignore=shutil.ignore_patterns("*.py[co]"))
    (folder / "writer" / "drafts").mkdir()
    (folder / "writer" / "drafts" / "cork.md").write_text("# Cork\n")
    (folder / "writer" / "edition.md").write_text("# This week\n")
    (folder / "biller" / "receipts").mkdir()
    with (folder / "biller" / "subscribers.csv").open(newline="") as file:
        reader = next(csv.DictReader(file))
    receipt = folder / "biller" / "receipts" / f"{reader['number']}.json"
    receipt.write_text(json.dumps(reader))
    return folder


def test_the_mailer_of_the_five_agents_is_safe_at_every_point(lantern):
    with Service() as world:
        status, report, _ = drill(
            lantern / "mailer", environment(world.url), "--live", "--workspace", ".."
        )
        assert len(world.stats()["mails"]) == 1, "recorded once"
    assert counts(report) == {"safe": report["points"]}
    assert status == 0


def test_the_publisher_of_the_five_agents_is_safe(lantern):
    with Service() as world:
        env = {**environment(world.url), "PRESS_URL": world.url}
        status, report, _ = drill(
            lantern / "publisher", env, "--live", "--workspace", "..", "--sample", "9"
        )
    assert counts(report) == {"safe": 9}
    assert status == 0


@pytest.fixture(scope="module")
def clerk(tmp_path_factory):
    """Drill an agent that does everything again, without the rule it had."""
    folder = tmp_path_factory.mktemp("clerk")
    (folder / "SOUL.md").write_text("# The clerk\n\nYou are exact and brief.\n")
    (folder / "agent.py").write_text(AGENT)
    with Service() as world, MailServer(world) as mail:
        env = {"WORLD": world.url, "SMTP_SERVER": f"127.0.0.1:{mail.port}"}
        return drill(folder, env, "--live")


def test_with_the_rule_removed_every_kind_of_unsafe_point_is_found(clerk):
    status, report, said = clerk
    assert status == 1
    assert "no rule holds here: the agent is drilled without the guard" in said
    found = counts(report)
    assert found == {"safe": 1, "unsafe": report["points"] - 1}
    assert report["verdicts"][0]["category"] == "safe", "nothing had happened yet"
    wrong = unsafe(report)
    charges = {e for e, w in wrong if "sent twice, 1 is due; without a key" in w}
    assert {e.partition("/")[2] or e for e in charges} >= {
        "v1/charges", "mail to c100@x.example", "mail to c200@x.example"
    }  # fmt: skip
    assert ("journal.jsonl", "has a line twice: `100 paid`") in wrong
    assert ("100.md", "written twice in one run") in wrong
    assert ("200.md", "a reader saw half of it until the restart") in wrong


def test_an_unsafe_point_names_the_line_of_the_agent(clerk):
    lines = AGENT.splitlines()
    for verdict in clerk[1]["verdicts"]:
        for finding in verdict["findings"]:
            if finding["what"] == "written twice in one run":
                file, _, number = finding["at"].partition(":")
                assert file == "agent.py"
                assert "open(" in lines[int(number) - 1]


def test_with_the_rule_the_same_agent_is_safe_or_waits(tmp_path):
    (tmp_path / "SOUL.md").write_text(
        "# The clerk\n\nNever write twice to the same output path in a single run.\n"
    )
    (tmp_path / "agent.py").write_text(AGENT)
    with Service() as world, MailServer(world) as mail:
        env = {"WORLD": world.url, "SMTP_SERVER": f"127.0.0.1:{mail.port}"}
        status, report, _ = drill(
            tmp_path, env, "--live", "--harmless", "sh *", "--sample", "12"
        )
    assert set(counts(report)) == {"safe", "held"}
    assert unsafe(report) == set()
    assert status == 0


def test_a_mail_that_may_have_gone_out_waits_and_is_never_sent_twice(tmp_path):
    (tmp_path / "SOUL.md").write_text("# Post\n\nNever write twice to the same file.\n")
    (tmp_path / "agent.py").write_text(MAILER)
    with Service() as world, MailServer(world) as server:
        env = {"SMTP_SERVER": f"127.0.0.1:{server.port}"}
        status, report, _ = drill(tmp_path, env, "--live")
        assert server.mails == [], "mail is never sent, not even with --live"
    assert counts(report) == {"safe": report["points"] - 3, "held": 3}
    assert status == 0
    held = [v for v in report["verdicts"] if v["category"] == "held"]
    assert [v["point"]["moment"] for v in held] == [
        "after its intent", "acted, answer lost", "made, not yet on record"
    ]  # fmt: skip
    settled = [v["findings"][0]["what"] for v in held]
    assert "--did-not" in settled[0]
    assert all("--happened" in words for words in settled[1:])
