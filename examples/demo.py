"""Kill an invoice agent twice and start it again, bare and guarded, side by side.

    make demo

Both halves get the same agent, the same orders and a service of their own. What is
printed is counted by that service and read from the disk, nothing is known beforehand
but the orders. Ends with 1 if the guarded half did anything twice, lost something or let
a reader see half a file.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from examples.service import Service  # noqa: E402 - after the path is set

AGENT = [sys.executable, "agent.py"]
GUARDED = [sys.executable, "-m", "soulguard", "run", "--", *AGENT]

KILLS = (
    ("after the 4th charge, before its answer", {"path": "/v1/charges", "nth": 4}),
    (
        "while it writes summary.md",
        {"path": "/v1/chat/completions", "contains": "Close a report"},
    ),
)

STORY = """\
An agent bills eight orders. SIGKILL hits it right after the card processor took the 4th
charge and before it answered; it is started again; SIGKILL hits it in the middle of
writing its summary; it is started again and runs to its end."""

LAST_LINES = {"summary.md": "Total of the day: "}
INVOICE_LAST_LINE = "Paid in full on "


class Half:
    """One of the two: its folder, its service, and what was seen after each attempt."""

    def __init__(self, name: str, command: list[str], folder: Path) -> None:
        self.name = name
        self.command = command
        self.folder = folder
        self.service = Service()
        self.versions: dict[str, set[tuple[int, int]]] = defaultdict(set)
        self.contents: dict[str, set[str]] = defaultdict(set)
        self.torn = 0
        shutil.copytree(HERE / "invoices", folder)

    @property
    def out(self) -> Path:
        return self.folder / "out"

    def play(self) -> None:
        """Two attempts that are killed, and one that is left alone."""
        with self.service:
            print(f"\n{self.name}: {' '.join(map(short, self.command))}")
            for number, (moment, fault) in enumerate(KILLS, 1):
                self.service.arm(do="kill", when="after-processing", **fault)
                self.attempt(number, f"killed {moment}")
            self.attempt(len(KILLS) + 1, "ran to its end")

    def attempt(self, number: int, expected: str) -> None:
        done = subprocess.run(
            self.command,
            cwd=self.folder,
            env=environment(self.service.url),
            capture_output=True,
            text=True,
            check=False,
        )
        self.look()
        if not self.as_planned(number, done.returncode):
            sys.exit(f"{done.stderr}{self.name}: attempt {number} went another way")
        print(f"  attempt {number}: {expected}, exit status {done.returncode}")
        for line in done.stderr.splitlines():
            print(f"    {line}")

    def as_planned(self, number: int, status: int) -> bool:
        """Whether the attempt was killed by the service, or after the kills went well."""
        killed = len(self.service.stats()["killed"])
        if number > len(KILLS):
            return status == 0
        return killed == number and died(status)

    def look(self) -> None:
        """See the outputs as any reader would at this moment."""
        for path in sorted(self.out.rglob("*")):
            if path.is_file() and path.name != "journal.jsonl":
                name, seen = str(path.relative_to(self.out)), path.stat()
                self.versions[name].add((seen.st_ino, seen.st_mtime_ns))
                data = path.read_bytes()
                self.contents[name].add(hashlib.sha256(data).hexdigest())
                self.torn += torn(path.name, data.decode())


def environment(url: str) -> dict[str, str]:
    """The agent's surroundings; nothing in them speaks of soulguard."""
    return {
        **os.environ,
        "OPENAI_BASE_URL": f"{url}/v1",
        "OPENAI_API_KEY": "sk-example",
        "STRIPE_API_BASE": url,
        "STRIPE_API_KEY": "sk_test_example",
        "RESEND_API_URL": url,
        "RESEND_API_KEY": "re_example",
        "NO_PROXY": "127.0.0.1",
    }


def died(status: int) -> bool:
    """Whether a status is that of SIGKILL: seen directly, or passed on as a shell does."""
    return status in (-signal.SIGKILL, 128 + signal.SIGKILL)


def torn(name: str, text: str) -> bool:
    """Whether a file is half: JSON that does not parse, Markdown without its last line."""
    if name.endswith(".json"):
        try:
            json.loads(text)
        except ValueError:
            return True
        return False
    last = text.splitlines()[-1] if text.endswith("\n") else ""
    return not last.startswith(LAST_LINES.get(name, INVOICE_LAST_LINE))


def owed() -> list[tuple[str, int]]:
    """Give each order and what its customer owes, in cents."""
    with (HERE / "invoices" / "orders.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    return [(r["order"], int(r["quantity"]) * int(r["unit_price"])) for r in rows]


def count(half: Half) -> dict[str, int]:
    """Count what happened to the world."""
    stats = half.service.stats()
    journal = half.out / "journal.jsonl"
    lines = journal.read_text().splitlines() if journal.exists() else []
    billed = [json.loads(line)["order"] for line in lines]
    expected = {f"invoices/{o}.{end}" for o, _ in owed() for end in ("md", "json")}
    present = {name for name in half.versions if (half.out / name).is_file()}
    return {
        "charges made": stats["charges"],
        "cents charged": stats["amount"],
        "charges sent again, recognised by their key": stats["replayed_charges"],
        "model calls": stats["llm_calls"],
        "model tokens": stats["tokens"],
        "files written": sum(map(len, half.versions.values())),
        "files whose text changed after they were out": sum(
            len(digests) > 1 for digests in half.contents.values()
        ),
        "journal lines": len(billed),
        "journal lines for an order that has one": len(billed) - len(set(billed)),
        "files or journal lines missing at the end": (
            len((expected | {"summary.md"}) - present)
            + len({order for order, _ in owed()} - set(billed))
        ),
        "half-written files a reader could see": half.torn,
    }


def one_run() -> dict[str, int]:
    """What one run without a kill does to the world, by the list of orders."""
    orders = owed()
    return {
        "charges made": len(orders),
        "cents charged": sum(cents for _, cents in orders),
        "model calls": len(orders) + 1,
        "files written": 2 * len(orders) + 1,
        "files whose text changed after they were out": 0,
        "journal lines": len(orders),
        "journal lines for an order that has one": 0,
        "files or journal lines missing at the end": 0,
        "half-written files a reader could see": 0,
    }


def show(bare: dict[str, int], guarded: dict[str, int], due: dict[str, int]) -> None:
    """Print the table, one row per count."""
    print(f"\n{'':46}{'bare':>14}{'guarded':>14}{'one run':>14}")
    for name, value in bare.items():
        cells = (cell(name, c) for c in (value, guarded[name], due.get(name)))
        print(f"{name.replace('cents ', ''):46}" + "".join(cells))


def cell(name: str, value: int | None) -> str:
    if value is None:
        return f"{'':>14}"
    if name.startswith("cents"):
        return f"{value / 100:>10,.2f} EUR"
    return f"{value:>14,}"


def short(word: str) -> str:
    return "python" if word == sys.executable else word


def main() -> int:
    """Play both halves and compare; 0 if the guarded one is as a single run would be."""
    print(STORY)
    with tempfile.TemporaryDirectory(prefix="invoices-") as folder:
        halves = [
            Half("bare", AGENT, Path(folder, "bare")),
            Half("guarded", GUARDED, Path(folder, "guarded")),
        ]
        for half in halves:
            half.play()
        bare, guarded = map(count, halves)
    due = one_run()
    show(bare, guarded, due)
    return verdict(guarded, due)


def verdict(guarded: dict[str, int], due: dict[str, int]) -> int:
    """Say whether the guarded half left what one run leaves; 0 if it did.

    Model calls are not compared: one that died before its answer is rightly asked again.
    """
    wrong = [
        n for n, value in due.items() if guarded[n] != value and n != "model calls"
    ]
    if wrong:
        print(f"\nThe guarded half differs from one run: {', '.join(wrong)}.")
    else:
        print("\nKilled twice, and the guarded half left what one run leaves.")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
