"""What docs/audit.md shows is what a person sees."""

import re
from pathlib import Path

from soulguard.audit import reports
from soulguard.audit.auditing import Options, audit
from soulguard.audit.findings import Status
from soulguard.cli.audit import command
from tests.audit.sources import RULES, write

PAGE = (Path(__file__).parents[2] / "docs" / "audit.md").read_text()
AGENT = """\
import json
import os

import stripe


def bill(order):
    # the card, the receipt, the page
    charge = stripe.Charge.create(amount=order["total"], source=order["card"])
    json.dump(charge, open(f"receipts/{order['id']}.json", "w"))
    os.system("make publish")
"""


def test_the_report_is_the_one_that_is_printed(tmp_path, monkeypatch):
    (shown,) = re.findall(r"```text\n(.*?)\n```", PAGE, re.DOTALL)
    write(tmp_path, {"agent.py": AGENT, "SOUL.md": RULES})
    monkeypatch.chdir(tmp_path)
    found = audit(Options((Path(),)))
    assert "\n".join(reports.table(found)) == shown


def test_every_verdict_and_option_is_told():
    assert set(re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE)) == {
        s.value for s in Status
    }
    options = {o for p in command.params for o in p.opts if o.startswith("--")}
    assert options - {"--tests"} <= set(
        re.findall(r"^\| `(--[\w-]+)", PAGE, re.MULTILINE)
    )
    assert "`--tests`" in PAGE


def test_the_example_of_ones_own_is_found(tmp_path):
    (own,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    write(
        tmp_path,
        {"agent.py": "import ourbank\nourbank.Client().book(request_id='r-1')\n"},
    )
    (tmp_path / "soulguard.effects.yaml").write_text(own)
    (found,) = audit(Options((tmp_path,))).findings
    assert found.what == "book a transfer"
    assert found.prior == "`request_id='r-1'`"
