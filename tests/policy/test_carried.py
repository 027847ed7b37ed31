"""What a mail or call must carry, must not carry, and who is on a list."""

import pytest

from soulguard.model import Action, Effect, EffectKind, Rule, Source, Span
from soulguard.policy.requirements import Circumstances, demands, unmet

MAIL = {"subject": ["[scout] today"], "to": ["a@x.example"]}
LISTS = {"/r/no.csv": {"bob@x.example"}, "/r/team.vcf": {"ann@x.example"}}


def rule(**params):
    source = Source(Span("SOUL.md", 1), "Mind this.")
    kinds = (EffectKind.MAIL_SEND,)
    return Rule("r", "require", Action.REQUIRE, kinds, source, params=params)


def fact(params, carried=MAIL, to="bob@x.example"):
    given = Circumstances(
        at=0.0, effect=Effect(EffectKind.MAIL_SEND, to), root="/r",
        fields=lambda: carried, listed=LISTS.get,
    )  # fmt: skip
    found = unmet(rule(**params), given)
    return found.fact if found else ""


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({"fields": ["Subject", "List-Unsubscribe"]}, "it has no `List-Unsubscribe`"),
        ({"begins": {"subject": "[scout]"}}, ""),
        ({"begins": {"subject": "[other]"}}, "`subject` is `[scout] today`"),
        ({"values": {"Subject": "[scout]"}}, "`Subject` is `[scout] today`"),
        ({"values": {"X-From": "me"}}, "`X-From` is not there"),
        ({"absent": ["cc", "attachment"]}, ""),
        ({"absent": ["to"]}, "its `to` is `a@x.example`"),
        ({"recipients": 1}, ""),
        ({"unlisted": ["no.csv"]}, "`bob@x.example` is in `no.csv`"),
        ({"listed": ["team.vcf"]}, "`bob@x.example` is not in `team.vcf`"),
        ({"listed": ["team.vcf", "no.csv"]}, ""),
        ({"unlisted": ["gone.csv"]}, "`gone.csv` cannot be read"),
    ],
)
def test_what_is_lacking_is_told(params, said):
    assert fact(params) == said


def test_every_recipient_counts_whatever_the_case():
    assert fact({"listed": ["team.vcf"]}, to="ANN@x.example") == ""
    two = "ann@x.example, bob@x.example"
    assert fact({"recipients": 1}, to=two) == "it has 2 recipients"
    assert "`bob@x.example` is not in" in fact({"listed": ["team.vcf"]}, to=two)


@pytest.mark.parametrize(
    "params",
    [{"fields": ["a"]}, {"values": {"a": "b"}}, {"begins": {"a": "b"}},
     {"absent": ["a"]}],
)  # fmt: skip
def test_what_nobody_can_look_into_meets_nothing(params):
    assert "too large or packed" in fact(params, carried=None)


def test_what_is_required_is_said():
    said = demands(rule(
        fields=["a"], begins={"subject": "[x]"}, absent=["cc"], recipients=1,
        unlisted=["no.csv"],
    ))  # fmt: skip
    assert said == (
        "with `a`; with `subject` beginning with `[x]`; without `cc`; "
        "to 1 recipient; to people not in `no.csv`"
    )
