"""The keys of the app, each with an id by which a keymap can move it.

No key does what cannot be undone: whatever is put on record is asked for once more.
"""

from __future__ import annotations

from textual.binding import Binding, BindingType

KEYS: list[BindingType] = [
    Binding("space", "pause", "Pause", id="watch.pause"),
    Binding("slash", "filter", "Filter", key_display="/", id="watch.filter"),
    Binding("exclamation_mark", "flagged", "Flagged",
            key_display="!", id="watch.flagged"),
    Binding("n", "violation(1)", "Next violation", show=False, id="watch.next"),
    Binding("N", "violation(-1)", "Previous violation", show=False,
            id="watch.previous"),
    Binding("a", "approve('approve once')", "Approve", id="watch.approve"),
    Binding("d", "approve('deny once')", "Deny", id="watch.deny"),
    Binding("A", "approve('approve run')", "Approve the like in this run",
            show=False, id="watch.approve_run"),
    Binding("s", "settle", "Settle", id="watch.settle"),
    Binding("w", "next_waiting", "Show what else waits", show=False,
            id="watch.waiting"),
    Binding("1", "pane('runs')", "Runs", show=False, id="watch.runs"),
    Binding("2", "pane('events')", "Events", show=False, id="watch.events"),
    Binding("3", "pane('policy')", "Policy", show=False, id="watch.policy"),
    Binding("4", "pane('detail')", "Detail", show=False, id="watch.detail"),
    Binding("5", "pane('output')", "The agent's output", show=False,
            id="watch.output"),
    Binding("z", "zoom", "Zoom the pane", show=False, id="watch.zoom"),
    Binding("m", "minute(1)", "A minute on", show=False, id="watch.minute_on"),
    Binding("M", "minute(-1)", "A minute back", show=False, id="watch.minute_back"),
    Binding("right_square_bracket", "run(1)", "Only the next run", show=False,
            id="watch.run_next"),
    Binding("left_square_bracket", "run(-1)", "Only the previous run", show=False,
            id="watch.run_previous"),
    Binding("e", "edit", "Edit the rule in $EDITOR", show=False, id="watch.edit"),
    Binding("y", "copy_row", "Copy the row as JSON", show=False, id="watch.copy"),
    Binding("Y", "copy_rule", "Copy the deciding sentence", show=False,
            id="watch.copy_rule"),
    Binding("ctrl+s", "export", "Export shown rows as JSON lines", show=False,
            id="watch.export"),
    Binding("escape", "step_back", "One step back: zoom, filter, rule, run", show=False,
            id="watch.back"),
    Binding("colon,ctrl+p", "command_palette", "Commands", show=False, key_display=":",
            id="watch.commands"),
    Binding("question_mark,f1", "help", "Help", key_display="?", id="watch.help"),
    Binding("q", "quit", "Quit", id="watch.quit"),
]  # fmt: skip
