"""Owns the noun of enforcement: an effect about to happen, in words and in bytes.

A handler describes, `enforcement` decides. Nothing is decided or read here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from soulguard.model import (
    Action,
    Effect,
    EffectKind,
    EffectRecord,
    EffectState,
    Judgement,
    Rule,
)
from soulguard.policy.carried import Fields

Pieces = Callable[[], Iterable[bytes]]

LONGEST = 1 << 20
"""Bytes of an effect that a person is shown: everybody waits while they are read."""


def nothing() -> Iterable[bytes]:
    """Give no bytes: the effect carries none."""
    return ()


@dataclass(frozen=True, slots=True)
class Deed:
    """An effect that is about to happen, with all that a rule may look at.

    `tried` names it in words ("write out/a.json"). `place` is the target an approval
    holds for, without what differs from time to time. `content` gives the bytes that
    would leave or be written, None where nobody can look at them; `identity` what tells
    it from every other one however often it is asked about, empty where `shown` does;
    `beside` what leaves
    with them and is no credential by its name (fields of a query, headers); `shown`
    gives what a person has to see before saying yes. `message` gives the text that a
    reader gets, `fields` those of a request by their names in lower case, both None
    where it has them and nobody can look, `thread` what names the thread it belongs to,
    empty for a new one. `who` are the recipients, `size`
    and `total` the bytes of the effect and of the file it leaves behind (-1: unknown),
    `again` is the fingerprint where it is another try of one that did not work,
    `counted` when that was counted where it counts as this one, 0.0 for none. `moved`
    is the place a file came from. `error` is the slug of the exception a refusal
    becomes, `instead` what the agent may do then, `target` the target without
    credentials where the effect's own may hold some.
    """

    effect: Effect
    judgement: Judgement
    tried: str
    place: str
    shown: Callable[[], str]
    content: Pieces | None = nothing
    identity: Callable[[], str] = str
    beside: Callable[[], str] = str
    message: Callable[[], str | None] = str
    fields: Callable[[], Fields | None] = dict
    thread: Callable[[], str] = str
    who: tuple[str, ...] = ()
    size: int = -1
    total: int = -1
    again: str = ""
    counted: float = 0.0
    moved: str = ""
    error: str = "denied"
    instead: str = "ask the person who owns the rule, or work on another path"
    target: str = ""

    @property
    def named(self) -> str:
        """The target as it may be kept and shown."""
        return self.target or self.effect.target

    def duty(self, action: Action) -> Rule | None:
        """Give the most specific duty of one action, or None."""
        return next(iter(self.duties(action)), None)

    def duties(self, action: Action) -> list[Rule]:
        """Give all duties of one action, most specific first."""
        return [r for r in self.judgement.duties if r.action is action]


def counted(row: EffectRecord, attempt: int) -> float:
    """Say when an effect was counted as the one that an attempt makes again; 0.0: never.

    That is one which an earlier attempt was cut off in, or which a person says did not
    happen. A call that was answered and failed was an effect of its own.
    """
    if row.result.get("resolved") == "did-not":
        return row.created_at
    unmade: tuple[EffectState, ...] = (EffectState.BEGUN, EffectState.IN_DOUBT)
    if row.kind in (EffectKind.FILE_WRITE, EffectKind.FILE_APPEND):
        unmade = (EffectState.FAILED,)
    return row.created_at if row.state in unmade and row.attempt < attempt else 0.0


def made_again(deed: Deed, row: EffectRecord | None, attempt: int) -> Deed:
    """Give a deed with what is known of an earlier try of it, if there was one."""
    known = counted(row, attempt) if row is not None else 0.0
    return replace(deed, counted=known) if known else deed


def readable(content: bytes, size: int) -> str:
    """Give content of `size` bytes as a person reads it, of a long one the beginning.

    `content` holds `LONGEST` bytes of it or all.
    """
    if b"\0" in content:
        return f"{size} bytes that are no text"
    if size <= LONGEST:
        return content.decode("utf-8", "replace")
    # no line is cut: half a secret would not be known for one
    begun = content[:LONGEST].rpartition(b"\n")[0] or content[:LONGEST]
    rest = size - len(begun)
    return f"{begun.decode('utf-8', 'replace')}\n... and {rest} bytes more"
