import json
from dataclasses import replace

import pytest

from soulguard.cli import run_report
from soulguard.ledger import open_ledger
from soulguard.ledger.queries import TOLD
from soulguard.model import EventType
from tests.cli.ledger_stories import FIRST, SECOND, tell
from tests.ledger.samples import an_event


@pytest.fixture
def ledger(tmp_path):
    path = tmp_path / "ledger.db"
    tell(path)
    opened = open_ledger(path)
    yield opened
    opened.close()


def report(ledger, run_id, word="cut off", *, every=False):
    lines = run_report.lines(ledger, ledger.run(run_id), word, every=every)
    return "\n".join(lines).splitlines()


def after(lines, heading):
    """Give the lines of one part of the report."""
    start = next(at for at, line in enumerate(lines) if line.startswith(heading))
    rest = lines[start + 1 :]
    return rest[: rest.index("")] if "" in rest else rest


def test_a_report_begins_with_what_the_run_is(ledger):
    assert report(ledger, SECOND)[:4] == [
        f"run {SECOND}: cut off",
        "  command   python agent.py",
        "  folder    /home/a",
        "  rules     SOUL.md",
    ]


def test_what_is_in_doubt_comes_with_the_command_that_settles_it(ledger):
    effect, sent, settle, restart = after(report(ledger, SECOND), "in doubt (1)")
    assert "POST api.shop.example/v1/charges" in effect
    assert "key sent, unknown" in effect
    assert sent.startswith("      sent ")
    assert f"soulguard resolve {SECOND} {effect.split()[0][1:]} --happened" in settle
    assert "a restart sends it again" in restart
    found = ledger.find_effects(SECOND, states=("in_doubt",))[0]
    ledger.add_effect(replace(found, id=0, ordinal=1))
    assert "`--all-like`" in after(report(ledger, SECOND), "in doubt (2)")[6]


def test_every_attempt_says_how_it_ended(ledger):
    first, second = after(report(ledger, SECOND), "ATTEMPT")
    assert "status -9" in first
    assert "0 guarded, 1 not" in first
    assert "not recorded" in second


def test_a_run_in_which_nothing_was_odd_ends_with_its_attempts(ledger):
    lines = report(ledger, FIRST, "completed")
    assert lines[-2].startswith("ATTEMPT")
    assert "status 0" in lines[-1]
    assert not any("saved" in line or "in doubt" in line for line in lines)


@pytest.mark.parametrize("number", [10, 11])
def test_a_long_heading_shows_its_newest_ten_and_says_how_to_see_all(ledger, number):
    for at in range(number - 1):  # one is in the story
        event = an_event(EventType.DUPLICATE, run_id=SECOND, attempt=2, target=f"/{at}")
        ledger.add_event(event)
    way = f"  the newest 10; all of them: `soulguard status {SECOND} --all`"
    shown = after(report(ledger, SECOND), "blocked")
    assert (way in shown) == (number > 10)
    assert len(shown) == 10 + (number > 10)
    assert f"/{number - 2}" in shown[9]
    assert len(after(report(ledger, SECOND, every=True), "blocked")) == number


def test_nothing_an_agent_wrote_drives_the_terminal(ledger):
    lines = report(ledger, SECOND)
    assert any("out/b\\x1b[31m.md" in line for line in lines)
    assert not any("\x1b" in line for line in lines)


def test_the_data_has_every_heading_and_no_secret(ledger):
    found = run_report.data(ledger, ledger.run(SECOND), "cut off")
    assert json.loads(json.dumps(found)) == found
    assert set(TOLD) <= set(found)
    assert found["run"]["standing"] == "cut off"
    assert found["saved"] == {"tokens": 1200, "usd": 0.25}
    assert "secret" not in found["run"]
    assert ledger.run(SECOND).secret.hex() not in json.dumps(found)


@pytest.mark.parametrize(
    ("type_", "data", "said", "out"),
    [
        (EventType.POLICY_REJECTED, {"hint": "close it"},
         "an edit of SOUL.md does not compile: SOUL.md:3: open", "hint: close it"),
        (EventType.POLICY_REJECTED, {},
         "an edit of SOUL.md does not compile: SOUL.md:3: open", "correct it"),
        (EventType.POLICY_LOADED, {"pending": {"approval": 99}},
         "an edit of SOUL.md loosens the rules and waits for a person",
         "`soulguard approve 99` or `soulguard deny 99`"),
        (EventType.POLICY_LOADED, {"pending": {"approval": 0}},
         "an edit of SOUL.md loosens the rules, and a person said no", "take it back"),
    ],
)  # fmt: skip
def test_an_edit_that_does_not_hold_is_a_standing_banner(
    ledger, type_, data, said, out
):
    event = an_event(
        type_,
        run_id=SECOND,
        attempt=2,
        target="SOUL.md",
        reason="SOUL.md:3: open",
        data=data,
    )
    ledger.add_event(event)
    ledger.commit(durable=False)
    first, second = report(ledger, SECOND)[1:3]
    assert first == said
    assert second.startswith("  the rules before it stay in force; ")
    assert out in second
    assert run_report.data(ledger, ledger.run(SECOND), "")["edit"]["files"] == "SOUL.md"
