from pathlib import Path

import pytest

from soulguard.effects.provider_file import load, read_file, seconds
from soulguard.effects.providers import GENERIC
from soulguard.errors import PolicySyntaxError
from soulguard.model.call import Call
from soulguard.model.provider import FOREVER

SHIPPED = Path(__file__).parents[2] / "policies" / "providers.yaml"
REGISTRY = load(SHIPPED)


def test_every_shipped_entry_has_a_source_and_a_date():
    entries = read_file(SHIPPED)
    assert len(entries) >= 104
    assert [e.id for e in entries if not (e.source and e.date)] == []
    assert len({e.id for e in entries}) == len(entries)


def test_times_are_read():
    assert [seconds(t) for t in ("30s", "10m", "24h", "31d")] == [
        30,
        600,
        86400,
        2678400,
    ]
    assert seconds("forever") == FOREVER


GOOD = """\
providers:
  - {id: a, name: A, hosts: [a.example], carrier: header K, source: s, date: d}
"""


def entry(text):
    return (
        GOOD
        + "  - {id: b, name: B, hosts: [b.example], source: s, date: d, "
        + text
        + "}\n"
    )


BROKEN = [
    ("carrier: header K, windw: 24h", 3, "no field named `windw`"),
    ("carrier: header K, window: soon", 3, "`window` is not a time: `soon`"),
    ("carrier: smoke", 3, "`carrier` is `none`, or one of"),
    ("carrier: none K", 3, "`carrier` is `none`, or one of"),
    ("carrier: header K, honours: [POST]", 3, "`POST` is not of the form"),
    ("carrier: header K, limit: long", 3, "`limit` is not of the form"),
    ("carrier: header K, errors: gone", 3, "`errors` is one of"),
    ("carrier: header K, hosts: [1]", 3, "holds something that is no text"),
    ("carrier: header K, hosts: ['127.0.0.1:80']", 3, "`127.0.0.1:80` is no host"),
    ("carrier: header K, hosts: ['https://a.example']", 3, "`https://a.example` is no"),
    ("limit: 3", 3, "`carrier` is missing"),
]


@pytest.mark.parametrize(("text", "line", "message"), BROKEN)
def test_a_broken_entry_is_named_with_its_line(tmp_path, text, line, message):
    file = tmp_path / "providers.yaml"
    file.write_text(entry(text))
    with pytest.raises(PolicySyntaxError) as found:
        read_file(file)
    assert found.value.where == f"{file}:{line}"
    assert message in found.value.message


def test_an_unknown_field_brings_the_nearest_known_one(tmp_path):
    file = tmp_path / "providers.yaml"
    file.write_text(entry("carrier: header K, windw: 24h"))
    with pytest.raises(PolicySyntaxError) as found:
        read_file(file)
    assert found.value.hint == "did you mean `window`?"


@pytest.mark.parametrize(
    "text", ["", "providers: 3\n", "- a\n", "providers: [}\n", "\xff"]
)
def test_a_file_of_another_form_is_refused(tmp_path, text):
    file = tmp_path / "providers.yaml"
    file.write_bytes(text.encode("latin-1"))
    with pytest.raises(PolicySyntaxError):
        read_file(file)


def test_the_users_entries_go_first_and_override_by_id(tmp_path):
    own = tmp_path / "own.yaml"
    own.write_text(
        "providers:\n"
        "  - {id: stripe, name: Mine, hosts: [127.0.0.1], carrier: header My-Key,\n"
        "     honours: [POST /**], source: me, date: today}\n"
    )
    registry = load(SHIPPED, own)
    assert registry.of(Call("POST", "http://127.0.0.1:80/x")).name == "Mine"
    assert registry.of(Call("POST", "https://api.stripe.com/v1/x")) is GENERIC
