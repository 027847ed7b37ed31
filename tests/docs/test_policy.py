"""The examples of docs/policy.md are policy and cases that can be read."""

import importlib
import re
from pathlib import Path

from soulguard.effects.usage import Usage
from soulguard.soul.cases import read_cases
from soulguard.soul.compiler import compile_sources
from soulguard.supervisor.facts import beside

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "policy.md"


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


def test_whatever_a_sentence_puts_into_a_rule_is_told_here_and_read(
    tmp_path: Path,
) -> None:
    sentences = [
        row[0]
        for name in (ROOT / "tests/soul/families").glob("test_*.py")
        for row in getattr(
            importlib.import_module(f"tests.soul.families.{name.stem}"), "TAKEN", ()
        )
    ]
    sentences += ["Never overwrite existing files.", "Max 3 tweets per hour."]
    assert len(sentences) > 100
    file = tmp_path / "SOUL.md"
    file.write_text("".join(f"- {sentence}\n\n" for sentence in sentences))
    rules = compile_sources([file]).policy.rules
    keys = {key for rule in rules for key in rule.params}
    assert {"existing", "allow_list", "approval", "max", "per", "unit"} <= keys
    page = PAGE.read_text()
    readers = "".join(
        module.read_text()
        for package in ("policy", "supervisor")
        for module in (ROOT / "soulguard" / package).glob("*.py")
    )
    for key in sorted(keys):
        assert re.search(rf"`{key}\b", page), f"docs/policy.md is silent on `{key}`"
        assert f'"{key}"' in readers, f"nobody reads `{key}`"


def test_the_explicit_effects_of_the_page_run_outside_a_run_as_well():
    pattern = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
    (code,) = pattern.findall(PAGE.read_text())
    names = {}
    exec(code, names)
    assert names["ship"]({"id": "a"}) == {"parcel": "P-a"}
    assert names["receipt"] == {"parcel": "P-18"}


def test_the_facts_of_the_page_can_be_read(tmp_path: Path) -> None:
    for name in ("providers", "prices"):
        (text,) = re.findall(rf"```yaml\n({name}:.*?)```", PAGE.read_text(), re.DOTALL)
        (tmp_path / f"soulguard.{name}.yaml").write_text(text)
    facts = beside(tmp_path, ROOT / "policies")
    assert facts.providers.named("billing").window == 86400
    assert facts.prices.usd(Usage("our-model", 1_000_000, 0)) == 0.2
