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
    assert "because  it matches `git push" in out
    assert "by       SOUL.md:1: Never force push." in out
    assert "= starting `git push -f` is refused" in out
    assert "instead  go on without this command, or ask the person who owns" in out
    assert "rule command-deny." in out


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
    assert data["instead"] == ""


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


def test_a_refusal_of_everything_is_not_explained_by_a_pattern(explain, tmp_path):
    (tmp_path / "SOUL.md").write_text("Never post or mail anything to anyone.\n")
    code, out = explain("POST https://x.example/y")
    assert code == Exit.VIOLATIONS
    assert "because  it is meant by a rule about every such call" in out
    assert "instead  go on without this call" in out
    assert "key, record" not in out  # what would bind it if it were allowed
    _, out = explain("--format", "json", "mail a@b.example")
    data = json.loads(out)
    assert data["reason"] == "it is meant by a rule about every mail"
    assert data["instead"].startswith("go on without this mail")


def test_of_a_closed_list_the_answer_names_what_is_left(explain, tmp_path) -> None:
    (tmp_path / "SOUL.md").write_text("Only send mail to `ada@x.example`.\n")
    _, out = explain("mail to bob@x.example")
    assert "because  it is outside `ada@x.example`" in out
    assert "instead  keep to `ada@x.example`, which the rule allows" in out


def test_a_question_says_what_binds_once_it_is_answered(explain, tmp_path) -> None:
    (tmp_path / "SOUL.md").write_text(
        "Ask before sending mail.\n\n_No secrets in mails._\n"
    )
    code, out = explain("mail to bob@x.example")
    assert code == Exit.VIOLATIONS
    assert "mail to bob@x.example: asked about: a person decides" in out
    assert "instead  wait for the answer of a person; no answer is no" in out
    assert "secret   SOUL.md:3: No secrets in mails." in out.partition("once it is")[2]
    assert "key, record built in, policies/defaults.yaml:" in out


def test_rules_that_cannot_be_enforced_refuse_nothing(explain, tmp_path) -> None:
    (tmp_path / "SOUL.md").write_text("Be kind.\n")
    code, out = explain("write a.txt")
    assert code == Exit.OK
    assert out.splitlines()[-1] == "  no rule speaks of it"
