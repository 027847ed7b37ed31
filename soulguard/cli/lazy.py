"""A click group whose commands are imported when they are called, not when listed."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import NamedTuple

import click
from click.shell_completion import CompletionItem

from soulguard.errors import UsageError

COMPLETE_VAR = "_SOULGUARD_COMPLETE"
"""The environment variable through which a shell asks for completions."""


class Command(NamedTuple):
    """Where a command lives, as ``module:attribute``, and its line in `--help`."""

    home: str
    line: str


class LazyGroup(click.Group):
    """A group that knows name and one line of each command, and imports the called one."""

    commands_at: Mapping[str, Command] = {}

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's
        """Give the names in the order of the table, which is the order of a day's work."""
        return list(self.commands_at)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's
        """Import one command, or give None for a name nobody knows."""
        if cmd_name not in self.commands_at:
            return None
        module, _, attribute = self.commands_at[cmd_name].home.partition(":")
        command = getattr(importlib.import_module(module), attribute)
        assert isinstance(command, click.Command), cmd_name
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the called command; a name nobody knows is answered with the nearest.

        Raises:
            UsageError: no command of that name.
        """
        name = args[0]
        known = name in self.commands_at or name.startswith("-")
        if not known and not ctx.resilient_parsing:
            import difflib  # only a mistake needs it

            near = difflib.get_close_matches(name, self.commands_at, 1)
            hint = f"did you mean `{near[0]}`?" if near else "see `soulguard --help`"
            raise UsageError(f"no command named `{name}`", hint=hint)
        return super().resolve_command(ctx, args)

    def format_commands(
        self,
        ctx: click.Context,  # noqa: ARG002 - click's
        formatter: click.HelpFormatter,
    ) -> None:
        """Write the list of commands from the table alone."""
        with formatter.section("Commands"):
            formatter.write_dl(
                [(name, at.line) for name, at in self.commands_at.items()]
            )

    def shell_complete(
        self, ctx: click.Context, incomplete: str
    ) -> list[CompletionItem]:
        """Complete command names from the table alone, and the group's own options."""
        names = [
            CompletionItem(name, help=at.line)
            for name, at in self.commands_at.items()
            if name.startswith(incomplete)
        ]
        return names + click.Command.shell_complete(self, ctx, incomplete)
