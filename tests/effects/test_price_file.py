from pathlib import Path

import pytest

from soulguard.effects.price_file import load
from soulguard.effects.usage import Usage
from soulguard.errors import PolicySyntaxError

SHIPPED = Path(__file__).parents[2] / "policies" / "prices.yaml"


def test_the_users_prices_go_first(tmp_path):
    own = tmp_path / "prices.yaml"
    own.write_text("prices:\n  gpt-4o: {read: 1, written: 0}\n")
    assert load(SHIPPED, own).usd(Usage("gpt-4o", 1_000_000, 9)) == 1


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("prices:\n  a: 3\n", 2, "not a mapping"),
        ("- x\n", 1, "not a mapping"),
        ("", 1, "not a mapping"),
        ("source: x\n", 1, "`prices` is missing"),
        ("prices: {}\nprises: {}\n", 2, "no key named `prises`"),
        ("prices:\n  a:\n    read: x\n    written: 1\n", 3, "a: `read` is not a price"),
        ("prices:\n  a: {read: -1, written: 1}\n", 2, "a: `read` is not a price"),
        ("prices:\n  a: {read: .nan, written: 1}\n", 2, "a: `read` is not a price"),
        ("prices:\n  a: {read: nan, written: 1}\n", 2, "a: `read` is not a price"),
        ("prices:\n  a: {read: [1], written: 1}\n", 2, "a: `read` is not a price"),
        ("prices:\n\n  a: {read: 1}\n", 3, "a: `written` is missing"),
        ("prices:\n  a: {red: 1}\n", 2, "a: no price named `red`"),
        ("prices:\n  a: [}\n", 2, "expected"),
        ("prices: \x00\n", 1, "unacceptable character"),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path, text, line, message):
    file = tmp_path / "prices.yaml"
    file.write_text(text)
    with pytest.raises(PolicySyntaxError) as error:
        load(file)
    assert error.value.where == f"{file}:{line}"
    assert message in error.value.message


def test_a_file_that_cannot_be_read_is_said(tmp_path):
    with pytest.raises(PolicySyntaxError, match="cannot read it"):
        load(tmp_path / "nothing.yaml")
    (tmp_path / "bytes.yaml").write_bytes(b"\xff\xfe")
    with pytest.raises(PolicySyntaxError, match="cannot read it"):
        load(tmp_path / "bytes.yaml")
