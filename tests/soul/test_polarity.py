import pytest

from soulguard.soul.modality import Modality
from soulguard.soul.polarity import view
from soulguard.soul.tokens import items
from soulguard.soul.views import View


def seen(text: str, above: Modality = Modality.NONE) -> View:
    return view(tuple(items(text)), above)


ALGEBRA = [
    ("never delete files", Modality.NONE, Modality.DENY),
    ("never delete files without approval", Modality.NONE, Modality.ASK),
    ("delete files without confirmation", Modality.DENY, Modality.ASK),
    ("never deploy automatically", Modality.NONE, Modality.ASK),
    ("ask before deleting files", Modality.NONE, Modality.ASK),
    ("before deleting files , ask", Modality.NONE, Modality.ASK),
    ("deployments require approval", Modality.NONE, Modality.ASK),
    ("get approval for deployments", Modality.NONE, Modality.ASK),
    ("you may delete files", Modality.NONE, Modality.ALLOW),
    ("only the owner may edit files", Modality.NONE, Modality.DENY),
    ("only write files", Modality.NONE, Modality.ONLY),
    ("always write files", Modality.NONE, Modality.MUST),
    ("don't delete files", Modality.DENY, Modality.DENY),
    ("delete files", Modality.ASK, Modality.ASK),
    ("netlify builds do not delete files", Modality.NONE, Modality.NONE),
]


@pytest.mark.parametrize(("text", "above", "modality"), ALGEBRA)
def test_the_algebra_of_polarity(text, above, modality) -> None:
    assert seen(text, above).modality is modality


@pytest.mark.parametrize(
    "text", ["don't ask permission", "no approval needed to delete"]
)
def test_asking_for_less_asking_is_a_counter_rule(text: str) -> None:
    found = seen(text)
    assert found.counter
    assert found.modality is Modality.ALLOW


def test_what_is_outside_is_left_out() -> None:
    found = seen("never write outside `out/`")
    assert found.outside
    assert [x.text for x in found.except_literals] == ["out/"]


def test_an_exception_nobody_can_check_is_kept_in_words() -> None:
    assert seen("never delete files without tests").exception == "without tests"
    assert seen("when in doubt , delete files").condition == "when in doubt"
    assert seen("never kill processes you did not start").exception == "not"
