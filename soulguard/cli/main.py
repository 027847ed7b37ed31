"""The `soulguard` command: the list of commands and the way out of every error.

Nothing heavy may be imported here: a command's module is loaded when it is called. A
command returns its exit code (`soulguard.cli.exits`), or nothing when all is well.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence
from typing import NoReturn

import click

from soulguard import __version__
from soulguard.cli.exits import Exit
from soulguard.cli.lazy import COMPLETE_VAR, Command, LazyGroup
from soulguard.cli.output import echo_error
from soulguard.errors import SoulguardError, UsageError

COMMANDS = {
    "run": Command(
        "soulguard.cli.run:command", "Launch an agent so that nothing happens twice."
    ),
    "check": Command(
        "soulguard.cli.check:command", "Say of every rule sentence what it became."
    ),
    "explain": Command(
        "soulguard.cli.explain:command", "Say what the rules decide about an effect."
    ),
    "init": Command(
        "soulguard.cli.init:command", "Add the Idempotency Rule to a SOUL.md."
    ),
    "test": Command("soulguard.cli.test:command", "Run cases against the rules."),
    "status": Command(
        "soulguard.cli.status:command",
        "Say what happened in the runs, or all about one.",
    ),
    "log": Command("soulguard.cli.log:command", "Print the history, event by event."),
    "watch": Command(
        "soulguard.cli.watch:command", "See the runs live, and settle what waits."
    ),
    "resolve": Command(
        "soulguard.cli.resolve:command", "Say whether an effect in doubt happened."
    ),
    "approve": Command(
        "soulguard.cli.approve:approve", "Allow what a run asks to be allowed."
    ),
    "deny": Command(
        "soulguard.cli.approve:deny", "Refuse what a run asks to be allowed."
    ),
    "report": Command(
        "soulguard.cli.report:command", "Write what happened in a run as one HTML page."
    ),
    "verify": Command(
        "soulguard.cli.verify:command", "Prove that nobody changed the record."
    ),
    "prune": Command(
        "soulguard.cli.prune:command", "Remove old completed runs from the record."
    ),
    "audit": Command(
        "soulguard.cli.audit:command",
        "Say which calls of a code base would happen twice.",
    ),
    "drill": Command(
        "soulguard.cli.drill:command",
        "Kill an agent at every boundary of its effects and restart it.",
    ),
    "completion": Command(
        "soulguard.cli.completion:completion", "Print the completion script of a shell."
    ),
}
"""Every command in the order of `--help`; the line is the command's own first line."""


class _Soulguard(LazyGroup):
    commands_at = COMMANDS


@click.group(
    cls=_Soulguard,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 88},
)
@click.version_option(__version__, message="%(prog)s %(version)s")
@click.pass_context
def cli(context: click.Context) -> None:
    """Make SOUL.md binding: restart an agent and nothing happens twice.

    Exit codes: 0 fine, 1 violations, 2 usage, 3 ledger, 4 guard, 75 busy; `run` passes
    the agent's own through.
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help(), err=True)
        context.exit(Exit.USAGE)


def main(args: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and end the process with its exit code."""
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if (
        reconfigure is not None
    ):  # a name no terminal of this locale can show is no error
        reconfigure(errors="backslashreplace")
    sys.exit(_status(sys.argv[1:] if args is None else list(args)))


def _status(args: list[str]) -> int:
    try:
        return _invoke(args)
    except SoulguardError as error:
        echo_error(error)
        return error.exit_code
    except click.ClickException as error:
        echo_error(_plain(error))
        return Exit.USAGE
    except (KeyboardInterrupt, click.Abort):
        return Exit.INTERRUPTED
    except BrokenPipeError:
        return _reader_left()
    except OSError as error:
        if error.filename is None:
            raise
        echo_error(_refused(error))
        return Exit.USAGE


def _invoke(args: list[str]) -> int:
    if COMPLETE_VAR in os.environ:
        cli.main(args, prog_name="soulguard", complete_var=COMPLETE_VAR)
    try:
        with cli.make_context("soulguard", args) as context:
            status = cli.invoke(context)
    except click.exceptions.Exit as done:
        status = done.exit_code
    if sys.stdout is not None:  # it may be closed: `soulguard run -- ... >&-`
        sys.stdout.flush()
    return status if isinstance(status, int) else Exit.OK


def _plain(error: click.ClickException) -> SoulguardError:
    """Say what click has to say in the words of the house."""
    text = re.sub(r"'([^']*)'", r"`\1`", error.format_message()).rstrip(".")
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "soulguard"
    return UsageError(text[:1].lower() + text[1:], hint=f"see `{path} --help`")


def _refused(error: OSError) -> SoulguardError:
    """Say what the system refused, and where."""
    where = os.fsdecode(error.filename) if error.filename else ""
    return UsageError(str(error.strerror).lower(), where=where)


def _reader_left() -> int:
    # `soulguard log | head` is no error; the null device takes what Python still has
    # to flush on its way out
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return Exit.OK
