"""For whom a deed counts, and how much it has."""

from dataclasses import replace

from soulguard.model import Action
from soulguard.supervisor.measures import measured, scope, sum_of, whom
from tests.supervisor.rules import a_deed, a_rule


def test_without_a_scope_all_count_together():
    rule = a_rule(Action.LIMIT, max=1.0, per="run")
    assert (scope(rule), whom(rule, a_deed(rule))) == ("", ("",))


def test_each_recipient_counts_once_in_whatever_letters():
    rule = a_rule(Action.LIMIT, max=1.0, scope="recipient")
    deed = replace(a_deed(rule), who=("A@x.example", "a@x.example", "b@x.example"))
    assert whom(rule, deed) == ("a@x.example", "b@x.example")


def test_a_deed_has_recipients_bytes_and_a_sum():
    deed = replace(a_deed(), who=("a", "b"), size=7, fields=lambda: {"amount": [3]})
    assert measured("recipients", deed) == 2
    assert measured("bytes", deed) == 7
    assert measured("sum", deed) == sum_of(deed) == 3
