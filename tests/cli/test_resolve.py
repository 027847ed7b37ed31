from dataclasses import replace

import pytest

from soulguard.cli.exits import Exit
from soulguard.ledger import open_ledger
from soulguard.model import EffectState, RunStatus
from tests.cli.ledger_stories import SECOND, tell
from tests.cli.test_main import status_of


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "ledger.db"
    tell(path)
    ledger = open_ledger(path)
    ledger.update_run(SECOND, status=RunStatus.RESUMABLE)
    ledger.end_attempt(SECOND, 2, at=300.0, exit_status=-9)
    ledger.commit(durable=False)
    ledger.close()
    return path


def in_doubt(path):
    ledger = open_ledger(path, read_only=True)
    found = ledger.find_effects(SECOND, states=("in_doubt",))
    ledger.close()
    return found


@pytest.mark.parametrize(
    ("flag", "state", "said"),
    [
        ("--happened", EffectState.DONE, "never sent again"),
        ("--did-not", EffectState.FAILED, "sent by the next attempt"),
    ],
)
def test_a_doubt_is_settled_by_number_and_beginning_of_the_run(
    path, flag, state, said, capsys
):
    [effect] = in_doubt(path)
    words = ("resolve", SECOND[:6], str(effect.id), flag, "--ledger", str(path))
    assert status_of(*words) == Exit.OK
    assert said in capsys.readouterr().err
    ledger = open_ledger(path, read_only=True)
    assert ledger.effect(effect.id).state is state
    ledger.close()
    assert status_of(*words) == Exit.USAGE
    assert "not in doubt" in capsys.readouterr().err


def test_several_are_settled_at_once(path, capsys):
    ledger = open_ledger(path)
    [first] = in_doubt(path)
    more = [
        replace(first, id=0, ordinal=7), replace(first, id=0, ordinal=8),
        replace(first, id=0, fingerprint="x"), replace(first, id=0, fingerprint="y"),
    ]  # fmt: skip
    equal, last, other, another = (ledger.add_effect(effect) for effect in more)
    ledger.commit(durable=False)
    ledger.close()
    words = ("--happened", "--ledger", str(path))
    assert status_of("resolve", SECOND, str(first.id), "--all-like", *words) == Exit.OK
    said = capsys.readouterr().err
    assert [f"effect {n} of" in said for n in (first.id, equal, last)] == [True] * 3
    assert [effect.id for effect in in_doubt(path)] == [other, another]
    both = (str(other), str(another), str(other))
    assert status_of("resolve", SECOND, *both, *words) == Exit.OK
    assert in_doubt(path) == []


def test_the_agent_can_be_given_what_was_answered(path, tmp_path, capsys):
    [effect] = in_doubt(path)
    words = ("resolve", SECOND, str(effect.id), "--happened", "--ledger", str(path))
    assert status_of(*words) == Exit.OK
    assert "gets `{}` for its answer" in capsys.readouterr().err
    file = tmp_path / "answer.json"
    file.write_text('{"ticket": 7}')
    assert status_of(*words, "--answer", str(file)) == Exit.OK
    assert "--answer" not in capsys.readouterr().err
    ledger = open_ledger(path, read_only=True)
    assert ledger.blob(ledger.effect(effect.id).response) == b'{"ticket": 7}'
    ledger.close()
    wrong = ("resolve", SECOND, str(effect.id), "--did-not", "--answer", str(file))
    assert status_of(*wrong, "--ledger", str(path)) == Exit.USAGE
    assert "has no `--answer`" in capsys.readouterr().err


@pytest.mark.parametrize("flags", [(), ("--happened", "--did-not")])
def test_one_of_the_two_answers_has_to_be_given(path, flags, capsys):
    words = ("resolve", SECOND, "1", *flags, "--ledger", str(path))
    assert status_of(*words) == Exit.USAGE
    assert "say either" in capsys.readouterr().err


def test_no_ledger_is_made_for_an_answer(tmp_path, capsys):
    path = tmp_path / "none.db"
    words = ("resolve", "x", "1", "--happened", "--ledger", str(path))
    assert status_of(*words) == Exit.LEDGER
    assert "there is no ledger" in capsys.readouterr().err
    assert not path.exists()
