"""The YAML form: every key, its meaning, and every mistake with its place."""

import pytest

from soulguard.errors import PolicySyntaxError
from soulguard.model import Action, EffectKind, OnDuplicate
from soulguard.soul.builtin import classes
from soulguard.soul.form import read_form
from soulguard.soul.yamlnodes import Place


def rules(text: str):
    return read_form(
        "rules:\n" + text, Place("p.yaml"), classes(), precedence=1, prefix="p"
    )


def test_one_rule_gives_one_rule_per_thing_it_asks_for() -> None:
    found = rules("  - {id: x, once: run, atomic: true, stamp: run_id}\n")
    assert [(r.id, r.action) for r in found] == [
        ("x", Action.ONCE), ("x.stamp", Action.STAMP), ("x.atomic", Action.ATOMIC),
    ]  # fmt: skip
    for rule in found:
        assert rule.where.paths == ("**",)
        assert "**/.git/**" in rule.where.except_paths
        assert rule.params["precedence"] == 1


@pytest.mark.parametrize(
    ("text", "effects"),
    [
        (
            "{deny: true, where: {path: a}}",
            ("file.write", "file.append", "file.rename"),
        ),
        ("{deny: true, where: {commands: [rm]}}", ("command.run",)),
        ("{deny: true, where: {host: x.com}}", ("http.call", "mail.send")),
        ("{key: true, where: {methods: [post]}}", ("http.call",)),
        ("{trash: true}", ("file.delete",)),
        ("{ask: true, effect: mail.send}", ("mail.send",)),
        ("{record: true, effect: [file.read, http.call]}", ("file.read", "http.call")),
    ],
)
def test_the_effect_follows_from_the_place_where_none_is_said(text, effects) -> None:
    assert tuple(k.value for k in rules(f"  - {text}\n")[0].effects) == effects


def test_where_and_except_narrow() -> None:
    found = rules(
        "  - deny: true\n    effect: http.call\n"
        "    where: {hosts: ['*.x.com'], methods: [post], url: /v1/**, except: a.x.com}\n"
    )[0]
    assert found.where.hosts == ("*.x.com",)
    assert found.where.methods == ("POST",)
    assert found.where.url_paths == ("/v1/**",)
    assert found.where.except_hosts == ("a.x.com",)


def test_except_is_read_as_what_the_rule_speaks_of() -> None:
    paths = rules("  - {deny: true, where: {path: '**'}, except: [a, b]}\n")[0]
    commands = rules("  - {deny: true, where: {command: sudo}, except: sudo ls}\n")[0]
    assert paths.where.except_paths == ("a", "b")
    assert commands.where.except_commands == ("sudo ls",)
    [other] = rules("  - {deny: true, where: {host: '::1', to: A@x.com}}\n")
    assert other.where.hosts == ("::1", "A@x.com")


def test_limits_read_amounts_as_people_write_them() -> None:
    found = rules(
        "  - {effect: mail.send, limit: {max: 10, per: 1d, on_exceed: ask}}\n"
    )
    assert found[0].params == {
        "max": 10.0, "per": 86400.0, "on_exceed": "ask", "precedence": 1,
    }  # fmt: skip
    gap = rules("  - {effect: http.call, limit: {gap: 2min}}\n")[0]
    assert gap.params["gap"] == 120.0


def test_on_duplicate_is_kept() -> None:
    found = rules("  - {once: run, on_duplicate: warn, where: {path: a}}\n")[0]
    assert found.on_duplicate is OnDuplicate.WARN
    assert EffectKind.FILE_DELETE in found.effects


def test_named_lists_may_be_the_files_own() -> None:
    text = "classes: {mine: [a, b]}\nrules:\n  - {deny: true, where: {class: mine}}\n"
    found = read_form(text, Place("p.yaml"), {}, precedence=1, prefix="p")
    assert found[0].where.paths == ("a", "b")


@pytest.mark.parametrize(
    ("text", "where", "message", "hint"),
    [
        ("  - {onec: run}\n", "p.yaml:2:6", "unknown key `onec` in a rule", "`once`"),
        ("  - {once: day}\n", "p.yaml:2:12", "unknown value `day` of `once`", "`run`"),
        ("  - {id: x}\n", "p.yaml:2:5", "rule `x` asks for nothing", "once: run"),
        ("  - {deny: true}\n", "p.yaml:2:5", "a rule needs `effect` or `where`", ""),
        ("  - {deny: maybe, where: {path: a}}\n", "p.yaml:2:12", "must be `true`", ""),
        ("  - {deny: true, ask: true, where: {path: a}}\n", "p.yaml:2:18",
         "a rule has one decision", "two rules"),
        ("  - {deny: true, where: {clas: x}}\n", "p.yaml:2:26", "unknown key `clas`",
         "`class`"),
        ("  - {deny: true, where: {class: secret}}\n", "p.yaml:2:33",
         "unknown class `secret`", ""),
        ("  - {determinism: time}\n", "p.yaml:2:19",
         "unknown value `time` of `determinism`", "`uuid`, `random`"),
        ("  - {determinism: uuid, where: {path: a}}\n", "p.yaml:2:25",
         "`determinism` holds for the whole run", "leave `where` out"),
        ("  - {deny: true, effect: custom}\n", "p.yaml:2:26",
         "effect named `custom`", ""),
        ("  - {effect: mail.send, limit: {per: 1h}}\n", "p.yaml:2:32",
         "a limit needs `max`, `gap` or `at_once`", ""),
        ("  - {effect: mail.send, limit: {max: many}}\n", "p.yaml:2:38",
         "`many` is not a number", ""),
        ("  - {deny: true, deny: true, where: {path: a}}\n", "p.yaml:2:18",
         "key `deny` stands twice", ""),
        ("  - deny\n", "p.yaml:2:5", "a rule must be a mapping", ""),
        ("  - {deny: true, where: {host: 'localhost:80'}}\n", "p.yaml:2:32",
         "`localhost:80` is no host", "`localhost`"),
        ("  - {deny: true, where: {hosts: [a.b, 'https://X.com/v1']}}\n",
         "p.yaml:2:39", "`https://X.com/v1` is no host", "`x.com`"),
        ("  - {deny: true, where: {method: POST, except: 'a.b:1'}}\n", "p.yaml:2:48",
         "`a.b:1` is no host", "`a.b`"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_place(text, where, message, hint) -> None:
    with pytest.raises(PolicySyntaxError) as error:
        rules(text)
    assert error.value.where == where
    assert message in error.value.message
    assert hint in error.value.hint


@pytest.mark.parametrize(
    "said", ["[uuid, random]", "'uuid, random'", "[random, uuid, uuid]"]
)
def test_determinism_names_what_is_drawn_from_the_run(said) -> None:
    (found,) = rules(f"  - determinism: {said}\n")
    assert (found.action, found.effects) == (Action.SEED, ())
    assert found.params["sources"] == ["random", "uuid"]


def test_every_rule_that_is_wrong_is_told_and_the_others_are_read() -> None:
    text = "rules:\n  - {onec: run}\n  - {deny: true, where: {path: a}}\n  - {id: b}\n"
    told: list[PolicySyntaxError] = []
    [rule] = read_form(
        text, Place("p.yaml"), {}, precedence=1, prefix="p", complain=told.append
    )
    assert rule.where.paths == ("a",)
    assert [error.where for error in told] == ["p.yaml:2:6", "p.yaml:4:5"]
