"""The last edit of a run's rules, where it does not hold."""

from dataclasses import replace

import pytest

from soulguard.ledger.edits import unsettled
from soulguard.model import EventType, RunStatus
from tests.ledger.samples import a_run, an_event, start

LOADED, REJECTED = EventType.POLICY_LOADED, EventType.POLICY_REJECTED


@pytest.fixture
def tell(ledger):
    """Put events of the policy on record and give what came of the last edit."""
    start(ledger)

    def telling(*events, status=RunStatus.RUNNING):
        for event in events:
            ledger.add_event(event)
        ledger.commit(durable=False)
        return unsettled(ledger, replace(a_run(), status=status))

    return telling


def loaded(asked=0, **changes):
    data = {"pending": {"approval": asked}} if asked else {}
    return an_event(LOADED, target="SOUL.md", data=data, **changes)


def settled(asked, answer):
    data = {"asked": asked, "answer": answer}
    return an_event(EventType.APPROVAL_SETTLED, data=data)


def test_rules_that_hold_leave_nothing_to_say(tell):
    assert tell() is None
    assert tell(loaded()) is None


def test_an_edit_that_does_not_compile_stands_until_the_next_that_does(tell):
    broken = an_event(
        REJECTED, target="SOUL.md", reason="SOUL.md:3: no", data={"hint": "say it"}
    )
    edit = tell(loaded(), broken)
    assert (edit.became, edit.files, edit.reason, edit.hint) == (
        "rejected", "SOUL.md", "SOUL.md:3: no", "say it"
    )  # fmt: skip
    assert tell(loaded()) is None


@pytest.mark.parametrize(
    ("answer", "became"), [("", "waiting"), ("deny", "refused"), ("approve", None)]
)
def test_an_edit_that_loosens_waits_for_the_answer(tell, answer, became):
    asked = an_event(EventType.APPROVAL_ASKED)
    answers = [settled(1, answer)] if answer else []
    edit = tell(asked, loaded(asked=1), *answers)
    assert (edit.became if edit else None) == became
    assert edit is None or edit.question == 1


def test_a_run_that_is_over_has_no_edit_to_settle(tell):
    assert tell(loaded(asked=1), status=RunStatus.COMPLETED) is None
