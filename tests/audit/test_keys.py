import pytest

from soulguard.audit.findings import Status
from tests.audit.sources import only

HEAD = "import stripe, requests, uuid, time\ndef f(order):\n"
URL = "'https://api.stripe.com/v1/charges'"
SAFE = [
    " stripe.Charge.create(amount=1, idempotency_key=order.id)",
    f" requests.post({URL}, headers={{'Idempotency-Key': order.id}})",
    f" headers = {{'idempotency-key': f'charge-{{order.id}}'}}\n requests.post({URL}, headers=headers)",
]


@pytest.mark.parametrize("body", SAFE)
def test_a_key_that_the_service_honours_is_enough(body, tmp_path):
    found = only(tmp_path, HEAD + body)
    assert found.status is Status.SAFE
    assert "order.id" in found.prior
    assert "Stripe takes one" in found.key


DRAWN = ["str(uuid.uuid4())", "uuid.uuid4().hex", "f'k-{time.time()}'", "key"]


@pytest.mark.parametrize("key", DRAWN)
def test_a_key_that_is_drawn_anew_is_not(key, tmp_path):
    body = f" key = str(uuid.uuid4())\n stripe.Charge.create(idempotency_key={key})"
    found = only(tmp_path, HEAD + body)
    assert found.status is Status.DEBT
    assert found.prior.endswith("drawn anew: a restart draws another")


def test_a_key_that_is_merely_sent_is_not_called_protection(tmp_path):
    body = (
        " requests.post('https://a.example/x', headers={'Idempotency-Key': order.id})"
    )
    found = only(tmp_path, HEAD + body)
    assert found.status is Status.UNKNOWN
    assert found.key == "nothing is known of `a.example`"


def test_no_key_is_none(tmp_path):
    found = only(tmp_path, HEAD + " stripe.Charge.create(idempotency_key=None)")
    assert (found.status, found.prior) == (Status.DEBT, "nothing")
