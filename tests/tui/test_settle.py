import os

import pytest

from soulguard.ledger import open_ledger
from soulguard.model import EffectState
from soulguard.tui import settle
from soulguard.tui.question import Question
from tests.tui.driving import driven, notices, press, settled, shown, text
from tests.tui.stories import NOW, SECOND


@pytest.fixture
def steady(monkeypatch):
    """Take every question as read."""
    monkeypatch.setattr(settle, "STEADY", 0)


def answers(path):
    ledger = open_ledger(path, read_only=True)
    found = list(ledger.events(types=["approval.settled"]))
    ledger.close()
    return [(e.data["asked"], e.data["answer"], e.data["scope"]) for e in found]


@pytest.fixture
def asked(story, steady):
    """Let a request wait that is older than the doubt of the story."""
    story.ledger.update_effect(1, state=EffectState.DONE)
    return story.ask(expires=NOW + 72)


@driven
async def test_the_bar_names_what_waits_and_what_time_is_left(asked, path):
    async with shown(path) as (app, _):
        assert "1 waiting  …tuesday approve: mail to ops@example" in text(app)
        assert "1:12 left, then no" in text(app)
        assert "a approve  d deny" in text(app)


WAYS = [
    (("a", "enter"), ("approve", "once")),
    (("d", "enter"), ("deny", "once")),
    (("A", "enter"), ("approve", "run")),
    (("s", "w", "enter"), ("approve", "always")),
    (("a", "d", "enter"), ("deny", "once")),
]


@driven
async def test_an_answer_is_confirmed_and_put_on_record(asked, path, story):
    async with shown(path) as (app, pilot):
        wanted, question = [], asked
        for keys, answer in WAYS:
            await press(app, pilot, *keys)
            wanted.append((question, *answer))
            assert answers(path) == wanted
            assert not app.waitbar.display
            question = story.ask()
            app.tick_slow()
        assert "on record" in notices(app)[0]


@driven
async def test_without_the_confirmation_nothing_is_answered(asked, path):
    async with shown(path) as (app, pilot):
        for keys in (("a", "escape"), ("s", "enter", "escape"), ("s", "a", "escape")):
            await press(app, pilot, *keys)
            assert answers(path) == []
            assert app.waitbar.display


@driven
async def test_the_question_shows_all_that_would_be_sent(asked, path):
    async with shown(path) as (app, pilot):
        await press(app, pilot, "a")
        page = text(app)
        assert isinstance(app.screen, Question)
    for part in ("May it go ahead?", "Invoices", "All sent.", "Ada", "SOUL.md:7",
                 "“Ask before sending mail.”", "It is done this one time."):  # fmt: skip
        assert part in page


@pytest.mark.parametrize(("key", "state"), [("h", "done"), ("n", "failed")])
@driven
async def test_a_doubt_is_settled_with_its_key_in_view(story, steady, path, key, state):
    async with shown(path) as (app, pilot):
        await press(app, pilot, "s", key)
        assert "7d0e0b5e-0000-4000-8000-00000000c17a" in text(app)
        assert '"amount": 4200' in text(app)
        await press(app, pilot, "enter")
        assert app.reader.open().effect(1).state.value == state


@driven
async def test_a_looser_edit_is_a_question_with_two_answers(story, steady, path):
    story.ledger.update_effect(1, state=EffectState.DONE)
    asked = story.ask("SOUL.md", kind="policy", text="- SOUL.md:6: Never put API keys")
    async with shown(path) as (app, pilot):
        await press(app, pilot, "A")
        page = text(app)
        assert "let the looser rules hold" in page
        assert "- SOUL.md:6: Never put API keys" in page
        assert "in every run" not in page
        assert "enter confirms" not in page
        await press(app, pilot, "d", "enter")
        assert answers(path) == [(asked, "deny", "once")]


@driven
async def test_approving_is_not_settling(story, steady, path):
    async with shown(path) as (app, pilot):
        await press(app, pilot, "a")
        assert notices(app) == ["this is in doubt, not asked for: s settles it"]


@driven
async def test_a_question_that_has_only_just_appeared_takes_no_answer(
    asked, path, monkeypatch
):
    monkeypatch.setattr(settle, "STEADY", 1e9)
    async with shown(path) as (app, pilot):
        await press(app, pilot, "a")
        assert "look at it first" in notices(app)[0]
        assert len(app.screen_stack) == 1


@driven
async def test_with_nothing_waiting_the_keys_say_so(story, path, steady):
    story.ledger.update_effect(1, state=EffectState.DONE)
    story.ledger.commit(durable=False)
    async with shown(path) as (app, pilot):
        await press(app, pilot, "a", "s", "w")
        assert notices(app) == [
            "nothing is waiting for approval", "nothing waits for you",
            "nothing else waits",
        ]  # fmt: skip


@driven
async def test_a_new_question_goes_behind_and_w_brings_it_forth(asked, path, story):
    async with shown(path) as (app, pilot):
        story.at -= 100
        second = story.ask("mail to eve@example.com")
        app.tick_slow()
        await settled(app, pilot)
        assert app.waitbar.shown.id == asked
        assert "2 waiting" in text(app)
        await press(app, pilot, "w")
        assert app.waitbar.shown.id == second
        await press(app, pilot, "d", "enter")
        assert answers(path) == [(second, "deny", "once")]
        assert app.waitbar.shown.id == asked


@driven
async def test_what_somebody_else_answered_meanwhile_is_said(asked, path, story):
    async with shown(path) as (app, pilot):
        await press(app, pilot, "a")
        settle.write(str(path), app.waitbar.shown, "deny once", NOW)
        await press(app, pilot, "enter")
        assert answers(path) == [(asked, "deny", "once")]
        assert "was answered: denied by" in notices(app)[0]


@driven
async def test_read_only_answers_nothing_and_says_why(asked, path):
    async with shown(path, read_only="read-only, as asked") as (app, pilot):
        assert "read-only" in text(app)
        await press(app, pilot, "a", "s")
        assert set(notices(app)) == {"nothing can be answered: read-only, as asked"}


@driven
async def test_of_a_run_that_was_killed_the_open_calls_wait(story, steady, path):
    story.start(SECOND)
    call = story.effect("POST pay.example/", state=EffectState.BEGUN, kind=_call())
    story.event(_intent(), "https://pay.example/", effect_id=call)
    async with shown(path) as (app, pilot):
        assert app.reader.standings[SECOND] == "cut off"
        assert call in {w.id for w in app.waitbar.queue}
        await press(app, pilot, "w", "s", "n", "enter")
        assert app.reader.open().effect(call).state is EffectState.FAILED


@driven
async def test_a_live_run_is_not_disturbed(story, steady, path):
    from soulguard.supervisor.lease import owner_of

    story.start(SECOND, owner=owner_of(os.getpid()))
    call = story.effect("POST pay.example/", state=EffectState.BEGUN, kind=_call())
    story.event(_intent(), "https://pay.example/", effect_id=call)
    async with shown(path) as (app, _):
        assert app.reader.standings[SECOND] == "running"
        assert app.waitbar.queue == []


def _call():
    from soulguard.model import EffectKind

    return EffectKind.HTTP_CALL


def _intent():
    from soulguard.model import EventType

    return EventType.EFFECT_INTENT
