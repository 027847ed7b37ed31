import pytest

from soulguard.soul import amounts


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("5s", 5), ("2 minutes", 120), ("day", 86400), ("1.5h", 5400), ("weekly", 604800),
     ("100ms", 0.1), ("soon", None), ("", None)],
)  # fmt: skip
def test_times_are_seconds(text: str, seconds: float | None) -> None:
    assert amounts.seconds(text) == seconds


@pytest.mark.parametrize(
    ("text", "number"),
    [("10", 10), ("1,200", 1200), ("50k", 50_000), ("$5", 5), ("10MB", 10 * 1024**2),
     ("1.5", 1.5), ("many", None)],
)  # fmt: skip
def test_numbers_are_read_as_people_write_them(text: str, number: float | None) -> None:
    assert amounts.number(text) == number


def test_a_key_of_limit_says_what_it_takes() -> None:
    assert amounts.of_key("per", "run") == "run"
    assert amounts.of_key("per", "1h") == 3600
    assert amounts.of_key("on_exceed", "wait") == "wait"
    for name, text in (("max", "x"), ("gap", "x"), ("per", "x"), ("on_exceed", "x")):
        with pytest.raises(ValueError, match="`x` is not"):
            amounts.of_key(name, text)
