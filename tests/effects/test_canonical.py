import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soulguard.effects import canonical
from soulguard.model.call import Call

# RFC 8785, appendix B: IEEE 754 samples and their form
NUMBERS = [
    ("0000000000000000", "0"),
    ("8000000000000000", "0"),
    ("0000000000000001", "5e-324"),
    ("7fefffffffffffff", "1.7976931348623157e+308"),
    ("4340000000000000", "9007199254740992"),
    ("4430000000000000", "295147905179352830000"),
    ("44b52d02c7e14af5", "9.999999999999997e+22"),
    ("44b52d02c7e14af6", "1e+23"),
    ("44b52d02c7e14af7", "1.0000000000000001e+23"),
    ("444b1ae4d6e2ef4e", "999999999999999700000"),
    ("444b1ae4d6e2ef50", "1e+21"),
    ("3eb0c6f7a0b5ed8c", "9.999999999999997e-7"),
    ("3eb0c6f7a0b5ed8d", "0.000001"),
    ("41b3de4355555553", "333333333.3333332"),
    ("becbf647612f3696", "-0.0000033333333333333333"),
    ("43143ff3c1cb0959", "1424953923781206.2"),
]


@pytest.mark.parametrize(("bits", "text"), NUMBERS)
def test_numbers_are_written_as_rfc_8785_says(bits, text):
    import struct

    (number,) = struct.unpack(">d", bytes.fromhex(bits))
    assert canonical.write(number).decode() == text


def test_keys_are_sorted_by_utf_16_code_units():
    order = ["\r", "1", "\x80", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]
    value = dict.fromkeys(sorted(order), 0)
    assert list(value) != order
    assert list(json.loads(canonical.write(value))) == order


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(values)
def test_the_form_is_stable_and_blind_to_the_order_of_keys(value):
    def turned(part):
        if isinstance(part, dict):
            return {k: turned(v) for k, v in reversed(part.items())}
        return [turned(v) for v in part] if isinstance(part, list) else part

    assert canonical.write(turned(value)) == canonical.write(value)


def call(body, kind):
    return Call("POST", "https://a.example/x", (("Content-Type", kind),), body)


def test_a_form_is_its_fields():
    parsed = canonical.parse(
        call(b"a=1&b=x+y&a=2", "application/x-www-form-urlencoded")
    )
    assert parsed == [{"a": "1"}, {"b": "x y"}, {"a": "2"}]


def multipart(boundary):
    text = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n'
        f'--{boundary}\r\nContent-Disposition: form-data; name="f"; filename="x.bin"\r\n'
        f"Content-Type: application/octet-stream\r\n\r\n\0\xff\r\n--{boundary}--\r\n"
    )
    return call(text.encode("latin-1"), f"multipart/form-data; boundary={boundary}")


def test_a_multipart_body_is_its_parts_whatever_the_boundary():
    one, two = canonical.parse(multipart("abc")), canonical.parse(multipart("xyz-9"))
    assert one == two
    assert [next(k for k in p if k != "headers") for p in one] == ["a", "f"]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"{broken", "application/json"),
        (b"plain", "text/plain"),
        (b"", "application/json"),
        (b"--x--", "multipart/form-data"),
        (b"\xff\xfe", "application/x-www-form-urlencoded"),
    ],
)
def test_what_cannot_be_understood_is_only_bytes(body, kind):
    assert canonical.parse(call(body, kind)) is None


def test_a_compressed_body_is_only_bytes():
    headers = (("Content-Type", "application/json"), ("Content-Encoding", "gzip"))
    assert canonical.parse(Call("POST", "https://a/x", headers, b"{}")) is None
