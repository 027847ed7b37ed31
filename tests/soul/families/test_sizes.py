"""Sentences about sizes: what each becomes, and which make no such rule."""

import pytest

from soulguard.model import EffectKind
from soulguard.soul.drafts import WRITES

MB = 1024 * 1024


@pytest.mark.parametrize(
    ("sentence", "size", "paths"),
    [
        ("Never write files larger than 10 MB.", 10 * MB, ()),
        ("Log files may not grow beyond 50 MB.", 50 * MB, ("**/*.log", "**/logs/**")),
        ("Keep `notes.md` under 2 MB.", 2 * MB, ("notes.md",)),
        ("No PDF over 5 megabytes.", 5 * MB, ("**/*.pdf",)),
    ],
)
def test_a_file_may_have_so_many_bytes(ruled, sentence, size, paths):
    (rule,) = ruled(sentence)
    assert (rule.effects, rule.where.paths) == (WRITES, paths)
    assert (rule.params["max"], rule.params["per"]) == (size, "file")


def test_a_message_is_a_mail_and_a_call(ruled):
    rules = ruled("Outgoing messages must not be larger than 5 MB.")
    kinds = {kind for rule in rules for kind in rule.effects}
    assert {EffectKind.MAIL_SEND, EffectKind.HTTP_CALL} <= kinds
    assert {rule.params["max"] for rule in rules} == {5 * MB}


@pytest.mark.parametrize(
    "sentence",
    ["If a file is over 5 MB, say so.", "The disk has 500 GB.", "A backup needs at least 2 GB."],
)  # fmt: skip
def test_a_size_that_happens_or_is_needed_is_no_limit(ruled, sentence):
    assert not ruled(sentence)
