from pathlib import Path

import pytest

from soulguard.cli.check_report import report, totals_of
from soulguard.soul.compiler import examine


@pytest.fixture
def page(tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def lines(text: str, *, every: bool = False) -> str:
        file = tmp_path / "SOUL.md"
        file.write_text(text)
        return "\n".join(report(examine([file]), every=every))

    return lines


def test_what_only_describes_is_counted_and_shown_on_demand(page) -> None:
    text = "- Never write `out/a.md`.\n- Search for it.\n- Do not crash.\n"
    out = page(text)
    assert "SOUL.md: 1 line describes or advises; `--all` shows them" in out
    assert "Search for it." not in out
    assert out.endswith("1 of 2 rule sentences is enforced, 1 is not")
    assert "Search for it." in page(text, every=True)


def test_sentences_are_shown_without_their_markup(page) -> None:
    out = page("**Never** write `a.md`.\n\n_This file is yours to evolve. So be it._\n")
    assert "process  Never write `a.md`." in out
    assert "process  This file is yours to evolve." in out


def test_a_protection_that_a_sentence_made_milder_is_told_as_such(page) -> None:
    out = page("When you change this file, tell me.\n")
    always = " ".join(out.partition("always")[2].split())
    assert (
        "built in A change of `SOUL.md` by the agent waits for a person (SOUL.md:1"
        in always
    )
    assert "tell me" not in always


def test_lists_that_rules_use_are_shown_as_people_write_hosts(page) -> None:
    out = page("Never post anything anywhere.\n\nNever force push.\n")
    assert "  outside hosts: all but those of `local` and `model-apis`" in out
    assert "::1, [::1], 0.0.0.0" in out
    assert "*.deepseek.com, ..." in out
    assert "api.x.ai" in page("Never post anything anywhere.\n", every=True)


def test_what_would_hold_stands_under_its_own_sentence(page) -> None:
    out = page(
        "- Be careful with emails.\n- Be careful with money.\n- No sudo.\n", every=True
    )
    after = out.partition("Be careful with emails.")[2].splitlines()
    assert after[1].strip() == "would hold: Ask before acting externally."
    assert "would hold" not in after[2]


def test_a_rule_of_the_yaml_form_says_what_it_refuses(page) -> None:
    out = page(
        "```soulguard\nrules:\n  - where: {command: sudo}\n    deny: true\n```\n"
    )
    assert "= deny: starting `sudo` is refused" in out


def test_the_summary_counts_what_holds(page, tmp_path) -> None:
    assert page("I like tea.\n").endswith("no rules")
    assert page("No sudo.\n").endswith("1 of 1 rule sentence is enforced")
    assert totals_of(examine([tmp_path / "SOUL.md"]))["enforced"] == 1
