"""A rule that names a place or host speaks of that alone, and keeps its exception."""

import pytest

from soulguard.model import Action


@pytest.mark.parametrize(
    ("sentence", "paths", "spared"),
    [
        ("Never write to `db/` except `db/cache/`.", ("db/",), ("db/cache/",)),
        ("Do not edit `src/`, except `src/gen/`.", ("src/",), ("src/gen/",)),
        ("Never delete `db/` except `db/cache/`.", ("db/",), ("db/cache/",)),
    ],
)
def test_the_named_place_is_refused_and_its_exception_spared(
    compile_text, sentence, paths, spared
):
    found = compile_text(f"# A\n\n{sentence}\n")
    rule = next(r for r in found.policy.rules if r.action is Action.DENY)
    assert (rule.where.paths, rule.where.except_paths) == (paths, spared)


@pytest.mark.parametrize(
    "sentence",
    [
        "Ask before sending requests to partner.example.com.",
        "Ask before posting to `hooks.example.com`.",
    ],
)
def test_asking_for_one_host_asks_for_no_other(compile_text, sentence):
    found = compile_text(f"# A\n\n{sentence}\n")
    asks = [r for r in found.policy.rules if r.action is Action.ASK]
    assert asks
    assert all(r.where.hosts for r in asks)


def test_advice_on_thrift_refuses_no_payment(compile_text):
    found = compile_text("# A\n\nNever delete `a/`.\nDon't spend more than needed.\n")
    assert not [r for r in found.policy.rules if r.family.startswith("spend")]
