"""Which word of a statement denies."""

import pytest

from soulguard.soul.denial import denial
from soulguard.soul.tokens import items


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("never push to main", "never"),
        ("you have no access to `a/`", "no"),
        ("run the service, do not restart it", "do not"),
        ("use it with no write access", "no"),
        ("nothing is deleted", "nothing"),
    ],
)
def test_the_word_that_denies_is_found(text: str, word: str) -> None:
    words = items(text)
    assert words[denial(words)].text == word


@pytest.mark.parametrize(
    "text",
    [
        "you do not just run scripts",
        "the runner has no such capability",
        "the key is read by no code",
        "deploy so nobody is tempted to wait",
        "run the tests with no network",
        "you don't need to reply",
        "stop the service",
        "the whole file or nothing",
    ],
)
def test_what_only_tells_denies_nothing(text: str) -> None:
    assert denial(items(text)) == -1
