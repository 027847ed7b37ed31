import base64
import json

import pytest

from soulguard.effects import x402
from soulguard.model.call import Call


def paid(payment, header="X-PAYMENT"):
    text = payment if isinstance(payment, str) else (
        base64.b64encode(json.dumps(payment).encode()).decode()
    )  # fmt: skip
    return Call("POST", "https://shop.example/x", ((header, text),))


PAYMENT = {
    "payload": {"signature": "0x1"},
    "extensions": {"payment-identifier": {"info": {"id": "pay_1", "required": True}}},
}


@pytest.mark.parametrize("header", ["X-PAYMENT", "Payment-Signature"])
def test_the_identifier_is_read_and_set(header):
    call = paid(PAYMENT, header)
    assert x402.payment_id(call) == "pay_1"
    name, value = x402.with_payment_id(call, "pay_2")
    changed = json.loads(base64.b64decode(value))
    assert name == header
    assert changed["extensions"]["payment-identifier"]["info"]["id"] == "pay_2"
    assert changed["payload"] == PAYMENT["payload"]


@pytest.mark.parametrize(
    "payment", ["", "!!", "bm90IGpzb24=", {}, {"extensions": []}, [1]]
)
def test_a_payment_without_one_has_none(payment):
    assert x402.payment_id(paid(payment)) == ""
    assert x402.with_payment_id(paid(payment), "k") is None
