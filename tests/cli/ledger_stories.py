"""Ledgers in which something happened, for the tests of the reading commands."""

from soulguard.ledger import open_ledger
from soulguard.model import EffectKind, EffectState, EventType, RunStatus
from tests.ledger.samples import OWNER, a_run, an_effect, an_event

FIRST, SECOND = "0190aaaa-1111", "0190bbbb-2222"


def tell(path, root="/home/a"):
    """Write one completed run and one that was killed in its second attempt."""
    ledger = open_ledger(path)
    ledger.add_run(a_run(FIRST, root=root))
    ledger.claim(FIRST, OWNER, 10.0)
    ledger.add_event(an_event(EventType.RUN_STARTED, run_id=FIRST))
    ledger.end_attempt(FIRST, 1, at=70.0, exit_status=0, guarded=2)
    ledger.update_run(FIRST, status=RunStatus.COMPLETED, exit_status=0)
    ledger.add_run(a_run(SECOND, root=root))
    ledger.claim(SECOND, OWNER, 100.0)
    ledger.end_attempt(SECOND, 1, at=103.0, exit_status=-9, unguarded=1)
    ledger.commit(durable=False)
    ledger.attempts(SECOND)
    ledger.claim(SECOND, OWNER, 200.0)
    _effects(ledger, root)
    ledger.commit(durable=False)
    ledger.close()


def _effects(ledger, root):
    call = "POST api.shop.example/v1/charges"
    for slot, kind, state, type_, data in (
        (f"{root}/out/a.md", "file.write", "done", EventType.EFFECT_SKIPPED, {}),
        (f"{root}/log.jsonl", "file.append", "done", EventType.EFFECT_DONE, {}),
        (
            call,
            "http.call",
            "done",
            EventType.EFFECT_REPLAYED,
            {"saved": {"tokens": 1200, "usd": 0.25}},
        ),
        (call, "http.call", "in_doubt", EventType.EFFECT_IN_DOUBT, {}),
    ):
        number = ledger.add_effect(
            an_effect(
                slot,
                run_id=SECOND,
                kind=EffectKind(kind),
                state=EffectState(state),
                attempt=2,
                protection="key sent, unknown",
            )
        )
        ledger.add_event(_event(type_, target=slot, effect_id=number, data=data))
    for type_ in (EventType.DUPLICATE, EventType.UNGUARDED, EventType.DIVERGENCE):
        ledger.add_event(_event(type_, target=f"{root}/out/b\x1b[31m.md"))


def _event(type_, **changes):
    return an_event(
        type_, run_id=SECOND, attempt=2, source="SOUL.md:4", reason="why", **changes
    )
