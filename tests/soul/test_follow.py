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
