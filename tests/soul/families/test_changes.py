"""Sentences about changing what is elsewhere: what each becomes, and which are none."""

import pytest

from soulguard.model import Action


@pytest.mark.parametrize(
    "sentence",
    [
        "Anything that changes state on somebody else's server is out.",
        "Never modify anything on external systems.",
        "Never submit forms.",
        "We crawl, we do not submit: no form is ever posted.",
        "Don't fill out any web forms on websites.",
        "Requests that modify data on third-party services are forbidden.",
    ],
)
def test_calls_that_change_something_are_refused(ruled, sentence):
    [rule] = ruled(sentence)
    family = "external-deny" if " form" in sentence else "http-method"
    assert (rule.family, rule.action) == (family, Action.DENY)
    assert rule.where.methods == ("POST", "PUT", "PATCH", "DELETE")


@pytest.mark.parametrize(
    "sentence",
    ["Never change data on a form.", "Forms are submitted by Kim.",
     "Never write forms by hand.", "No form of flattery is ever posted."],
)  # fmt: skip
def test_other_forms_make_no_rule(ruled, sentence):
    assert not ruled(sentence)
