"""`soulguard approve` and `soulguard deny`: answers to what a run asks. No logic here."""

from __future__ import annotations

import time

import click

from soulguard.cli.ledgers import ledger_option, writable

_number = click.argument("number", metavar="ID", type=int)
_scope = click.option(
    "--for", "scope", type=click.Choice(["once", "run", "always"]), default="once",
    show_default=True,
    help="What it holds for: this one, the like in this run, or in every run.",
)  # fmt: skip


@click.command("approve")
@_number
@_scope
@ledger_option
def approve(number: int, scope: str, url: str) -> None:
    """Allow what a run asks to be allowed.

    ID is the number that `soulguard watch` and `soulguard log` show with the question.
    """
    _answer(number, scope, url, allow=True)


@click.command("deny")
@_number
@_scope
@ledger_option
def deny(number: int, scope: str, url: str) -> None:
    """Refuse what a run asks to be allowed.

    ID is the number that `soulguard watch` and `soulguard log` show with the question.
    """
    _answer(number, scope, url, allow=False)


def _answer(number: int, scope: str, url: str, *, allow: bool) -> None:
    from soulguard.supervisor.settling import answer, person

    with writable(url) as ledger:
        event = answer(
            ledger, number, approve=allow, scope=scope, by=person(), now=time.time()
        )
    click.echo(f"{event.reason}: {event.target or event.rule}", err=True)
