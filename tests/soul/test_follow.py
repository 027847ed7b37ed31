import pytest

from soulguard.model import Span
from soulguard.soul.builtin import every_class
from soulguard.soul.clauses import Clause
from soulguard.soul.drafts import World
from soulguard.soul.follow import follow
from soulguard.soul.reading import read


def asked(text: str):
    clause = Clause(text, Span("SOUL.md", 1), "para", (), (), 0, 1)
    return follow(read(clause), World(every_class()), ())


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("Source code edits are the exception.", "**/*.log"),
        ("The only exception is `scratch/`.", "scratch/"),
        ("Exceptions: `a.txt` and `b.txt`.", "a.txt"),
        ("`cache/` is exempt.", "cache/"),
        ("This does not apply to logs.", "**/*.log"),
    ],
)
def test_an_exception_names_what_it_takes_out(text: str, path: str) -> None:
    found = asked(text)
    assert found is not None
    assert not found.scope
    assert path in found.paths or any("py" in p for p in found.paths)


def test_a_scope_takes_nothing_out() -> None:
    found = asked("Applies to local files and remote keys.")
    assert found is not None
    assert found.scope
    assert found.paths == ()


@pytest.mark.parametrize("text", ["My mother is the exception.", "Never write `a`."])
def test_other_sentences_do_not_follow(text: str) -> None:
    assert asked(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "You only write to ada@x.example. Not to sources, not to readers.",
        "Send it only to ada@x.example. Do not forward or CC it to any other address.",
        "Only call api.x.example. Do not attempt to reach other endpoints.",
        "Nothing goes out before I said yes. Mail, telegram, it doesn't matter.",
    ],
)
def test_what_says_it_again_is_part_of_the_rule_before(compile_text, text):
    one, two = compile_text(f"- {text}\n").sentences
    assert two.rules == one.rules
    assert two.meaning == "part of the rule before it"


def test_others_of_another_kind_are_not_part_of_it(compile_text):
    found = compile_text("- Only write to ada@x.example. No other rules apply.\n")
    assert all(s.meaning != "part of the rule before it" for s in found.sentences)
