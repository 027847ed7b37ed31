from soulguard.model import Action
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
