from soulguard.ledger.wanted import FLAGGED, Wanted, parse


def test_words_and_fields_are_told_apart():
    wanted = parse("invoice -draft type:denied run:0190 rule:once kind:skip")
    assert wanted == Wanted(
        words=("invoice",), without=("draft",), types=("denied", "skip"),
        runs=("0190",), rules=("once",),
    )  # fmt: skip


def test_half_typed_parts_narrow_nothing():
    assert parse("- type: run:").everything


def test_an_unknown_field_is_a_word():
    assert parse("https://api.example").words == ("https://api.example",)


def test_flagged_goes_on_and_off():
    flagged = parse("x").flagged(on=True)
    assert set(flagged.only) == {type_.value for type_ in FLAGGED}
    assert flagged.flagged(on=False) == parse("x")


def test_only_filters_that_read_rows_are_textual():
    assert parse("x").textual
    assert not Wanted(run="run-1").flagged(on=True).textual
