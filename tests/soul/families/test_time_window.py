"""Sentences about times: what each becomes, and which make no rule."""

import pytest

from soulguard.model import Action, EffectKind
from soulguard.soul.families import time_window

MAIL, CALL, RUN = EffectKind.MAIL_SEND, EffectKind.HTTP_CALL, EffectKind.COMMAND_RUN


@pytest.mark.parametrize(
    ("sentence", "kinds", "params"),
    [
        ("Only send emails between 9am and 6pm.", {MAIL}, {"hours": ["09:00-18:00"]}),
        ("Emails may only be sent from 9:00 to 18:00.", {MAIL},
         {"hours": ["09:00-18:00"]}),
        ("Never deploy on Fridays.", {RUN}, {"quiet": ["fri"]}),
        ("No outbound messages after 22:00.", {MAIL, CALL}, {"quiet": ["22:00-06:00"]}),
        ("Do not post on weekends.", {CALL}, {"quiet": ["sat-sun"]}),
        ("Operates: 22:00\u201306:00 local time, Monday\u2013Friday", {MAIL, CALL, RUN},
         {"hours": ["mon-fri 22:00-06:00"]}),
        ("**Quiet hours:** 23:00-08:00.", {MAIL, CALL}, {"quiet": ["23:00-08:00"]}),
        ("Respect quiet hours (22:00\u201307:00): no emails.", {MAIL},
         {"quiet": ["22:00-07:00"]}),
        ("Never run `git push` after 6 PM.", {RUN}, {"quiet": ["18:00-06:00"]}),
        ("Deploy only between 02:00 and 04:00 UTC.", {RUN},
         {"hours": ["02:00-04:00"], "zone": "UTC"}),
        ("Posting window: 08:00-20:00 only.", {CALL}, {"hours": ["08:00-20:00"]}),
        ("Quiet hours are 11 PM to 7 AM.", {MAIL, CALL}, {"quiet": ["23:00-07:00"]}),
        ("Don't message the team outside 9-18h.", {MAIL, CALL},
         {"hours": ["09:00-18:00"]}),
        ("After 10 PM, no notifications.", {MAIL, CALL}, {"quiet": ["22:00-06:00"]}),
        ("Never email customers at night (22:00-06:00).", {MAIL, CALL},
         {"quiet": ["22:00-06:00"]}),
        ("No restarts during trading hours (09:30-16:00).", {RUN},
         {"quiet": ["09:30-16:00"]}),
        ("Production deploys: Monday to Thursday only.", {RUN}, {"hours": ["mon-thu"]}),
        ("Night mode 23:00\u201307:00: no messages to anyone.", {MAIL, CALL},
         {"quiet": ["23:00-07:00"]}),
        ("All posts must be made between 10:00 and 22:00.", {CALL},
         {"hours": ["10:00-22:00"]}),
        ("Hold all messages from 22:00 to 07:00.", {MAIL, CALL},
         {"quiet": ["22:00-07:00"]}),
        ("No database migrations on weekends.", {RUN}, {"quiet": ["sat-sun"]}),
        ("Weekend deploys are forbidden.", {RUN}, {"quiet": ["sat-sun"]}),
        ("I stay quiet between 23:00 and 7:30.", {MAIL, CALL},
         {"quiet": ["23:00-07:30"]}),
        ("Between 22:00 and 06:30 I'm silent: no announcements.", {MAIL, CALL},
         {"quiet": ["22:00-06:30"]}),
        ("Trading window is 08:00-22:00 UTC, Monday to Friday.", {CALL},
         {"hours": ["mon-fri 08:00-22:00"], "zone": "UTC"}),
        ("Deploys are frozen from Friday 16:00 until Monday 08:00.", {RUN},
         {"quiet": ["fri 16:00-24:00", "sat-sun", "mon 00:00-08:00"]}),
        ("Deployment freeze: Friday 16:00 to Monday 08:00", {RUN},
         {"quiet": ["fri 16:00-24:00", "sat-sun", "mon 00:00-08:00"]}),
        ("Reminders go out from 8 in the morning till 7 in the evening, Sundays excluded.",
         {MAIL, CALL}, {"hours": ["mon-sat 08:00-19:00"]}),
        ("No push notifications at night (22-06).", {MAIL, CALL},
         {"quiet": ["22:00-06:00"]}),
        ("Nothing leaves the house after 9pm or before 8am.", {MAIL, CALL},
         {"quiet": ["21:00-08:00"]}),
        ("Don't text anyone before 9 in the morning.", {MAIL, CALL},
         {"quiet": ["00:00-09:00"]}),
        ("Never merge to main on a Friday after 3 pm.", {RUN},
         {"quiet": ["fri 15:00-24:00"]}),
        ("Only post between 9am and 5pm, never on Fridays.", {CALL},
         {"hours": ["mon,tue,wed,thu,sat,sun 09:00-17:00"]}),
        ("Between 8 p.m. and 8 a.m. no SMS are sent.", {MAIL, CALL},
         {"quiet": ["20:00-08:00"]}),
        ("I only work between 9am and 5pm.", {MAIL, CALL, RUN},
         {"hours": ["09:00-17:00"]}),
    ],
)  # fmt: skip
def test_a_time_narrows_what_is_forbidden(ruled, sentence, kinds, params):
    found = ruled(sentence)
    assert {kind for rule in found for kind in rule.effects} == kinds
    assert {(r.family, r.action) for r in found} == {("time-window", Action.REQUIRE)}
    assert all(dict(rule.params) == params for rule in found)


@pytest.mark.parametrize(
    ("sentence", "unless"),
    [
        ("No messages between 22:00 and 7:00 unless it's an emergency.", "unless it's an emergency"),
        ("No deploys on Friday except hotfixes", "except hotfixes"),
    ],
)  # fmt: skip
def test_an_exception_only_a_person_can_judge_asks_one(ruled, sentence, unless):
    for rule in ruled(sentence):
        assert (rule.params["unmet"], rule.params["approval"]) == ("ask", unless)


def test_an_exception_nobody_can_judge_makes_no_rule(ruled):
    assert not ruled("Don't email clients on weekends unless they wrote first.")


def test_a_label_and_a_zone_in_parentheses_are_read(ruled):
    [rule] = ruled("**Working hours:** I only send emails between 9am and 6pm (UTC).")
    assert dict(rule.params) == {"hours": ["09:00-18:00"], "zone": "UTC"}


def test_a_heading_is_the_label_of_a_time_below_it(ruled):
    rules = ruled("22:00 - 07:00 Europe/Berlin", "## Quiet hours")
    assert {rule.params["zone"] for rule in rules} == {"Europe/Berlin"}
    assert [rule.params["quiet"] for rule in rules] == [["22:00-07:00"]] * 2


def test_a_heading_that_forbids_lends_its_never(ruled):
    [rule] = ruled("Deploy on Fridays", "## Never")
    assert dict(rule.params) == {"quiet": ["fri"]}


@pytest.mark.parametrize(
    "sentence",
    [
        "Some operations should happen during business hours.",
        "The market opens at 9:30 and closes at 16:00.",
        "Check email between 9am and 10am.",
        "Every Friday, send the report.",
        "The office is open Monday to Friday, 9-5.",
        "Market hours: 09:30-16:00.",
        "The daily report is sent at 9:00.",
        "The newsletter goes out on Mondays.",
        "My owner works from 9 to 17 on weekdays.",
        "Never schedule meetings before 10am.",
        "Late night (23:00-08:00): stay quiet unless urgent.",
        "Operates: {{START}}\u2013{{END}} local time, Monday\u2013Friday",
        "Never send half-baked replies on Fridays.",
        "They never email on weekends.",
        "Never send the Friday report.",
        "Do not push changes made after 5pm.",
        "Never promise delivery on a Friday.",
        "Adam usually sleeps from 11pm to 7am.",
        "Heartbeat runs between 8am and 8pm.",
        "Never send emails, faxes or telegrams on Sundays.",
        "Never forget that Monday follows Sunday.",
    ],
)
def test_what_has_no_time_of_its_own_makes_no_rule(drafts_of, sentence):
    assert drafts_of(time_window, sentence) == []
