"""Owns which word of a statement denies: *never* does, and many a *no* only tells.

*You do not just run scripts*, *with no network* and *you need not reply* forbid nothing.
What is denied is `polarity`'s to say.
"""

from __future__ import annotations

from collections.abc import Sequence

from soulguard.soul.tokens import Item
from soulguard.soul.views import first

_LOOSE = (
    "deny",
    "denied",
    "block",
    "blocked",
    "banned",
    "stop",
    "zero",
    "nothing",
    "none",
)
_PLAIN = ("do not", "don't", "cannot", "can't", "can not", "won't", "will not")
_HAVING = frozenset(
    (
        "with",
        "confirm",
        "confirms",
        "verify",
        "verifies",
        "finds",
        "found",
        "sees",
        "has",
        "have",
        "had",
    )
)
"""Words before a *no* that denies nothing but the noun after it."""
_RIGHTS = frozenset(
    ("access", "permission", "permissions", "right", "rights", "authority", "business",
     "need", "reason")
)  # fmt: skip
"""What the agent has none of where it may not."""
_NONE = frozenset(("no", "nobody", "no one", "nothing", "none"))
_PRONOUNS = frozenset(("it", "they", "this", "that", "these", "those"))


def denial(words: Sequence[Item]) -> int:
    """Give the place of the word that denies, -1 for none."""
    for at, item in enumerate(words):
        if item.has("mod:deny") and not (
            _aside(words, at) or _tells(words, at) or _needless(words, at)
        ):
            return at
    return -1


def _aside(words: Sequence[Item], at: int) -> bool:
    """Whether a word that denies is a verb or an adjective here.

    *Deny* and *block* are verbs and nouns as well: they deny where they stand alone.
    """
    text, before = words[at].text, words[at - 1].text if at else ""
    alone = at in (0, len(words) - 1) or before in ("be", "is", "are")
    alone = alone or (text == "nothing" and bool(words[at - 1].of("act")))
    if text in _LOOSE and not alone:
        return True
    if text in ("nothing", "none") and before == "or":
        return True  # "the whole file or nothing"
    if text == "stop":
        return not _gerund(words[at + 1 : at + 3])  # "Stop the service first"
    # "read-only diagnostic scripts" are a kind of scripts
    return text == "read-only" and _adjective(words[at + 1 : at + 2])


def _tells(words: Sequence[Item], at: int) -> bool:
    """Whether it says how things are, and forbids nothing."""
    then = words[at + 1].text if at + 1 < len(words) else ""
    if then in ("just", "merely", "simply"):
        return True  # "You do not just run scripts; you verify them"
    if words[at].text in ("are never", "is never") and then.endswith("ing"):
        return True  # "You are warm, you are never pushing"
    if words[at].text == "never" and _of_a_thing(words, at):
        return True  # "The renderer never reaches for it"
    if words[at].text == "no" and _lacking(words, at):
        return True  # "deploy with no downtime"
    if words[at].text == "avoid" and at and words[at - 1].text == "to":
        return True  # "use X to avoid trouble"
    if words[at].text in _NONE and at > 1 and words[at - 1].text in ("by", "so"):
        return True  # "The key is read by no code", "so nobody is tempted to"
    # "Netlify builds do not read it"
    return words[at].text in _PLAIN and any(w.unknown for w in words[:at])


def _needless(words: Sequence[Item], at: int) -> bool:
    """Whether what is denied is a need: ``you don't need to reply``."""
    if words[at].text == "no" and first(words[at:], "mod:ask") < 0:
        near = {w.text for w in words[at + 1 : at + 6]}
        if near & {"needed", "required", "necessary"}:
            return True  # "no other changes needed"
    subject = {w.text for w in words[:at]} - {",", "and", "but"}
    passive = [w.text for w in words[at + 1 : at + 2]] == ["be"]
    if passive and words[at].text in ("won't", "will not") and subject <= _PRONOUNS:
        return True  # "it won't be sent" says what happens
    then = words[at + 1 : at + 3]
    if then and then[0].text in ("block", "stop", "deny", "avoid", "refuse"):
        return not _stops(then)  # "do not block merges"
    needs = bool(then) and then[0].text in (
        "need",
        "need to",
        "needs",
        "needs to",
        "have to",
    )
    return needs and first(words[at:], "mod:ask") < 0


def _stops(then: Sequence[Item]) -> bool:
    """``do not stop, restart or reload``: a verb among others, or of a service."""
    own = bool(then[0].of("act")) and len(then) > 1
    return own and (then[1].text in (",", "or") or bool(then[1].of("obj")))


def _adjective(words: Sequence[Item]) -> bool:
    return any(w.unknown or w.of("obj") for w in words)


def _gerund(words: Sequence[Item]) -> bool:
    return any(w.of("act") and w.text.endswith("ing") for w in words)


def _of_a_thing(words: Sequence[Item], at: int) -> bool:
    """Whether it is told of a thing nobody knows, and not of the agent."""
    thing = at > 1 and words[0].text in ("the", "a", "an") and words[1].unknown
    thing = thing or (at == 1 and words[0].text in ("it", "this", "that"))
    verb = words[at + 1].text if at + 1 < len(words) else ""
    return thing and verb.endswith("s")


def _lacking(words: Sequence[Item], at: int) -> bool:
    """Whether *no* says what there is none of beside what is done.

    ``Run it with no network``, ``to confirm no cycles``, ``the runner has no such
    capability``; ``with no write access`` is said of the agent itself.
    """
    rights = {w.text for w in words[at + 1 : at + 4]} & _RIGHTS
    return at > 1 and words[at - 1].text in _HAVING and not rights
