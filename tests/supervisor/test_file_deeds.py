"""What a person is shown before a file changes: all of it, as a difference if it can."""

import pytest

from soulguard.model import EffectKind, Judgement, Verdict
from soulguard.supervisor.file_deeds import describe

ALLOW = Judgement(Verdict.ALLOW, "")


@pytest.fixture
def shown(tmp_path):
    def show(kind, old, new, start=0):
        path, staged = tmp_path / "a", tmp_path / "staged"
        if old is not None:
            path.write_bytes(old)
        staged.write_bytes(new)
        deed = describe(
            kind, "write", str(path), ALLOW, shown="a", source=str(staged), start=start
        )
        assert b"".join(deed.content()) == new[start:]
        return deed.shown()

    return show


def test_a_change_is_shown_as_a_difference(shown):
    assert shown(EffectKind.FILE_WRITE, b"a\nb\n", b"a\nc\n").splitlines() == [
        "write a", "--- before", "+++ after", "@@ -1,2 +1,2 @@", " a", "-b", "+c"
    ]  # fmt: skip


def test_a_new_file_an_append_and_bytes_are_shown_as_what_they_are(shown):
    assert shown(EffectKind.FILE_WRITE, None, b"new\n") == "write a\nnew\n"
    assert shown(EffectKind.FILE_APPEND, b"old\n", b"xxnew\n", 2) == "write a\nnew\n"
    said = shown(EffectKind.FILE_WRITE, None, b"\0\1\2")
    assert said == "write a\n3 bytes that are no text"


def test_what_has_no_bytes_is_shown_in_words(tmp_path):
    deed = describe(EffectKind.FILE_DELETE, "delete", "/r/a", ALLOW, shown="a")
    assert deed.shown() == "delete a"
    assert list(deed.content()) == []
    gone = describe(EffectKind.FILE_WRITE, "write", "/r/a", ALLOW, source="/nowhere")
    assert list(gone.content()) == []


def test_a_digest_tells_what_would_be_written_over_what_without_reading_it(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"old")

    def known(kind, digest):
        return describe(kind, "write", str(path), ALLOW, digest=digest).identity()

    write = known(EffectKind.FILE_WRITE, "d1")
    assert (
        write
        == known(EffectKind.FILE_WRITE, "d1")
        != known(EffectKind.FILE_WRITE, "d2")
    )
    append = known(EffectKind.FILE_APPEND, "d1")
    path.write_bytes(b"changed by somebody else")
    assert known(EffectKind.FILE_WRITE, "d1") != write
    assert known(EffectKind.FILE_APPEND, "d1") == append
    assert known(EffectKind.FILE_DELETE, "") == ""
