"""What a model call used is read from its answer, whole or as a stream."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soulguard.effects.usage import read


@pytest.mark.parametrize(("answer", "told"), [
    ({"usage": {"prompt_tokens": 7, "completion_tokens": 5, "total_tokens": 12}},
     {"tokens": 12}),
    ({"usage": {"input_tokens": 7, "output_tokens": 5}}, {"tokens": 12}),
    ({"usage": {"input_tokens": 1, "cache_read_input_tokens": 6, "output_tokens": 5}},
     {"tokens": 12}),
    ({"usageMetadata": {"promptTokenCount": 7, "candidatesTokenCount": 5}},
     {"tokens": 12}),
    ({"usage": {"prompt_tokens": 1, "cost": 0.25}}, {"tokens": 1, "usd": 0.25}),
    ({"usage": None}, {}), ({"usage": {"prompt_tokens": "7"}}, {}), ({"ok": True}, {}),
    ([{"usageMetadata": {"promptTokenCount": 3}}], {"tokens": 3}),
])  # fmt: skip
def test_whole_answers(answer, told):
    assert read(json.dumps(answer).encode()) == told


def test_streams_count_the_last_word():
    events = [
        {"type": "message_start", "message": {"usage": {"input_tokens": 9, "output_tokens": 1}}},
        {"type": "delta"},
        {"type": "message_delta", "usage": {"output_tokens": 30}},
    ]  # fmt: skip
    body = b"".join(
        b"event: x\ndata: " + json.dumps(e).encode() + b"\n\n" for e in events
    )
    assert read(body + b"data: [DONE]\n\n") == {"tokens": 39}
    answer = {"response": {"usage": {"input_tokens": 2, "output_tokens": 3}}}
    assert read(b"data: " + json.dumps(answer).encode()) == {"tokens": 5}


@given(st.binary(max_size=80))
def test_no_answer_is_too_odd(noise):
    assert read(noise + b'"usage"' + noise) == {}
