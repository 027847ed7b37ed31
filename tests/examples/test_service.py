import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlencode

import openai
import pytest

from examples.service import Service

ROOT = Path(__file__).parents[2]
LAMP = {"amount": 15800, "currency": "eur", "source": "tok_visa"}


@pytest.fixture
def service():
    with Service() as running:
        yield running


def post(service, path, body, **headers):
    request = urllib.request.Request(service.url + path, body, headers)
    with urllib.request.urlopen(request) as answer:
        return json.load(answer), dict(answer.headers)


def charge(service, parameters=LAMP, key=""):
    headers = {"Idempotency-Key": key} if key else {}
    return post(service, "/v1/charges", urlencode(parameters).encode(), **headers)


def ask(service, question="What is oak?", **more):
    request = {
        "model": "m",
        "messages": [{"role": "user", "content": question}],
        **more,
    }
    answer, _ = post(service, "/v1/chat/completions", json.dumps(request).encode())
    return answer["choices"][0]["message"]["content"]


def test_without_a_key_every_call_is_a_new_charge(service):
    first, second = charge(service)[0], charge(service)[0]
    assert first["id"] != second["id"]
    stats = service.stats()
    assert (stats["charges"], stats["distinct_charges"]) == (2, 1)
    assert stats["amount"] == 31600


@pytest.mark.parametrize("path", ["/emails", "/v1/posts"])
def test_mails_and_posts_are_made_once_per_key(service, path):
    body = json.dumps({"to": ["ada@x"], "slug": "oak"}).encode()
    first, _ = post(service, path, body, **{"Idempotency-Key": "k"})
    second, _ = post(service, path, body, **{"Idempotency-Key": "k"})
    assert first == second
    made = service.stats()
    assert len(made["mails"]) + len(made["posts"]) == 1
    assert made["replayed_mails"] + made["replayed_posts"] == 1


def test_a_repeated_key_gets_the_first_answer_and_says_so(service):
    first, _ = charge(service, key="k")
    second, headers = charge(service, key="k")
    assert first == second
    assert headers["Idempotent-Replayed"] == "true"
    assert service.stats()["charges"] == service.stats()["replayed_charges"] == 1


def test_a_key_with_other_parameters_is_refused(service):
    charge(service, key="k")
    with pytest.raises(urllib.error.HTTPError) as refused:
        charge(service, {**LAMP, "amount": 1}, key="k")
    with refused.value:
        assert refused.value.code == 400
        assert json.load(refused.value)["error"]["type"] == "idempotency_error"


def test_a_charge_without_an_amount_is_refused(service):
    with pytest.raises(urllib.error.HTTPError) as refused:
        charge(service, {"currency": "eur"})
    with refused.value:
        assert refused.value.code == 400
    assert service.stats()["charges"] == 0


def test_asking_again_gives_another_text_and_asking_anew_the_same(service):
    first, second = ask(service), ask(service)
    assert first != second
    post(service, "/reset", b"")
    assert (ask(service), ask(service)) == (first, second)


def test_a_stream_says_what_the_whole_answer_would(service):
    question = [{"role": "user", "content": "What is oak?"}]
    with openai.OpenAI(base_url=f"{service.url}/v1", api_key="sk-test") as client:
        create = client.chat.completions.create
        with create(model="m", messages=question, stream=True) as stream:
            text = "".join(chunk.choices[0].delta.content or "" for chunk in stream)
        service.server.world.reset()
        whole = create(model="m", messages=question)
    assert whole.choices[0].message.content == text
    assert whole.usage.total_tokens == service.stats()["tokens"]


@pytest.mark.parametrize(
    ("do", "charges"), [("drop-before", 0), ("drop-after-processing", 1)]
)
def test_a_dropped_call_has_or_has_not_happened(service, do, charges):
    service.arm(path="/v1/charges", do=do)
    with pytest.raises(OSError, match="closed connection"):
        charge(service)
    assert service.stats()["charges"] == charges


def test_a_fault_strikes_the_nth_matching_request_once(service):
    service.arm(path="/v1/charges", nth=2, contains="amount=7", do="status", status=429)
    charge(service)
    charge(service, {**LAMP, "amount": 7})
    with pytest.raises(urllib.error.HTTPError, match="429") as refused:
        charge(service, {**LAMP, "amount": 7})
    refused.value.close()
    charge(service, {**LAMP, "amount": 7})
    assert service.stats()["charges"] == 3


def test_a_delayed_call_is_answered(service):
    service.arm(path="/v1/charges", do="delay", seconds=0.01)
    assert charge(service)[0]["paid"]


def test_a_hanging_call_ends_with_the_service():
    with Service() as service:
        service.arm(path="/v1/charges", do="hang")
        with pytest.raises(TimeoutError):
            urllib.request.urlopen(
                f"{service.url}/v1/charges", b"amount=1", timeout=0.05
            )
    assert service.stats()["charges"] == 0


@pytest.mark.parametrize(
    ("when", "charges"), [("before", 0), ("after-processing", 1), ("after-answer", 1)]
)
def test_the_client_is_found_and_killed_at_the_asked_moment(service, when, charges):
    fault = json.dumps({"path": "/v1/charges", "kill": "client", "when": when})
    post(service, "/faults", fault.encode())
    code = (
        "import sys, time, urllib.request\n"
        f"urllib.request.urlopen('{service.url}/v1/charges', b'amount=1').read()\n"
        "sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE
    ) as client:
        assert client.wait(30) == -9
    assert service.stats()["charges"] == charges
    assert service.stats()["killed"] == [client.pid]


def test_an_unknown_fault_is_refused(service):
    for fault in (b'{"path": "/", "do": "explode"}', b'{"road": "/"}', b"nothing"):
        with pytest.raises(urllib.error.HTTPError, match="400") as refused:
            post(service, "/faults", fault)
        refused.value.close()


def test_statistics_and_charges_are_pages(service):
    charge(service)
    ask(service)
    with urllib.request.urlopen(f"{service.url}/stats") as page:
        assert json.load(page) == service.stats()
    with urllib.request.urlopen(f"{service.url}/charges") as page:
        assert [c["amount"] for c in json.load(page)] == [15800]
    assert service.stats()["requests"] == {"/v1/charges": 1, "/v1/chat/completions": 1}


@pytest.mark.parametrize("path", ["/v1/refunds", "/v1/embeddings"])
def test_an_unknown_path_is_not_found(service, path):
    with pytest.raises(urllib.error.HTTPError, match="404") as refused:
        post(service, path, b"")
    refused.value.close()


def test_the_file_is_a_program_that_prints_its_address():
    with subprocess.Popen(
        [sys.executable, ROOT / "examples" / "service.py"],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    ) as program:
        url = program.stdout.readline().strip()
        with urllib.request.urlopen(f"{url}/stats") as page:
            assert json.load(page)["charges"] == 0
        program.terminate()


def test_a_page_is_published_once_per_key(service):
    page = json.dumps({"slug": "oak"}).encode()
    for key in ("k", "k", "other"):
        post(service, "/v1/posts", page, **{"Idempotency-Key": key})
    stats = service.stats()
    assert (stats["posts"], stats["replayed_posts"]) == (["oak", "oak"], 1)


def test_asking_again_what_was_answered_is_needless_and_counted(service):
    service.arm(path="/v1/chat/completions", do="drop-after-processing")
    with pytest.raises(OSError, match="closed connection"):
        ask(service)
    ask(service)
    assert service.stats()["needless"] == {}
    ask(service)
    assert service.stats()["needless"]["calls"] == 1


def test_a_stream_may_be_cut_in_its_middle(service):
    question = [{"role": "user", "content": "What is oak?"}]
    service.arm(path="/v1/chat/completions", kill="client", when="mid-answer")
    code = (
        "import openai\n"
        f"client = openai.OpenAI(base_url='{service.url}/v1', api_key='sk-test')\n"
        "create = client.chat.completions.create\n"
        f"for chunk in create(model='m', messages={question}, stream=True):\n"
        "    print(chunk.id, flush=True)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=False
    )
    assert done.returncode == -9
    assert service.stats()["needless"] == {}
    service.server.world.reset()
    assert len(done.stdout.splitlines()) < len(ask(service).split())
