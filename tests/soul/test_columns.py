import pytest

from soulguard.model import Span
from soulguard.soul.clauses import Clause
from soulguard.soul.columns import statements
from soulguard.soul.modality import Modality

DENY, ASK, ALLOW = Modality.DENY, Modality.ASK, Modality.ALLOW


def row(head: str, cells: str) -> list[tuple[str, Modality]]:
    names, said = (tuple(t.strip() for t in text.split("|")) for text in (head, cells))
    return statements(
        Clause(cells, Span("SOUL.md", 1), "table", (), (), 0, 0, said, names)
    )


@pytest.mark.parametrize(
    ("head", "cells", "said"),
    [
        ("Do | Don't", "`make` | `rm -rf`", [("`rm -rf`", DENY)]),
        ("Allowed | Ask first", "`ls` | `git push`", [("`ls`", ALLOW), ("`git push`", ASK)]),
        ("Action | Ask first | Never", "Force push | | \u2713", [("Force push", DENY)]),
        ("Path | Read | Write", "`a/` | yes | no", [("read `a/`", ALLOW), ("write `a/`", DENY)]),
    ],
)  # fmt: skip
def test_a_cell_is_said_with_what_its_column_says(head, cells, said):
    assert row(head, cells) == said


@pytest.mark.parametrize(
    ("head", "cells"),
    [
        ("Name | Role", "Ada | writes"),
        ("Path | Read | Write", "`a/` | yes | yes"),
        ("Step | Why", "Never push | it breaks"),
        ("Command | Allowed", "`ls` | yes"),
    ],
)
def test_other_tables_say_nothing_by_columns(head, cells):
    assert row(head, cells) == []
