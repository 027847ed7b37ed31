from soulguard.model import EventType
from soulguard.postmortem.sentences import policy_of
from tests.ledger.samples import an_event
from tests.tui.stories import BROKEN, SECOND, SENTENCES, policy_data


def test_the_newest_policy_is_the_one_in_force(story):
    found = policy_of(story.ledger, SECOND)
    assert found.sentences == SENTENCES
    assert found.sources["once"] == "SOUL.md:4"
    assert found.digest.startswith("3f2c")
    story.event(EventType.POLICY_LOADED, data=policy_data(SENTENCES[:1]))
    assert policy_of(story.ledger, SECOND).sentences == SENTENCES[:1]


def test_an_edit_that_was_not_taken_leaves_the_policy_and_its_errors(story):
    story.event(EventType.POLICY_REJECTED, data={"diagnostics": [BROKEN.to_json()]})
    found = policy_of(story.ledger, SECOND)
    assert found.diagnostics == (BROKEN,)
    assert found.sentences == SENTENCES
    story.event(EventType.POLICY_LOADED, data=policy_data())
    assert policy_of(story.ledger, SECOND).diagnostics == ()


def test_a_run_without_one_on_record_has_none(started):
    assert policy_of(started, "run-1") is None
    assert policy_of(started, "nobody") is None


def test_the_deciding_sentence_is_found_by_rule_and_then_by_place(story):
    found = policy_of(story.ledger, SECOND)
    assert found.deciding(an_event(rule="no-keys")) is SENTENCES[1] or (
        found.deciding(an_event(rule="no-keys")) == SENTENCES[1]
    )
    assert found.deciding(an_event(source="SOUL.md:9")) == SENTENCES[3]
    assert found.deciding(an_event(rule="nobody")) is None
    assert found.deciding(an_event()) is None


def test_hits_are_those_of_all_rules_of_a_sentence(story):
    found = policy_of(story.ledger, SECOND)
    assert found.hits(SENTENCES[0], {"once": 3, "other": 5}) == 3


def test_a_source_given_as_a_noun_is_read_as_well(story):
    rules = [{"id": "once", "source": {"span": {"file": "SOUL.md", "line": 4}}}]
    story.event(EventType.POLICY_LOADED, data={**policy_data(), "rules": rules})
    assert policy_of(story.ledger, SECOND).sources == {"once": "SOUL.md:4"}
