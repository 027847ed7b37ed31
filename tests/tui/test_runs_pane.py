from soulguard.tui.runs_pane import RunsPane
from soulguard.tui.theme import DARK, Palette
from tests.ledger.samples import a_run


def pane(*runs, **standings):
    shown = RunsPane(Palette(DARK), lambda run: (3, 1) if run == "b" else (0, 0))
    shown.regrow = lambda: None
    shown.show_runs(runs, standings)
    return shown


def said(pane, index, width=60):
    return "".join(text for text, _ in pane.cells(index, width)).rstrip()


def test_a_run_is_told_by_standing_name_command_and_trouble():
    shown = pane(a_run("a"), a_run("b"), a="running", b="cut off")
    assert said(shown, 0).startswith("▸● a        python agent.py")
    assert said(shown, 1).startswith(" ◌ b        python agent.py")
    assert said(shown, 1).endswith("✗3 ?1")


def test_the_run_that_is_shown_alone_is_marked():
    shown = pane(a_run("a"), a_run("b"))
    shown.only = "b"
    assert said(shown, 1).startswith("◆")


def test_the_cursor_stays_on_its_run_when_newer_ones_come():
    shown = pane(a_run("a"), a_run("b"))
    shown.cursor = 1
    shown.show_runs([a_run("new"), a_run("a"), a_run("b")], {})
    assert shown.run.run_id == "b"
    shown.show_runs([], {})
    assert shown.run is None
    assert "soulguard run" in shown.empty()[1]
