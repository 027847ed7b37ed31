"""Hostile texts by shape and size: nested, repeated, endless, and many small rules."""

from collections.abc import Callable

WIDE = 700
"""Letters of a long sentence that is still read."""


def _times(piece: str) -> Callable[[int], str]:
    return lambda size: piece * max(size // len(piece), 1)


def _numbered(piece: str) -> Callable[[int], str]:
    """Repeat a piece that says a new number each time, so that nothing is remembered."""
    return lambda size: "".join(
        piece.replace("#", str(n)) for n in range(size // len(piece))
    )


def _sentence(words: str) -> Callable[[int], str]:
    """Repeat an item of a list that is one long sentence."""
    return _times(f"- never {words * (WIDE // len(words))}\n")


SHAPES: dict[str, Callable[[int], str]] = {
    "nested lists": lambda size: "\n".join(
        "  " * (n % 200) + "- never write x" for n in range(size // 215)
    ),
    "rules": _numbered("- Never write to `out/a#.json` or delete `b#/`.\n"),
    "permissions": _numbered("- Save it to `a#.md`.\n- Never write to `b#.md`.\n"),
    "places": _numbered("- Never write outside `b#/`.\n- Save it to `a#.md`.\n"),
    "headings": _numbered("## Never #\n\n- Delete file `a#`\n\n"),
    "lead-ins": _times("Never do:\n\n- a `x`\n"),
    "sentences": _times("Never write twice. "),
    "one line": _times("never write twice "),
    "one word": _times("a"),
    "backticks": lambda size: "".join("`" * (n % 40 + 1) + " " for n in range(size // 21)),
    "emphasis": _times("*a **b "),
    "brackets": _times("["),
    "quotes": _times("> "),
    "comments": _times("<!-- "),
    "tables": lambda size: "|a|b|\n|-|-|\n" + "| never write | `x` |\n" * (size // 22),
    "abbreviations": _times("e.g. "),
    "negations": _sentence("never write "),
    "words": _sentence("write the file "),
    "numbers": _sentence("10 "),
    "temporary files": _sentence("temp file and "),
    "checks": _sentence("check that it exists "),
    "dots": _sentence("a."),
    "slashes": _sentence("a/"),
    "parentheses": _sentence("("),
    "limits": _times("- at most 10 emails per day, 5s between API calls\n"),
    "fences": _times("```soulguard\nrules: []\n```\n"),
    "one fence": lambda size: (
        "```soulguard\nrules:\n" + "  - {where: {path: x}, deny: true}\n" * (size // 38)
        + "```\n"
    ),
}  # fmt: skip
