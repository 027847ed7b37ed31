"""Secrets are found whatever they stand in, and named without being shown."""

import base64
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soulguard.supervisor.secrets import Secrets, known

VALUE = 'pa"ss w/ord&91'
SECRETS = Secrets({"ACME_TOKEN": VALUE, "OTHER_KEY": "abcd1234"})


@pytest.mark.parametrize("body", [
    f"x{VALUE}y", r'{"t": "pa\"ss w/ord&91"}', "t=pa%22ss%20w%2Ford%2691",
])  # fmt: skip
def test_a_value_is_found_plain_in_json_and_in_forms(body):
    assert SECRETS.find([body.encode()]) == "the value of `ACME_TOKEN`"
    assert VALUE not in SECRETS.mask(body)


@pytest.mark.parametrize("body", [
    b'{"content": "%b"}' % base64.b64encode(b"x" + VALUE.encode()),
    b"a=1&f=" + base64.urlsafe_b64encode(VALUE.encode() + b"?>?>"),
    base64.b64encode(b"user:abcd1234").rstrip(b"="),
])  # fmt: skip
def test_a_value_is_found_in_base64(body):
    assert SECRETS.find([body])
    assert SECRETS.find([b"- " * 2000 + body[:9], body[9:]]), "over two pieces"


@given(st.integers(1, 20), st.binary(max_size=2000))
def test_nothing_hides_at_the_seam_of_two_pieces(step, before):
    data = before + b"abcd1234" + before
    pieces = [data[i : i + step] for i in range(0, len(data), step)]
    assert SECRETS.find(pieces)


@pytest.mark.parametrize(("text", "name"), [
    ("AKIA" + "Z" * 16, "an AWS access key id"),
    ("ghp_" + "a" * 36, "a GitHub token"),
    ("sk-ant-" + "a" * 40, "an Anthropic API key"),
    ("sk-proj-" + "a" * 40, "an OpenAI API key"),
    ("sk_live_" + "a" * 24, "a Stripe key"),
    ("xoxb-" + "1" * 12, "a Slack token"),
    ("AIza" + "b" * 35, "a Google API key"),
    ("-----BEGIN RSA PRIVATE KEY-----", "a private key"),
    ("-----BEGIN PRIVATE KEY-----", "a private key"),
])  # fmt: skip
def test_well_known_formats_are_known(text, name):
    assert SECRETS.find([f"key: {text}\n".encode()]) == name


@pytest.mark.parametrize("text", [
    "the ACME_TOKEN variable", "task-list", "sk-short", "a public key", "AKIA",
    base64.b64encode(b"nothing of interest here at all").decode(), "",
])  # fmt: skip
def test_ordinary_text_is_no_secret(text):
    assert SECRETS.find([text.encode()]) == ""
    assert SECRETS.mask(text) == text


def test_of_an_environment_only_what_can_be_told_from_text_is_secret(tmp_path):
    file = tmp_path / ".env"
    file.write_text("# A_KEY=commented99\nexport FILE_KEY='from-the-file1'\nPLAIN=x\n")
    environ = {
        "API_KEY": "abcd1234", "DB_PASSWORD": "hunter2hunter2", "HOME": "/home/a1",
        "KEY_FILE": "/etc/keys/one.pem", "AUTH_METHOD": "password", "PWD": "/a/b/c/d/e",
        "MAX_TOKENS": "100000000", "SSH_KEY": "short", "TOKEN_URL": "https://a.example",
        "DATABASE_URL": "postgres://bob:s3cretpass@db/x", "KEYBOARD": "qwertz-12345",
        "SOULGUARD_TOKEN": "abcd12345",
    }  # fmt: skip
    os.mkfifo(tmp_path / "pipe")
    found = known(environ, [file, tmp_path / "absent", tmp_path / "pipe"])
    assert found == {
        "API_KEY": "abcd1234", "DB_PASSWORD": "hunter2hunter2",
        "DATABASE_URL": "s3cretpass", "FILE_KEY": "from-the-file1",
    }  # fmt: skip


@pytest.mark.parametrize(("name", "host", "astray"), [
    ("STRIPE_SECRET_KEY", "evil.example", True),
    ("STRIPE_SECRET_KEY", "api.stripe.com", False),
    ("OPENWEATHER_API_KEY", "api.openweathermap.org", False),
    ("API_KEY", "anyone.example", False),
    ("GH_TOKEN", "git.corp.example", False),
])  # fmt: skip
def test_a_value_is_astray_where_its_name_names_another_service(name, host, astray):
    found = Secrets({name: "abcd/1234"}).astray("x abcd%2F1234", host)
    assert found == (f"the value of `{name}`" if astray else "")
    assert Secrets({name: "abcd/1234"}).astray("x", host) == ""
