import pytest

from soulguard.audit.services import answer, service
from soulguard.soul.shipped import folder
from soulguard.supervisor.facts import Facts
from tests.audit.sources import seen

FACTS = Facts(folder())
CALLS = [
    ("requests.post('https://api.stripe.com/v1/charges')", "Stripe takes one: header `Idempotency-Key`, for 24 hours"),
    ("requests.post(f'https://{x}.example/v1')", "nothing is known of `x.example`"),
    ("requests.post(f'{x}/v1')", "the host is known only when it runs"),
    ("requests.post(f'https://{x}/v1')", "the host is known only when it runs"),
    ("requests.post('https://[broken/')", "the host is known only when it runs"),
    ("requests.post('https://a.example:port/')", "the host is known only when it runs"),
    ("httpx.Client(base_url='https://api.openai.com/v1').post('/chat/completions')", "OpenAI takes none; asking again costs the answer"),
    ("requests.post('https://api.braintreegateway.com/x')", "Braintree takes none"),
    ("requests.patch('https://api.cash.app/x')", "Cash App Pay does not honour one there"),
    ("http.client.HTTPSConnection('a.example').request('POST', '/x')", "nothing is known of `a.example`"),
    ("smtplib.SMTP('h').sendmail('a', 'b', 'c')", "mail knows no keys"),
    ("open('a', 'w')", ""),
]  # fmt: skip


@pytest.mark.parametrize(("line", "said"), CALLS)
def test_the_service_is_found_and_what_it_does_with_keys_is_told(line, said, tmp_path):
    text = f"import httpx, http.client, requests, smtplib\ndef f(x): {line}"
    (found,), _ = seen(tmp_path, text)
    where = service(found, FACTS.providers, FACTS.inference)
    assert answer(found, where) == said
    assert where.thinks == ("openai" in line)


def test_a_url_may_hold_the_name_of_the_service(tmp_path):
    text = "import boto3\nboto3.client('ecs').create_cluster()\nboto3.client(x).create_it()"
    found, _ = seen(tmp_path, text)
    hosts = [service(s, FACTS.providers, FACTS.inference).host for s in found]
    assert hosts == ["ecs.us-east-1.amazonaws.com", ""]


@pytest.mark.parametrize(
    ("made", "host"),
    [
        ("OpenAI()", "api.openai.com"),
        ("OpenAI(base_url=None)", "api.openai.com"),
        ("OpenAI(base_url='http://localhost:9/v1')", "localhost"),
        ("OpenAI(base_url=x)", ""),
        ("OpenAI(base_url=f'https://{x}/v1')", ""),
    ],
)
def test_a_client_with_another_base_goes_there(made, host, tmp_path):
    line = f"{made}.chat.completions.create(model='m')"
    (found,), _ = seen(tmp_path, f"from openai import OpenAI\ndef f(x): {line}")
    where = service(found, FACTS.providers, FACTS.inference)
    assert where.host == host
    assert where.thinks is bool(host)
    if host:
        assert where.url.endswith("/v1/chat/completions")
