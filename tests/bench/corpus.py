"""Measures the compiler on a folder of labelled SOUL.md files.

    python tests/bench/corpus.py FOLDER [--half even|odd] [--misses]

FOLDER holds `labels.jsonl` (one labelled sentence a line: id, line, text or sha256,
label, tier, params), `index.tsv` (id, stratum, ...) and `ID.md` files. A sentence called
enforced is right when one of its families is the labelled one.
"""

from __future__ import annotations

import argparse
import collections
import csv
import hashlib
import json
import resource
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from soulguard.soul.compilation import Compilation, Sentence
from soulguard.soul.compiler import examine

NATURAL = ("general", "role")
RULES = ("direct", "vague", "content", "obligation", "adapter", "none")

# Families that name the same thing from two sides; see the families' docstrings.
SAME = {
    "trash": {"delete-deny"},
    "logging": {"path-write-allow"},
    "path-write-allow": {"logging", "path-write-deny"},
    "path-write-deny": {"path-write-allow"},
    "secret-egress": {"secret-in-file"},
    "secret-in-file": {"secret-egress"},
    "read-scope": {"read-allow"},
    "host-allow": {"host-deny", "http-method"},
    "append-only": {"write-once"},
    "write-once": {"append-only"},
    "rate-limit": {"resource-limit"},
    "resource-limit": {"rate-limit", "budget"},
    "budget": {"resource-limit", "rate-limit"},
    "external-deny": {"ask-external"},
    "recipient-allow": {"external-deny"},
    "ask-tx": {"ask-spend"},
}


@dataclass(frozen=True)
class Case:
    """A labelled sentence and what the compiler made of it."""

    row: dict[str, Any]
    stratum: str
    found: Sentence | None

    @property
    def rule(self) -> bool:
        """Whether the label says it is a rule of some kind."""
        return bool(self.row["label"] != "none")

    @property
    def tier(self) -> str:
        """The labelled tier; `no rule` for what only looks like one."""
        return str(self.row.get("tier", "no rule")) if self.rule else "no rule"

    @property
    def family(self) -> str:
        """The labelled family."""
        label = str(self.row["label"])
        return (
            str(self.row["params"].get("what", label))
            if label == "other-enforceable"
            else label
        )

    @property
    def enforced(self) -> bool:
        """Whether the compiler calls it enforced."""
        return bool(self.found and self.found.rules)

    @property
    def right(self) -> bool:
        """Whether it is called enforced as what it is."""
        if not self.enforced or self.tier in ("no rule", "none"):
            return False
        assert self.found is not None
        also = self.row["params"].get("also", ())
        also = [also] if isinstance(also, str) else also
        accepted = {self.family, *(a.partition(":")[0] for a in also)}
        accepted |= {s for a in list(accepted) for s in SAME.get(a, ())}
        return not accepted.isdisjoint(self.found.families)


def cases(folder: Path, half: str) -> Iterator[Case]:
    """Give every labelled sentence with what was made of it."""
    strata = _strata(folder)
    rows: dict[str, list[dict[str, Any]]] = collections.defaultdict(list)
    for line in (folder / "labels.jsonl").read_text().splitlines():
        row = json.loads(line)
        rows[row["id"]].append(row)
    for number, name in enumerate(sorted(rows)):
        if half and int("".join(filter(str.isdigit, name)) or number) % 2 != (
            half == "odd"
        ):
            continue
        found = _sentences(examine([folder / f"{name}.md"]))
        for row in rows[name]:
            key = row.get("sha256") or hashlib.sha256(row["text"].encode()).hexdigest()
            sentence = found.get((row["line"], key)) or _around(row, found)
            yield Case(row, strata.get(name, "?"), sentence)


def _strata(folder: Path) -> dict[str, str]:
    file = folder / "index.tsv"
    if not file.exists():
        return {}
    with file.open() as stream:
        return {r["id"]: r["stratum"] for r in csv.DictReader(stream, delimiter="\t")}


def _sentences(found: Compilation) -> dict[tuple[int, str], Sentence]:
    return {
        (s.span.line, hashlib.sha256(s.text.encode()).hexdigest()): s
        for s in found.sentences
    }


def _around(
    row: dict[str, Any], found: dict[tuple[int, str], Sentence]
) -> Sentence | None:
    """Give the sentence that holds a labelled one, where it was split elsewhere."""
    said = " ".join(row.get("text", "").split())
    for sentence in found.values() if said else ():
        text = " ".join(sentence.text.split())
        here = sentence.span.line <= row["line"] <= sentence.span.end_line
        if here and (text in said or said in text):
            return sentence
    return None


def _share(part: int, whole: int) -> str:
    return f"{part}/{whole} = {part / whole:.1%}" if whole else "0/0"


def report(every: list[Case], title: str) -> None:
    """Print the figures of a set of cases."""
    enforced = [c for c in every if c.enforced]
    right = [c for c in enforced if c.right]
    print(f"\n{title}: {len(every)} sentences, {len(enforced)} called enforced")
    print(f"  rightly {_share(len(right), len(enforced))} of what is called enforced")
    none = [c for c in every if not c.rule]
    called = [c for c in none if c.enforced]
    listed = [c for c in none if c.found]
    print(
        f"  no rule, called enforced {_share(len(called), len(none))}, listed {_share(len(listed), len(none))}"
    )
    rules = [c for c in every if c.rule]
    lost = [c for c in rules if c.found is None]
    print(f"  rules neither enforced nor listed {_share(len(lost), len(rules))}")
    for tier in RULES:
        mine = [c for c in rules if c.tier == tier]
        done = [c for c in mine if c.enforced]
        good = [c for c in mine if c.right]
        print(
            f"  {tier:10} {len(mine):4} rules, enforced {_share(len(done), len(mine))}, rightly {_share(len(good), len(mine))}"
        )


def families(every: list[Case]) -> None:
    """Print precision and recall by labelled family, guard-level tiers only."""
    print(f"\n{'family':22} {'labelled':>8} {'found':>6} {'right':>6} {'wrong':>6}")
    guard = [c for c in every if c.tier in RULES[:5]]
    names = collections.Counter(c.family for c in guard)
    wrong = collections.Counter(
        c.found.family for c in every if c.found and c.enforced and not c.right
    )
    for name in sorted(set(names) | set(wrong), key=lambda n: (-names[n], n)):
        mine = [c for c in guard if c.family == name]
        print(
            f"{name:22} {len(mine):8} {sum(c.enforced for c in mine):6} "
            f"{sum(c.right for c in mine):6} {wrong[name]:6}"
        )


def misses(every: list[Case]) -> None:
    """Print every sentence that was judged differently from its label."""
    for case in every:
        text = case.row.get("text", case.row.get("sha256", ""))
        families_ = ",".join(case.found.families) if case.found else ""
        if case.enforced and not case.right:
            kind = "WRONG"
        elif case.tier in ("direct", "vague", "content") and not case.enforced:
            kind = "missed"
        elif case.rule and case.found is None:
            kind = "lost"
        else:
            continue
        print(
            f"{kind:7}{case.row['id']}:{case.row['line']} {case.tier} {case.family} [{families_}] {text[:200]}"
        )


def main() -> int:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--half", choices=["even", "odd", ""], default="")
    parser.add_argument("--misses", action="store_true")
    options = parser.parse_args()
    start = time.process_time()
    every = list(cases(options.folder, options.half))
    spent = time.process_time() - start
    if options.misses:
        misses(every)
    natural = [c for c in every if c.stratum in NATURAL]
    report(every, "all")
    report(natural, "natural strata")
    report([c for c in every if c.stratum not in NATURAL], "other strata")
    families(every)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"\n{spent:.2f} s of CPU, {peak} MiB at most")
    return 0


if __name__ == "__main__":
    sys.exit(main())
