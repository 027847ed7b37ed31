"""The examples of docs/policy.md are policy and cases that can be read."""

import re
from pathlib import Path

from soulguard.soul.cases import read_cases
from soulguard.soul.compiler import compile_sources

PAGE = Path(__file__).parents[2] / "docs" / "policy.md"


def test_the_block_compiles_and_gives_its_rules(tmp_path: Path) -> None:
    file = tmp_path / "SOUL.md"
    file.write_text(PAGE.read_text())
    found = compile_sources([file])
    ids = {r.id for r in found.policy.rules}
    assert {"invoices-once", "no-refunds", "slow-mail", "ask-before-sudo"} <= ids


def test_the_cases_can_be_read(tmp_path: Path) -> None:
    text = re.search(r"```yaml\n(cases:.*?)```", PAGE.read_text(), re.DOTALL)
    assert text
    file = tmp_path / "c.yaml"
    file.write_text(text[1])
    assert len(read_cases(file, tmp_path)) == 2
