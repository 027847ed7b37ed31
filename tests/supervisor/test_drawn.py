from hypothesis import given
from hypothesis import strategies as st

from soulguard.supervisor import drawn
from soulguard.supervisor.drawn import Drawn

VALUE = "7b1c1b1e-8a1f-4c57-9f3e-0d6a3f1c2b3d"


def test_values_are_found_in_bodies_and_urls_with_and_without_dashes():
    known = Drawn()
    known.remember([VALUE])
    plain = VALUE.replace("-", "")
    assert known.among("https://a/x", b'{"id": "%s"}' % VALUE.encode()) == (VALUE,)
    assert known.among(f"https://a/{VALUE}", b"") == (VALUE,)
    assert known.among("https://a/x", plain.encode()) == (plain,)


def test_nothing_else_is_found():
    known = Drawn()
    known.remember([VALUE])
    assert known.among("https://a/x", VALUE[:-1].encode() + b"0") == ()


def test_the_oldest_values_make_room(monkeypatch):
    monkeypatch.setattr(drawn, "_KEPT", 2)
    known = Drawn()
    known.remember([f"{n:020d}" for n in range(5)])
    assert known.among("", b"%020d %020d" % (2, 4)) == (f"{4:020d}",)


@given(st.binary())
def test_any_body_can_be_searched(body):
    known = Drawn()
    known.remember([VALUE])
    known.among("https://a/x", body)
