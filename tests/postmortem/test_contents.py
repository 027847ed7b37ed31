from hashlib import sha256

import pytest

from soulguard.model import EffectKind, EventType
from soulguard.postmortem.contents import LARGEST, difference, text_of
from tests.ledger.samples import an_effect, an_event


def violation(**changes):
    return an_event(EventType.DUPLICATE, **changes)


def test_both_bodies_give_the_lines_that_differ_with_those_around(started):
    put = started.put_blob
    lines = [f"line {i}\n" for i in range(20)]
    committed = "".join(lines).encode()
    lines[10] = "other\n"
    blocked = "".join(lines).encode()
    event = violation(data={"committed": put(committed), "blocked": put(blocked)})
    found = difference(started, event)
    assert found.title == "--- committed   +++ blocked"
    assert found.lines == (
        "@", " line 7", " line 8", " line 9", "-line 10", "+other", " line 11",
        " line 12", " line 13",
    )  # fmt: skip


def test_equal_bodies_are_said_to_be_equal(started):
    ref = started.put_blob(b"same")
    found = difference(started, violation(data={"committed": ref, "blocked": ref}))
    assert found.lines == ("~both are the same, byte for byte",)


def test_json_is_laid_out_before_it_is_compared(started):
    put = started.put_blob
    event = violation(
        data={"committed": put(b'{"a":1,"b":2}'), "blocked": put(b'{"a": 1, "b": 3}')}
    )
    assert '-  "b": 2' in difference(started, event).lines
    assert '+  "b": 3' in difference(started, event).lines


def test_what_nothing_stands_against_is_shown_alone(started):
    event = violation(data={"blocked": started.put_blob(b"new\n")})
    found = difference(started, event)
    assert found.lines == ("+new",)
    assert "nothing is committed" in found.title


def test_the_recorded_request_is_the_committed_side_of_a_call(started):
    effect = started.add_effect(
        an_effect(
            "POST x/", kind=EffectKind.HTTP_CALL, request=started.put_blob(b"old\n")
        )
    )
    event = violation(
        effect_id=effect, data={"blocked": started.put_blob(b"old\nmore\n")}
    )
    assert difference(started, event).lines == (" old", "+more")


def test_a_file_stands_in_only_as_long_as_it_is_what_was_committed(started, tmp_path):
    file = tmp_path / "out.md"
    file.write_text("committed\n")
    effect = started.add_effect(
        an_effect(str(file), sha256(b"committed\n").hexdigest())
    )
    event = violation(effect_id=effect)
    found = difference(started, event)
    assert found.lines == (" committed",)
    assert "not on record" in found.title
    file.write_text("changed\n")
    assert difference(started, event) is None
    file.unlink()
    assert difference(started, event) is None


def test_differing_fields_are_told_where_bodies_are_not(started):
    event = an_event(EventType.DIVERGENCE, data={"difference": ["amount: 1 -> 2"]})
    assert difference(started, event).lines == ("~amount: 1 -> 2",)


def test_what_is_no_violation_compares_nothing(started):
    assert difference(started, an_event(effect_id=99)) is None


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        (b"\xff\xfe", ["(2 bytes that are no text)"]),
        (b"x" * (LARGEST + 1), [f"({LARGEST + 1:,} bytes, too large to show)"]),
        (b"{no json", ["{no json"]),
        (b"a\tb\x1b[2J", ["a    b\\x1b[2J"]),
    ],
)
def test_bodies_become_lines_that_are_safe_to_show(body, lines):
    assert text_of(body) == lines
