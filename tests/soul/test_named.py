"""What the agent is called: its name is *you* where a heading gives it."""

import pytest

from soulguard.soul.named import addressed

NOVA = ('Back Office \u2014 "Nova"',)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Nova deletes nothing.", "You delete nothing."),
        ("Nova doesn't touch `a/`.", "You don't touch `a/`."),
        ("Nova never opens `a/`.", "You never opens `a/`."),
        ("Nova is not allowed to push.", "You are not allowed to push."),
        ("This assistant writes to `a/`.", "You write to `a/`."),
    ],
)
def test_a_sentence_that_names_the_agent_speaks_to_it(said, meant):
    assert addressed(said, NOVA) == meant


@pytest.mark.parametrize(
    "said",
    [
        "Vera deletes nothing.",
        "Nova is calm.",
        "Nova likes birds.",
        "Docker writes logs.",
        "The agent shall not edit `a/`.",
    ],
)
def test_other_sentences_stay_as_they_are(said):
    assert addressed(said, NOVA) == said


def test_a_word_of_another_meaning_is_no_name():
    assert addressed("Docker writes logs.", ("Docker",)) == "Docker writes logs."
