from soulguard.soul.tokens import items, statements


def test_phrases_literals_numbers_and_marks_are_items() -> None:
    found = items("Never force push `a/b.md` more than 10 times, ok?")
    texts = [i.text for i in found]
    assert "force push" in texts
    assert "a/b.md" in texts
    assert [i.text for i in found if i.number] == ["10"]
    assert [i.text for i in found if i.mark] == [",", "?"]


def test_a_slash_between_words_of_ours_is_an_or() -> None:
    assert [i.text for i in items("write/edit x/flurb")] == [
        "write",
        "or",
        "edit",
        "x/flurb",
    ]


def test_strong_marks_end_a_statement_and_parentheses_are_asides() -> None:
    found = statements(items("Never deploy (ssh, docker) \u2014 ask; stop"))
    assert [s.text for s in found] == ["never deploy", "ask", "stop"]
    assert [i.text for i in found[0].aside] == ["ssh", ",", "docker"]
    assert found[0].after == "\u2014"


def test_a_new_negation_after_a_comma_starts_a_statement() -> None:
    found = statements(items("Never overwrite, never delete"))
    assert [s.text for s in found] == ["never overwrite ,", "never delete"]


def test_a_condition_stays_with_what_it_conditions() -> None:
    found = statements(items("When in doubt, don't run it"))
    assert len(found) == 1
