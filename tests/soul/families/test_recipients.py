"""Sentences about recipients: what each becomes, and which make no such rule."""

import pytest

from soulguard.soul.families import recipients

# sentence, family, action, and the first place or amount the rule names
TAKEN = [
    (
        "Never email anyone outside example.com.",
        "recipient-allow",
        "deny",
        "example.com",
    ),
    (
        "You may only send mail to `boss@example.com`.",
        "recipient-allow",
        "deny",
        "boss@example.com",
    ),
]
REFUSED = [
    "Never send messages to anyone other than Anna.",
    "Only send mail when asked.",
]


@pytest.mark.parametrize(("text", "family", "action", "named"), TAKEN)
def test_the_family_takes(drafts_of, text, family, action, named) -> None:
    draft = drafts_of(recipients, text)[0]
    assert (draft.family, draft.action.value) == (family, action)
    assert named in drafts_of.named(draft)
    assert draft.meaning


@pytest.mark.parametrize("text", REFUSED)
def test_the_family_refuses(drafts_of, text: str) -> None:
    assert drafts_of(recipients, text) == []
