from soulguard.model import Span
from soulguard.soul.clauses import Clause
from soulguard.soul.modality import Modality
from soulguard.soul.reading import MAX_LENGTH, Reading, plain, read


def looked(text: str, kind: str = "para", **more) -> Reading:
    context = {"headings": (), "leads": (), **more}
    return read(Clause(text, Span("SOUL.md", 1), kind, block=0, index=0, **context))


def test_markup_goes_and_code_stays() -> None:
    assert (
        plain("**Never** [edit](x) `a*b*` \u201cthis\u201d")
        == 'Never edit `a*b*` "this"'
    )
    assert plain("Stop. <!-- a note -->") == "Stop."


def test_modality_comes_from_the_nearest_that_has_one() -> None:
    found = looked("deploy", leads=("Ask first:",), headings=("Never do",))
    assert found.above is Modality.ASK


def test_marks_of_no_and_yes_are_modality() -> None:
    assert looked("\u274c Delete files").above is Modality.DENY
    assert looked("\u2705 Read files").above is Modality.ALLOW


def test_methods_are_read_where_http_is_spoken_of() -> None:
    assert looked("Never send POST requests.").methods == ("POST",)
    assert looked("STOP, DELETE, EXECUTE.").methods == ()


def test_what_others_may_do_is_not_the_agents_rule() -> None:
    assert looked("The user can send up to 3 messages.").others


def test_quoted_speech_is_no_rule_of_the_sentence() -> None:
    assert looked('The "never force push" rule.').frames == () or all(
        "force-push" not in f.acts
        for f in looked('The "never force push" rule.').frames
    )


def test_a_sentence_beyond_reason_is_not_looked_at() -> None:
    assert looked("never write " * MAX_LENGTH).too_long
    assert looked("never " * 20).too_long
