import pytest
from hypothesis import given
from hypothesis import strategies as st

from soulguard.soul.blocks import blocks
from soulguard.soul.clauses import clauses, split


def sentences(text: str) -> list[str]:
    return [text[a:b] for a, b in split(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two.", ["One.", "Two."]),
        ("See SOUL.md. Then v1.2.3 works.", ["See SOUL.md.", "Then v1.2.3 works."]),
        ("Use e.g. Python here.", ["Use e.g. Python here."]),
        ("**Bold.** Next one.", ["**Bold.**", "Next one."]),
        ("`a. B` stays. Next.", ["`a. B` stays.", "Next."]),
        ("Never! Really? Yes.", ["Never!", "Really?", "Yes."]),
        (
            'Don\'t ask "shall I?" \u2014 proceed.',
            ['Don\'t ask "shall I?" \u2014 proceed.'],
        ),
        ("1. First thing", ["1. First thing"]),
        ("Pi is 3.14 today.", ["Pi is 3.14 today."]),
        ("", []),
    ],
)
def test_a_sentence_ends_where_people_end_one(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


def test_every_sentence_keeps_its_line_and_column() -> None:
    text = "# T\n\n- First one. Second\n  goes on. **Third** here.\n  1. inner item\n"
    found = [(c.text, c.span.line, c.span.column) for c in clauses(blocks(text), "f")]
    assert found == [
        ("T", 1, 3),
        ("First one.", 3, 3),
        ("Second goes on.", 3, 14),
        ("**Third** here.", 4, 12),
        ("inner item", 5, 6),
    ]


def test_a_list_knows_its_lead_in_its_parent_and_its_heading() -> None:
    text = "## Never\n\nIntro:\n\n- parent\n  - child\n"
    child = next(c for c in clauses(blocks(text), "f") if c.text == "child")
    assert child.headings == ("Never",)
    assert child.leads == ("Intro:", "parent")


@given(st.text(alphabet="abC.!? `*\u2014\n-#>|1", max_size=80))
def test_spans_point_at_what_they_name(text: str) -> None:
    lines = text.split("\n")
    for clause in clauses(blocks(text), "f"):
        first = clause.text.split()[0] if clause.text.split() else ""
        line = lines[clause.span.line - 1]
        assert first[:1] in line
        if clause.kind in ("para", "list"):
            assert line[clause.span.column - 1 :].startswith(first[:1])


def test_a_line_whose_next_word_would_have_fitted_was_ended_on_purpose() -> None:
    text = (
        " Watch the inbox and tell the team what is urgent at once.\n"
        " Write all state to one file\n"
        " Move what is done into the archive when the day is over and all agree.\n"
    )
    found = [c.text.strip() for c in clauses(blocks(text), "f")]
    assert len(found) == 3


def test_a_fence_that_is_indented_too_far_is_still_code() -> None:
    text = "- Step one:\n      then poll:\n          ```\n          DELETE x\n          ```\n"
    assert not any("DELETE" in c.text for c in clauses(blocks(text), "f"))


def test_a_fence_of_no_language_may_hold_prose() -> None:
    text = "```text\nVerify the file first.\n```\n\n```sh\nrm -rf x\n```\n"
    found = [(c.kind, c.text) for c in clauses(blocks(text), "f")]
    assert found == [("code", "Verify the file first.")]


def test_the_last_letter_of_a_flag_is_no_initial() -> None:
    assert sentences("Never install without -y. It hangs.") == [
        "Never install without -y.", "It hangs.",
    ]  # fmt: skip
