import pytest

from soulguard.model import Action, EffectKind
from soulguard.soul import lexicon


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
