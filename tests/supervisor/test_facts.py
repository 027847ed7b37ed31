import pytest

from soulguard.errors import PolicySyntaxError
from soulguard.model.call import Call
from soulguard.supervisor.facts import Facts
from tests.supervisor.attempts import POLICIES


def test_the_files_are_read_when_they_are_first_needed(tmp_path):
    facts = Facts(tmp_path)
    with pytest.raises(PolicySyntaxError):
        facts.providers  # noqa: B018 - reading is the act
    with pytest.raises(PolicySyntaxError):
        facts.inference  # noqa: B018 - reading is the act


def test_the_shipped_files_are_whole():
    facts = Facts(POLICIES)
    assert (
        facts.providers.of(Call("POST", "https://api.stripe.com/v1/x")).id == "stripe"
    )
    assert facts.inference.owns(Call("POST", "https://api.anthropic.com/v1/messages"))
    assert facts.providers is facts.providers
