from soulguard.audit.table import Table
from soulguard.model.signature import Argument, Catalogue, Outcome, Signature


def a_signature(name, *calls):
    return Signature(name, calls, "http.call", "do it", "again")


TABLE = Table(
    Catalogue(
        (
            a_signature("exact", "lib.post"),
            a_signature("glob", "lib.*.create", "sdk().**.send", "aws(*).put_*"),
            a_signature("loose", "?.chat.create"),
        ),
        outcomes={"again": Outcome("again", "twice")},
        same={"lib.api": "lib"},
        holds={"lib()": Argument(0)},
        guards=("os.path.exists", "?.exists"),
        hands_on={"submit": 0, "*retry*": 1},
    )
)


def named(path):
    return [s.id for s in TABLE.matches(path)]


def test_names_are_matched_part_by_part():
    assert named("lib.post") == ["exact"]
    assert named("lib.Charge.create") == ["glob"]
    assert named("sdk().send") == ["glob"]
    assert named("sdk().a.b().send") == ["glob"]
    assert named("aws(s3).put_object") == ["glob"]
    assert named("aws(s3).get_object") == []
    assert named("lib.create") == []


def test_a_loose_name_needs_something_it_is_a_method_of():
    assert named("?.client.chat.create") == ["loose"]
    assert named("other.Thing().chat.create") == ["loose"]
    assert named("other.chat.create") == []
    assert named("@instance.chat.create") == []


def test_a_name_that_no_effect_ends_with_is_not_followed():
    assert TABLE.wanted("post")
    assert TABLE.wanted("put_record")
    assert not TABLE.wanted("get")


def test_other_names_lead_to_the_one_that_is_used():
    assert TABLE.same("lib.api") == "lib"
    assert TABLE.same("lib.other") == "lib.other"
    assert TABLE.wanted("api")
    assert TABLE.holds("lib()") == Argument(0)
    assert TABLE.holds("x()") is None
    assert TABLE.outcome("again").says == "twice"


def test_guards_and_what_hands_on_are_known_by_name():
    assert TABLE.is_guard("os.path.exists")
    assert TABLE.is_guard("?.marker.exists")
    assert not TABLE.is_guard("?.exist")
    assert TABLE.hands_on("submit") == 0
    assert TABLE.hands_on("call_with_retry") == 1
    assert TABLE.hands_on("call") is None
