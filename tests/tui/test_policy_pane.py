from soulguard.model import Grade, Span
from soulguard.postmortem.sentences import PolicyView
from soulguard.soul.compilation import Sentence
from soulguard.tui.policy_pane import PolicyPane, grades
from soulguard.tui.theme import DARK, Palette
from tests.tui.stories import BROKEN, SENTENCES


def pane(view, hits=None):
    shown = PolicyPane(Palette(DARK))
    shown.regrow = shown.show_cursor = shown.refresh = lambda: None
    shown.show_policy(view, hits or {})
    return shown


def said(pane, width=40):
    rows = (pane.cells(i, width) for i in range(pane.total()))
    return ["".join(text for text, _ in row).rstrip() for row in rows]


VIEW = PolicyView("r", 1, "3f2c", SENTENCES)


def test_each_sentence_has_place_grade_words_and_hits():
    rows = said(pane(VIEW, {"once": 14}))
    assert rows[0] == "    4 ■ Never write twice to the sam… 14"
    assert rows[3] == "    9 □ Be kind and careful."
    assert rows[4] == "   11 ✗ Block the mailman."


def test_errors_stand_above_with_what_holds_instead():
    view = PolicyView("r", 1, "3f2c", SENTENCES, diagnostics=(BROKEN,))
    rows = said(pane(view), 60)
    assert rows[0] == "not taken over, the last good policy holds:"
    assert rows[1] == "   11 ✗ no effect named `mailman`"
    assert rows[2] == "SOUL.md"


def test_several_files_are_told_apart_each_in_the_order_of_its_lines():
    other = Sentence(Span("AGENTS.md", 2), "Never delete.", Grade.PROCESS)
    view = PolicyView("r", 1, "3f2c", (SENTENCES[1], SENTENCES[0], other))
    rows = said(pane(view), 60)
    assert rows[0] == "SOUL.md"
    assert rows[1].startswith("    4")
    assert rows[3:] == ["AGENTS.md", "    2 ■ Never delete."]


def test_the_deciding_sentence_is_marked_and_brought_into_view():
    shown = pane(VIEW)
    shown.mark_deciding(SENTENCES[2])
    assert shown.cursor == 2
    assert said(shown)[2].startswith("▸")
    shown.mark_deciding(None)
    assert not said(shown)[2].startswith("▸")


def test_no_policy_teaches_the_command_that_explains_one():
    shown = pane(None)
    assert shown.row is None
    assert "soulguard check" in shown.empty()[2]


def test_grades_are_counted_by_their_glyph():
    assert grades(VIEW) == "3■ 1□ 1✗"
