"""Real SDKs, untouched: a restart gives them what they got, and sends nothing.

Those that no extra installs are tested too where `SDK_PYTHON` names an interpreter that
has them (pydantic-ai-slim[openai], langgraph, langchain-openai).
"""

import os
import sys
import textwrap

import pytest

from tests.e2e.sdk_services import Services

HERE = {
    "openai": ("/v1/chat/completions", """
        from openai import OpenAI
        client = OpenAI(base_url=URL + "/v1", api_key="k")
        said = [{"role": "user", "content": "hello"}]
        one = client.chat.completions.create(model="gpt-4o", messages=said)
        print(one.choices[0].message.content)
        for part in client.chat.completions.create(
            model="gpt-4o", messages=said, stream=True
        ):
            print(part.choices[0].delta.content)
        print(client.responses.create(model="gpt-4o", input="hello").output_text)
    """),
    "openai async": ("/v1/chat/completions", """
        import asyncio
        from openai import AsyncOpenAI
        async def ask(client, text):
            said = [{"role": "user", "content": text}]
            one = await client.chat.completions.create(model="gpt-4o", messages=said)
            return text, one.choices[0].message.content
        async def main():
            async with AsyncOpenAI(base_url=URL + "/v1", api_key="k") as client:
                print(await asyncio.gather(*(ask(client, t) for t in "abcd")))
        asyncio.run(main())
    """),
    "anthropic": ("/v1/messages", """
        from anthropic import Anthropic
        client = Anthropic(base_url=URL, api_key="k")
        asked = {"model": "claude-sonnet-4-5", "max_tokens": 9,
                 "messages": [{"role": "user", "content": "hello"}]}
        print(client.messages.create(**asked).content[0].text)
        with client.messages.stream(**asked) as stream:
            print(list(stream.text_stream))
    """),
    "stripe": ("/v1/payment_intents", """
        import stripe
        client = stripe.StripeClient(
            "sk_test_1", base_addresses={"api": URL}, max_network_retries=2
        )
        made = client.v1.payment_intents.create({"amount": 100, "currency": "eur"})
        print(made.id)
    """),
    "boto3": ("/", """
        import boto3
        options = {"endpoint_url": URL, "region_name": "eu-west-1",
                   "aws_access_key_id": "a", "aws_secret_access_key": "s"}
        queue = boto3.client("sqs", **options)
        sent = queue.send_message(QueueUrl=URL + "/1/queue", MessageBody="hello")
        print(sent["MessageId"])
        store = boto3.client("s3", **options)
        print(store.put_object(Bucket="b", Key="k", Body=b"hello")
              ["ResponseMetadata"]["HTTPStatusCode"])
    """),
    "slack_sdk": ("", """
        from slack_sdk import WebClient
        client = WebClient("xoxb-1", base_url=URL + "/api/")
        print(client.chat_postMessage(channel="C1", text="hello")["ts"])
    """),
    "twilio": ("", """
        from urllib.parse import urlsplit, urlunsplit
        from twilio.http.http_client import TwilioHttpClient
        from twilio.rest import Client
        class Here(TwilioHttpClient):
            def request(self, method, url, *args, **named):
                here, split = urlsplit(URL), urlsplit(url)
                url = urlunsplit((here.scheme, here.netloc, *split[2:]))
                return super().request(method, url, *args, **named)
        client = Client("AC1", "t", http_client=Here())
        print(client.messages.create(to="+1", from_="+2", body="hello").sid)
    """),
}  # fmt: skip
ELSEWHERE = {
    "pydantic-ai": ("/v1/chat/completions", """
        from pydantic_ai import Agent
        from pydantic_ai.models.openai import OpenAIChatModel
        from pydantic_ai.providers.openai import OpenAIProvider
        provider = OpenAIProvider(base_url=URL + "/v1", api_key="k")
        agent = Agent(OpenAIChatModel("gpt-4o", provider=provider))
        first = agent.run_sync("hello")
        print(first.output)
        print(agent.run_sync("go on", message_history=first.all_messages()).output)
    """),
    "langgraph": ("/v1/chat/completions", """
        from typing import TypedDict
        from langchain_openai import ChatOpenAI
        from langgraph.graph import END, START, StateGraph
        class State(TypedDict):
            text: str
        model = ChatOpenAI(model="gpt-4o", base_url=URL + "/v1", api_key="k")
        def ask(state):
            return {"text": state["text"] + "|" + model.invoke(state["text"]).content}
        graph = StateGraph(State)
        graph.add_node("one", ask)
        graph.add_node("two", ask)
        graph.add_edge(START, "one")
        graph.add_edge("one", "two")
        graph.add_edge("two", END)
        print(graph.compile().invoke({"text": "hello"}))
        print([p.content for p in model.stream("hello")])
    """),
}  # fmt: skip
OTHER = os.environ.get("SDK_PYTHON", "")
SDKS = {**HERE, **(ELSEWHERE if OTHER else {})}


@pytest.fixture
def services():
    made = Services()
    yield made
    made.close()


def start(workshop, services, name):
    code = textwrap.dedent(SDKS[name][1])
    workshop.agent(f"URL = {services.url!r}\n{code}\nsys.exit(int(os.environ['END']))")
    python = OTHER if OTHER and name not in HERE else sys.executable
    return lambda end: workshop.run(argv=(python, "agent.py"), env={"END": str(end)})


@pytest.mark.parametrize("name", SDKS)
def test_a_restart_answers_the_sdk_from_the_record(workshop, services, name):
    run = start(workshop, services, name)
    first = run(3)
    assert (first.status, first.out != "") == (3, True), first.err
    calls = len(services.calls)
    assert calls
    second = run(0).ok()
    assert second.out == first.out
    assert len(services.calls) == calls
    assert {e.state.value for e in workshop.effects()} == {"done"}
    assert len(workshop.effects()) == calls


@pytest.mark.parametrize("name", [n for n in SDKS if SDKS[n][0].startswith("/v1")])
def test_the_sdks_own_retry_is_the_same_effect(workshop, services, name):
    services.flaky.add(SDKS[name][0])
    run = start(workshop, services, name)
    first = run(3)
    assert (first.status, first.out != "") == (3, True), first.err
    assert len(services.calls) == len(workshop.effects()) + 1
    calls = len(services.calls)
    assert run(0).ok().out == first.out
    assert len(services.calls) == calls
