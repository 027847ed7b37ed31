import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soulguard.effects.price_file import load
from soulguard.effects.usage import Usage, usage

SHIPPED = Path(__file__).parents[2] / "policies" / "prices.yaml"


def sse(*events):
    lines = [f"event: x\ndata: {json.dumps(e)}\n\n" for e in events]
    return "".join([*lines, "data: [DONE]\n\n"]).encode()


OPENAI = {"model": "gpt-4o", "usage": {"prompt_tokens": 3, "completion_tokens": 5}}
RESPONSES = {"model": "gpt-5", "usage": {"input_tokens": 3, "output_tokens": 5}}
GEMINI = {
    "modelVersion": "gemini-2.5-pro",
    "usageMetadata": {"promptTokenCount": 3, "candidatesTokenCount": 5},
}
ANTHROPIC = [
    {"type": "message_start",
     "message": {"model": "claude-sonnet-4-5", "usage": {"input_tokens": 3, "output_tokens": 1}}},
    {"type": "content_block_delta", "delta": {"text": "usage"}},
    {"type": "message_delta", "usage": {"output_tokens": 5}},
]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "model"),
    [
        (json.dumps(OPENAI).encode(), "gpt-4o"),
        (json.dumps(RESPONSES).encode(), "gpt-5"),
        (json.dumps(GEMINI).encode(), "gemini-2.5-pro"),
        (json.dumps([{}, GEMINI]).encode(), "gemini-2.5-pro"),
        (sse({"model": "gpt-4o", "choices": []}, OPENAI), "gpt-4o"),
        (sse({"type": "response.completed", "response": RESPONSES}), "gpt-5"),
        (sse(*ANTHROPIC), "claude-sonnet-4-5"),
    ],
)
def test_the_usage_of_an_answer_is_read(body, model):
    assert usage([], body) == Usage(model, 3, 5)


def test_a_compressed_answer_is_read_too():
    body = gzip.compress(json.dumps(OPENAI).encode())
    assert usage([["Content-Encoding", "gzip"]], body) == Usage("gpt-4o", 3, 5)
    assert usage([["Content-Encoding", "gzip"]], b"broken") is None
    assert usage([["Content-Encoding", "br"]], body) is None


@given(st.binary())
def test_an_answer_that_says_nothing_used_nothing_known(body):
    assert usage([], body) is None


def test_a_model_is_priced_by_the_longest_name_it_begins_with():
    prices = load(SHIPPED)
    million = 1_000_000
    assert prices.usd(Usage("gpt-4o-mini-2024-07-18", million, million)) == 0.75
    assert prices.usd(Usage("openai/gpt-4o-2024-08-06", million, 0)) == 2.5
    assert prices.usd(Usage("my-own-model", million, million)) == 0


def test_the_cost_that_an_answer_names_goes_before_the_list():
    said = {"model": "gpt-4o", "usage": {"prompt_tokens": 3, "cost": 0.5}}
    used = usage([], json.dumps(said).encode())
    assert used == Usage("gpt-4o", 3, 0, 0.5)
    assert load(SHIPPED).usd(used) == 0.5
