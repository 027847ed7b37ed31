"""The broker's side of explicit effects."""

import pytest

from soulguard.model import EffectKind, EffectState, EventType
from soulguard.supervisor.broker import Peer
from soulguard.supervisor.report import summary
from soulguard.supervisor.settling import resolve


def begin(office, key="order-17", peer=None):
    return office.ask("effect.begin", name="ship", key=key, peer=peer)


def end(office, begun, **more):
    return office.ask("effect.end", effect=begun.effect_id, **more)


def test_an_effect_is_a_row_with_its_key(office):
    end(office, begin(office))
    (row,) = office.rows()
    assert (row.kind, row.slot, row.key) == (
        EffectKind.CUSTOM, "ship order-17", "order-17"
    )  # fmt: skip
    assert row.state is EffectState.DONE


def test_the_same_effect_waits_while_it_is_at_work(office):
    begun = begin(office)
    assert begin(office, peer=Peer()).verdict.value == "wait"
    assert begin(office, "order-18", peer=Peer()).verdict.value == "allow"
    end(office, begun)
    assert begin(office, peer=Peer()).verdict.value == "replay"


@pytest.mark.parametrize("gone", ["gone", "ended"])
def test_an_effect_whose_maker_went_is_in_doubt(office, gone):
    begin(office)
    if gone == "gone":
        office.parts.left(office.peer)
    else:
        office.parts.ended()
    assert office.rows()[0].state is EffectState.IN_DOUBT
    assert begin(office).data["error"] == "in-doubt"


def test_a_late_end_is_believed(office):
    begun = begin(office)
    office.parts.left(office.peer)
    end(office, begun)
    assert begin(office).verdict.value == "replay"


def test_an_end_of_nothing_changes_nothing(office):
    begun = begin(office)
    end(office, begun)
    end(office, begun, error="KeyError")
    assert office.rows()[0].state is EffectState.DONE
    assert office.ask("effect.end", effect=99).reason == "no such effect is open"


@pytest.mark.parametrize("happened", [True, False])
def test_a_person_settles_one_in_doubt(office, happened):
    begin(office)
    office.crash()
    held = begin(office)
    assert held.data["error"] == "in-doubt"
    assert "--did-not" in held.message
    resolve(office.ledger, "run-1", 1, happened=happened, by="ada", now=2.0)
    office.again()
    assert begin(office).verdict.value == ("replay" if happened else "allow")


def test_observing_lets_it_pass_and_says_what_would_have_been(office):
    end(office, begin(office))
    begin(office, "b")
    office.crash()
    office.again(observe=True)
    assert begin(office).verdict.value == "allow"
    assert begin(office, "b").verdict.value == "allow"
    events = office.ledger.events("run-1", types=[EventType.HELD])
    assert [e.data["observed"] for e in events] == [True]
    assert office.events("effect.passed") == [("effect.passed", "ship order-17")]


def test_what_was_remembered_of_a_batch_that_failed_is_taken_back(office):
    answer = office.handlers["effect.begin"](
        office.peer, {"name": "ship", "key": "a"}, ()
    )
    office.session.roll_back()
    assert answer.decision.verdict.value == "allow"
    assert begin(office, "a").verdict.value == "allow"


def test_the_last_line_counts_it_by_itself(office, capsys):
    end(office, begin(office))
    summary(office.session.run, office.session.counts, {})
    said = capsys.readouterr().err
    assert "0 calls made" in said
    assert "1 explicit effects made" in said
