"""Sentences about attachments, copies and lists of people: what each becomes."""

import pytest

from soulguard.model import EffectKind
from soulguard.soul.families import addressing


@pytest.mark.parametrize(
    ("sentence", "family", "params"),
    [
        ("Attachments are not allowed.", "attachment-deny", {"absent": ["attachment"]}),
        ("Never attach files to an email.", "attachment-deny",
         {"absent": ["attachment"]}),
        ("Mails go out without attachments.", "attachment-deny",
         {"absent": ["attachment"]}),
        ("Attaching a file requires my approval.", "ask-external",
         {"absent": ["attachment"], "unmet": "ask"}),
        ("BCC additions require explicit confirmation.", "ask-external",
         {"absent": ["bcc"], "unmet": "ask"}),
        ("CC and BCC stay empty.", "recipient-deny", {"absent": ["cc", "bcc"]}),
        ("Don't CC anyone.", "recipient-deny", {"absent": ["cc"]}),
        ("One recipient per mail.", "resource-limit", {"recipients": 1}),
        ("Never send a mail to more than three people.", "resource-limit",
         {"recipients": 3}),
        ("Never write to somebody who is in `data/no.csv`, also not to say sorry.",
         "recipient-deny", {"unlisted": ["data/no.csv"]}),
        ("People in `no.csv` are never to be mailed.", "recipient-deny",
         {"unlisted": ["no.csv"]}),
        ("Only message people in `team.vcf`.", "recipient-allow",
         {"listed": ["team.vcf"]}),
        ("Never send messages to people who aren't in `team.vcf`.", "recipient-allow",
         {"listed": ["team.vcf"]}),
        ("Email nobody except those in `team.csv`.", "recipient-allow",
         {"listed": ["team.csv"]}),
        ("Recipients must be listed in `ok.txt`.", "recipient-allow",
         {"listed": ["ok.txt"]}),
    ],
)  # fmt: skip
def test_a_mail_is_looked_at_before_it_goes(ruled, sentence, family, params):
    [rule] = ruled(sentence)
    assert (rule.family, rule.params) == (family, params)
    assert rule.effects == (EffectKind.MAIL_SEND,)


def test_a_sentence_may_say_two_such_things(ruled):
    one, two = ruled("Don't put more than one recipient; CC and BCC stays empty.")
    assert (one.params, two.params) == ({"recipients": 1}, {"absent": ["cc", "bcc"]})


MINE = {
    addressing.ATTACHED, addressing.COUNT, addressing.ALLOW, addressing.DENY,
}  # fmt: skip


@pytest.mark.parametrize(
    "sentence",
    [
        "Attachments are listed at the end of the ticket.",
        "No recipient ever complained.",
        "Never open attachments.",
        "One person per team is on call.",
        "The people in `team.csv` are our customers.",
        "Never share the addresses in `team.csv`.",
        "Send the report in `out/report.csv` to the people on the list.",
        "Only read messages in `inbox.md`.",
        "Never send the numbers in `sales.csv` anywhere.",
        "Never send a message from `drafts.md` without approval.",
        "Recipients must be recorded in `log.csv`.",
        "| Volume | No attachments | 30 days |",
    ],
)
def test_what_says_nothing_of_a_mail_makes_no_rule(ruled, sentence):
    assert MINE.isdisjoint(rule.family for rule in ruled(sentence))
