"""What a sentence forbids beyond its rules is told in the report, and nothing else is."""

import pytest


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Never push, rebase or tag.", "tag"),
        ("External actions (mailing, deleting) require approval.", "deleting"),
        ("At most 8 mails per hour with pauses of 20 seconds.", "20 seconds"),
    ],
)
def test_what_no_rule_covers_is_named(compile_text, text, left):
    (sentence,) = compile_text(text).sentences
    assert f"`{left}` is not covered" in sentence.meaning


@pytest.mark.parametrize(
    "text",
    [
        "Never push or rebase.",
        "Never run `rm`, `curl` with -X, wget, ssh.",
        "Never: git push, anything with sudo.",
        "At most 8 mails per hour.",
        "Max 3 attempts, then stop.",
        "Wait 5 minutes between emails.",
    ],
)
def test_nothing_is_named_that_a_rule_covers(compile_text, text):
    found = compile_text(text).sentences
    assert found
    assert [s.meaning for s in found if "not covered" in s.meaning] == []
