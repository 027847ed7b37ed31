"""Sentences about parts of sites: what each becomes, and which are none."""

import pytest

from soulguard.model import EffectKind


@pytest.mark.parametrize(
    ("sentence", "paths"),
    [
        ("Never touch checkout pages or anything under /account.",
         {"/**/checkout", "/account"}),
        ("Nothing under /admin is to be requested.", {"/admin"}),
        ("Never open pages below /account or /billing.", {"/account", "/billing"}),
        ("The endpoints `/v1/payouts` and `/v1/refunds` are off limits.",
         {"/v1/payouts", "/v1/refunds"}),
    ],
)  # fmt: skip
def test_a_part_of_any_site_is_not_called(ruled, sentence, paths):
    [rule] = ruled(sentence)
    assert (rule.family, rule.effects) == ("host-deny", (EffectKind.HTTP_CALL,))
    assert set(rule.where.url_paths) == paths | {f"{path}/**" for path in paths}


@pytest.mark.parametrize(
    "sentence",
    [
        "Never build search pages that are slow.",
        "Do not break the /health endpoint.",
        "The settings page never loads.",
        "Never write to `/data/`.",
        "Never touch the site's files under `/srv/www/`.",
        "Never call /v1/payouts endpoints unless I say so.",
    ],
)
def test_other_paths_are_not_those_of_sites(ruled, sentence):
    assert not any(rule.where.url_paths for rule in ruled(sentence))
