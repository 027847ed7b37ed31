from soulguard.soul.wording import Pattern, Stems, wording


def test_parts_stand_in_order_at_any_distance() -> None:
    kept = wording(r"\bnever\b.*\bwrit\w+\b.*\btwice\b")
    assert kept.search("never, ever, under no rule, writes one twice")
    assert not kept.search("writes never twice")
    assert not kept.search("never writes")


def test_alternatives_stand_for_themselves() -> None:
    either = wording(r"\ba\b.*\bb\b|\bc\b")
    assert either.search("a then b")
    assert either.search("c")
    assert not either.search("b then a")


def test_brackets_keep_their_gaps_and_bars() -> None:
    assert wording(r"\b(?:a.*b|c)\b.*\bd").search("a to b and d")
    assert wording(r"[|.*]x").search("|x")
    assert wording(r"a\|b").search("a|b")
    assert not wording(r"a\|b").search("a")


def test_a_part_sees_the_letter_before_it() -> None:
    assert not wording(r"a.*\bb").search("ab")
    assert wording(r"a.*\bb").search("a b")


def test_many_parts_in_a_long_sentence_are_looked_for_once_each() -> None:
    # by the steps of `re` alone this would be 2_000 ** 4
    kept = wording(r"\ba\b.*\ba\b.*\ba\b.*\ba\b.*\bz\b")
    assert not kept.search("a " * 2_000)


def test_a_pattern_is_compiled_when_it_is_needed_and_once() -> None:
    pattern = Pattern(r"(?P<n>\d+) mails")
    assert pattern.match("ten mails") is None
    found = pattern.search("send 10 mails")
    assert found is not None
    assert found["n"] == "10"
    assert pattern.made is pattern.made


def test_stems_are_looked_for_anywhere() -> None:
    stems = Stems(("retr", "attempt"))
    assert stems.within("two attempts")
    assert not stems.within("try it")
