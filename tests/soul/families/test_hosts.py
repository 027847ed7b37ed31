"""Sentences about hosts and methods: what each becomes, and which make no such rule."""

import pytest

from soulguard.model import Action, EffectKind
from soulguard.soul import lexicon
from soulguard.soul.families import hosts


@pytest.mark.parametrize(
    ("sentence", "hosts"),
    [
        ("Never call `billing.example.com`.", ("billing.example.com",)),
        ("Do not scrape LinkedIn.", ("linkedin.com", "*.linkedin.com")),
    ],
)
def test_a_named_host_is_refused(ruled, sentence, hosts):
    (rule,) = ruled(sentence)
    assert (rule.family, rule.action) == ("host-deny", Action.DENY)
    assert rule.effects == (EffectKind.HTTP_CALL,)
    assert rule.where.hosts == hosts


@pytest.mark.parametrize(
    "sentence",
    [
        "Only call `api.example.com` and `*.data.example.com`.",
        "Allowed hosts: api.example.com, *.data.example.com",
    ],
)
def test_an_exclusive_list_refuses_all_hosts_but_its_own_and_local_ones(
    ruled, sentence
):
    (rule,) = ruled(sentence)
    assert (rule.family, rule.action) == ("host-allow", Action.DENY)
    assert rule.where.hosts == ()
    assert rule.where.except_hosts[:2] == ("api.example.com", "*.data.example.com")
    assert set(lexicon.classes()["hosts"]["local"]) <= set(rule.where.except_hosts)


@pytest.mark.parametrize(
    ("sentence", "methods"),
    [
        ("Read-only access to api.example.com.", ("POST", "PUT", "PATCH", "DELETE")),
        ("Never POST to api.example.com.", ("POST",)),
        ("Never send PUT or PATCH requests to api.example.com.", ("PUT", "PATCH")),
    ],
)
def test_a_method_is_refused_where_the_sentence_says(ruled, sentence, methods):
    (rule,) = ruled(sentence)
    assert rule.family == "http-method"
    assert (rule.where.hosts, rule.where.methods) == (("api.example.com",), methods)


def test_without_the_network_the_model_can_still_be_asked(ruled):
    (rule,) = ruled("No network access.")
    assert (rule.family, rule.action) == ("host-deny", Action.DENY)
    assert set(lexicon.classes()["hosts"]["model-apis"]) <= set(rule.where.except_hosts)


@pytest.mark.parametrize(
    "sentence",
    [
        "Only visit your allowed domains.",
        "example.com is where our customers shop.",
        "POST requests create a record.",
        "Never call me before noon.",
    ],
)
def test_hosts_nobody_can_name_and_mere_mentions_make_no_rule(ruled, sentence):
    assert ruled(sentence) == []


# sentence, family, action, and the first place or amount the rule names
TAKEN = [
    (
        "Only call api.github.com and api.openai.com.",
        "host-allow",
        "deny",
        "api.github.com",
    ),
    (
        "Never contact hosts other than `api.example.com`.",
        "host-allow",
        "deny",
        "api.example.com",
    ),
    (
        "Never send data to any domain except `*.mycompany.com`.",
        "host-allow",
        "deny",
        "*.mycompany.com",
    ),
    (
        "Network access is limited to api.stripe.com.",
        "host-allow",
        "deny",
        "api.stripe.com",
    ),
    (
        "Do not call the production API at https://api.prod.example.com.",
        "host-deny",
        "deny",
        "api.prod.example.com",
    ),
    (
        "Block all requests to tracking.example.com.",
        "host-deny",
        "deny",
        "tracking.example.com",
    ),
    ("Allowed hosts: api.github.com, pypi.org", "host-allow", "deny", "api.github.com"),
    ("Only talk to Slack and GitHub.", "host-allow", "deny", "slack.com"),
    ("Never post to Twitter.", "host-deny", "deny", "api.twitter.com"),
    ("Do not scrape Facebook or Instagram.", "host-deny", "deny", "*.facebook.com"),
    ("Only use GET requests.", "http-method", "deny", "POST"),
    ("GET only against api.github.com.", "http-method", "deny", "api.github.com"),
    ("Never issue DELETE requests.", "http-method", "deny", "DELETE"),
    (
        "No POST, PUT or DELETE to api.example.com.",
        "http-method",
        "deny",
        "api.example.com",
    ),
]
REFUSED = [
    "Never access resources outside your domains.",
    "STOP, DELETE, EXECUTE.",
    "Netlify builds do not read `a.example.com`.",
]


@pytest.mark.parametrize(("text", "family", "action", "named"), TAKEN)
def test_the_family_takes(drafts_of, text, family, action, named) -> None:
    draft = drafts_of(hosts, text)[0]
    assert (draft.family, draft.action.value) == (family, action)
    assert named in drafts_of.named(draft)
    assert draft.meaning


@pytest.mark.parametrize("text", REFUSED)
def test_the_family_refuses(drafts_of, text: str) -> None:
    assert drafts_of(hosts, text) == []


def test_a_host_that_is_not_contacted_is_not_read_from_either(ruled):
    (rule,) = ruled("Never contact `evil.example.com`.")
    assert rule.where.methods == ()
    (rule,) = ruled("Never send data to `evil.example.com`.")
    assert "GET" not in rule.where.methods
    assert "POST" in rule.where.methods


@pytest.mark.parametrize(
    ("sentence", "methods"),
    [
        ("The REST API may be read (GET) but never written (POST, PUT, DELETE).",
         ("POST", "PUT", "DELETE")),
        ("No PUTs, no DELETEs.", ("PUT", "DELETE")),
    ],
)  # fmt: skip
def test_what_only_reads_is_not_refused_beside_what_writes(ruled, sentence, methods):
    [rule] = ruled(sentence)
    assert (rule.family, rule.where.methods) == ("http-method", methods)
