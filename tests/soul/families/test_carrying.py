"""Sentences about fields and headers: what each becomes, and which are none."""

import pytest

from soulguard.model import Action, EffectKind
from soulguard.soul.families import carrying


@pytest.mark.parametrize(
    ("sentence", "params"),
    [
        ("Every email must have a subject and the `List-Unsubscribe` header.",
         {"fields": ["subject", "List-Unsubscribe"]}),
        ("Mails must always carry a `Reply-To` header.", {"fields": ["Reply-To"]}),
        ('Subject starts with "[scout]".', {"begins": {"subject": "[scout]"}}),
        ('Prefix every subject with "[ops]".', {"begins": {"subject": "[ops]"}}),
        ("Never send an email without a subject.", {"fields": ["subject"]}),
    ],
)  # fmt: skip
def test_a_mail_has_headers(ruled, sentence, params):
    [rule] = ruled(sentence)
    assert (rule.family, rule.action) == ("param-required", Action.REQUIRE)
    assert rule.effects == (EffectKind.MAIL_SEND,)
    assert rule.params == params


@pytest.mark.parametrize(
    ("sentence", "methods", "paths", "params"),
    [
        ("Send the `User-Agent: scout/1.0` header with every request.", (), (),
         {"values": {"User-Agent": "scout/1.0"}}),
        ("EVERY POSTING MUST STATE `cost_center`, `vat_code` AND `approver`.",
         ("POST", "PUT", "PATCH"), ("/**/*posting*", "/**/*posting*/**"),
         {"fields": ["cost_center", "vat_code", "approver"]}),
        ("An order without `client_order_id` must not be sent.", ("POST", "PUT", "PATCH"),
         ("/**/*order*", "/**/*order*/**"), {"fields": ["client_order_id"]}),
        ("All POST bodies must include `tenant_id`.", ("POST",), (),
         {"fields": ["tenant_id"]}),
        ("No request without an `Authorization` header.", (), (),
         {"fields": ["Authorization"]}),
        ("The agent shall include the header `X-Trace-Id` in each call.", (), (),
         {"fields": ["X-Trace-Id"]}),
    ],
)  # fmt: skip
def test_a_request_has_fields(ruled, sentence, methods, paths, params):
    [rule] = ruled(sentence)
    assert (rule.family, rule.effects) == ("param-required", (EffectKind.HTTP_CALL,))
    assert (rule.where.methods, rule.where.url_paths) == (methods, paths)
    assert rule.params == params


@pytest.mark.parametrize(
    "sentence",
    [
        "Every commit must have a `scope`.",
        "Each record has `id` and `name`.",
        "Every email must have a purpose.",
        "An order without `id` is shown in red.",
        "Every request must include a `reason` where useful.",
        "The request has a `status` field.",
        "An invoice has `due_date` and `amount`.",
        "Every ticket has an `owner` or a `team`.",
        "Every posting must state `cost_center` and who agreed.",
    ],
)
def test_what_is_no_field_of_a_call_makes_no_rule(ruled, sentence):
    assert not any(rule.family == carrying.FAMILY for rule in ruled(sentence))
