import pytest

from soulguard.soul.families import retries

TAKEN = [
    ("Max 5 retries.", "5 retries"),
    ("Retry failed requests at most three times.", "3 retries"),
    ("Do not retry more than twice.", "2 retries"),
    ("At most 3 attempts per request.", "2 retries"),
    ("After two failures, give up and ask.", "1 retries"),
    ("If a call fails 3 times, stop.", "2 retries"),
    ("On a logic error: self-correct once, then escalate.", "1 retries"),
    ("Retry 2-4 times, then stop.", "4 retries"),
    ("Failed jobs are never retried.", "0 retries"),
    ("Do not retry failed payments.", "0 retries"),
]
REFUSED = [
    "Never retry blindly.",
    "Do not retry without a new idea.",
    "Try three approaches before asking.",
    "You must have seen a command fail at least 3 times.",
    "Try new things twice a week.",
    "Block a login after 5 failed attempts by users.",
    "Never stop trying.",
    "Fix one thing at a time.",
]


@pytest.mark.parametrize(("text", "named"), TAKEN)
def test_the_family_takes(drafts_of, text: str, named: str) -> None:
    (draft,) = drafts_of(retries, text)
    assert draft.family == "retry-limit"
    assert named in drafts_of.named(draft)


@pytest.mark.parametrize("text", REFUSED)
def test_the_family_refuses(drafts_of, text: str) -> None:
    assert drafts_of(retries, text) == []


def test_the_heading_above_may_say_never(ruled) -> None:
    (rule,) = ruled("Retry more than 3 times", under="## Never do")
    assert rule.params == {"max": 3, "unit": "retries", "per": "call"}


@pytest.mark.parametrize(
    ("sentence", "times"),
    [
        ("Give up after the 4th try.", 3),
        ("A fax that fails is repeated once.", 1),
        ("If an API call fails try it again two times, then abort.", 2),
        ("Never attempt a payment a second time.", 0),
        ("Do not retry quietly.", 0),
    ],
)
def test_a_further_try_is_said_in_many_ways(ruled, sentence, times):
    (rule,) = ruled(sentence)
    assert (rule.family, rule.params["max"]) == ("retry-limit", times)


@pytest.mark.parametrize(
    "sentence", ["Repeat the question once.", "We sent it again twice last year."]
)
def test_what_did_not_fail_is_no_retry(ruled, sentence):
    assert not ruled(sentence)
