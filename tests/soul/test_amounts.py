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


SAID = [
    (amounts.figure, 750_000_000, "750,000,000"), (amounts.figure, 0.5, "0.5"),
    (amounts.times, 1, "once"), (amounts.times, 2, "twice"), (amounts.times, 3, "3 times"),
    (amounts.dollars, 5, "$5"), (amounts.dollars, 2500, "$2,500"),
    (amounts.dollars, 5.5, "$5.50"), (amounts.size, 500 * 1024**2, "500 MB"),
    (amounts.size, 1, "1 byte"), (amounts.size, 1001, "1,001 bytes"),
    (amounts.size, 1.5 * 1024**3, "1.5 GB"), (amounts.lasting, 172_800, "2 days"),
    (amounts.lasting, 90, "90 seconds"), (amounts.lasting, 0.25, "250 milliseconds"),
    (amounts.lasting, 1.5, "1.5 seconds"), (amounts.about, 2.34, "2.3 seconds"),
    (amounts.about, 5700, "95 minutes"), (amounts.about, 1.0, "1 second"),
    (amounts.period, "run", "per run"), (amounts.period, 2_592_000, "per month"),
    (amounts.period, 900, "per 15 minutes"), (amounts.period, 3600, "per hour"),
]  # fmt: skip


@pytest.mark.parametrize(("say", "amount", "said"), SAID)
def test_amounts_are_said_as_people_say_them(say, amount, said: str) -> None:
    assert say(amount) == said


@pytest.mark.parametrize(
    ("amount", "unit", "said"),
    [(1, "mails", "1 mail"), (3, "mails", "3 mails"), (1, "searches", "1 search"),
     (1200, "words", "1,200 words"), (0, "retries", "0 retries"), (1, "file writes", "1 file write")],
)  # fmt: skip
def test_one_of_something_is_not_said_in_the_plural(amount, unit, said) -> None:
    assert amounts.many(amount, unit) == said
