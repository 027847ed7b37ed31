"""An approval said after a prohibition makes it a question."""

import pytest

from soulguard.model import Span
from soulguard.soul.afterwards import asked_next, is_remark
from soulguard.soul.clauses import Clause
from soulguard.soul.modality import Modality
from soulguard.soul.reading import Reading, read


def reading(text: str) -> Reading:
    return read(Clause(text, Span("SOUL.md", 1), "list", (), (), 0, 0))


@pytest.mark.parametrize(
    "text",
    [
        "Never push to main — ask me first.",
        "No deploys - get my approval first",
        "Never force push — unless I explicitly say so",
        "Never delete files; always ask first.",
        "Don't touch `config/` - check with me before.",
        "Never send mail, ask me.",
        "Don't install packages (check with the team first).",
        "Never edit `LICENSE` (wait for approval).",
    ],
)
def test_what_is_forbidden_and_then_asked_for_is_asked_for(text: str) -> None:
    assert {f.modality for f in reading(text).frames} == {Modality.ASK}


@pytest.mark.parametrize(
    "text",
    [
        "Never delete files — ask if unsure.",
        "Never modify `prod.yml`; ask me instead.",
        "Never run `rm -rf`. Don't ask, don't argue.",
        "Never commit secrets; ask me first.",
        "Never deploy (auto-execute without approval)",
    ],
)
def test_what_stays_forbidden_is_not_asked_for(text: str) -> None:
    assert Modality.ASK not in {f.modality for f in reading(text).frames}


@pytest.mark.parametrize("after", ["Ask first.", "Always check with me first."])
def test_a_sentence_that_only_asks_belongs_to_the_one_before(after: str) -> None:
    [frame] = asked_next(reading("Never delete files.").frames, after)
    assert frame.modality is Modality.ASK
    assert is_remark(after)


@pytest.mark.parametrize(
    "after", ["Ask if unsure.", "Ask before you push.", "Ask why.", "Never ask.", ""]
)
def test_a_sentence_that_says_more_stands_alone(after: str) -> None:
    [frame] = asked_next(reading("Never delete files.").frames, after)
    assert frame.modality is Modality.DENY
    assert not is_remark(after)
