import json
from pathlib import Path

import pytest

from soulguard.errors import (
    EmptyPolicyError,
    PolicySyntaxError,
    SourceEncodingError,
    SourceMissingError,
)
from soulguard.model import Action, EffectKind, Grade, OnDuplicate, Policy
from soulguard.soul.compilation import Compilation
from soulguard.soul.compiler import MAX_SENTENCES, compile_sources, digest

ARTICLE = """# Agent

## Idempotency Rule
Before creating any output, check if it already exists for this run_id.
Never write twice to the same output path in a single run.
"""


def test_the_articles_rule_is_two_write_once_sentences(compile_text) -> None:
    found = compile_text(ARTICLE)
    assert [s.text for s in found.sentences] == [
        "Before creating any output, check if it already exists for this run_id.",
        "Never write twice to the same output path in a single run.",
    ]
    for sentence, line in zip(found.sentences, (4, 5), strict=True):
        assert sentence.family == "write-once"
        assert sentence.grade is Grade.PROCESS
        assert (sentence.span.line, sentence.span.column) == (line, 1)
    once = [r for r in found.policy.rules if r.action is Action.ONCE]
    assert len(once) == 2
    assert once[0].where.paths == ("**",)
    assert "**/.git/**" in once[0].where.except_paths
    assert EffectKind.FILE_DELETE in once[0].effects
    assert once[0].source.span.short == "SOUL.md:4"
    assert found.own == 2


def test_a_rule_keeps_its_id_when_other_text_moves_it(compile_text) -> None:
    before = [r.id for r in compile_text(ARTICLE).policy.rules]
    after = [r.id for r in compile_text("A line.\n\n" + ARTICLE).policy.rules]
    assert before == after


def test_equal_rules_have_equal_digests_whatever_the_file_looks_like(
    compile_text,
) -> None:
    one = compile_text(ARTICLE).policy
    two = compile_text("# Other title\n\nSome words.\n" + ARTICLE).policy
    other = compile_text(ARTICLE + "\nAll writes must be atomic.\n").policy
    assert one.digest == two.digest
    assert one.digest == digest(one.rules)
    assert one.digest != other.digest


def test_a_compilation_comes_back_from_json(compile_text) -> None:
    found = compile_text(ARTICLE + "\n- Always be kind.\n")
    again = Compilation.from_json(json.loads(json.dumps(found.to_json())))
    assert again == found
    assert (
        Policy.from_json(json.loads(json.dumps(found.policy.to_json()))) == found.policy
    )


def test_the_identity_files_and_the_ledger_are_always_protected(compile_text) -> None:
    rules = {r.id: r for r in compile_text(ARTICLE).policy.rules}
    assert rules["builtin.identity"].action is Action.DENY
    assert "SOUL.md" in rules["builtin.identity"].where.paths
    assert rules["builtin.ledger"].where.paths == (".soulguard/**",)
    assert rules["builtin.calls"].action is Action.KEY
    assert rules["builtin.calls"].source.span.file == "policies/defaults.yaml"
    assert rules["builtin.calls"].source.span.line > 1


def test_a_source_elsewhere_is_an_identity_file_too(tmp_path: Path) -> None:
    rules = tmp_path / "rules" / "house.md"
    rules.parent.mkdir()
    rules.write_text(ARTICLE)
    found = compile_sources([rules], root=tmp_path)
    fixed = next(r for r in found.policy.rules if r.id == "builtin.identity")
    assert "rules/house.md" in fixed.where.paths
    assert found.files_read == ("rules/house.md",)


def test_a_fence_is_read_with_the_lines_of_the_file(compile_text) -> None:
    found = compile_text(
        """# Agent

- a list

  ```soulguard
  rules:
    - id: invoices-once
      effect: file.write
      where: {path: "out/invoices/**"}
      once: run
      on_duplicate: skip
  ```
"""
    )
    rule = next(r for r in found.policy.rules if r.id == "invoices-once")
    assert rule.action is Action.ONCE
    assert rule.on_duplicate is OnDuplicate.SKIP
    assert rule.where.paths == ("out/invoices/**",)
    assert (rule.source.span.line, rule.source.span.column) == (7, 7)
    assert found.errors == ()


@pytest.mark.parametrize("info", ["soulguard", "yaml soulguard", "soulguard v1"])
def test_fences_say_that_they_hold_rules(compile_text, info: str) -> None:
    found = compile_text(f"```{info}\nrules:\n  - once: run\n```\n")
    assert found.own == 1


def test_other_fences_are_not_policy(compile_text) -> None:
    found = compile_text(ARTICLE + "```yaml\nrules: [}\n```\nNever: ok\n")
    assert found.own == 2
    assert found.errors == ()


def test_invalid_yaml_names_the_line_in_the_file(compile_text) -> None:
    found = compile_text("# A\n\ntext\n\n```soulguard\nrules:\n  - id: [\n```\n")
    error = found.errors[0]
    assert error.slug == "policy-syntax"
    assert error.span.line in (7, 8)
    assert "not valid YAML" in error.message


def test_an_unknown_key_is_refused_with_the_nearest_known_one(compile_text) -> None:
    found = compile_text(
        "```soulguard\nrules:\n  - efect: file.write\n    once: run\n```\n"
    )
    error = found.errors[0]
    assert error.message == "unknown key `efect` in a rule"
    assert error.hint == "did you mean `effect`?"
    assert (error.span.line, error.span.column) == (3, 5)


def test_compiling_for_a_run_raises_the_first_mistake(tmp_path: Path) -> None:
    file = tmp_path / "SOUL.md"
    file.write_text("```soulguard\nrules:\n  - effect: mailman\n    deny: true\n```\n")
    with pytest.raises(PolicySyntaxError, match="unknown effect named `mailman`") as e:
        compile_sources([file])
    assert e.value.where == "SOUL.md:3:13"


def test_a_missing_file_says_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(SourceMissingError, match="no such rule file") as error:
        compile_sources([tmp_path / "SOUL.md"])
    assert "soulguard init" in error.value.hint


def test_a_folder_is_no_rule_file(tmp_path: Path) -> None:
    with pytest.raises(SourceMissingError, match="is a folder"):
        compile_sources([tmp_path], root=tmp_path)


def test_a_file_that_is_not_utf8_is_refused_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "SOUL.md"
    file.write_bytes(b"ok\nna\xefve\n")
    with pytest.raises(SourceEncodingError, match="byte 0xef is not UTF-8") as error:
        compile_sources([file])
    assert error.value.where == "SOUL.md:2:3"


def test_a_policy_without_a_single_rule_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "SOUL.md"
    file.write_text("# Me\n\nAlways be kind.\n")
    with pytest.raises(EmptyPolicyError, match="not a single rule"):
        compile_sources([file])


def test_what_is_no_rule_for_a_guard_is_listed_with_the_reason(compile_text) -> None:
    found = compile_text(ARTICLE + "\n- Always be kind.\n- I like tea.\n")
    rest = [s for s in found.sentences if not s.rules]
    assert [s.text for s in rest] == ["Always be kind."]
    assert rest[0].grade is Grade.ADVISORY
    assert rest[0].reason


def test_agents_md_and_policy_files_are_compiled_together(tmp_path: Path) -> None:
    (tmp_path / "SOUL.md").write_text(ARTICLE)
    (tmp_path / "AGENTS.md").write_text("All file writes must be atomic.\n")
    (tmp_path / "soulguard.yaml").write_text(
        "rules:\n  - {deny: true, where: {path: x}}\n"
    )
    names = ("SOUL.md", "AGENTS.md", "soulguard.yaml")
    found = compile_sources([tmp_path / n for n in names], generation=7)
    assert found.files_read == names
    assert found.policy.generation == 7
    actions = {r.action for r in found.policy.rules[: found.own]}
    assert actions == {Action.ONCE, Action.ATOMIC, Action.DENY}


def test_carriage_returns_and_a_byte_order_mark_do_not_move_anything(
    tmp_path: Path,
) -> None:
    file = tmp_path / "SOUL.md"
    file.write_bytes(b"\xef\xbb\xbf" + ARTICLE.replace("\n", "\r\n").encode())
    found = compile_sources([file])
    assert [s.span.line for s in found.sentences] == [4, 5]


def test_a_sentence_beside_a_rule_is_not_passed_over(compile_text) -> None:
    found = compile_text(
        "Growth is additive. Never delete `a.md`.\n\nI like tea a lot.\n"
    )
    assert [(s.text, bool(s.rules)) for s in found.sentences] == [
        ("Growth is additive.", False),
        ("Never delete `a.md`.", True),
    ]


@pytest.mark.parametrize(
    "text",
    ["`dist/` is generated. Do not edit it.", "See `dist/`. Never touch that folder."],
)
def test_it_is_what_the_sentence_before_named(compile_text, text):
    found = compile_text(f"{text}\n")
    [rule] = found.policy.rules[: found.own]
    assert rule.where.paths == ("dist/",)


def test_that_file_is_nothing_where_none_was_named(compile_text):
    assert compile_text("Never touch that file.\n").own == 0


def test_a_heading_may_guard_the_file_it_stands_in(compile_text):
    found = compile_text("## Core (do not modify without approval)\n\nBe kind.\n")
    [rule] = found.policy.rules[: found.own]
    assert (rule.action, rule.where.paths) == (Action.ASK, ("SOUL.md",))


def test_a_file_beyond_reason_is_an_error_where_reading_ends(compile_text):
    found = compile_text("- Never write `a/`.\n" * (MAX_SENTENCES + 3))
    [error] = found.errors
    assert error.span.line == MAX_SENTENCES + 1
    assert "5000 sentences" in error.message
    assert compile_text("- Never write `a/`.\n" * MAX_SENTENCES).errors == ()
