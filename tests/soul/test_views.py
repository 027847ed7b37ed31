import pytest

from soulguard.soul.tokens import items
from soulguard.soul.views import bare, first, names, say


def test_the_first_word_with_a_tag_is_found() -> None:
    words = items("Never delete files or delete mail")
    assert first(words, "act:delete") == 1
    assert first(words, "act:delete", 2) == 4
    assert first(words, "act:pay") == -1


@pytest.mark.parametrize(
    ("text", "ours"),
    [("delete it", True), ("the mail", True), ("`a.md`", True), ("be kind", False)],
)
def test_words_may_name_something_of_ours(text: str, ours: bool) -> None:
    assert names(items(text)) is ours


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("You must never delete files", "delete files"),
        ("Files must never be deleted", "files be deleted"),
        ("Always log calls", "log calls"),
    ],
)
def test_modal_words_and_an_empty_subject_come_off(text: str, left: str) -> None:
    assert say(bare(items(text))) == left
