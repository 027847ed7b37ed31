"""Sentences about external actions: what each becomes, and which make no such rule."""

import pytest

from soulguard.model import Action, EffectKind
from soulguard.soul import lexicon
from soulguard.soul.families import external


def test_client_mail_and_calls_wait_for_approval(ruled):
    rules = ruled("Never send client-facing communications without explicit approval.")
    assert {(r.family, r.action) for r in rules} == {("ask-external", Action.ASK)}
    assert {r.effects for r in rules} == {
        (EffectKind.MAIL_SEND,), (EffectKind.HTTP_CALL,),
    }  # fmt: skip


@pytest.mark.parametrize("sentence", ["Don't tweet.", "Never publish a blog post."])
def test_posting_is_every_unsafe_call_to_an_outside_host(ruled, sentence):
    (rule,) = ruled(sentence)
    assert (rule.family, rule.action) == ("external-deny", Action.DENY)
    assert "POST" in rule.where.methods
    assert "GET" not in rule.where.methods


def test_local_hosts_and_model_apis_are_not_outside(ruled):
    (rule,) = ruled("Confirm before publishing a blog post.")
    hosts = lexicon.classes()["hosts"]
    near = {*hosts["local"], *hosts["model-apis"]}
    assert near <= set(rule.where.except_hosts)


def test_a_named_service_stands_for_its_hosts(ruled):
    rule = ruled("Ask before posting to Slack.")[0]
    assert (rule.family, rule.action) == ("ask-external", Action.ASK)
    assert rule.where.hosts == ("slack.com", "*.slack.com")


def test_the_approval_is_kept_in_the_words_of_the_sentence(ruled):
    (rule,) = ruled("Do not submit applications without my approval.")
    assert rule.params == {"approval": "without my approval"}


@pytest.mark.parametrize(
    "sentence",
    [
        "Never send unpolished drafts.",
        "Be careful with external actions.",
        "Send a friendly reply.",
        "Post-mortems are blameless.",
    ],
)
def test_words_nobody_can_check_and_warnings_make_no_rule(ruled, sentence):
    assert ruled(sentence) == []


# sentence, family, action, and the first place or amount the rule names
TAKEN = [
    ("Never post to Twitter.", "external-deny", "deny", "api.twitter.com"),
    ("Ask before sending any email.", "ask-external", "ask", ""),
    ("Do not send emails without my approval.", "ask-external", "ask", ""),
    ("Never tweet.", "external-deny", "deny", "POST"),
    ("No social media posts without sign-off.", "ask-external", "ask", "POST"),
    ("Get my OK before posting anything publicly.", "ask-external", "ask", "POST"),
    ("All outbound messages require human approval.", "ask-external", "ask", ""),
    ("Never message customers directly.", "external-deny", "deny", ""),
    ("Emails go out only after I approve them.", "ask-external", "ask", ""),
    ("Confirm with me before you publish.", "ask-external", "ask", ""),
    ("Do not publish until Anna has signed off.", "ask-external", "ask", ""),
    ("You must not contact clients.", "external-deny", "deny", ""),
    ("I will never send an email on my own.", "ask-external", "ask", ""),
    ("Never publish anything without my explicit go-ahead.", "ask-external", "ask", ""),
]
REFUSED = [
    "Never send half-baked replies.",
    "Don't post spoilers.",
    "Be careful with external actions.",
    "Never share information between clients.",
]


@pytest.mark.parametrize(("text", "family", "action", "named"), TAKEN)
def test_the_family_takes(drafts_of, text, family, action, named) -> None:
    draft = drafts_of(external, text)[0]
    assert (draft.family, draft.action.value) == (family, action)
    assert named in drafts_of.named(draft)
    assert draft.meaning


@pytest.mark.parametrize("text", REFUSED)
def test_the_family_refuses(drafts_of, text: str) -> None:
    assert drafts_of(external, text) == []
