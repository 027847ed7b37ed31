"""A rule that is accepted is one that somebody enforces."""

from pathlib import Path

import pytest

from soulguard.errors import PolicySyntaxError
from soulguard.soul.compiler import compile_sources
from soulguard.soul.holding import mistake
from tests.soul.test_form import rules

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("{once: run, effect: file.append}", "`once` does nothing to `file.append`",
         "`file.write`"),
        ("{secret: true, effect: file.read}", "nothing to `file.read`", "`http.call`"),
        ("{trash: true, effect: file.write}", "nothing to `file.write`", "`file.delete`"),
        ("{stamp: run_id, effect: http.call}", "nothing to `http.call`", "`file.write`"),
        ("{resend: true, effect: command.run}", "nothing to `command.run`", "`http.call`"),
        ("{key: true, effect: command.run}", "nothing to `command.run`", "`mail.send`"),
        ("{deny: true, effect: http.call, where: {path: a}}",
         "no `http.call` has all that `where` asks for", "two rules"),
        ("{deny: true, where: {path: a, host: x.com}}", "has all that", "two rules"),
        ("{deny: true, effect: mail.send, where: {method: POST}}", "has all that", ""),
        ("{deny: true, effect: mail.send, except: ['*@x.com']}",
         "`*@x.com` is excepted as a `path`, which `mail.send` has not", "except: {to"),
        ("{effect: mail.send, limit: {max: 1, unit: letters}}",
         "unknown value `letters` of `unit`", "`retries`"),
        ("{effect: mail.send, limit: {max: 1, scope: town}}",
         "unknown value `town` of `scope`", ""),
        ("{effect: mail.send, limit: {max: 1, unit: mails, per: file}}",
         "`per: file` is for a size", "unit: bytes"),
        ("{effect: http.call, limit: {max: 1, per: call}}",
         "`per: call` is for a size", "unit: bytes"),
        ("{effect: file.append, limit: {at_once: 2}}", "`file.append` is over at once",
         "`at_once` holds for `http.call`"),
        ("{effect: [mail.send, file.write], limit: {max: 1, unit: words}}",
         "`file.write`, `file.append`, `file.rename` has no words to count", "`mail.send`"),
        ("{effect: mail.send, limit: {max: 1, unit: words, per: run}}",
         "`words` are of one message", "leave `per` out"),
        ("{deny: true, where: {path: a}, timeout: 5min}",
         "`timeout` is for a rule that asks", "decision: ask"),
    ],
)  # fmt: skip
def test_what_nobody_would_enforce_is_a_mistake(text, message, hint) -> None:
    with pytest.raises(PolicySyntaxError) as error:
        rules(f"  - {text}\n")
    assert message in error.value.message
    assert hint in error.value.hint


@pytest.mark.parametrize(
    "text",
    [
        "{once: run, effect: [file.write, file.append, file.delete]}",
        "{effect: mail.send, limit: {max: 1, per: 1d, scope: recipient}}",
        "{deny: true, effect: mail.send, except: {to: '*@x.com'}}",
        "{ask: true, where: {path: a}, timeout: 5min}",
        "{effect: http.call, limit: {max: 2, unit: retries, per: call}}",
        "{effect: file.write, limit: {max: 10MB, per: file}}",
    ],
)
def test_what_is_enforced_is_none(text) -> None:
    assert all(mistake(rule) == ("", "") for rule in rules(f"  - {text}\n"))


def test_how_long_a_question_waits_is_kept() -> None:
    (rule,) = rules("  - {ask: true, where: {path: a}, timeout: 5min}\n")
    assert rule.params["timeout"] == 300.0


SOULS = (
    ROOT / "docs/policy.md",
    *sorted(ROOT.glob("policies/presets/*.md")),
    *sorted(ROOT.glob("examples/*/SOUL.md")),
)


@pytest.mark.parametrize("file", SOULS, ids=lambda f: f.name)
def test_every_rule_that_ships_or_comes_of_prose_can_hold(file) -> None:
    for rule in compile_sources([file]).policy.rules:
        assert mistake(rule) == ("", ""), rule
