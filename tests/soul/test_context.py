import pytest

from soulguard.soul.context import header, lead
from soulguard.soul.modality import Modality

PASSED = [
    ("What You Never Do", Modality.DENY),
    ("I Never:", Modality.DENY),
    ("NEVER:", Modality.DENY),
    ("Banned behaviors (hard violations):", Modality.DENY),
    ("You are not allowed to:", Modality.DENY),
    ("Ask First", Modality.ASK),
    ("Always Ask Confirmation Before:", Modality.ASK),
    ("High Risk (Pause or Explicit Authorisation)", Modality.ASK),
    ("Never without approval", Modality.ASK),
    ("Always Safe", Modality.ALLOW),
    ("You don't need permission to:", Modality.ALLOW),
    ("Act immediately \u2014 no approval needed:", Modality.ALLOW),
    ("Proactive work you can do without asking:", Modality.ALLOW),
    ("ONLY agent configuration files:", Modality.ALLOW),
    ("I Always:", Modality.MUST),
]
KEPT = ["Boundaries", "Hard Rules", "Safety", "Never Gonna Give You Up", "Voice", "",
        "Don't ask permission", "You may run commands when:", "x" * 500]  # fmt: skip


@pytest.mark.parametrize(("text", "modality"), PASSED)
def test_a_heading_of_nothing_but_modality_passes_it_down(text, modality) -> None:
    assert header(text) is modality


@pytest.mark.parametrize("text", KEPT)
def test_every_other_heading_passes_nothing(text: str) -> None:
    assert header(text) is Modality.NONE


def test_a_lone_word_leads_a_list() -> None:
    assert lead("allow") is Modality.ALLOW
    assert lead("deny") is Modality.DENY
    assert lead("safety") is Modality.NONE
