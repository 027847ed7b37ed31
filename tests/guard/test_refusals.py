import errno

import pytest

from soulguard import errors
from soulguard.guard.refusals import refusal


def decision(slug, **more):
    return {"verdict": "deny", "reason": "why", "data": {"error": slug}, **more}


@pytest.mark.parametrize(
    ("slug", "kind", "number"),
    [
        ("duplicate-write", errors.DuplicateWriteError, errno.EEXIST),
        ("unguarded-write", errors.UnguardedWriteError, errno.EACCES),
        ("denied", errors.DeniedError, errno.EACCES),
        ("something new", errors.DeniedError, errno.EACCES),
    ],
)
def test_a_file_refusal_reads_like_the_system_s_own_error(slug, kind, number):
    error = refusal(decision(slug, message="the whole story"), "out.txt")
    assert type(error) is kind
    assert isinstance(error, OSError)
    assert (error.errno, error.strerror) == (number, "the whole story")
    assert error.filename == "out.txt"


@pytest.mark.parametrize("slug", ["denied-call", "in-doubt", "duplicate-call"])
def test_a_call_refusal_is_no_trouble_of_the_network(slug):
    error = refusal(decision(slug))
    assert isinstance(error, RuntimeError)
    assert not isinstance(error, OSError)
    assert error.slug == slug


def test_the_decision_goes_with_the_error():
    told = decision("denied")
    assert refusal(told, "x").decision is told


def test_without_a_message_the_reason_is_told():
    assert str(refusal(decision("guard-unavailable"))) == "why"


def test_without_a_file_name_there_is_none():
    assert refusal(decision("denied")).filename is None
