from soulguard.model import Action, EffectKind, EffectState
from soulguard.supervisor.deed import LONGEST, counted, made_again, readable
from tests.ledger.samples import an_effect
from tests.supervisor.rules import a_deed, a_rule


def test_duties_come_most_specific_first_and_only_those_of_the_action():
    first, second = a_rule(Action.LIMIT, name="a"), a_rule(Action.LIMIT, name="b")
    deed = a_deed(first, a_rule(Action.SECRET), second)
    assert deed.duties(Action.LIMIT) == [first, second]
    assert deed.duty(Action.LIMIT) is first
    assert deed.duty(Action.TRASH) is None


def test_the_name_shown_is_the_one_without_credentials_where_there_is_one():
    assert a_deed(target="a@x").named == "a@x"
    assert a_deed(target="https://u:p@x").named == "https://u:p@x"
    deed = a_deed()
    assert deed.named == deed.effect.target


def test_of_what_is_very_long_whole_lines_from_its_beginning_are_shown():
    assert readable(b"all of it", 9) == "all of it"
    assert readable(b"\0\1", 2) == "2 bytes that are no text"
    begun = (b"x" * 1023 + b"\n") * 1023 + b"y" * 1024
    said = readable(begun, 5 * LONGEST).splitlines()
    assert said[-2] == "x" * 1023
    assert said[-1] == f"... and {5 * LONGEST - 1023 * 1024 + 1} bytes more"


def test_what_an_earlier_attempt_was_cut_off_in_is_counted_as_the_same():
    call, file = EffectKind.HTTP_CALL, EffectKind.FILE_WRITE

    def row(kind, state, **result):
        return an_effect(
            kind=kind, state=state, attempt=1, created_at=5.0, result=result
        )

    def asked_by(attempt, *of):
        return counted(row(*of), attempt) == 5.0

    for state in (EffectState.BEGUN, EffectState.IN_DOUBT):
        assert asked_by(2, call, state)
        assert not asked_by(1, call, state), "another try of one attempt counts"
    assert not asked_by(2, call, EffectState.FAILED), "it was answered"
    assert asked_by(2, file, EffectState.FAILED), "it was not put in place"
    assert not asked_by(2, file, EffectState.DONE), "it is made anew"
    denied = row(call, EffectState.FAILED, resolved="did-not")
    assert made_again(a_deed(), denied, 1).counted == 5.0
    assert made_again(a_deed(), None, 2).counted == 0.0
