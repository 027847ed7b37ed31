"""Sentences that count one named thing: what each becomes, and which make no rule."""

import pytest

from soulguard.model import Action, EffectKind
from soulguard.soul.families import counted

RUN, CALL = EffectKind.COMMAND_RUN, EffectKind.HTTP_CALL


@pytest.mark.parametrize(
    ("sentence", "command", "most", "per"),
    [
        ("At most 2 codex calls per run.", "codex", 2, "run"),
        ("After 2 Codex delegations in one session, start a fresh session with /new.",
         "codex", 2, "run"),
        ("After 3 claude invocations in one session, start a fresh session.", "claude",
         3, "run"),
        ("No more than two `claude` invocations per cycle.", "claude", 2, "run"),
        ("Call `terraform apply` at most twice per run.", "terraform apply", 2, "run"),
        ("Never run `npm publish` more than 3 times per hour.", "npm publish", 3, 3600),
    ],
)  # fmt: skip
def test_a_command_is_counted(ruled, sentence, command, most, per):
    [rule] = ruled(sentence)
    assert (rule.action, rule.effects) == (Action.LIMIT, (RUN,))
    assert rule.where.commands == (command,)
    assert dict(rule.params) == {"max": most, "unit": "commands", "per": per}
    assert rule.family == ("resource-limit" if per == "run" else "rate-limit")


@pytest.mark.parametrize(
    ("sentence", "command"),
    [("Run `terraform apply` at most once per session.", "terraform apply"),
     ("At most one `terraform apply` per run.", "terraform apply"),
     ("One codex call per session.", "codex"),
     ("`terraform apply`: once per run, never more.", "terraform apply"),
     ("One deploy per session, no more.",
      "kubectl apply|create|replace|rollout|scale|set|patch"),
     ("Max one deploy per run.", "kubectl apply|create|replace|rollout|scale|set|patch")],
)  # fmt: skip
def test_what_is_to_happen_once_is_not_done_again_after_a_restart(
    ruled, sentence, command
):
    limit, once = ruled(sentence)
    assert (limit.action, limit.params["max"]) == (Action.LIMIT, 1)
    assert once.action is Action.ONCE
    assert limit.where.commands[0] == once.where.commands[0] == command


@pytest.mark.parametrize(
    ("sentence", "host", "most", "per"),
    [
        ("No more than 5 calls to api.example.com per session.", "api.example.com", 5,
         "run"),
        ("Never call Stripe more than 3 times per run.", "api.stripe.com", 3, "run"),
        ("Never make more than 5 requests to api.example.com.", "api.example.com", 5,
         "run"),
        ("Limit Stripe calls to 10 per run.", "api.stripe.com", 10, "run"),
        ("Call the OpenAI API at most 20 times per run.", "api.openai.com", 20, "run"),
        ("Max 10 Stripe calls per session.", "api.stripe.com", 10, "run"),
        ("api.example.com: max 60 requests per hour", "api.example.com", 60, 3600),
    ],
)  # fmt: skip
def test_calls_to_a_service_are_counted(ruled, sentence, host, most, per):
    [rule] = ruled(sentence)
    assert (rule.action, rule.effects, rule.where.hosts) == (
        Action.LIMIT, (CALL,), (host,),
    )  # fmt: skip
    assert dict(rule.params) == {"max": most, "unit": "calls", "per": per}


@pytest.mark.parametrize(
    ("sentence", "most"),
    [("Do not post more than once per thread per cycle", 1),
     ("Never reply more than twice in the same thread.", 2),
     ("One reply per thread.", 1),
     ("Only reply once per conversation.", 1),
     ("At most 3 comments per issue.", 3)],
)  # fmt: skip
def test_messages_of_one_thread_are_counted(ruled, sentence, most):
    [rule] = ruled(sentence)
    assert (rule.family, rule.params["scope"]) == ("rate-limit", "thread")
    assert (rule.params["max"], rule.params["per"]) == (most, "run")


@pytest.mark.parametrize(
    "sentence",
    [
        "ONE exec call to delegate.",
        "ONE question per message.",
        "Never ask more than two questions per session.",
        "Post at most one summary per topic.",
        "After 2 failed codex attempts in one session, start over.",
        "Do not change your mind more than once per run.",
        "Max 5 API calls per run.",
        "After two hours of work, take a break.",
    ],
)
def test_what_has_no_name_of_its_own_is_not_counted_here(drafts_of, sentence):
    assert drafts_of(counted, sentence) == []
