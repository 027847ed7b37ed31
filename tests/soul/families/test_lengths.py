"""Sentences about the length of messages: what each becomes, and which make no rule."""

import pytest

from soulguard.model import Action, EffectKind
from soulguard.soul.families import lengths

CALL, MAIL = EffectKind.HTTP_CALL, EffectKind.MAIL_SEND


@pytest.mark.parametrize(
    ("sentence", "named", "kinds"),
    [
        ("Keep posts under 280 characters.", "280 characters", [CALL]),
        ("Comments must not exceed 300 characters.", "300 characters", [CALL]),
        ("Tweets must be at most 280 characters.", "280 characters", [CALL]),
        ("Emails under 150 words.", "150 words", [MAIL]),
        ("Never send a message longer than 1,000 characters.", "1000 characters",
         [MAIL, CALL]),
        ("Replies: max 400 chars.", "400 characters", [CALL]),
        ("No Slack message over 4000 characters", "4000 characters", [CALL]),
        ("Keep your outbound emails to 200 words or less.", "200 words", [MAIL]),
        ("Max comment length: 250 characters.", "250 characters", [CALL]),
        ("Keep tweets short: 240 characters max.", "240 characters", [CALL]),
        ("**Tweet length:** never exceed 280 characters", "280 characters", [CALL]),
        ("Slack messages: keep them under 300 characters", "300 characters", [CALL]),
        ("My comments are never longer than 500 characters.", "500 characters", [CALL]),
        ("Don't post anything longer than 280 characters.", "280 characters", [CALL]),
        ("Posts on X must fit in 280 characters.", "280 characters", [CALL]),
        ("Never let a tweet go over 280 characters.", "280 characters", [CALL]),
        ("A comment has at most 300 characters.", "300 characters", [CALL]),
        ("At most 120 words per email.", "120 words", [MAIL]),
        ("Format: LinkedIn posts must stay below 1300 chars.", "1300 characters", [CALL]),
        ("**Keep posts under 500 characters** \u2014 it forces clarity", "500 characters",
         [CALL]),
    ],
)  # fmt: skip
def test_a_message_has_a_length(drafts_of, sentence, named, kinds):
    drafts = drafts_of(lengths, sentence)
    assert [d.effects for d in drafts] == [(kind,) for kind in kinds]
    assert {(d.family, d.action) for d in drafts} == {("resource-limit", Action.LIMIT)}
    assert all(named in drafts_of.named(d) for d in drafts)


@pytest.mark.parametrize(
    "sentence",
    [
        "Keep commit subjects under 60 characters.",
        "Keep your answers under 200 words.",
        "Keep code comments under 80 characters.",
        "Bullet points in emails should be 15 words or less.",
        "Keep replies under 80 words.",
        "Passwords must be at least 12 characters.",
        "Keep posts under 300 characters unless asked for detail.",
        "Summaries of emails should be under 100 words.",
        "Posts with fewer than 500 characters perform better.",
        "Read messages under 500 characters first.",
        "Aim for emails under 150 words.",
        "No Zork message over 4000 characters",
    ],
)
def test_what_is_no_message_or_no_demand_has_none(drafts_of, sentence):
    assert drafts_of(lengths, sentence) == []


def test_a_comment_and_a_tweet_are_known_by_where_they_go(drafts_of):
    [comment] = drafts_of(lengths, "Keep comments under 200 characters.")
    assert "**/*omment*" in comment.where.url_paths
    [tweet] = drafts_of(lengths, "Tweets: max 280 characters.")
    assert "api.x.com" in tweet.where.hosts


def test_a_heading_may_say_that_it_is_a_limit(ruled):
    [rule] = ruled("Posts: 500 characters", "## Limits")
    assert rule.params["max"] == 500
    assert ruled("Posts: 500 characters", "## Statistics") == []


@pytest.mark.parametrize(
    ("heading", "host"),
    [("## LinkedIn", "linkedin.com"), ("## Twitter/X", "api.x.com")],
)
def test_a_heading_that_is_a_service_says_where(ruled, heading, host):
    (rule,) = ruled("Maximum 1,200 characters", heading)
    assert rule.params["max"] == 1200
    assert host in rule.where.hosts


def test_a_heading_of_something_else_says_nothing(ruled):
    assert not ruled("Maximum 300 characters", "## Summaries")
