"""Limits keep what a list of everything that happened would keep, over restarts."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from soulguard.model import Action, Effect, EffectKind, Verdict
from tests.supervisor.rules import a_deed, a_rule, attempts


def limit(**params):
    return a_rule(Action.LIMIT, **params)


@pytest.fixture
def run(tmp_path):
    with attempts(tmp_path) as made:
        yield made


STEPS = st.lists(
    st.sampled_from(["send", "restart", "other run", 1.0, 7.0, 40.0]), max_size=25
)


@settings(max_examples=25, deadline=None)
@given(STEPS, st.integers(1, 4), st.sampled_from(["run", 30.0]))
def test_no_more_happens_than_the_rule_says(tmp_path_factory, steps, most, per):
    rule = limit(max=float(most), unit="mails", per=per)
    with attempts(tmp_path_factory.mktemp("limits")) as run:
        sent, runs = [], 1
        for step in steps:
            if step == "send":
                inside = [
                    at
                    for at, who in sent
                    if (who == run.run.run_id if per == "run" else at > run.now - per)
                ]
                refused = run.do(a_deed(rule))
                assert (refused is not None) == (len(inside) >= most)
                if refused is None:
                    sent.append((run.now, run.run.run_id))
            elif step == "restart":
                run.restart()
            elif step == "other run":
                runs += 1
                run.begin(f"run-{runs}")
            else:
                run.now += step


def test_a_refusal_says_how_much_was_used_and_how_much_may_be(run):
    rule = limit(max=1.0, unit="mails", per=86400.0)
    assert run.do(a_deed(rule)) is None
    said = run.do(a_deed(rule)).message
    assert "there was 1 mail already in the last day, and at most 1 may be" in said
    assert 'SOUL.md:7 says: "Mind this"' in said


def test_a_gap_makes_the_next_one_wait_for_the_rest_of_it(run):
    rule = limit(gap=5.0, unit="calls")
    assert run.do(a_deed(rule)) is None
    run.now += 2
    run.restart()
    waits = run.do(a_deed(rule))
    assert (waits.verdict, waits.data["seconds"]) == (Verdict.WAIT, 3.0)
    run.now += 3
    assert run.do(a_deed(rule)) is None
    assert run.events("violation.denied") == []


def test_a_rule_may_wait_where_another_refuses(run):
    rule = limit(max=2.0, per=60.0, on_exceed="wait")
    for _ in range(2):
        assert run.do(a_deed(rule)) is None
        run.now += 20
    waits = run.do(a_deed(rule))
    assert (waits.verdict, waits.data["seconds"]) == (Verdict.WAIT, 20.0)
    run.now += 20.1
    assert run.do(a_deed(rule)) is None


def test_waiting_for_room_that_never_comes_is_refused(run):
    rule = limit(max=1.0, per="run", on_exceed="wait")
    assert run.do(a_deed(rule)) is None
    assert run.do(a_deed(rule)).verdict is Verdict.DENY


def test_recipients_are_counted_each_for_itself(run):
    rule = limit(max=1.0, per="recipient")
    assert run.do(a_deed(rule, who=("a@x", "b@x"))) is None
    assert run.do(a_deed(rule, who=("c@x",))) is None
    assert run.do(a_deed(rule, who=("d@x", "b@x"))).verdict is Verdict.DENY
    assert run.do(a_deed(rule, who=("d@x",))) is None, "a refused one did not count"


@pytest.mark.parametrize("params", [{"per": 60.0}, {"per": "run"}, {}])
def test_a_scope_gives_each_recipient_host_or_target_a_count(run, params):
    mail = limit(max=1.0, unit="mails", scope="recipient", **params)
    assert run.do(a_deed(mail, who=("a@x", "b@x"))) is None
    assert run.do(a_deed(mail, who=("c@x",))) is None
    refused = run.do(a_deed(mail, who=("d@x", "b@x")))
    assert "there was 1 mail already for `b@x` in" in refused.message
    domain = limit(max=1.0, scope="host", name="domain", **params)
    assert run.do(a_deed(domain, who=("a@x.org", "b@X.org"))) is None
    assert run.do(a_deed(domain, who=("c@x.org",))).verdict is Verdict.DENY
    assert run.do(a_deed(domain, who=("c@y.org",))) is None


def test_calls_are_counted_for_each_host(run):
    rule = limit(max=1.0, unit="calls", scope="host", per="run")

    def call(host):
        effect = Effect(EffectKind.HTTP_CALL, f"https://{host}/", host=host)
        return replace(a_deed(rule, kind=EffectKind.HTTP_CALL), effect=effect)

    assert run.do(call("a.example")) is None
    assert run.do(call("b.example")) is None
    assert "for `a.example` in this run" in run.do(call("a.example")).message


def test_a_budget_of_a_scope_is_spent_where_the_call_went(run):
    rule = limit(max=5.0, unit="tokens", scope="target", per="run")
    run.rules.performed(a_deed(rule, target="a"), 1)
    run.rules.spent(1, "m", {"tokens": 9.0})
    assert run.do(a_deed(rule, target="a")).verdict is Verdict.DENY
    assert run.do(a_deed(rule, target="b")) is None


def test_rules_of_one_sentence_may_count_together(run):
    calls = limit(max=2.0, unit="messages", per="run", name="m", together=True)
    mails = limit(max=2.0, unit="messages", per="run", name="m.2", together=True)
    assert run.do(a_deed(calls)) is None
    assert run.do(a_deed(mails)) is None
    assert run.do(a_deed(calls)).verdict is Verdict.DENY


def test_a_limit_per_attempt_starts_again_with_the_next(run):
    rule = limit(max=1.0, per="attempt")
    assert run.do(a_deed(rule)) is None
    assert "in this attempt" in run.do(a_deed(rule)).message
    run.restart()
    assert run.do(a_deed(rule)) is None


def test_the_same_file_again_or_renamed_is_no_further_file(run):
    rule = limit(max=1.0, unit="files", per="run")

    def write(path, **more):
        return a_deed(rule, kind=EffectKind.FILE_WRITE, target=path, **more)

    assert run.do(write("/a.tmp")) is None
    assert run.do(write("/a.tmp")) is None
    assert run.do(write("/a", moved="/a.tmp")) is None
    assert run.do(write("/b")).verdict is Verdict.DENY


def test_bytes_add_up_and_one_file_has_a_size(run):
    total = limit(max=10.0, unit="bytes", per="run")
    assert run.do(a_deed(total, size=8)) is None
    assert "8 bytes are used up" in run.do(a_deed(total, size=3)).message
    one = limit(max=10.0, per="file")
    assert run.do(a_deed(one, size=10)) is None
    assert "11 bytes" in run.do(a_deed(one, size=1, total=11)).message


def test_only_tries_after_a_failure_count_as_retries(run):
    rule = limit(max=1.0, unit="retries", per="call")
    for _ in range(3):
        assert run.do(a_deed(rule)) is None
    assert run.do(a_deed(rule, again="digest")) is None
    run.restart()
    assert (
        "it was tried again once in this run"
        in run.do(a_deed(rule, again="digest")).message
    )
    assert run.do(a_deed(rule, again="another")) is None


def test_a_budget_is_full_once_it_was_spent(run):
    rule = limit(max=5.0, unit="usd", per="run")
    tokens = limit(max=100.0, unit="tokens", per="run", name="tokens")
    for number, cost in enumerate((3.0, 2.5), 1):
        assert run.rules.hold(a_deed(rule, tokens)) is None
        run.rules.performed(a_deed(rule, tokens), number)
        assert run.rules.is_counted(number)
        for _ in range(2):  # what is told twice is counted once
            run.rules.spent(number, "gpt-4o", {"tokens": 10.0, "usd": cost})
        assert not run.rules.is_counted(number)
        run.session.commit()
    run.restart()
    assert "$5.50 are used up" in run.do(a_deed(rule, tokens)).message


def test_a_budget_says_where_it_does_not_know_a_cost(run):
    rule = limit(max=5.0, unit="usd", per="run")
    run.rules.performed(a_deed(rule), 1)
    run.rules.spent(1, "house-model", {"tokens": 10.0, "usd": 0.0})
    run.session.commit()
    [event] = run.events("notice")
    assert "what model `house-model` costs is not known" in event.reason
    assert event.source == "SOUL.md:7"


def test_what_is_used_up_is_refused_before_anything_is_prepared(run):
    rule = limit(max=1.0, per="run")
    assert run.rules.ahead(a_deed(rule)) is None
    assert run.do(a_deed(rule)) is None
    assert run.rules.ahead(a_deed(rule)).verdict is Verdict.DENY


@pytest.mark.parametrize(("unit", "most"), [("characters", 9), ("words", 3)])
def test_each_message_has_a_length_of_its_own(run, unit, most):
    rule = limit(max=float(most), unit=unit)
    for _ in range(2):
        assert run.do(a_deed(rule, message=lambda: "a b cdefg")) is None
    refused = run.do(a_deed(rule, message=lambda: "a b c defg"))
    assert refused.reason == (
        f"it has {10 if most == 9 else 4} {unit}, and at most {most} {unit} may be"
    )
    assert "make it shorter" in refused.message
    unseen = run.do(a_deed(rule, message=lambda: None))
    assert "too large or packed" in unseen.reason


def test_only_so_many_are_at_work_at_once(run):
    rule = limit(at_once=2.0, unit="calls")
    alive = [True, True, True]

    def begin(number, kind=EffectKind.HTTP_CALL):
        deed = a_deed(rule, kind=kind)
        held = run.rules.hold(deed)
        if held is None:
            run.rules.performed(deed, working=lambda: alive[number])
        return held

    assert begin(0) is None
    assert begin(1) is None
    held = begin(2)
    assert held.verdict is Verdict.WAIT
    assert held.reason == "2 calls are at work, and at most 2 may be"
    assert begin(2, EffectKind.COMMAND_RUN).verdict is Verdict.DENY
    run.now += run.patience + 1
    assert begin(2).verdict is Verdict.DENY, "none of them ends"
    alive[0] = False
    assert begin(2) is None
    assert begin(0).verdict is Verdict.WAIT


def test_each_thread_has_a_count_of_its_own_and_a_new_one_none(run):
    rule = limit(max=1.0, unit="calls", per="run", scope="thread")
    for _ in range(3):
        assert run.do(a_deed(rule, thread=str)) is None
    assert run.do(a_deed(rule, thread=lambda: "one")) is None
    assert run.do(a_deed(rule, thread=lambda: "two")) is None
    refused = run.do(a_deed(rule, thread=lambda: "one"))
    assert refused.reason.startswith("there was 1 call already for `one` in this run")


def test_an_edited_limit_goes_on_counting(run):
    for _ in range(3):
        assert run.do(a_deed(limit(max=4.0, unit="mails"))) is None
    fewer = replace(limit(max=2.0, unit="mails"), id="edited")
    assert "there were 3 mails already" in run.do(a_deed(fewer)).reason
    # of two limits that count the same, both before and after the edit, nothing adds up
    both = a_deed(
        limit(max=5.0, unit="mails"),
        replace(fewer, params={"max": 9.0, "unit": "mails"}),
    )
    assert [run.do(both) is None for _ in range(3)] == [True, True, False]


@pytest.mark.parametrize(
    ("per", "free"), [("run", True), (60.0, True), (10.0, False), ("attempt", False)]
)
def test_what_a_restart_makes_again_is_counted_already_where_it_was(run, per, free):
    rule = limit(max=1.0, unit="mails", per=per)
    made = a_deed(rule)
    if per != 10.0:
        assert run.do(made) is None
    begun = run.now
    run.now += 20.0
    if per == 10.0:  # another one was counted since
        assert run.do(made) is None
    assert (run.do(replace(made, counted=begun)) is None) is free
    assert run.do(made) is not None


def test_what_did_not_happen_after_all_is_not_counted(run):
    deed = a_deed(limit(max=2.0, unit="mails", per=60.0))
    for effect in (1, 2):
        assert run.rules.hold(deed) is None
        run.rules.performed(deed, effect, working=lambda: True)
    assert run.rules.hold(deed) is not None
    run.rules.settled(1, happened=False)
    run.rules.settled(2, happened=True)
    assert not run.rules.is_limited(1)
    assert run.do(deed) is None
    assert run.do(deed) is not None


def test_a_person_who_is_written_in_other_letters_is_the_same_one(run):
    rule = limit(max=1.0, unit="mails", scope="recipient")
    assert run.do(a_deed(rule, who=("Bob@X.example",))) is None
    assert run.do(a_deed(rule, who=("bob@x.example",))) is not None


def test_a_field_of_a_request_says_whose_the_count_is(run):
    rule = limit(max=1.0, unit="calls", per="run", scope="recipient", by="patient")
    call = Effect(EffectKind.HTTP_CALL, "https://sms.example/send", method="POST")

    def to(**fields):
        return replace(a_deed(rule), effect=call, who=(), fields=lambda: fields)

    assert run.do(to(patient_id=["p1"])) is None
    assert run.do(to(phone=["+49"])) is None
    again = run.do(to(patient_id=["P1"]))
    assert "for `p1`" in again.message
    assert run.do(to(text=["who?"])) is None  # what no field names counts together
    assert run.do(to(text=["who else?"])).verdict is Verdict.DENY


def test_a_sum_is_that_of_one_order_or_adds_up(run):
    one = limit(max=100.0, unit="sum", per="call")
    day = limit(max=150.0, unit="sum", per=86400.0, name="day")

    def order(*rules, **fields):
        deed = a_deed(*rules, kind=EffectKind.HTTP_CALL)
        return replace(deed, fields=lambda: {n: [v] for n, v in fields.items()})

    assert (
        "it has 101, and at most 100 may be" in run.do(order(one, amount=101)).message
    )
    assert run.do(order(one, day, amount=100)) is None
    assert "100 are used up" in run.do(order(day, price=30, quantity=2)).message
    assert run.do(order(day, amount=50)) is None
    assert run.do(order(one, note="hello")).data["approval"]  # nobody can say how much


def test_recipients_are_counted_for_one_mail_or_all(run):
    rule = limit(max=2.0, unit="recipients", per="call")
    mail = replace(a_deed(rule), who=("a@x.example", "b@x.example", "c@x.example"))
    assert "it has 3 recipients" in run.do(mail).message
    assert run.do(replace(mail, who=("a@x.example",))) is None
