import pytest

from soulguard.model import Action

TAKEN = [
    "Every output includes the run_id.",
    "Tag each file with the run id.",
    "Stamp all reports with this run's id.",
    "Include the `run_id` in every output.",
    "Never write a report without the run_id.",
    "All artifacts must carry the ID of the run.",
    "Every artifact must embed the current run_id.",
    "Name outputs with the run id.",
    "Record the run_id inside each output file.",
    "Outputs without a run_id are invalid.",
]
REFUSED = [
    "Before creating any output, check if it already exists for this run_id.",
    "Every report has an author.",
    "Never reveal the run_id.",
]


@pytest.mark.parametrize("text", TAKEN)
def test_stamping_is_taken(compile_text, text: str) -> None:
    assert Action.STAMP in {r.action for r in compile_text(text).policy.rules}


@pytest.mark.parametrize("text", REFUSED)
def test_other_sentences_are_not(compile_text, text: str) -> None:
    assert Action.STAMP not in {r.action for r in compile_text(text).policy.rules}
