"""Classes of files: whole, or narrowed by a word nobody can follow."""

import pytest

from soulguard.soul.breadth import narrowed
from soulguard.soul.frames import frames
from soulguard.soul.modality import Modality


def told(sentence: str) -> bool:
    return any(narrowed(frame) for frame in frames(sentence, Modality.NONE))


@pytest.mark.parametrize(
    "sentence",
    [
        "Never edit snapshot files",
        "Do not delete any data file",
        "Never edit old folders",
    ],
)
def test_a_word_before_files_picks_some_of_them(sentence: str):
    assert told(sentence)


@pytest.mark.parametrize(
    "sentence",
    ["Never edit files", "Do not delete any file", "Never delete the user's files",
     "Never edit files in `data/`", "Never delete data"],
)  # fmt: skip
def test_all_files_are_all_files(sentence: str):
    assert not told(sentence)
