"""Verdicts: a name and a word that refuses it, said with a verb."""

from __future__ import annotations

import pytest

from soulguard.soul.verdicts import spoken


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("`terraform destroy` is off the table.", "never run `terraform destroy`."),
        ("`kubectl delete`: no", "never run `kubectl delete`"),
        ("`sudo` is not for you.", "never run `sudo`."),
        ("pastebin.com: no.", "never call pastebin.com."),
        ("`lib/vendor/`: no", "never edit `lib/vendor/`"),
        ("`data/holdout/` stays unread.", "never read `data/holdout/`."),
        (
            "`a.yaml` and `b.yaml`, neither to read nor to write.",
            "`a.yaml` and `b.yaml` is off limits.",
        ),
        ("Runbooks (`runbooks/**`) read-only.", "`runbooks/**` is read-only."),
        (
            "`git push --force` is out unless I agree.",
            "never run `git push --force` unless I agree.",
        ),
    ],
)
def test_a_verdict_is_said_with_the_verb_it_means(said: str, meant: str) -> None:
    assert spoken(said) == meant


@pytest.mark.parametrize(
    "said",
    [
        "`report.md` is out.",
        "`a.csv`: no header row.",
        "`make test` is out of date.",
        "`a.yaml` and `rm -rf`: no",
        "Never call pastebin.com.",
        "We are out of time.",
    ],
)
def test_what_refuses_nothing_is_left_as_it_is(said: str) -> None:
    assert spoken(said) == said


def test_no_is_an_answer_under_a_question() -> None:
    assert spoken("`curl`: no", "Does it need a key?") == "`curl`: no"
