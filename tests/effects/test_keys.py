import re
import uuid

from hypothesis import given
from hypothesis import strategies as st

from soulguard.effects import keys

UUID4 = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
)


def derive(
    slot="POST a/x", fingerprint="f", ordinal=0, *, turn=0, secret=b"s", run="r"
):
    return keys.derive(secret, run, slot, fingerprint, ordinal=ordinal, turn=turn)


@given(st.text(), st.text(), st.integers(0), st.binary(min_size=1))
def test_a_key_is_a_lower_case_uuid4_and_the_same_every_time(
    slot, fingerprint, ordinal, secret
):
    key = derive(slot, fingerprint, ordinal, secret=secret)
    assert UUID4.fullmatch(key)
    assert key == derive(slot, fingerprint, ordinal, secret=secret)


def test_every_part_of_an_effects_identity_changes_its_key():
    made = {
        derive(), derive(slot="POST a/y"), derive(fingerprint="g"), derive(ordinal=1),
        derive(turn=1), derive(secret=b"t"), derive(run="q"),
    }  # fmt: skip
    assert len(made) == 7


def test_keys_are_brought_into_the_shapes_providers_take():
    key = derive()
    assert keys.reshape(key, "uuid", 0, 0.0) == key
    assert keys.reshape(key, "uuid", 36, 0.0) == key
    assert keys.reshape(key, "hex", 32, 0.0) == key.replace("-", "")
    assert keys.reshape(key, "uuid", 32, 0.0) == key.replace("-", "")
    short = keys.reshape(key, "base36", 25, 0.0)
    assert re.fullmatch(r"[0-9a-z]{25}", short)
    assert keys.reshape(key, "pay", 128, 0.0) == "pay_" + key.replace("-", "")


def test_a_uuid7_carries_the_time_it_was_first_sent():
    made = uuid.UUID(keys.reshape(derive(), "uuid7", 0, 1_700_000_000.5))
    assert (made.version, made.int >> 80) == (7, 1_700_000_000_500)
