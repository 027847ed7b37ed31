"""For whom a request is, by the fields it has."""

from soulguard.policy.addressed import named


def test_a_field_called_like_the_noun_names_it():
    fields = {"patient_id": ["p-7"], "to": ["+4912"]}
    assert named(fields, "patient", person=True) == ("p-7",)


def test_a_person_may_be_addressed_by_another_name():
    assert named({"chat_id": [42]}, "patient", person=True) == ("42",)


def test_a_thing_is_known_by_its_own_field_alone():
    assert named({"to": ["x"]}, "symbol", person=False) == ()
    assert named({"symbol": ["BTC"]}, "symbol", person=False) == ("btc",)


def test_nobody_is_named_where_nobody_can_look():
    assert named(None, "patient", person=True) == ()
    assert named({}, "patient", person=True) == ()
