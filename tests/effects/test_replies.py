from pathlib import Path

import pytest

from soulguard.effects.provider_file import load
from soulguard.effects.replies import Outcome, classify

REGISTRY = load(Path(__file__).parents[2] / "policies" / "providers.yaml")
MARK = [["Idempotent-Replayed", "true"]]

CASES = [
    ("unknown", 200, [], b"", Outcome.DONE),
    ("unknown", 302, [], b"", Outcome.DONE),
    ("unknown", 400, [], b"", Outcome.REJECTED),
    ("unknown", 404, [], b"", Outcome.REJECTED),
    ("unknown", 408, [], b"", Outcome.NOT_PROCESSED),
    ("unknown", 409, [], b"", Outcome.REJECTED),
    ("unknown", 409, [], b'{"title": "A request is in progress"}', Outcome.IN_FLIGHT),
    ("unknown", 422, [], b'{"detail": "different payload"}', Outcome.DIFFERS),
    ("unknown", 425, [], b"", Outcome.NOT_PROCESSED),
    ("unknown", 429, [], b"", Outcome.NOT_PROCESSED),
    ("unknown", 500, [], b"", Outcome.UNKNOWN),
    ("unknown", 503, [], b"", Outcome.UNKNOWN),
    ("stripe", 409, [], b"", Outcome.IN_FLIGHT),
    ("stripe", 400, [], b'{"error": {"type": "idempotency_error"}}', Outcome.DIFFERS),
    ("stripe", 402, [], b"", Outcome.REJECTED),
    ("stripe", 500, MARK, b"", Outcome.REJECTED),
    ("stripe", 200, MARK, b"", Outcome.DONE),
    (
        "gocardless",
        409,
        [],
        b'{"reason": "idempotent_creation_conflict"}',
        Outcome.HAPPENED,
    ),
    ("bvnk", 400, [], b'{"message": "Payment already exists"}', Outcome.HAPPENED),
    ("moov", 409, [], b"", Outcome.HAPPENED),
    ("interchecks", 409, [], b"", Outcome.HAPPENED),
    ("sepay", 409, [], b"", Outcome.DIFFERS),
    (
        "integrated-finance",
        201,
        [["X-Idempotency-Status", "processed"]],
        b"",
        Outcome.DONE,
    ),
    ("square", 400, [], b'{"code": "IDEMPOTENCY_KEY_REUSED"}', Outcome.DIFFERS),
]


@pytest.mark.parametrize(("provider", "status", "headers", "body", "outcome"), CASES)
def test_a_reply_means_what_the_service_says_it_means(
    provider, status, headers, body, outcome
):
    entry = REGISTRY.named(provider)
    assert classify(entry, status, headers, body, keyed=True).outcome is outcome


def test_without_a_key_a_conflict_is_a_rejection():
    entry = REGISTRY.named("stripe")
    assert classify(entry, 409, [], b"", keyed=False).outcome is Outcome.REJECTED


@pytest.mark.parametrize(
    ("provider", "headers", "replayed"),
    [
        ("stripe", MARK, True),
        ("stripe", [["Idempotent-Replayed", "false"]], False),
        ("unknown", MARK, True),
        ("flutterwave", [["X-Idempotency-Cache-Hit", "true"]], True),
        ("integrated-finance", [["X-Idempotency-Status", "replayed"]], True),
        ("integrated-finance", [["X-Idempotency-Status", "processed"]], False),
        ("stripe", [], False),
    ],
)
def test_replay_markers_are_read(provider, headers, replayed):
    entry = REGISTRY.named(provider)
    assert classify(entry, 200, headers, b"", keyed=True).replayed is replayed
