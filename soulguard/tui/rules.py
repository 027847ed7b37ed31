"""The policy of the run on screen: its pane, the banner of an edit that was not taken
over, and a word when it changes under the reader's eyes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from soulguard.postmortem.sentences import PolicyView
from soulguard.postmortem.wording import plain

if TYPE_CHECKING:
    from soulguard.tui.app import WatchApp


def show_policy(app: WatchApp, found: PolicyView | None) -> None:
    """Show a policy; the banner stands as long as the newest edit is not taken over."""
    _tell_change(app, app.policy.view, found)
    app.policy.show_policy(found, app.reader.tally.hits)
    bad = found.diagnostics[0] if found and found.diagnostics else None
    app.banner.display = bad is not None
    if bad is not None and found is not None:
        app.banner.update(
            f"! {bad.span}: {plain(bad.message)}; the last good policy"
            f" @{found.digest[:4]} stays in force"
        )


def _tell_change(
    app: WatchApp, before: PolicyView | None, found: PolicyView | None
) -> None:
    if not (found and before and found.run_id == before.run_id):
        return
    if found.generation != before.generation:
        app.notify(f"rules read again: generation {found.generation} holds now")
    elif found.diagnostics and not before.diagnostics:
        app.notify("the edit was not taken over", severity="error")
