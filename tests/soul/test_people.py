import pytest

from soulguard.soul import people

SAID = [
    ("only after Priya's go", "only after approval"),
    ("Deploys wait for a thumbs-up from Kim", "Deploys wait for approval"),
    ("Before you push, get my nod", "Before you push, get approval"),
    ("not until Paula has signed it off", "not until approval"),
    ("Ping the on-call first and wait for a reply", "ask first"),
    ("ask in #ops and wait for an ok", "ask first"),
    ("unless the user asks for it", "unless approval"),
    ("Only Lena deletes branches", "Only the owner deletes branches"),
    ("Nobody but the DBA restarts it", "Only the owner restarts it"),
    ("Tags are set by Tom only", "Tags are never set"),
    ("Tags are pushed only by Tom", "Tags are never pushed"),
    ("`npm publish` is reserved for the release team", "`npm publish` is forbidden"),
]
KEPT = [
    "Only Docker restarts containers",
    "Wait for Monday before posting",
    "This port is reserved for production",
    "my go-to tool",
    "`Ask Tom first`",
    "Send my approval email",
    "Wait for the customer to reply",
]


@pytest.mark.parametrize(("text", "said"), SAID)
def test_people_are_said_in_words_the_grammar_of_approval_knows(text, said):
    assert people.spoken(text) == said


@pytest.mark.parametrize("text", KEPT)
def test_what_is_no_person_and_no_approval_is_left_as_it_is(text):
    assert people.spoken(text) == text
