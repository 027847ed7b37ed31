import contextlib
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from soulguard.ledger import open_ledger
from soulguard.model import Event, EventType, Policy, Run, RunStatus, Span
from soulguard.policy.engine import Engine
from soulguard.soul.compilation import Compilation, Diagnostic, Severity
from soulguard.soul.compiler import compile_sources
from soulguard.supervisor import lease, settling
from soulguard.supervisor.generations import Generations, Offer
from soulguard.supervisor.session import Session
from tests.policy.policies import EFFECTS, as_strict, edits, policies

LOADED, ASKED = EventType.POLICY_LOADED, EventType.APPROVAL_ASKED


class Desk:
    """A session over a real ledger, and the generations of its policy."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ledger = open_ledger(folder / "ledger.db")
        self.ledger.begin()
        run = Run(
            "r", "i", ("agent",), str(folder), str(folder), (), RunStatus.RUNNING,
            b"s" * 32, 0.0, 0.0,
        )  # fmt: skip
        self.ledger.add_run(run)
        self.ledger.commit(durable=False)
        lease.claim(self.ledger, "r", wait=False)
        self.run = run

    def start(self, found: Compilation, *, trust: bool = False) -> Generations:
        self.session = Session(
            self.run, 1, self.ledger, Engine(found.policy), power=False
        )
        made = Generations(self.session, found, trust=trust, quiet=True)
        self.session.page = Page(self.session, self)
        made.begin()
        self.session.commit()
        return made

    def events(self, *types: EventType) -> list[Event]:
        return list(self.ledger.events("r", types=[t.value for t in types]))

    def answer(self, *, approve: bool) -> None:
        asked = self.events(ASKED)[-1].id
        with contextlib.closing(open_ledger(self.folder / "ledger.db")) as other:
            settling.answer(
                other, asked, approve=approve, scope="once", by="eve", now=time.time()
            )

    def text(self, *sentences: str) -> Compilation:
        path = self.folder / "SOUL.md"
        path.write_text("# x\n\n" + "".join(f"- {s}\n" for s in sentences))
        return compile_sources([path])


class Page:
    """Stands in for the page, and remembers the record at the moment it turned."""

    def __init__(self, session: Session, desk: Desk) -> None:
        self.turned: list[tuple[int, int, int]] = []
        self.session, self.desk = session, desk

    def turn(self, generation: int) -> None:
        recorded = self.desk.events(LOADED)
        newest = recorded[-1].generation if recorded else 0
        self.turned.append((generation, self.session.generation, newest))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.ledger.close()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    made = Desk(tmp_path_factory.mktemp("desk"))
    yield made
    made.ledger.close()


def offer(found: Compilation, *, settled: bool = True) -> Offer:
    return Offer(found, Engine(found.policy), settled)


def plain(policy: Policy) -> Compilation:
    return Compilation(replace(policy, root="/r"))


LOCKED, VAULT = "Never write to `locked/`.", "Never write to `vault/`."


@given(edits(), st.booleans())
@settings(max_examples=80, deadline=None)
def test_while_nobody_agreed_no_effect_is_judged_looser_than_before(
    shared: Desk, pair: tuple[Policy, Policy], settled: bool
) -> None:
    old, new = pair
    generations = shared.start(plain(old), trust=True)
    generations._trust = False
    generations.take(offer(plain(new), settled=settled))
    before, now = Engine(old), shared.session.engine
    for effect in EFFECTS:
        assert as_strict(now.judge(effect), before.judge(effect)), effect


@given(st.lists(policies(), min_size=2, max_size=4))
@settings(max_examples=40, deadline=None)
def test_nor_after_any_number_of_edits(shared: Desk, found: list[Policy]) -> None:
    generations = shared.start(plain(found[0]), trust=True)
    generations._trust = False
    for policy in found[1:]:
        before = shared.session.engine
        generations.take(offer(plain(policy)))
        now = shared.session.engine
        for effect in EFFECTS:
            assert as_strict(now.judge(effect), before.judge(effect)), effect
            assert as_strict(now.judge(effect), Engine(policy).judge(effect)), effect


def test_engine_and_page_are_of_the_new_generation_before_the_record_is(
    desk: Desk,
) -> None:
    generations = desk.start(desk.text(LOCKED))
    generations.take(offer(desk.text(LOCKED, VAULT)))
    page: Any = desk.session.page
    assert page.turned == [(2, 2, 1)]
    assert desk.events(LOADED)[-1].generation == 2


def test_a_tightening_holds_before_the_save_is_over(desk: Desk) -> None:
    generations = desk.start(desk.text(LOCKED))
    generations.take(offer(desk.text(LOCKED, VAULT), settled=False))
    loaded = desk.events(LOADED)[-1]
    assert loaded.data["added"] == [{"source": "SOUL.md:4", "text": VAULT}]
    assert loaded.data["removed"] == []
    assert "pending" not in loaded.data


def test_half_a_save_neither_asks_nor_complains(desk: Desk) -> None:
    generations = desk.start(desk.text(LOCKED, VAULT))
    generations.take(offer(desk.text(LOCKED), settled=False))
    wrong = Diagnostic(Severity.ERROR, "broken", Span("SOUL.md", 1, 1), "mend it")
    broken = replace(desk.text(LOCKED), diagnostics=(wrong,))
    generations.take(offer(broken, settled=False))
    assert desk.session.generation == 1
    assert desk.events(ASKED, EventType.POLICY_REJECTED) == []


def test_an_edit_that_is_refused_is_complained_about_once(
    desk: Desk, capfd: pytest.CaptureFixture[str]
) -> None:
    generations = desk.start(desk.text(LOCKED))
    wrong = Diagnostic(Severity.ERROR, "broken", Span("SOUL.md", 1, 2), "mend it")
    broken = replace(desk.text(VAULT), diagnostics=(wrong,))
    generations.take(offer(broken))
    generations.take(offer(broken))
    [event] = desk.events(EventType.POLICY_REJECTED)
    assert event.data["where"] == "SOUL.md:1:2"
    assert event.data["hint"] == "mend it"
    assert capfd.readouterr().err == (
        "soulguard: SOUL.md:1:2: broken: the last good rules stay in force "
        "(hint: mend it)\n"
    )
    generations.take(offer(desk.text(LOCKED)))
    assert desk.events(LOADED)[-1].reason == "in order again"


def test_an_edit_that_says_the_same_in_the_same_place_is_none(desk: Desk) -> None:
    generations = desk.start(desk.text(LOCKED))
    generations.take(offer(desk.text(LOCKED)))
    assert desk.session.generation == 1
    assert len(desk.events(LOADED)) == 1


def test_rules_that_move_are_quoted_from_where_they_stand_now(desk: Desk) -> None:
    generations = desk.start(desk.text(LOCKED))
    generations.take(offer(desk.text(VAULT, LOCKED)))
    rules = {r.source.text: r for r in desk.session.engine.policy.rules}
    assert rules[LOCKED].source.span.line == 4


def test_a_looser_edit_is_asked_about_and_the_record_says_what_is_kept(
    desk: Desk,
) -> None:
    generations = desk.start(desk.text(LOCKED))
    generations.take(offer(desk.text(VAULT)))
    [asked] = desk.events(ASKED)
    assert asked.data["approval"] == asked.id
    assert asked.data["kind"] == "policy"
    assert asked.data["expires"] == 0
    assert asked.data["text"] == f"- SOUL.md:3: {LOCKED}"
    loaded = desk.events(LOADED)[-1]
    assert loaded.data["pending"]["approval"] == asked.id
    assert loaded.data["pending"]["removed"][0]["text"] == LOCKED
    said = [s["text"] for s in loaded.data["sentences"]]
    assert said == [VAULT, LOCKED]


@pytest.mark.parametrize("approve", [True, False])
def test_a_person_decides_whether_the_old_rules_go(desk: Desk, approve: bool) -> None:
    generations = desk.start(desk.text(LOCKED))
    generations.take(offer(desk.text(VAULT)))
    generations.look()
    assert desk.session.generation == 2
    desk.answer(approve=approve)
    generations.look()
    texts = {r.source.text for r in desk.session.engine.policy.rules}
    assert (LOCKED in texts) is not approve
    assert VAULT in texts


def test_an_answer_to_an_older_question_agrees_to_nothing(desk: Desk) -> None:
    generations = desk.start(desk.text(LOCKED, VAULT))
    generations.take(offer(desk.text(LOCKED)))
    desk.answer(approve=True)
    generations.take(offer(desk.text("Never write to `attic/`.")))
    generations.look()
    texts = {r.source.text for r in desk.session.engine.policy.rules}
    assert {LOCKED, VAULT} <= texts


def test_going_back_takes_the_question_back(desk: Desk) -> None:
    generations = desk.start(desk.text(LOCKED))
    generations.take(offer(desk.text(VAULT)))
    generations.take(offer(desk.text(LOCKED, VAULT)))
    [settled] = desk.events(EventType.APPROVAL_SETTLED)
    assert settled.data["answer"] == "withdrawn"
    assert "pending" not in desk.events(LOADED)[-1].data


def test_a_restart_keeps_what_waits_and_asks_again_only_about_something_new(
    desk: Desk,
) -> None:
    desk.start(desk.text(LOCKED)).take(offer(desk.text(VAULT)))
    desk.start(desk.text(VAULT))
    texts = {r.source.text for r in desk.session.engine.policy.rules}
    assert LOCKED in texts
    assert len(desk.events(ASKED)) == 1
    desk.start(desk.text("Never write to `attic/`."))
    assert len(desk.events(ASKED)) == 2
    generations = desk.start(desk.text(LOCKED, VAULT, "Never write to `attic/`."))
    assert "pending" not in desk.events(LOADED)[-1].data
    generations.look()


def test_what_a_person_agreed_to_between_two_attempts_holds(desk: Desk) -> None:
    desk.start(desk.text(LOCKED)).take(offer(desk.text(VAULT)))
    desk.answer(approve=True)
    desk.start(desk.text(VAULT))
    assert "pending" not in desk.events(LOADED)[-1].data


def test_trusted_edits_loosen_at_once_and_that_is_on_record(desk: Desk) -> None:
    generations = desk.start(desk.text(LOCKED), trust=True)
    generations.take(offer(desk.text(VAULT)))
    assert desk.events(LOADED)[-1].data["trusted"] is True
    assert desk.events(ASKED) == []
    texts = {r.source.text for r in desk.session.engine.policy.rules}
    assert LOCKED not in texts
