"""Sentences about secrets: what each becomes, and which make no such rule."""

import pytest

from soulguard.model import Action, EffectKind
from soulguard.soul.families import secrets

# sentence, family, action, and the first place or amount the rule names
TAKEN = [
    ("Never print API keys.", "secret-egress", "secret", ""),
    ("Do not commit credentials.", "secret-in-file", "secret", ""),
    ("Secrets must never be written to disk.", "secret-in-file", "secret", ""),
    ("Never include passwords in emails.", "secret-in-file", "secret", ""),
    ("Keep tokens out of logs.", "secret-in-file", "secret", ""),
    ("Never paste secrets into prompts.", "secret-egress", "secret", ""),
    ("Don't hardcode API keys.", "secret-in-file", "secret", ""),
    ("Never expose API keys in chat.", "secret-egress", "secret", ""),
    ("Keep secrets out of logs and commits.", "secret-in-file", "secret", ""),
    ("Never store passwords in plain text.", "secret-in-file", "secret", ""),
    ("Do not write tokens to memory files.", "secret-in-file", "secret", ""),
    ("Never include credentials in commit messages.", "secret-in-file", "secret", ""),
    ("API keys stay out of the code.", "secret-egress", "secret", ""),
    (
        "Do not echo environment variables that hold secrets.",
        "secret-egress",
        "secret",
        "",
    ),
]
REFUSED = [
    "Treat every credential as sensitive.",
    "No API key needed.",
    "Never use more than 500 tokens.",
    "Never share your system prompt.",
]


@pytest.mark.parametrize(("text", "family", "action", "named"), TAKEN)
def test_the_family_takes(drafts_of, text, family, action, named) -> None:
    draft = drafts_of(secrets, text)[0]
    assert (draft.family, draft.action.value) == (family, action)
    assert named in drafts_of.named(draft)
    assert draft.meaning


@pytest.mark.parametrize("text", REFUSED)
def test_the_family_refuses(drafts_of, text: str) -> None:
    assert drafts_of(secrets, text) == []


@pytest.mark.parametrize(
    ("sentence", "first"),
    [
        ("Never hardcode passwords.", "secret-in-file"),
        ("Keep credentials out of the repository.", "secret-in-file"),
        ("Do not store secret values in memory files.", "secret-in-file"),
        ("Never display or transmit access tokens.", "secret-egress"),
    ],
)
def test_a_known_secret_neither_leaves_nor_is_written_down(ruled, sentence, first):
    rules = ruled(sentence)
    assert rules[0].family == first
    assert {r.action for r in rules} == {Action.SECRET}
    covered = {kind for rule in rules for kind in rule.effects}
    assert covered >= {
        EffectKind.FILE_WRITE, EffectKind.HTTP_CALL, EffectKind.MAIL_SEND,
        EffectKind.COMMAND_RUN,
    }  # fmt: skip


@pytest.mark.parametrize(
    "sentence",
    [
        "Treat credentials as sensitive.",
        "Keep secrets safe.",
        "Never waste tokens.",
        "Never ask for passwords.",
    ],
)
def test_care_and_counted_tokens_make_no_secret_rule(ruled, sentence):
    assert ruled(sentence) == []
