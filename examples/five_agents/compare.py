"""Five agents that die and are started again, bare and guarded, side by side.

    python examples/five_agents/compare.py [--seed N] [--kills N]

A small weekly is made by a researcher, a writer, a biller, a mailer and a publisher, one
after the other. A restart loop starts each until it ends well; SIGKILL hits each at
moments that the seed draws: before a service acts, after it acted and before it
answered, in the middle of a streamed answer. Three times the same week: nobody dies,
they die bare, they die guarded. What is printed is counted by the services and read
from the disk. Ends with 1 if the guarded week did anything twice, half or not at all.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

from examples.demo import died, environment  # noqa: E402 - after the path is set
from examples.service import Service  # noqa: E402

AGENT = [sys.executable, "agent.py"]
GUARDED = [sys.executable, "-m", "soulguard", "run", "--", *AGENT]

TOPICS = ("cork flooring", "lime plaster", "reclaimed brick", "wool insulation")
NUMBERS = tuple(f"S-10{n}" for n in range(1, 7))
LETTERS = ("ada@", "bram@", "chiara@", "dov@", "esra@", "farid@")
USUAL = ("before", "after-processing")
DOLLARS = {"prompt": 2.50e-6, "completion": 10e-6}  # gpt-4o, per token


@dataclass(frozen=True)
class Job:
    """One agent: whom it calls, what tells its calls apart, when it may be killed."""

    name: str
    path: str
    marks: tuple[str, ...]
    moments: tuple[str, ...] = USUAL

    def kills(self, seed: int, number: int) -> list[tuple[str, str]]:
        """Draw at which calls the agent dies, in the order it makes them, and when."""
        dice = random.Random(f"{seed} {self.name}")
        places = sorted(dice.sample(range(len(self.marks)), number))
        return [(self.marks[place], dice.choice(self.moments)) for place in places]


JOBS = (
    Job("researcher", "/v1/chat/completions", tuple(f"about {t}" for t in TOPICS)),
    Job("writer", "/v1/chat/completions",
        (*(f"article on {t}" for t in TOPICS), "Introduce this edition"),
        ("mid-answer", *USUAL)),
    Job("biller", "/v1/charges", NUMBERS),
    Job("mailer", "/emails", LETTERS),
    Job("publisher", "/v1/posts", tuple(t.replace(" ", "-") for t in TOPICS)),
)  # fmt: skip


class Week:
    """The same week's work, made by one kind of launch, with services of its own."""

    def __init__(self, name: str, command: list[str], folder: Path) -> None:
        self.name = name
        self.command = command
        self.folder = folder
        self.service = Service()
        self.launches = self.deaths = 0
        self.versions: dict[str, set[tuple[int, int]]] = defaultdict(set)
        self.torn = 0
        shutil.copytree(HERE, folder, ignore=shutil.ignore_patterns("*.py[co]"))
        self.given = {str(path.relative_to(folder)) for path in folder.rglob("*")}

    def work(self, seed: int, kills: int) -> None:
        """Let every agent do its part, killed and started again."""
        print(f"\n{self.name}: {' '.join(self.command[1:] or self.command)}")
        with self.service:
            env = environment(self.service.url) | {"PRESS_URL": self.service.url}
            for job in JOBS:
                self.restart(job, job.kills(seed, kills), env)

    def restart(self, job: Job, kills: list[tuple[str, str]], env: dict) -> None:
        """Start an agent until it ends well."""
        said = []
        waiting = list(kills)
        for _ in range(len(kills) + 1):
            if waiting and self.service.server.world.fault is None:
                mark, when = waiting.pop(0)
                self.service.arm(path=job.path, contains=mark, when=when)
            done = self.launch(job.name, env)
            if done.returncode == 0:
                break
            if not died(done.returncode):
                sys.exit(f"{done.stderr}{self.name}: the {job.name} went another way")
            self.deaths += 1
            said.append(f"killed {when} {mark}")
        else:
            sys.exit(f"{self.name}: the {job.name} makes no progress")
        print(f"  {job.name:<11}{'; '.join([*said, 'ended well'])}")

    def launch(self, name: str, env: dict) -> subprocess.CompletedProcess[str]:
        self.launches += 1
        done = subprocess.run(
            self.command,
            cwd=self.folder / name,
            env=env,
            capture_output=True,
            text=True,
            check=False,
        )
        self.look()
        return done

    def look(self) -> None:
        """See the outputs as any reader would at this moment."""
        for name, path in self.outputs().items():
            seen = path.stat()
            self.versions[name].add((seen.st_ino, seen.st_mtime_ns))
            self.torn += torn(path)

    def outputs(self) -> dict[str, Path]:
        """Give what the agents made, by name."""
        found = {}
        for path in sorted(self.folder.rglob("*")):
            name = path.relative_to(self.folder)
            own = {".soulguard", "__pycache__"} & set(name.parts)
            if path.is_file() and not own and str(name) not in self.given:
                found[str(name)] = path
        return found

    def lines(self) -> dict[str, list[str]]:
        """Give what every line of the logs is about."""
        return {
            name: [about(line) for line in path.read_text().splitlines()]
            for name, path in self.outputs().items()
            if is_log(path)
        }


def is_log(path: Path) -> bool:
    """Whether an output grows line by line."""
    return path.suffix in (".jsonl", ".csv")


def about(line: str) -> str:
    """Give the reader, page or topic a line of a log is about: its first field."""
    if line.startswith("{"):
        return str(next(iter(json.loads(line).values())))
    return line.partition(",")[0]


def torn(path: Path) -> bool:
    """Whether an output is half: it does not parse, or its last line has no end."""
    text = path.read_text()
    if path.suffix == ".json":
        try:
            json.loads(text)
        except ValueError:
            return True
    return not text.endswith("\n")


def twice(items: list[str]) -> int:
    return len(items) - len(set(items))


def count(week: Week, due: Week) -> dict[str, int]:
    """Count what happened twice, half or not at all, beside a week without deaths."""
    stats, wanted = week.service.stats(), due.service.stats()
    lines = week.lines()
    wholes = [seen for name, seen in week.versions.items() if not is_log(Path(name))]
    missing = due.outputs().keys() - week.outputs().keys()
    lost = sum(
        len(set(abouts) - set(lines.get(name, ())))
        for name, abouts in due.lines().items()
    )
    needless = stats["needless"]
    return {
        "duplicate charges": stats["charges"] - wanted["charges"],
        "cents charged too much": stats["amount"] - wanted["amount"],
        "mails sent twice": twice(stats["mails"]),
        "pages published twice": twice(stats["posts"]),
        "files written again": sum(len(seen) - 1 for seen in wholes),
        "log lines written again": sum(twice(abouts) for abouts in lines.values()),
        "half-written files a reader saw": week.torn,
        "extra model calls": needless.get("calls", 0),
        "tokens bought again": needless.get("prompt", 0) + needless.get("completion", 0),
        "lost: files, lines, charges, mails, pages": len(missing) + lost + sum(
            len(set(wanted[what]) - set(stats[what])) for what in ("mails", "posts")
        ) + max(0, wanted["charges"] - stats["charges"]),
    }  # fmt: skip


def tell(week: Week) -> dict[str, int | float]:
    """Give the rest of the story: nothing of it has to be nought."""
    stats, tokens = week.service.stats(), week.service.server.world.model.tokens
    return {
        "launches": week.launches,
        "killed by SIGKILL": week.deaths,
        "answers that a kill took": stats["llm_calls"]
        - stats["needless"].get("calls", 0)
        - len(week.service.server.world.model.asked),
        "sent again, recognised by their key": stats["replayed_charges"]
        + stats["replayed_mails"]
        + stats["replayed_posts"],
        "model tokens": stats["tokens"],
        "model bill, USD": sum(DOLLARS[kind] * tokens[kind] for kind in DOLLARS),
    }


def show(rows: list[dict], *, head: tuple[str, ...] = ()) -> None:
    """Print one row per figure, one column per week."""
    print(f"{'':42}" + "".join(f"{name:>14}" for name in head))
    for name in rows[0]:
        label = name.replace("cents ", "")
        print(f"{label:42}" + "".join(cell(name, row[name]) for row in rows))


def cell(name: str, value: float) -> str:
    if name.startswith("cents"):
        return f"{value / 100:>10,.2f} EUR"
    return f"{value:>14,.4f}" if isinstance(value, float) else f"{value:>14,}"


def play(seed: int, kills: int, folder: Path) -> tuple[Week, Week, Week]:
    """Let the week pass three times."""
    due = Week("nobody dies", AGENT, folder / "due")
    bare = Week("bare", AGENT, folder / "bare")
    guarded = Week("guarded", GUARDED, folder / "guarded")
    for week in (due, bare, guarded):
        week.work(seed, 0 if week is due else kills)
    return due, bare, guarded


def main() -> int:
    """Print both tables; 0 if the guarded week is as one in which nobody died."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seed", type=int, default=5, help="where the kills fall")
    parser.add_argument("--kills", type=int, default=2, help="of each agent, 0 to 4")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="five-agents-") as folder:
        due, bare, guarded = play(chosen.seed, chosen.kills, Path(folder).resolve())
        counts = [count(week, due) for week in (bare, guarded)]
        show(counts, head=("bare", "guarded"))
        show([tell(week) for week in (bare, guarded, due)], head=("", "", "one run"))
    wrong = [name for name, value in counts[1].items() if value]
    if wrong:
        print(f"\nThe guarded week did not stay whole: {', '.join(wrong)}.")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
