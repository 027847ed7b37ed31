"""Sentences about limits: what each becomes, and which make no such rule."""

import pytest

from soulguard.model import Action, EffectKind
from soulguard.soul.drafts import EVERY, WRITES
from soulguard.soul.families import limits

CALL, MAIL = (EffectKind.HTTP_CALL,), (EffectKind.MAIL_SEND,)


@pytest.mark.parametrize(
    ("sentence", "family", "effects", "params"),
    [
        ("60 requests/minute", "rate-limit", CALL,
         {"max": 60, "unit": "calls", "per": 60}),
        ("Wait 2 seconds between requests.", "rate-limit", CALL,
         {"gap": 2, "unit": "calls"}),
        ("Never exceed 50k tokens per run.", "budget", CALL,
         {"max": 50_000, "unit": "tokens", "per": "run"}),
        ("Daily spend limit: $20", "budget", CALL,
         {"max": 20, "unit": "usd", "per": 86_400}),
        ("Output files must stay under 2 MB.", "resource-limit", WRITES,
         {"max": 2 * 1024**2, "unit": "bytes", "per": "file"}),
        ("No more than 5 files per run.", "resource-limit", WRITES,
         {"max": 5, "unit": "files", "per": "run"}),
    ],
)  # fmt: skip
def test_a_number_becomes_a_limit_of_its_kind(ruled, sentence, family, effects, params):
    (rule,) = ruled(sentence)
    assert (rule.family, rule.action) == (family, Action.LIMIT)
    assert (rule.effects, dict(rule.params)) == (effects, params)


@pytest.mark.parametrize(
    ("sentence", "times"),
    [("Retry at most twice.", 2), ("Do not retry failed payments.", 0)],
)
def test_retries_are_counted_for_each_call_and_command(ruled, sentence, times):
    (rule,) = ruled(sentence)
    assert rule.family == "retry-limit"
    assert (rule.params["max"], rule.params["per"]) == (times, "call")
    assert EffectKind.COMMAND_RUN in rule.effects


def test_of_a_range_the_upper_end_counts(ruled):
    (rule,) = ruled("Send at most 5-10 emails per day.")
    assert (rule.params["max"], rule.params["per"]) == (10, 86_400)


def test_a_message_is_a_mail_or_a_call_and_they_count_together(ruled):
    rules = ruled("Max 3 posts per hour.")
    assert [r.effects for r in rules] == [CALL, MAIL]
    assert {(r.params["max"], r.params["together"]) for r in rules} == {(3, True)}


@pytest.mark.parametrize(
    ("sentence", "scope"),
    [
        ("Send at most 3 emails per recipient per day.", "recipient"),
        ("At most 2 emails per day to the same person.", "recipient"),
        ("Max 60 requests per minute to any one host.", "host"),
        ("Wait 2 seconds between requests to the same host.", "host"),
        ("Send at most 3 emails per day.", None),
        ("Send at most 3 emails per day to customers.", None),
        ("At most 10 API calls per user per day.", "recipient"),
    ],
)
def test_a_recipient_or_host_has_a_count_of_its_own(ruled, sentence, scope):
    (rule,) = ruled(sentence)
    assert rule.params.get("scope") == scope


def test_too_many_tool_calls_are_a_question_and_no_refusal(ruled):
    (rule,) = ruled("No more than 25 tool calls per session.")
    assert rule.effects == EVERY
    assert rule.params["on_exceed"] == "ask"


@pytest.mark.parametrize(
    "sentence",
    [
        "Replies are at most 3 paragraphs.",
        "Keep at most 4 tabs open.",
        "Spawn no more than 2 sub-agents.",
        "Write at least 3 ideas.",
        "Max 100 characters per title.",
        "Use at most one emoji per message.",
    ],
)
def test_style_and_what_no_guard_can_count_make_no_limit(ruled, sentence):
    assert ruled(sentence) == []


# sentence, family, action, and the first place or amount the rule names
TAKEN = [
    ("Send at most 10 emails per day.", "rate-limit", "limit", "10 mails"),
    ("No more than 3 API calls per second.", "rate-limit", "limit", "3 calls"),
    ("Wait at least 5 seconds between API calls.", "rate-limit", "limit", "5 s"),
    ("Never make more than 100 requests per hour.", "rate-limit", "limit", "100 calls"),
    ("Spend at most $5 per run.", "budget", "limit", "5 usd"),
    ("Daily budget: $10.", "budget", "limit", "10 usd"),
    ("Use no more than 200k tokens per run.", "budget", "limit", "200000 tokens"),
    (
        "Never write files larger than 10 MB.",
        "resource-limit",
        "limit",
        "1.04858e+07 bytes",
    ),
    ("Limit yourself to 20 tool calls.", "resource-limit", "limit", "20 effects"),
    ("Create at most 50 files per run.", "resource-limit", "limit", "50 files"),
    ("At most one tweet per day.", "rate-limit", "limit", "1 messages"),
]
REFUSED = [
    "Keep posts under 500 characters.",
    "Never spawn more than 3 concurrent.",
    "Keep responses to 3-5 sentences maximum.",
    "Queries finish in under 100 ms.",
    "Free tier covers 100K emails/day.",
]


@pytest.mark.parametrize(("text", "family", "action", "named"), TAKEN)
def test_the_family_takes(drafts_of, text, family, action, named) -> None:
    draft = drafts_of(limits, text)[0]
    assert (draft.family, draft.action.value) == (family, action)
    assert named in drafts_of.named(draft)
    assert draft.meaning


@pytest.mark.parametrize("text", REFUSED)
def test_the_family_refuses(drafts_of, text: str) -> None:
    assert drafts_of(limits, text) == []


def test_a_service_that_is_named_is_counted_alone(ruled):
    (rule,) = ruled("You're allowed 15 GitHub API calls per minute.")
    assert rule.where.hosts == ("github.com", "*.github.com")
    (tweets,) = ruled("No more than 5 tweets a day.")
    assert "api.x.com" in tweets.where.hosts


def test_two_limits_of_one_sentence_are_two(ruled):
    rules = ruled(
        "It is forbidden to send more than 25 emails in a day and more than 5 in one hour."
    )
    assert [(r.params["max"], r.params["per"]) for r in rules] == [
        (25, 86_400),
        (5, 3_600),
    ]


def test_a_heading_of_limits_makes_a_label_one(ruled):
    (rule,) = ruled("Emails: 40 per day", "## Hard limits")
    assert (rule.params["max"], rule.params["unit"]) == (40, "mails")
    assert not ruled("Emails: 40 per day", "## Last year")


@pytest.mark.parametrize(
    "sentence",
    [
        "I post 4-6 posts per day on average.",
        "Max 2 phone calls per lead.",
        "You must not restart nginx more than once an hour.",
        "The server restarts every 24 hours.",
        "Response payloads over 1 MB are truncated by the gateway.",
        "The API allows 100 requests per minute.",
    ],
)
def test_what_is_usual_of_others_or_unseen_is_no_limit(ruled, sentence):
    assert not ruled(sentence)


def test_a_question_is_answered_by_asking(ruled):
    (rule,) = ruled("Deleting more than 3 files in one go? check w/ us")
    assert (rule.effects, rule.params["max"]) == ((EffectKind.FILE_DELETE,), 3)
    assert rule.params["on_exceed"] == "ask"


def test_what_stands_before_a_colon_is_counted(ruled):
    rules = ruled("posts/day: 5", "## Caps")
    assert {rule.params["max"] for rule in rules} == {5}


def test_asking_about_many_does_not_ask_about_one(ruled):
    (rule,) = ruled("Ask before sending more than 10 emails in one go.")
    assert (rule.params["max"], rule.params["on_exceed"]) == (10, "ask")
