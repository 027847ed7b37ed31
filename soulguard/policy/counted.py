"""Owns the name of what a limit counts: a limit that is edited goes on counting.

How much may be, and what happens then, is no part of the name. Nothing is counted here.
"""

from __future__ import annotations

import json
import re

from soulguard.model import Rule

BYTES = frozenset(("bytes", "byte"))
LENGTHS = frozenset(("characters", "words"))
"""Units of the text of a message."""
SUM = "sum"
"""What a request moves, in whatever currency."""
PEOPLE = "recipients"
"""Those a mail goes to."""

_EACH = frozenset(("file", "call"))
_FIGURE = re.compile(r"\d[\d.,]*")


def counted(rule: Rule) -> str:
    """Name what a limit counts; limits of one name have one count.

    Rules of one sentence may have one count together: that is the sentence's, whatever
    figures are in it.
    """
    said = [rule.params.get(name) for name in ("unit", "per", "scope", "by")]
    if rule.params.get("together"):
        return json.dumps([rule.family, _FIGURE.sub("0", rule.source.text), *said])
    plain = rule.to_json()
    return json.dumps([plain["effects"], plain["where"], *said], sort_keys=True)


def unit(rule: Rule) -> str:
    """Give what a limit counts in; empty: effects of whatever kind."""
    said = str(rule.params.get("unit", ""))
    return said or ("bytes" if rule.params.get("per") == "file" else "")


def each(rule: Rule) -> bool:
    """Whether the limit is on the size of each one, so that nothing adds up."""
    single = unit(rule) in (*BYTES, SUM, PEOPLE) and rule.params.get("per") in _EACH
    return single or unit(rule) in LENGTHS
