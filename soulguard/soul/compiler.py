"""Owns the way from rule files to a policy: read, take apart, ask the families, collect.

`examine` never stops at the first mistake, for reports; `compile_sources` raises it,
for runs. No grammar and no decisions here.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from soulguard.errors import EmptyPolicyError, PolicyError, PolicySyntaxError
from soulguard.model import Action, Grade, Policy, Rule, Source, Span
from soulguard.soul import (
    afterwards,
    builtin,
    conflicts,
    covering,
    follow,
    form,
    occasions,
    phrases,
    rulelike,
    saying,
)
from soulguard.soul.blocks import Block, blocks
from soulguard.soul.clauses import Clause, clauses
from soulguard.soul.compilation import (
    Compilation,
    Diagnostic,
    Sentence,
    Severity,
    UsedClass,
)
from soulguard.soul.drafts import Draft, World, quoted
from soulguard.soul.families import FAMILIES, NARROWING
from soulguard.soul.reading import Reading, read
from soulguard.soul.reasons import Why
from soulguard.soul.sources import is_policy_file, lookalikes
from soulguard.soul.text import SourceText, display_name, read_source
from soulguard.soul.yamlnodes import Place

FENCE = "soulguard"
_SHOWN = ("heading", "quote", "code")
"""Where words are shown, not said: they may be listed, and make no rule."""
MAX_SENTENCES = 5_000
"""Sentences of a rule file that are read; one with more is a mistake, not a policy."""
EXAMPLE = "Never write twice to the same output path in a single run."


def compile_sources(
    paths: Sequence[Path], *, root: Path | None = None, generation: int = 1
) -> Compilation:
    """Compile rule files into a policy that may be enforced.

    `root` is the folder relative globs start from, that of the first file by default.

    Raises:
        PolicyError: a file is missing, not UTF-8, or holds an invalid block; the first
            such mistake in the order of files and lines.
        EmptyPolicyError: not a single rule holds, built-in ones apart.
    """
    found = examine(paths, root=root, generation=generation)
    for diagnostic in found.errors:
        raise diagnostic.error()
    return found


def examine(
    paths: Sequence[Path],
    *,
    root: Path | None = None,
    generation: int = 1,
    protect: Sequence[Path] = (),
) -> Compilation:
    """Compile rule files as far as they go; what is wrong is among the diagnostics.

    `protect` are files beside them that the agent may not write either.
    """
    files = [Path(os.path.abspath(p)) for p in paths]
    base = root or (files[0].parent if files else Path.cwd())
    compiler = _Compiler(files, Path(os.path.realpath(base)), generation)
    compiler.protected = (*files, *protect)
    return compiler.run()


class _Compiler:
    """One compilation."""

    def __init__(self, files: list[Path], root: Path, generation: int) -> None:
        self.files, self.root, self.generation = files, root, generation
        self.protected: Sequence[Path] = files
        self.classes = builtin.every_class()
        self.world = World(self.classes)
        self.rules: dict[str, Rule] = {}
        self.offered: dict[str, bool] = {}
        self.lists: dict[tuple[object, ...], Rule] = {}
        self.sentences: list[Sentence] = []
        self.diagnostics: list[Diagnostic] = []
        self.read: list[str] = []
        self.last: tuple[tuple[int, int], list[str]] | None = None

    def run(self) -> Compilation:
        """Compile everything."""
        for path in self.files:
            self._file(path)
        own = follow.spare(self.rules.values())
        self._complain_if_empty(own)
        fixed = builtin.rules(self.protected, self.root, own)
        self.diagnostics += dict.fromkeys(conflicts.conflicts((*own, *fixed)))
        rules = (*own, *fixed)
        return Compilation(
            policy=Policy(
                str(self.root), self.generation, rules,
                tuple(map(str, self.files)), digest(rules),
            ),
            sentences=tuple(self.sentences),
            diagnostics=tuple(self.diagnostics),
            files_read=tuple(self.read),
            lookalikes=tuple(
                display_name(p, self.root) for p in lookalikes(self.files)
            ),
            classes=tuple(UsedClass(*pair) for pair in self.world.used_by(own).items()),
            built_in=len(fixed),
        )  # fmt: skip

    # -- files ------------------------------------------------------------------------

    def _file(self, path: Path) -> None:
        try:
            source = read_source(path, self.root)
        except PolicyError as error:
            self._complain(error)
            return
        self.read.append(source.name)
        if is_policy_file(path):
            self._block(source.text, Place(source.name), path.stem)
        else:
            self._prose(source)

    def _prose(self, source: SourceText) -> None:
        found = list(blocks(source.text))
        for number, block in enumerate(found):
            if block.kind == "code" and is_policy_fence(block):
                self._fence(block, source.name, number)
        said = clauses(found, source.name)
        few = itertools.islice(said, MAX_SENTENCES)
        for _, together in itertools.groupby(few, key=lambda clause: clause.block):
            self._together(_readings(together))
        if (rest := next(said, None)) is not None:
            self._complain(_too_many(rest.span))

    def _fence(self, block: Block, file: str, number: int) -> None:
        if not block.lines:
            return
        text = "\n".join(line.text for line in block.lines)
        first = block.lines[0]
        place = Place(file, first.line - 1, first.column - 1)
        self._block(text, place, f"block{number}")

    def _block(self, text: str, place: Place, prefix: str) -> None:
        try:
            found = form.read_form(
                text, place, self.classes["paths"], precedence=form.BLOCK,
                prefix=prefix, complain=self._complain,
            )  # fmt: skip
        except PolicyError as error:
            self._complain(error)
            return
        for rule in found:
            self._keep(rule)
        by_source: dict[Source, list[Rule]] = {}
        for rule in found:
            by_source.setdefault(rule.source, []).append(rule)
        for source, mine in by_source.items():
            said = phrases.joined(map(saying.says, mine))
            self._record(source, "block", mine, [m.family for m in mine], said)

    # -- sentences ----------------------------------------------------------------------

    def _together(self, readings: list[Reading]) -> None:
        """Take the sentences of one block: beside a rule none of them is passed over."""
        start = len(self.sentences)
        quiet = [r for r in readings if not self._sentence(r)]
        if len(self.sentences) == start:
            return
        for reading in (r for r in quiet if rulelike.says_something(r)):
            self._list(reading, rulelike.BESIDE)
        self.sentences[start:] = sorted(self.sentences[start:], key=_place)

    def _sentence(self, reading: Reading) -> bool:
        """Make rules of a sentence, or list it; False where it is neither."""
        clause = reading.clause
        spoken = clause.kind not in _SHOWN or reading.whole
        drafts = _drafts(reading, self.world) if spoken else []
        if not drafts and spoken and self._follows(reading):
            return True
        source, why = Source(clause.span, clause.text), None
        if drafts:
            rules = [self._keep(r) for r in _rules(drafts, source)]
            said = (
                *(d.meaning for d in drafts),
                *covering.left_over(reading, drafts, self.world),
            )
            meaning = phrases.named(phrases.joined(said), self.classes["paths"])
            families = [d.family for d in drafts]
            self._record(source, clause.kind, rules, families, meaning)
            self.last = ((clause.block, clause.index), [r.id for r in rules])
        elif why := rulelike.reason(reading):
            self._list(reading, why)
        return bool(drafts or why)

    def _list(self, reading: Reading, why: Why) -> None:
        clause, wanted = reading.clause, why.suggestion
        firm = why is not rulelike.BESIDE and rulelike.firm(reading)
        self.sentences.append(
            Sentence(
                clause.span, clause.text, Grade.ADVISORY, clause.kind,
                reason=why.reason, suggestion=wanted if self._holds(wanted) else "",
                firm=firm,
            )
        )  # fmt: skip

    def _holds(self, text: str) -> bool:
        """Whether a sentence that is offered would become a rule."""
        if text and text not in self.offered:
            span = Span("SOUL.md", 1)
            alone = read(Clause(text, span, "list", (), (), 0, 0))
            self.offered[text] = bool(_drafts(alone, World(self.classes)))
        return self.offered.get(text, False)

    def _follows(self, reading: Reading) -> bool:
        """Attach an exception or scope to the rules of the sentence before it."""
        clause = reading.clause
        if not self.last or self.last[0] != (clause.block, clause.index - 1):
            return False
        ids = self.last[1]
        before = [self.rules[i] for i in ids if i in self.rules]
        found = follow.follow(reading, self.world, before)
        if found is None:
            return False
        for rule in before:
            if rule.where.paths:
                paths = (*rule.where.except_paths, *found.paths)
                where = replace(rule.where, except_paths=paths)
                self.rules[rule.id] = replace(rule, where=where)
        rules = [self.rules[i] for i in ids if i in self.rules]
        said = "part of the rule before it"
        if found.paths:
            said = f"the rule before it leaves out {quoted(found.paths)}"
        families = [rule.family for rule in rules]
        source = Source(clause.span, clause.text)
        self._record(source, clause.kind, rules, families, said)
        self.last = ((clause.block, clause.index), ids)
        return True

    def _record(
        self,
        source: Source,
        kind: str,
        rules: list[Rule],
        families: list[str],
        said: str,
    ) -> None:
        names = tuple(dict.fromkeys(families))
        self.sentences.append(
            Sentence(
                source.span, source.text, Grade.PROCESS, kind, names[0], names,
                tuple(dict.fromkeys(r.id for r in rules)), said,
            )
        )  # fmt: skip

    def _keep(self, rule: Rule) -> Rule:
        """File a rule; one that says the same as another keeps only its first place."""
        if rule.params.get("allow_list"):
            # each item of an exclusive list says the whole list
            rule = self.lists.setdefault((rule.action, rule.effects, rule.where), rule)
        known = self.rules.get(rule.id)
        if known is None or (known.where == rule.where and known.action == rule.action):
            self.rules.setdefault(rule.id, rule)
            return rule
        fresh = replace(rule, id=f"{rule.id}-{rule.source.span.line}")
        if fresh.id in self.rules:
            self._complain(
                PolicyError(
                    f"two rules have the id `{rule.id}`",
                    where=str(rule.source.span),
                    hint="give each rule its own `id`",
                )
            )
        self.rules[fresh.id] = fresh
        return fresh

    # -- complaints ---------------------------------------------------------------------

    def _complain(self, error: PolicyError) -> None:
        self.diagnostics.append(
            Diagnostic(
                Severity.ERROR,
                error.message,
                _span(error.where),
                error.hint,
                error.slug,
            )
        )

    def _complain_if_empty(self, own: list[Rule]) -> None:
        if own or any(d.severity is Severity.ERROR for d in self.diagnostics):
            return
        where = self.read[0] if self.read else str(self.root)
        self._complain(
            EmptyPolicyError(
                "not a single rule here can be enforced",
                where=where,
                hint=f'add a rule that can, such as "{EXAMPLE}"',
            )
        )


def _readings(together: Iterable[Clause]) -> list[Reading]:
    """Look at the sentences of a block, each after the one before it."""
    found: list[Reading] = []
    for clause in together:
        found.append(read(clause, found[-1] if found else None))
        if found[1:] and not found[-1].frames:
            asked = afterwards.asked_next(found[-2].frames, found[-1].plain)
            found[-2] = replace(found[-2], frames=asked)
    return found


def _too_many(span: Span) -> PolicyError:
    return PolicySyntaxError(
        f"the first {MAX_SENTENCES} sentences are read, and here begin more",
        where=str(span),
        hint="keep rules in a file of their own, named with `--soul FILE`",
    )


def is_policy_fence(block: Block) -> bool:
    """Whether a fence holds rules: its info says `soulguard`, alone or after `yaml`."""
    words = block.info.lower().replace("{", " ").replace("}", " ").split()[:2]
    return FENCE in words


def digest(rules: Sequence[Rule]) -> str:
    """Give the sha256 of what rules say, wherever and in whatever words they say it."""
    said = []
    for rule in rules:
        plain = rule.to_json()
        del plain["source"], plain["id"]
        said.append(json.dumps(plain, sort_keys=True, separators=(",", ":")))
    return hashlib.sha256("\n".join(sorted(said)).encode()).hexdigest()


def _drafts(reading: Reading, world: World) -> list[Draft]:
    if reading.too_long or reading.others or reading.quoted or reading.leads:
        return []
    if occasions.past(reading.low):
        return []
    for family in NARROWING:
        if found := list(family.read(reading, world)):
            return found
    found = [draft for family in FAMILIES for draft in family.read(reading, world)]
    if reading.at_times:
        return [draft for draft in found if draft.action is not Action.ASK]
    return found


def _rules(drafts: list[Draft], source: Source) -> Iterator[Rule]:
    mark = hashlib.sha256(source.text.encode()).hexdigest()[:6]
    seen: dict[str, int] = {}
    for draft in drafts:
        name = f"{draft.family}.{mark}"
        seen[name] = seen.get(name, 0) + 1
        number = f".{seen[name]}" if seen[name] > 1 else ""
        yield Rule(
            name + number, draft.family, draft.action, draft.effects, source,
            draft.where, draft.on_duplicate, params=dict(draft.params),
        )  # fmt: skip


def _place(sentence: Sentence) -> tuple[int, int]:
    return sentence.span.line, sentence.span.column


def _span(where: str) -> Span:
    parts = where.rsplit(":", 2)
    if len(parts) == 3 and parts[1].isdigit() and parts[2].isdigit():
        return Span(parts[0], int(parts[1]), int(parts[2]))
    if len(parts) >= 2 and parts[-1].isdigit():
        return Span(where.rpartition(":")[0], int(parts[-1]))
    return Span(where)
