import pytest

from soulguard.effects.usage import Usage
from soulguard.errors import PolicySyntaxError
from soulguard.model.call import Call
from soulguard.supervisor.facts import Facts, beside
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


OWN = """
providers:
  - id: billing
    name: Our billing
    hosts: [billing.example.com]
    carrier: header Idempotency-Key
    honours: ["POST /**"]
    source: its README
    date: 2026-11
"""


def test_facts_beside_the_rules_go_before_the_shipped_ones(tmp_path):
    (tmp_path / "soulguard.providers.yaml").write_text(OWN)
    (tmp_path / "soulguard.prices.yml").write_text(
        "prices: {gpt-4o: {read: 1, written: 2}}\n"
    )
    facts = beside(tmp_path, POLICIES)
    assert [file.name for file in facts.files] == [
        "soulguard.providers.yaml", "soulguard.prices.yml"
    ]  # fmt: skip
    assert facts.providers.of(Call("POST", "https://billing.example.com/a")).id == (
        "billing"
    )
    assert facts.providers.named("stripe").name == "Stripe"
    assert facts.prices.usd(Usage("gpt-4o", 1_000_000, 0)) == 1
    # read at the start: what becomes of the files later is of no concern
    assert {"providers", "prices"} <= vars(facts).keys()


def test_without_files_of_the_users_nothing_is_read_at_the_start(tmp_path):
    facts = beside(tmp_path, POLICIES)
    assert facts.files == ()
    assert not {"providers", "prices"} & vars(facts).keys()


@pytest.mark.parametrize("name", ["providers", "prices"])
def test_a_mistake_in_a_file_of_the_users_is_told_at_the_start(tmp_path, name):
    file = tmp_path / f"soulguard.{name}.yaml"
    file.write_text(f"{name}:\n  - id: x\n")
    with pytest.raises(PolicySyntaxError) as error:
        beside(tmp_path, POLICIES)
    assert error.value.where == f"{file}:2"
