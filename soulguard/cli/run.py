"""`soulguard run`: launch an unmodified agent under the guard. No logic here."""

from __future__ import annotations

import click

from soulguard.errors import UsageError


def _some(_: click.Context, __: click.Parameter, value: str | None) -> str:
    """Refuse an empty id: a variable that was not set is no wish for a new run."""
    if value is not None and not value.strip():
        raise UsageError(
            "the run id is empty", hint="leave `--run-id` out for a new run each time"
        )
    return value or ""


@click.command(
    "run",
    context_settings={"allow_interspersed_args": False},
)
@click.option(
    "--soul", multiple=True, metavar="FILE",
    help="Read this rule file; may be given again. Default: the nearest SOUL.md, and "
    "AGENTS.md beside it.",
)  # fmt: skip
@click.option(
    "--run-id", metavar="ID", callback=_some,
    help="Name the run. {date} and {hour} are filled in: --run-id 'daily-{date}' makes "
    "a cron job idempotent.",
)  # fmt: skip
@click.option("--new", is_flag=True, help="Start a new run even if one can be resumed.")
@click.option("--rerun", is_flag=True, help="Run a completed run id afresh.")
@click.option("--wait", is_flag=True, help="Wait while another attempt is live.")
@click.option(
    "--observe", is_flag=True, help="Refuse nothing; record what would be refused."
)
@click.option("--strict", is_flag=True, help="Stop Pythons that start unguarded.")
@click.option(
    "--trust-edits", is_flag=True,
    help="Let an edit of the rules during the run loosen them without asking.",
)  # fmt: skip
@click.option(
    "--ledger", default="", metavar="URL", envvar="SOULGUARD_LEDGER",
    help="Keep the record here. Default: .soulguard/ledger.db beside SOUL.md.",
)  # fmt: skip
@click.option(
    "--durability", type=click.Choice(["power", "crash"]), default="power",
    show_default=True,
    help="What the record survives: power loss, or SIGKILL only (faster).",
)  # fmt: skip
@click.option(
    "--body-cap", type=click.IntRange(min=0), default=2048, show_default=True,
    metavar="MIB", envvar="SOULGUARD_BODY_CAP",
    help="Largest body of a call that is kept; one over it is not replayed.",
)  # fmt: skip
@click.option(
    "--approve-timeout", type=click.FloatRange(min=0), default=300.0, show_default=True,
    metavar="SECONDS", envvar="SOULGUARD_APPROVE_TIMEOUT",
    help="How long a question waits for a person; no answer is no.",
)  # fmt: skip
@click.option(
    "--watch", is_flag=True,
    help="Show it live; the agent's output is in a pane and comes whole at the end.",
)  # fmt: skip
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
def command(command: tuple[str, ...], *, watch: bool, **options: object) -> int:
    """Launch an agent so that nothing happens twice.

    A command that did not complete is resumed: what already happened is skipped or
    answered from the record. Its exit status is passed through.

    \b
    soulguard run -- python agent.py
    soulguard run --run-id 'daily-{date}' -- python agent.py
    """  # noqa: D301 - click takes the character itself
    if watch:
        from soulguard.cli.watch import beside

        return beside(command, options)
    from soulguard.supervisor.attempt import Options
    from soulguard.supervisor.lifecycle import run

    return run(Options(command=command, **options))  # type: ignore[arg-type]
