import os

import pytest

from soulguard.errors import UsageError
from soulguard.model import EventType
from soulguard.postmortem import account
from soulguard.postmortem.account import account_of
from soulguard.supervisor.lease import owner_of
from tests.tui.stories import FIRST, NOW, SECOND


def test_an_account_gathers_what_is_worth_telling(story):
    found = account_of(story.ledger, "invoices-t", NOW)
    assert found.run.run_id == SECOND
    assert found.standing == "resumable"
    assert [a.number for a in found.attempts] == [1, 2]
    types = [t.event.type for t in found.told]
    assert types[-3:] == [
        EventType.DRIFT, EventType.EFFECT_IN_DOUBT, EventType.DUPLICATE
    ]  # fmt: skip
    assert EventType.EFFECT_DONE not in types
    assert "+api_key" in "".join(found.told[-1].difference.lines)
    assert found.savings.tokens == 1200
    assert [w.kind for w in found.waiting] == ["doubt"]
    assert found.policy.sentences
    assert found.hits["once"] == 2


def test_what_is_too_much_for_a_page_is_counted(story, monkeypatch):
    monkeypatch.setattr(account, "MOST", 2)
    found = account_of(story.ledger, SECOND, NOW)
    assert len(found.told) == 2
    assert found.untold == 6
    assert len(found.effects) + found.unlisted == 2


def test_a_killed_and_a_live_run_stand_differently(story):
    story.start(SECOND)
    assert account_of(story.ledger, SECOND, NOW).standing == "cut off"
    story.start(SECOND, owner=owner_of(os.getpid()))
    assert account_of(story.ledger, SECOND, NOW).standing == "running"
    assert account_of(story.ledger, FIRST, NOW).standing == "completed"


def test_a_run_nobody_knows_is_a_usage_error(story):
    with pytest.raises(UsageError, match="no run named"):
        account_of(story.ledger, "nobody", NOW)
