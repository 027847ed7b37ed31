"""`soulguard resolve`: a person's word on an effect in doubt. No logic here."""

from __future__ import annotations

import time
from typing import BinaryIO

import click

from soulguard.cli.ledgers import complete_run, ledger_option, writable
from soulguard.errors import UsageError
from soulguard.model import EffectKind


@click.command("resolve")
@click.argument("run", shell_complete=complete_run)
@click.argument("effects", type=int, nargs=-1, required=True, metavar="EFFECT...")
@click.option("--happened", is_flag=True, help="It took place: never send it again.")
@click.option("--did-not", is_flag=True, help="It did not: the next attempt sends it.")
@click.option(
    "--all-like", is_flag=True,
    help="Settle what is equal to it, byte for byte, and in doubt as well.",
)  # fmt: skip
@click.option(
    "--answer",
    type=click.File("rb"),
    help="What the service answered: with --happened, the agent gets this body. "
    "- reads standard input.",
)
@ledger_option
def command(
    run: str,
    effects: tuple[int, ...],
    *,
    happened: bool,
    did_not: bool,
    all_like: bool,
    answer: BinaryIO | None,
    url: str,
) -> None:
    """Say whether an effect in doubt happened.

    RUN is a run id or its beginning, EFFECT the number that `soulguard status RUN` and
    the refusal name; several may be given. Look it up at the service first: nobody else knows. An agent that
    reads the answer to a call needs it again: without --answer it gets `{}`.
    """
    from soulguard.ledger.queries import find_run
    from soulguard.supervisor.settling import alike, person, resolve_all

    if happened == did_not:
        raise UsageError("say either `--happened` or `--did-not`")
    if answer is not None and did_not:
        raise UsageError("what did not happen has no `--answer`")
    with writable(url) as ledger:
        found = find_run(ledger, run)
        ids = list(effects)
        if all_like:
            ids = [like for one in effects for like in alike(ledger, found.run_id, one)]
        settled = resolve_all(
            ledger,
            found.run_id,
            list(dict.fromkeys(ids)),
            happened=happened,
            by=person(),
            now=time.time(),
            said=answer.read() if answer else None,
        )
    after = "is never sent again" if happened else "is sent by the next attempt"
    for effect in settled:
        click.echo(f"effect {effect.id} of run {found.run_id} {after}", err=True)
    calls = any(effect.kind is EffectKind.HTTP_CALL for effect in settled)
    if happened and answer is None and calls:
        click.echo(
            "the agent gets `{}` for its answer; say it again with `--answer FILE` if it "
            "needs more",
            err=True,
        )
