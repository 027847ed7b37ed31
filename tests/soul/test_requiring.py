"""The key `require` takes what can be met, and says what it does not take."""

import pytest

from soulguard.errors import PolicySyntaxError
from soulguard.model import Action, EffectKind
from tests.soul.test_form import rules


def test_times_are_read_in_one_way_of_writing() -> None:
    [rule] = rules(
        "  - effect: mail.send\n"
        "    require: {hours: Mon-Fri 9:00-18:00, quiet: [Fri, 12:00-13:00], zone: UTC}\n"
    )
    assert (rule.action, rule.effects) == (Action.REQUIRE, (EffectKind.MAIL_SEND,))
    assert {k: v for k, v in rule.params.items() if k != "precedence"} == {
        "hours": ["mon-fri 09:00-18:00"], "quiet": ["fri", "12:00-13:00"], "zone": "UTC",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{future: true}", "`future` is of `fields`"),
        ("{repository: false}", "`require` asks for nothing"),
        ("{variables: CI}", "`variables` must map names to values"),
        ("{lines: none}", "`none` is not a number of lines"),
        ("{folder: web/}", "`mail.send` has no `folder`"),
        ("{hours: soon}", "`soon` is not a time such as"),
        ("{zone: UTC}", "`zone` is of `hours` or `quiet`"),
        ("{zone: Nowhere/Atall, hours: Fri}", "is no zone this system knows"),
        ("{ours: Fri}", "unknown key `ours` in `require`"),
    ],
)
def test_a_mistake_is_told_with_its_line(text, message) -> None:
    with pytest.raises(PolicySyntaxError) as found:
        rules(f"  - effect: mail.send\n    require: {text}\n")
    assert message in str(found.value)
    assert "p.yaml:" in str(found.value)


def test_parts_of_commands_and_calls_are_read() -> None:
    [one, two] = rules(
        "  - where: {command: npm}\n"
        "    require: {folder: web/, repository: yes, lines: 1, variables: {CI: 1}}\n"
        "  - {where: {host: x.com, method: POST}, require: {fields: dueAt, future: true}}\n"
    )
    assert one.effects == (EffectKind.COMMAND_RUN,)
    assert {k: v for k, v in one.params.items() if k != "precedence"} == {
        "folder": ["web/"], "repository": True, "lines": 1, "variables": {"CI": "1"},
    }  # fmt: skip
    assert two.effects == (EffectKind.HTTP_CALL,)
    assert (two.params["fields"], two.params["future"]) == (["dueAt"], True)


def test_what_is_carried_and_who_is_listed() -> None:
    [one] = rules(
        "  - effect: mail.send\n"
        "    require: {begins: {subject: '[x]'}, absent: [cc, bcc], recipients: 1,\n"
        "              unlisted: no.csv, unmet: ask}\n"
    )
    assert one.params["begins"] == {"subject": "[x]"}
    assert one.params["absent"] == ["cc", "bcc"]
    assert (one.params["recipients"], one.params["unlisted"]) == (1, ["no.csv"])
    assert one.params["unmet"] == "ask"
