"""`soulguard drill`: kill an agent at every boundary and say what came of it.

Only options, progress and colour here; the drill is `soulguard.drill`'s.
"""

from __future__ import annotations

import contextlib
import signal
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, NoReturn

import click

from soulguard.cli.exits import Exit
from soulguard.cli.output import echo_hint, paint
from soulguard.cli.progress import Progress
from soulguard.errors import UsageError

if TYPE_CHECKING:
    from soulguard.drill.results import Report, Verdict


@click.command(
    "drill",
    context_settings={"allow_interspersed_args": False},
)
@click.option(
    "--live", is_flag=True,
    help="Make ONE run with the real world first and record it: its calls go out. Mail "
    "is never sent.",
)  # fmt: skip
@click.option(
    "--from", "from_run", default="", metavar="RUN",
    help="Answer calls as in this completed run. Default: the newest one of the same "
    "command.",
)  # fmt: skip
@click.option(
    "--ledger", default="", metavar="URL",
    help="Where that run is on record. Default: .soulguard/ledger.db beside SOUL.md.",
)  # fmt: skip
@click.option("--soul", multiple=True, metavar="FILE", help="Read this rule file.")
@click.option(
    "--workspace", default="", metavar="FOLDER",
    help="Copy this folder. Default: SOUL.md's; name one above it where the agent reads "
    "beside it.",
)  # fmt: skip
@click.option(
    "--bare", is_flag=True, help="Leave the guard out, to see what it protects from."
)
@click.option(
    "--jobs", type=click.IntRange(min=1), default=None, metavar="N",
    help="Drill so many points at a time. Default: one per processor.",
)  # fmt: skip
@click.option(
    "--sample", type=click.IntRange(min=1), default=None, metavar="N",
    help="Drill N points only, spread over the run.",
)  # fmt: skip
@click.option(
    "--point", "only", type=int, multiple=True, metavar="NUMBER",
    help="Drill this point only; may be given again.",
)  # fmt: skip
@click.option(
    "--harmless", multiple=True, metavar="PATTERN",
    help="A call (`POST host/path`), command or file that may be made twice; may be "
    "given again.",
)  # fmt: skip
@click.option(
    "--commands",
    is_flag=True,
    help="Start other programs although this system cannot keep them from the network.",
)
@click.option(
    "--strict", is_flag=True, help="Fail also where an effect waits for a person."
)
@click.option("--keep", is_flag=True, help="Keep the workspaces of points not safe.")
@click.option(
    "--max-size", type=click.IntRange(min=1), default=512, show_default=True,
    metavar="MB", help="The largest workspace that is copied.",
)  # fmt: skip
@click.option(
    "--timeout", "seconds", type=click.FloatRange(min=0), default=0.0,
    metavar="SECONDS",
    help="How long one attempt may take. Default: 20 times the uninterrupted one.",
)  # fmt: skip
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "junit"]), default="text",
    show_default=True, help="How the report is written to stdout.",
)  # fmt: skip
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
def command(
    command: tuple[str, ...], *, form: str, strict: bool, **options: Any
) -> int:
    """Kill an agent at every boundary of its effects and restart it.

    In a copy of the workspace it is run once without a crash, then killed at every
    boundary there is, restarted, and compared: files, calls, mails, commands. Nothing
    leaves the machine; calls are answered from a recording.

    \b
    soulguard drill -- python agent.py
    soulguard drill --live -- python agent.py
    soulguard drill --from RUN --format junit -- python agent.py

    Exit codes: 0 every point is safe or held for a person, 1 one is not (with --strict:
    or is held), 2 the agent cannot be drilled.
    """  # noqa: D301 - click takes the character itself
    report = _drill(command, options)
    from soulguard.drill import reports

    if form == "json":
        click.echo(reports.as_json(report, strict=strict))
    elif form == "junit":
        click.echo(reports.as_junit(report, strict=strict))
    else:
        *lines, last = reports.text(report).split("\n")
        for line in lines:
            click.echo(line)
        if not report.holds(strict=strict):
            bad = next(v for v in report.verdicts if v.category.value != "safe")
            echo_hint(f"look closer with `--point {bad.point.number} --keep`")
        colour = "green" if report.holds(strict=strict) else "red"
        click.echo(paint(last, "bold", colour))
    return Exit.OK if report.holds(strict=strict) else Exit.VIOLATIONS


def _drill(command: tuple[str, ...], given: dict[str, Any]) -> Report:
    from soulguard.drill.drilling import drill
    from soulguard.drill.ground import Audience, Options

    if given["live"] and given["from_run"]:
        raise UsageError("`--live` and `--from` are two recordings: choose one")
    if given["only"] and given["sample"]:
        raise UsageError("`--point` and `--sample` choose points twice: take one")
    given["max_size"] *= 1024 * 1024
    options = Options(command=command, **{k: v for k, v in given.items() if v})
    # a job that is cancelled leaves nothing behind either
    signal.signal(signal.SIGTERM, _stopped)
    with _told() as (say, progress):
        return drill(options, Audience(say, progress))


def _stopped(number: int, _: object) -> NoReturn:
    sys.exit(128 + number)


_Say = Callable[[str], None]


@contextlib.contextmanager
def _told() -> Iterator[tuple[_Say, Callable[[int, int, Verdict], None]]]:
    """Give who is told while it goes on: words and the bar, on stderr."""
    from soulguard.drill.results import Category

    bar, counts = Progress(), {category.value: 0 for category in Category}

    def say(text: str) -> None:
        bar.clear()
        print(f"drill: {text}", file=sys.stderr)

    def progress(done: int, total: int, verdict: Verdict) -> None:
        counts[verdict.category.value] += 1
        words = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
        bar.show(done, total, words)

    try:
        yield say, progress
    finally:
        bar.clear()
