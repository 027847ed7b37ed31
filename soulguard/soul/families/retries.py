"""Retries: how often the same call or command may be tried again.

Takes::

    Never retry more than 3 times.
    Max 3 retries.
    After two failed attempts, give up and ask.
    On error, self-correct once, then escalate.
    Do not retry failed payments.

Refuses approaches that are tried (``try three ideas``) and retries nobody counts
(``never retry blindly``). Of n attempts n - 1 are retries.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from soulguard.model import Action, EffectKind
from soulguard.soul import amounts
from soulguard.soul.describing import describes
from soulguard.soul.drafts import Draft, World
from soulguard.soul.reading import NEGATION, Reading
from soulguard.soul.wording import Pattern, Stems, wording

FAMILY = "retry-limit"

_STEMS = Stems(
    ("repeat", "resen", "redial", "again", "retr", "re-", "rerun", "try", "tries", "tried", "attempt", "fail", "error", "strike",
     "correct", "fix")
)  # fmt: skip
_KINDS = (EffectKind.HTTP_CALL, EffectKind.MAIL_SEND, EffectKind.COMMAND_RUN)
_DIGITS = 60
"""Digits a sentence about retries has at most."""
_MOST = 100
"""Retries no rule means seriously: a larger number counts something else."""
_N = (
    rf"(?P<n>\d{{1,3}}(?:\s?[-\u2013]\s?\d{{1,3}})?|{amounts.WORDS}|third|fourth|fifth)"
)
_AGAIN = r"(?:re-?tr(?:y|ies|ied|ying)|re-?attempt\w*|(?:try|tries|tried|trying) (?:(?:it|this|that|them|the (?:call|request|command|step|job)) )?again|re-?run|self-correct\w*)"
_TRY = rf"(?:{_AGAIN}|attempts?|tries|try|tried|(?:self-)?correct|fix)"
_ENDS = r"(?=\s*(?:\Z|[,.;:)!|]|times?\b|x\b|then\b|and\b|more\b|per\b|before\b|in\b|for\b|at\b|with\b|on\b|if\b))"
_FAILED = r"(?:(?:consecutive|repeated|failed|unsuccessful|straight) ){1,2}"
_COUNTS = (
    Pattern(rf"\b{_N}\s*(?:x|times|more times?) (?:at most|max(?:imum)?)\b"),
    Pattern(rf"\b{_AGAIN}\b(?:\W+[a-z]+){{0,7}}?\W+{_N}{_ENDS}"),
    Pattern(rf"\b{_N}\s*(?:\w+ )?{_AGAIN}\b"),
    Pattern(rf"\b{_N}\s+(?:{_FAILED})?(?P<tries>attempts?|tries|try|failures?|errors?|strikes?)\b"),
    Pattern(rf"\b(?P<tries>try|tried|attempt|attempts|fails?|failed|failing)\b(?:\W+[a-z]+){{0,6}}?\W+{_N}{_ENDS}"),
)  # fmt: skip
_WHAT = (
    r"(?=\W*\Z|[.,;:!]|\s+(?:a |the |any |all |these |those )*(?:failed|failing|any|it|them|"
    r"automatic\w*|quietly|silently|on your own|on my own|on|after|if|when|calls?|requests?|payments?|charges?|\w*mails?|commands?|jobs?|"
    r"writes?|uploads?|operations?|transactions?|api|http|posts?)\b)"
)
_CHANGELOG = re.compile(r"v?\d+\.\d+")
_NEVER = wording(
    rf"\b{NEGATION} (?:\w+ ){{0,2}}(?:retries|retrying|retry|retried|be retried)\b{_WHAT}|"
    rf"\b(?:is|are|must be) never (?:to be )?retried\b"
)
_SECOND = wording(
    r"\b(?:never|not|n't)\b.*\b(?:attempt|try|submit)\b.*\b(?:a second time|a 2nd time)\b|\bno second (?:attempt|try)\b"
)
_REPEATED = Pattern(
    rf"\b(?:repeat(?:ed|s)?|re-?sen[dt]|redial(?:led|ed)?|sent again|send it again|redone|re-?submit(?:ted)?)\s"
    rf"(?:(?:it|them|at most|only|just|up to|max(?:imum)?|no more than|not more than)\s)*(?:{_N}|(?P<word>once|twice))\b"
)
"""Of what failed, how often it is done again."""
_ONE = re.compile(
    r"(?:an?|any|every|each|the) [\w -]{1,40}? (?:that|which) (?:fails?|failed|bounces?|bounced|times? out)\b"
)
"""What failed, as a subject: of it something is demanded."""
_TOLD = re.compile(
    r"(?:he|she|they|it|we|i|the [\w-]+) (?:\w+ )?(?:retried|tried|attempted|failed|repeated|resent)\b"
)
"""What was done once is told, and asked of nobody."""
_WRONG = wording(
    r"\b(?:fail\w*|errors?|bounc\w+|time[sd]? ?out|timeouts?|unanswered|undeliver\w+)\b"
)
_LOOSE = wording(
    r"\b(?:without|more|for|the same|blindly|aggressively|infinitely|forever|endlessly|immediately|indefinitely|"
    r"until|unless|in a loop|right away|at once)\b"
)
_STATUS = re.compile(r"[^,.]*\b[45](?:xx|\d\d)\b")
"""``4xx: do not retry``: other failures may be."""
_ALL = wording(r"\bno automatic retries\b")
_CAPS = wording(
    r"\b(?:max(?:imum)?|at most|more than|up to|no more|limit(?:ed|s)?|cap(?:ped)?|then|after|"
    r"and out|if|when|stop|give up|escalate|only|budget|not more)\b|\A(?:on|upon) "
)
_ORDINAL = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)\b")
_NUMBERED = re.compile(
    r"\b(?:step|phase|section|version|line|option|level|tier|stage|priority|issue|exit(?: code)?|status|code|default:?)\W*\Z"
)
"""What a number may stand for instead: ``re-run classify (step 3)``."""
_FAILING = wording(r"\b(?:fail\w*|errors?|strikes)\b")
_STOPS = wording(
    r"\b(?:stop|pause|skip|give up|escalate|ask|report|abort|move on|halt|quit|hand (?:it )?(?:over|off)|alert|notify|fail|break|pivot|"
    r"switch (?:to|strateg\w+)|change (?:approach|strategy|tactics?)|(?:never|not|n't) (?:\w+ )?repeat)\b"
)
_SEEN = wording(r"\b(?:seen|at least|minimum)\b")
_OTHER = wording(
    r"\b(?:sentences?|questions?|options?|ideas?|approaches|users?|tone|login|sign-?in|"
    r"paragraphs?|days?|weeks?|words?)\b|\b(?:counted|charged|billed|processed|applied) (?:twice|again)\b"
)


def read(reading: Reading, world: World) -> Iterator[Draft]:  # noqa: ARG001 - one shape
    """Give the retry limit of a sentence."""
    said = _ORDINAL.sub(r"\1", reading.said.replace("`", ""))
    if (
        _CHANGELOG.match(said)
        or not _STEMS.within(said)
        or _TOLD.match(said)
        or (describes(reading) and not _ONE.match(said))
        or sum(map(str.isdigit, said)) > _DIGITS
    ):
        return
    never = _NEVER.search(said) and not (_LOOSE.search(said) or _STATUS.match(said))
    if _ALL.search(said) or never:
        yield _draft(0, "a failed call or command is never tried again")
        return
    most = (
        _again(said) if _SECOND.search(said) or _REPEATED.search(said) else _most(said)
    )
    if most is not None:
        often = f"at most {amounts.times(most)}" if most else "never"
        yield _draft(most, f"a failed call or command is tried again {often}")


def _again(said: str) -> float | None:
    """``A fax that fails is repeated once``, ``never attempt it a second time``."""
    if _SECOND.search(said) and not _LOOSE.search(said):
        return 0.0
    found = _REPEATED.search(said)
    if found is None or not _WRONG.search(said) or _OTHER.search(said):
        return _most(said)
    return amounts.whole(found["n"] or found["word"])


def _most(said: str) -> float | None:
    if _OTHER.search(said):
        return None
    said = said.replace("at once", "")
    for pattern in _COUNTS:
        found = pattern.search(said)
        if found and _means_it(found, said):
            number = amounts.whole(found["n"])
            if number is None or number > _MOST:
                return None
            more = said[found.end() :].lstrip().startswith("more")
            tries = "tries" in found.re.groupindex and not more
            return max(number - 1, 0) if tries else number
    return None


def _means_it(found: re.Match[str], said: str) -> bool:
    """Whether a number is a limit: a word says so, or what is to be done after it."""
    if _NUMBERED.search(said[: found.start("n")]):
        return False
    again = wording(rf"\b{_AGAIN}\b").search(said)
    if "tries" not in found.re.groupindex:
        return bool(again)
    if _FAILING.search(said):
        return _STOPS.search(said) and not _SEEN.search(said)
    return bool(_CAPS.search(said) and (again or wording(rf"\b{_TRY}\b").search(said)))


def _draft(most: float, meaning: str) -> Draft:
    params = {"max": most, "unit": "retries", "per": "call"}
    return Draft(FAMILY, Action.LIMIT, _KINDS, meaning, params=params)
