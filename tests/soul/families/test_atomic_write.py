import pytest

from soulguard.model import Action

TAKEN = [
    "Write to a temp file, then rename it into place.",
    "Write outputs to a temporary file first and rename it when complete.",
    "All file writes must be atomic.",
    "Write files atomically.",
    "Never leave half-written files behind.",
    "Never leave a partial report.",
    "A file is written whole or not at all.",
    "Use atomic writes.",
    "Use write-to-temp-and-rename for all outputs.",
    "Writes must be all-or-nothing.",
    "Never expose a partially written file.",
    "Output files must never be observed half-written.",
    "Stage output in a temp file and atomically move it to its final path.",
    "All writes go through a temporary file and an atomic rename.",
]
REFUSED = [
    "Make atomic commits.",
    "Read Atomic Habits.",
    "Never give partial answers.",
    "Use /tmp/ for intermediate files.",
]


@pytest.mark.parametrize("text", TAKEN)
def test_atomic_writes_are_taken(compile_text, text: str) -> None:
    assert Action.ATOMIC in {r.action for r in compile_text(text).policy.rules}


@pytest.mark.parametrize("text", REFUSED)
def test_other_sentences_are_not(compile_text, text: str) -> None:
    assert Action.ATOMIC not in {r.action for r in compile_text(text).policy.rules}
