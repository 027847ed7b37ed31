import pytest

TAKEN = [
    "Send an idempotency key with every API call.",
    "All payment requests must include an idempotency_key.",
    "Honor `idempotency_key`.",
    "Every outside call carries a deduplication key.",
    "Never call the payments API without an Idempotency-Key header.",
    "Each external call must have an idempotency key.",
    "Use the same idempotency key when retrying.",
    "Set `Idempotency-Key` on all mutating requests.",
    "Derive a dedup key for every outbound call.",
    "Requests to Stripe must carry an idempotency key.",
    "Mutating API calls require an Idempotency-Key header.",
]
REFUSED = [
    "Never share API keys.",
    "Use the cache key from the config.",
    "Idempotency matters.",
]


@pytest.mark.parametrize("text", TAKEN)
def test_keys_on_calls_are_taken(compile_text, text: str) -> None:
    found = compile_text(text)
    assert [s.family for s in found.sentences] == ["dedup-key"]


@pytest.mark.parametrize("text", REFUSED)
def test_other_sentences_are_not(compile_text, text: str) -> None:
    found = compile_text(text)
    assert "dedup-key" not in {s.family for s in found.sentences}
