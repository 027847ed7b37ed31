"""The page of `soulguard check`: what every rule sentence became, for a person.

Only words and layout here; compiling is `soulguard.soul`'s.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from soulguard.cli.output import echo_error, echo_hint, echo_warning, paint
from soulguard.errors import EmptyPolicyError

if TYPE_CHECKING:
    from soulguard.model import Rule
    from soulguard.soul.compilation import Compilation, Diagnostic, Sentence

WIDTH = 88
_INDENT = " " * 17
_TWO_LINES = 2 * (WIDTH - 10)


def report(found: Compilation, *, every: bool) -> Iterator[str]:
    """Give the lines of the page; `every` shows what only describes, too."""
    for file in found.files_read:
        mine = [s for s in found.sentences if s.span.file == file]
        mine.sort(key=lambda s: (s.span.line, s.span.column))
        yield paint(_place(found, file), "bold")
        if not mine and not mistakes(found):
            yield "  nothing here reads like a rule"
        for sentence in mine:
            if sentence.rules:
                yield from _sentence(sentence)
        if mine and not any(s.rules for s in mine):
            yield "  nothing here can be enforced"
        yield ""
        rest = [s for s in mine if not s.rules]
        yield from _not_enforced(file, [s for s in rest if s.firm or every])
        if not every and (loose := sum(not s.firm for s in rest)):
            yield f"  {file}: {_lines(loose)}; `--all` shows them"
            yield ""
    yield from _built_in(found)
    yield from _classes(found, every=every)
    yield _summary(found)


def _place(found: Compilation, file: str) -> str:
    """Name a file; one of another folder than this is named with it."""
    root = root_of(found)
    return file if root == Path.cwd() else str(root / file)


def _sentence(sentence: Sentence) -> Iterator[str]:
    grade = paint(f"{sentence.grade.value:<8}", "green")
    yield f"{sentence.span.line:>6}  {grade} {wrapped(words_of(sentence))}"
    label = ", ".join(sentence.families)
    said = f": {sentence.meaning}" if sentence.meaning else ""
    yield _INDENT + paint(wrapped(f"= {label}{said}"), "dim")


def words_of(sentence: Sentence) -> str:
    """Give the words of a sentence without its markup."""
    from soulguard.soul.reading import plain

    said = plain(sentence.text)
    return said.strip("| ") if sentence.kind == "table" else said


def _not_enforced(file: str, found: list[Sentence]) -> Iterator[str]:
    """The honest rest, under the reasons they share."""
    if not found:
        return
    yield paint(f"{file}: read, not enforced", "bold")
    reasons: dict[str, list[Sentence]] = {}
    for sentence in found:
        reasons.setdefault(sentence.reason, []).append(sentence)
    for reason, sentences in reasons.items():
        yield f"  {paint(reason, 'yellow')}"
        for sentence in sentences:
            said = textwrap.shorten(words_of(sentence), _TWO_LINES, placeholder=" ...")
            yield f"{sentence.span.line:>6}  {wrapped(said, 8)}"
            if sentence.suggestion:
                said = f"would hold: {sentence.suggestion}"
                yield f"{'':8}" + paint(wrapped(said, 8), "cyan")
    yield ""


def _lines(number: int) -> str:
    return (
        f"{number} lines describe or advise"
        if number > 1
        else "1 line describes or advises"
    )


def wrapped(text: str, indent: int = len(_INDENT)) -> str:
    """Break a text into lines of the page; all but the first are indented."""
    lines = textwrap.wrap(
        text, WIDTH - indent, break_long_words=False, break_on_hyphens=False
    )
    return f"\n{' ' * indent}".join(lines)


def _built_in(found: Compilation) -> Iterator[str]:
    rules = found.policy.rules[found.own :]
    yield paint("always", "bold")
    for text in dict.fromkeys(map(_always, rules)):
        yield f"{'':8}{'built in':<8} {wrapped(text)}"
    yield ""


def _always(rule: Rule) -> str:
    """Say a built-in rule; one that a sentence made milder is told from both."""
    from soulguard.soul.builtin import EVOLVES
    from soulguard.soul.drafts import quoted

    if not rule.id.startswith(EVOLVES):
        return rule.source.text
    changed = f"A change of {quoted(rule.where.paths)} by the agent waits for a person"
    return f"{changed} ({rule.source.span.short} lets it be changed)."


def _classes(found: Compilation, *, every: bool) -> Iterator[str]:
    outside = any("outside host" in s.meaning for s in found.sentences)
    if not found.classes and not outside:
        return
    yield paint("named lists that rules use", "bold")
    if outside:
        yield "  outside hosts: all but those of `local` and `model-apis`"
    for used in found.classes:
        said = f"{used.name}: {', '.join(map(_member, used.members))}"
        if not every and len(said) > _TWO_LINES:
            said = f"{said[:_TWO_LINES].rpartition(' ')[0]} ..."
        yield f"  {wrapped(said, 4)}"
    yield ""


def _member(name: str) -> str:
    """Give a member as a person writes it: `[[]::1[]]` is the host `[::1]`."""
    return name.replace("[[]", "[").replace("[]]", "]")


def _summary(found: Compilation) -> str:
    totals = totals_of(found)
    every, held, rest = (totals[n] for n in ("sentences", "enforced", "not_enforced"))
    if not held:
        said = f"none of {every} rule sentences is enforced" if every else "no rules"
    else:
        are = "is" if held == 1 else "are"
        said = f"{held} of {every} rule sentence{'s' * (every > 1)} {are} enforced"
        said += f", {rest} {'is' if rest == 1 else 'are'} not" if rest else ""
    return paint(said, "bold")


def complain(found: Compilation, *, beside: bool = True) -> None:
    """Write to stderr what is wrong; `beside` tells of files that were not read."""
    wrong = mistakes(found)
    for diagnostic in found.diagnostics:
        error = diagnostic.error()
        if diagnostic in wrong:
            echo_error(error)
        elif diagnostic in found.errors:
            echo_hint(_way_out(found))
        else:
            echo_warning(str(error), error.hint)
    if found.lookalikes and beside:
        names = ", ".join(f"`{name}`" for name in found.lookalikes)
        echo_warning(f"not read: {names}", "name a file to have it read")


def _way_out(found: Compilation) -> str:
    """Say how a file of wishes alone becomes one that holds."""
    from soulguard.soul.compiler import EXAMPLE

    wanted = next((s.suggestion for s in found.sentences if s.suggestion), EXAMPLE)
    starts = "`soulguard run` starts with at least one rule that it can enforce"
    return f'{starts}: one about files, calls, mail or commands, such as "{wanted}"'


# -- what is counted --------------------------------------------------------------------


def totals_of(found: Compilation) -> dict[str, Any]:
    """Count the sentences and rules of a compilation."""
    open_sentences = unenforced(found)
    enforced = sum(bool(s.rules) for s in found.sentences)
    return {
        "sentences": enforced + len(open_sentences),
        "enforced": enforced,
        "not_enforced": len(open_sentences),
        "described": len(found.sentences) - enforced - len(open_sentences),
        "rules": found.own,
        "built_in": found.built_in,
        "errors": len(mistakes(found)),
    }


def unenforced(found: Compilation) -> list[Sentence]:
    """Give the sentences that demand something and do not hold."""
    return [s for s in found.sentences if not s.rules and s.firm]


def mistakes(found: Compilation) -> list[Diagnostic]:
    """Give what is wrong with the files; that no rule came of them is no mistake."""
    return [d for d in found.errors if d.slug != EmptyPolicyError.slug]


def root_of(found: Compilation) -> Path:
    """Give the folder a compilation's globs start from."""
    return Path(found.policy.root)
