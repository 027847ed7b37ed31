"""The colours: two themes of our own, and the verdict colours for every other theme.

Chosen so that any two verdicts stay apart under protanopia, deuteranopia and tritanopia
(smallest CIE76 distance 28) at a contrast of 4.5 or more. Colour is never alone: every
mark is a glyph and a word first.
"""

from __future__ import annotations

from rich.style import Style
from textual.theme import Theme

_ON_DARK = {
    "verdict-deny": "#FF5C39",
    "verdict-ask": "#56B4E9",
    "verdict-advise": "#F0E442",
    "verdict-quiet": "#8A8A8A",
    "diff-committed": "#56B4E9",
    "diff-blocked": "#FF5C39",
}
_ON_LIGHT = {
    "verdict-deny": "#600018",
    "verdict-ask": "#005FCC",
    "verdict-advise": "#946E00",
    "verdict-quiet": "#767676",
    "diff-committed": "#005FCC",
    "diff-blocked": "#600018",
}
_ON_ANSI = {
    "verdict-deny": "ansi_bright_red",
    "verdict-ask": "ansi_bright_blue",
    "verdict-advise": "ansi_yellow",
    "verdict-quiet": "ansi_bright_black",
    "diff-committed": "ansi_bright_blue",
    "diff-blocked": "ansi_bright_red",
}

DARK = Theme(
    name="soulguard-dark",
    primary="#56B4E9",
    secondary="#8A8A8A",
    accent="#56B4E9",
    warning="#F0E442",
    error="#FF5C39",
    success="#56B4E9",
    foreground="#E0E0E0",
    background="#121212",
    surface="#121212",
    panel="#1E1E1E",
    dark=True,
)
LIGHT = Theme(
    name="soulguard-light",
    primary="#005FCC",
    secondary="#767676",
    accent="#005FCC",
    warning="#946E00",
    error="#600018",
    success="#005FCC",
    foreground="#1A1A1A",
    background="#FFFFFF",
    surface="#FFFFFF",
    panel="#F0F0F0",
    dark=False,
)


def verdict_colours(theme: Theme) -> dict[str, str]:
    """Give the theme variables for verdicts and differences that suit a theme."""
    if theme.ansi:
        return _ON_ANSI
    return _ON_DARK if theme.dark else _ON_LIGHT


class Palette:
    """Rich styles by weight, made once per theme."""

    def __init__(self, theme: Theme) -> None:
        colours = {k: _rich(v) for k, v in verdict_colours(theme).items()}
        self.styles = {
            "": Style(),
            "done": Style(),
            "bold": Style(bold=True),
            "deny": Style(color=colours["verdict-deny"], bold=True),
            "ask": Style(color=colours["verdict-ask"], bold=True),
            "advise": Style(color=colours["verdict-advise"]),
            "quiet": Style(color=colours["verdict-quiet"]),
            "-": Style(color=colours["diff-committed"]),
            "+": Style(color=colours["diff-blocked"]),
        }
        self.cursor = Style(bold=True, bgcolor=_bar(theme))
        self.resting = Style(bgcolor=_bar(theme))

    def __getitem__(self, weight: str) -> Style:
        return self.styles[weight]


def _rich(colour: str) -> str:
    return colour.removeprefix("ansi_")


def _bar(theme: Theme) -> str:
    if theme.ansi:
        return "bright_black" if theme.dark else "white"
    return "#303A45" if theme.dark else "#D6E4F5"
