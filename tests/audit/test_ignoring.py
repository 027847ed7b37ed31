import pytest

from soulguard.audit.ignoring import Ignores


def test_a_reason_is_found_on_any_line_of_the_call():
    found = Ignores(b"f(\n  1,  # soulguard: ignore[a cache, safe to lose]\n)\n")
    assert found.reason(1, 3) == "a cache, safe to lose"
    assert found.reason(3, 3) == ""
    assert found.wrong == []


@pytest.mark.parametrize(
    "comment", [b"# soulguard: ignore", b"# soulguard: ignore[]", b"# soulguard: ignore[ ]", b"# soulguard: ignore because"]
)  # fmt: skip
def test_a_comment_without_a_reason_is_a_mistake(comment):
    found = Ignores(b"x = 1\nf()  " + comment + b"\n")
    assert found.wrong == [2]
    assert found.reasons == {}


def test_a_text_that_looks_like_the_comment_is_none():
    found = Ignores(b"x = '# soulguard: ignore[no]'\n# soulguard: ignored\n")
    assert (found.reasons, found.wrong) == ({}, [])


def test_what_is_no_python_has_no_comments():
    assert Ignores(b"soulguard: '''").reasons == {}
