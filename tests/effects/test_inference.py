from pathlib import Path

import pytest

from soulguard.effects import inference
from soulguard.errors import PolicySyntaxError
from soulguard.model.call import Call

SHIPPED = Path(__file__).parents[2] / "policies" / "inference.yaml"

THINKS = [
    ("https://api.openai.com/v1/chat/completions", True),
    ("https://api.openai.com/v1/files", False),
    ("https://x.openai.azure.com/openai/deployments/d/chat/completions", True),
    ("https://api.anthropic.com/v1/messages", True),
    ("https://api.anthropic.com/v1/messages/batches", False),
    ("https://generativelanguage.googleapis.com/v1beta/models/g:generateContent", True),
    ("https://bedrock-runtime.us-east-1.amazonaws.com/model/m/converse", True),
    ("http://127.0.0.1:8080/v1/chat/completions", True),
    ("http://localhost:11434/api/chat", True),
    ("http://127.0.0.1:8080/v1/charges", False),
    ("http://127.0.0.1.evil.example/v1/chat/completions", False),
    ("https://shop.example.com/v1/chat/completions", False),
]


@pytest.mark.parametrize(("url", "thinks"), THINKS)
def test_model_inference_is_known_by_host_and_path(url, thinks):
    known = inference.load(SHIPPED)
    assert known.owns(Call("POST", url, body=b'{"model": "m"}')) is thinks


@pytest.mark.parametrize(
    "body",
    [b"", b"{}", b'{"to": "+49", "text": "\\"model\\""}', b'["model"]', b"model"],
)
def test_what_names_no_model_on_this_machine_may_be_a_message_to_somebody(body):
    known = inference.load(SHIPPED)
    assert not known.owns(Call("POST", "https://localhost:9090/v1/messages", body=body))
    assert known.owns(Call("POST", "https://api.anthropic.com/v1/messages", body=body))


def test_a_broken_inference_list_is_refused(tmp_path):
    file = tmp_path / "inference.yaml"
    for text in ("inference: [{id: x}]\n", "[}\n"):
        file.write_text(text)
        with pytest.raises(PolicySyntaxError):
            inference.load(file)
