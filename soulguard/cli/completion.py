"""`soulguard completion SHELL`: print the script that completes commands in a shell."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from soulguard.cli.lazy import COMPLETE_VAR


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print the completion script of a shell.

    For bash: add ``eval "$(soulguard completion bash)"`` to ~/.bashrc. For zsh the same
    in ~/.zshrc. For fish:
    ``soulguard completion fish > ~/.config/fish/completions/soulguard.fish``.
    """
    root = context.find_root()
    maker = get_completion_class(shell)
    assert maker is not None, "click knows these three shells"
    click.echo(maker(root.command, {}, "soulguard", COMPLETE_VAR).source())
