from pathlib import Path

import pytest

from soulguard.errors import PolicySyntaxError
from soulguard.model import Verdict
from soulguard.soul.cases import read_cases


def cases(tmp_path: Path, text: str):
    file = tmp_path / "cases.yaml"
    file.write_text(text)
    return read_cases(file, tmp_path)


def test_a_case_says_effect_verdict_rule_and_duties(tmp_path: Path) -> None:
    found = cases(
        tmp_path,
        "cases:\n  - {effect: write a, expect: deny, by: SOUL.md:3, with: [once]}\n",
    )
    assert [(c.effect, c.expect, c.by, c.duties) for c in found] == [
        ("write a", Verdict.DENY, "SOUL.md:3", ("once",))
    ]
    assert found[0].span.short == "cases.yaml:2"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("cases:\n  - {effect: write a}\n", "a case needs `expect`"),
        ("cases:\n  - {effect: a, expect: dney}\n", "unknown value `dney`"),
        ("case: []\n", "unknown key `case` in a case file"),
        (
            "cases:\n  - {effect: a, expect: ask, with: [onec]}\n",
            "unknown value `onec`",
        ),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(PolicySyntaxError, match=message):
        cases(tmp_path, text)


def test_an_empty_file_has_no_cases(tmp_path: Path) -> None:
    assert cases(tmp_path, "") == []
