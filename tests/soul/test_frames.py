import pytest

from soulguard.soul.frames import Frame, frames
from soulguard.soul.modality import Modality


def one(text: str, above: Modality = Modality.NONE) -> Frame:
    return frames(text, above)[0]


def test_a_frame_is_modality_action_and_object() -> None:
    frame = one("Never delete `a.txt`.")
    assert frame.modality is Modality.DENY
    assert "delete" in frame.acts
    assert frame.paths == ("a.txt",)
    assert frame.firm


def test_a_statement_has_a_frame_for_each_verb() -> None:
    found = frames("Never force push, delete branches, or use sudo.", Modality.NONE)
    assert [min(f.acts) for f in found] == ["force-push", "delete-branch", "sudo"]


def test_a_tail_of_modality_reaches_back() -> None:
    found = frames("Posting anything \u2014 never", Modality.NONE)
    assert found[-1].modality is Modality.DENY
    assert "post" in found[-1].acts


def test_a_lead_in_carries_over_a_semicolon_list() -> None:
    found = frames("Ask first: sending mail; deploying.", Modality.NONE)
    assert {f.modality for f in found} == {Modality.ASK}


def test_parentheses_may_do_the_asking() -> None:
    found = one("Outbound messages (hold for approval)", Modality.ALLOW)
    assert found.modality is Modality.ASK


@pytest.mark.parametrize(
    "text",
    ["Never send rude mail.", "Never send mail on Mondays.", "Never send 3 mails."],
)
def test_a_word_nobody_knows_makes_a_frame_unfirm(text: str) -> None:
    assert not one(text).firm


def test_a_question_to_oneself_asks_nobody() -> None:
    assert frames("Before posting, ask: does it help?", Modality.NONE)[0].modality is (
        Modality.NONE
    )
