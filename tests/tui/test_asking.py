from dataclasses import replace

from soulguard.ledger.waiting import waiting
from soulguard.tui import asking
from soulguard.tui.reading import Reader
from tests.tui.stories import NOW


def told(path, kind):
    reader = Reader(str(path), clock=lambda: NOW)
    reader.look()
    [found] = [w for w in reader.waiting if w.kind == kind]
    lines = ["".join(part for part, _ in line) for line in asking.lines(reader, found)]
    reader.close()
    return lines


def test_an_approval_shows_sentence_and_all_that_would_be_sent(story, path):
    story.ask()
    lines = told(path, "approval")
    assert lines[0] == "what     mail to ops@example.com"
    assert "because  SOUL.md:7  “Ask before sending mail.”" in lines
    assert lines[-5:] == [
        "in full",
        "  Subject: Invoices",
        "  ",
        "  All sent.",
        "  Ada",
    ]


def test_a_long_request_is_shown_whole_from_its_body(story, path):
    whole = story.ledger.put_blob(b"first\n" + b"more\n" * 50)
    story.ask(whole=whole, text="first")
    assert told(path, "approval").count("  more") == 50


def test_a_doubt_shows_key_protection_and_the_request_on_record(story, path):
    lines = told(path, "doubt")
    assert lines[0] == "what     POST https://pay.example/v1/charges"
    assert "key      7d0e0b5e-0000-4000-8000-00000000c17a" in lines
    assert "protects key sent, unknown" in lines
    assert '    "amount": 4200' in lines


def test_a_call_that_happened_has_an_answer_that_is_said_elsewhere(story, path):
    reader = Reader(str(path), clock=lambda: NOW)
    reader.look()
    [found] = [w for w in reader.waiting if w.kind == "doubt"]
    reader.close()
    happened, did_not = asking.choices(found)
    settle = f"soulguard resolve {found.run_id} {found.id} --happened --answer FILE"
    assert "The agent gets {} for its answer." in happened.follows
    assert happened.follows.endswith(settle)
    assert did_not == asking.DOUBT[1]
    mail = replace(found, data={"kind": "mail.send"})
    assert asking.choices(mail) == asking.DOUBT


def test_every_answer_says_what_follows_and_has_a_key_of_its_own():
    for choices in (asking.APPROVAL, asking.DOUBT):
        keys = [choice.key for choice in choices]
        assert len(set(keys)) == len(keys)
        assert all(choice.follows for choice in choices)
    values = {choice.value for choice in asking.APPROVAL}
    assert {v.split()[0] for v in values} == {"approve", "deny"}
    assert waiting
