import json
from pathlib import Path

import pytest

from soulguard.cli.exits import Exit
from soulguard.cli.explain import command


@pytest.fixture
def explain(tmp_path: Path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "SOUL.md").write_text(
        "Never force push.\n\nNever write twice to the same output path in a run.\n"
    )

    def run(*args: str) -> tuple[int, str]:
        code = command.main(list(args), standalone_mode=False)
        return code, capsys.readouterr().out

    return run


def test_a_refusal_names_the_sentence_and_the_fact(explain) -> None:
    code, out = explain("run", "git", "push", "--force")
    assert code == Exit.VIOLATIONS
    assert "run git push --force: refused" in out
    assert "SOUL.md:1: Never force push." in out
    assert "it matches `git push" in out


def test_what_is_allowed_names_the_rules_that_bind_it(explain) -> None:
    code, out = explain("write out/a.json")
    assert code == Exit.OK
    assert "write out/a.json: allowed" in out
    assert "once     SOUL.md:3:" in out


def test_the_answer_is_data_on_request(explain) -> None:
    _, out = explain("--format", "json", "POST https://api.example.com/x")
    data = json.loads(out)
    assert data["verdict"] == "allow"
    assert data["effect"]["host"] == "api.example.com"
    assert {d["action"] for d in data["duties"]} == {"key", "record"}


def test_what_is_required_of_an_effect_is_said(explain, tmp_path) -> None:
    (tmp_path / "SOUL.md").write_text("Only send emails between 9am and 6pm.\n")
    code, out = explain("mail to a@example.com")
    assert code == Exit.OK
    assert "require  SOUL.md:1: Only send emails between 9am and 6pm." in out
    assert "required: only 09:00-18:00" in out


def test_what_is_refused_here_and_now_is_said(explain, tmp_path) -> None:
    (tmp_path / "SOUL.md").write_text("- Never run npm outside `web/`.\n")
    _, out = explain("run", "npm", "ci")
    assert "required: in `web/`" in out
    assert f"refused here and now: its folder is `{tmp_path}`; start it in" in out
    _, out = explain("run", "cd web && npm ci")
    assert "refused here" not in out
