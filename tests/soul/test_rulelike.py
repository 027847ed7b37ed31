import pytest

from soulguard.model import Span
from soulguard.soul.clauses import Clause
from soulguard.soul.reading import read
from soulguard.soul.rulelike import reason


def why(text: str, kind: str = "list"):
    return reason(read(Clause(text, Span("SOUL.md", 1), kind, (), (), 0, 0)))


@pytest.mark.parametrize("text", ["I like tea.", "Never:", "..."])
def test_what_wishes_for_nothing_is_not_listed(text: str) -> None:
    assert why(text) is None


def test_headings_are_no_rules() -> None:
    assert why("Never delete files", "heading") is None


SHOWN = [
    ("quote", "Always answer within one day of the request.", "quotation"),
    ("code", "If a task creates a file, you must verify it:", "code block"),
    ("heading", "Core identity (do not modify without approval)", "heading"),
]


@pytest.mark.parametrize(("kind", "text", "word"), SHOWN)
def test_what_is_shown_is_listed_where_it_reads_like_a_rule(kind, text, word) -> None:
    found = why(text, kind)
    assert found is not None
    assert word in found.reason


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("quote", "I like it here, said the fox."),
        ("code", '{"status": "queued"}'),
        ("heading", "What You Never Do"),
        ("heading", "Never boring"),
    ],
)
def test_what_is_shown_and_wishes_for_nothing_is_not_listed(kind, text) -> None:
    assert why(text, kind) is None


TONE = [
    "No filler.", "Never use corporate buzzwords.", 'No "great question!"',
    "Keep responses to 3 sentences maximum.", '"Ship it" is not what you say."',
    "{{WHAT_IT_NEVER_DOES}}", "(Never a bare greeting when the name is known.)",
    "The user can send three messages a week.", "He never makes a thing bigger than it is.",
    "A late answer is better than no answer at all.", "Success metric: no page is down.",
    "v2.1: no manual flags any more.", "Agents who never smile (a nightmare)",
]  # fmt: skip


@pytest.mark.parametrize("text", TONE)
def test_tone_quotations_and_placeholders_are_not_reported(text: str) -> None:
    assert why(text) is None


@pytest.mark.parametrize(
    "text",
    ["Never send half-baked replies.", "Don't speak for the owner.",
     'Never say "done" without a receipt.', "Do not fake confidence.",
     "He never deploys without approval.", "Agents who write here must sign."],
)  # fmt: skip
def test_what_is_more_than_tone_is_reported(text: str) -> None:
    assert why(text) is not None


@pytest.mark.parametrize(
    ("text", "firm"),
    [
        ("Never send half-baked replies.", True),
        ("Ask the owner when unsure about scope.", False),
        ("Search the docs for it.", False),
        ("Do not crash.", True),
        ("Ask me first when unsure.", True),
        ("Attachments are not allowed.", True),
        ("Export of the list is interdicted.", True),
        ("`archive/` is for looking, not for touching.", True),
        ("MAXIMUM 12 ORDERS PER HOUR.", True),
        ("One backfill at a time.", True),
        ("If bots make $115K/week, cheer.", False),
        ("A dossier is 1,200 words at most.", True),
        ("Run `make test` before every commit.", True),
        ("You may sort it, and not at night.", False),
        ("If availability drops below 99.9%, look.", False),
        ("Use clear commit messages.", False),
        ("These are non-negotiable:", False),
        ("What must the reader decide?", False),
        ("Only surface what meets:", False),
        ("Never send a mail when one of these is true:", True),
    ],
)
def test_what_demands_something_is_told_from_what_describes(
    compile_text, text: str, firm: bool
) -> None:
    [sentence] = compile_text(f"{text}\n").sentences
    assert sentence.firm is firm


def test_the_head_of_a_table_is_no_rule(compile_text) -> None:
    found = compile_text("| do | never |\n|---|---|\n| smile | never frown |\n")
    assert [s.text for s in found.sentences] == ["| smile | never frown |"]
