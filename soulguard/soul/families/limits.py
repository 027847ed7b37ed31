"""Limits: how many, how often, how long between, how much in all. Retries: see retries.

Takes::

    Send at most 10 emails per day.                            rate
    Respect email sending limits (max 10/day).                 rate
    5s between API calls.                                      gap
    Spend at most $5 per run.                                  budget
    Never write files larger than 10 MB.                       size

Refuses limits on style (sentences, words, emoji) and on what no guard can count (tabs,
sub-agents, questions). Of a range the upper end counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from soulguard.model import Action, EffectKind, Where
from soulguard.soul import amounts
from soulguard.soul.drafts import EVERY, UNSAFE, WRITES, Draft, World, quoted
from soulguard.soul.families import bulk
from soulguard.soul.literals import glob
from soulguard.soul.modality import Modality
from soulguard.soul.reading import Reading
from soulguard.soul.wording import Pattern, Stems, wording

RATE, BUDGET, RESOURCE = "rate-limit", "budget", "resource-limit"

_WORDS = amounts.WORDS
_N = (
    r"(?P<n>[$\u20ac\u00a3]?~?\d(?:[\d,]*\d)?(?:\.\d+)?\s?(?:(?:[kKmM]|million|thousand)\b)?"
    rf"(?:\s?[-\u2013]\s?\d+)?|(?:{_WORDS})\b)"
)
_CAP = (
    r"(?:max(?:imum)?(?: of)?|at most|no more than|not more than|limit(?:ed)?(?: of| to)?|"
    r"cap(?:ped)?(?: of| at)?|under|below|up to|fewer than|less than|never (?:exceed|go over)|"
    r"(?:not|n't) (?:exceed|go over)|exceed|<|\u2264|after spending|(?:has|have) cost|"
    r"(?:spend(?:ing)? )?caps?|limits?|budgets?(?: of| is)?|ceiling|quota(?: of)?|"
    r"keep (?!it\b|them\b|this\b)\w+ to|(?:stop|pause|halt|check in) (?:after|(?:when|once|if) (?:you have |you've |i have |you )?"
    r"(?:used|spent|spend|reach(?:ed)?|hit|burned))|(?:once|when) (?:you have |you've |you )(?:spent|used|burned)|"
    r"(?:spend(?:ing)?|costs?|spend|usage) (?:passes|exceeds|goes (?:over|above)|reaches|hits)|throttled? \w+(?: \w+)? ?(?:to|:)|may cost)"
)
_OVER = r"(?:more than|over|above|>|exceed(?:ing)?|larger than|bigger than)"
_PERIOD = r"(?:/\s?|\b(?:per|an?|each|every|within(?: an?)?|in (?:an?|one|any))\b\s?)"
_TIME = (
    rf"(?:(?P<times>\d{{1,4}}|{_WORDS})\s?)?(?P<per>milliseconds?|seconds?|secs?|minutes?|mins?|"
    r"hours?|days?|weeks?|months?|run|session|cycle|ms|s|m|h|d|24 ?h(?:ours)?)\b"
)
_LONG = (
    rf"(?P<gap>(?:\d{{1,5}}(?:\.\d+)?|{_WORDS}|an?)\s?(?:ms|milliseconds?|s|secs?|seconds?|m|mins?|"
    r"minutes?|h|hours?|days?))"
)
_GAP = Pattern(
    rf"{_LONG}\s+(?:or more )?(?:(?:gap|pause|delay|break|wait) )?(?:(?:must |should |have to |has to )?(?:pass|elapse) )?between\s+(?P<unit>[\w ]{{1,60}}?)(?:[,.;(]|\Z)"
)
_AFTER = Pattern(
    rf"\b(?:sleep|wait|pause|delay|rest)\s(?:for\s)?(?:at least\s)?{_LONG}\s+after\s+"
    r"(?:each|every|any|an?)\s(?P<unit>[\w ]{1,60}?)(?:[,.;(]|\Z)"
)
_APART = Pattern(rf"(?P<unit>[\w ]{{1,60}}?)\b{_LONG} (?:or more )?apart\b")
_BETWEEN = Pattern(
    rf"\bbetween (?:(?:two|each|any|every|all|your|consecutive|successive)\s)*(?P<unit>[a-z][\w ]{{1,40}}?),?\s"
    rf"(?:you )?(?:must |should |always )?(?:wait|pause|sleep|leave|allow|rest)\s(?:for\s)?(?:at least\s)?{_LONG}\b"
)
_SPACED = Pattern(
    rf"\bspace\s(?:out\s)?(?P<unit>[a-z][\w ]{{1,40}}?)\s(?:out\s)?(?:by\s)?(?:at least\s)?{_LONG}\b"
)
_AHEAD = Pattern(
    rf"\b(?:sleep|wait|pause|delay|hold off)\s(?:for\s)?(?:at least\s)?{_LONG}\sbefore\s"
    r"(?P<unit>(?:(?:send|mak|call|post|issu|hitt|call)\w*\s)?(?:the\s)?(?:next|another|each|every|any)\s[\w ]{1,40}?|"
    r"calling\s(?:the\s)?[\w ]{1,30}?\sagain)(?:[,.;(]|\Z)"
)
_OTHER = Pattern(
    rf"\b(?:two|2|multiple|several)\s(?P<unit>[a-z][\w ]{{1,40}}?)\swithin\s{_LONG}\s(?:of\s(?:each other|one another)|apart)"
)
_EVERY = Pattern(
    rf"\bafter\s(?:each|every|any)\s(?P<unit>[a-z][\w ]{{1,40}}?),?\s(?:you )?(?:must |should )?"
    rf"(?:wait|pause|sleep|rest)\s(?:for\s)?(?:at least\s)?{_LONG}\b"
)
_AGAIN = Pattern(
    rf"\b(?:never|not|don't|no)\s(?P<unit>[a-z][\w -]{{1,40}}?)\stwice\s(?:with)?in\s{_LONG}\b"
)
_GAP_STEMS = Stems(("between", "after", "apart", "space", "before", "within", "twice"))
_GAPS = (_EVERY, _AGAIN, _GAP, _AFTER, _APART, _BETWEEN, _SPACED, _AHEAD, _OTHER)
_CAPPED = Pattern(
    rf"\b{_CAP}[\s:](?:(?!no\b)[a-z]+\s+){{0,3}}?[a-z]*(?:\s*\([a-z]+\))?\s*[:;]?\s*~?{_N}(?![a-z])(?P<rest>.*)"
)
_RATED = Pattern(
    rf"(?:\A|(?<=[\s(])){_N}\s?(?P<unit>[\w' -]{{0,40}}?)\s?{_PERIOD}{_TIME}"
)
_TOOLS = wording(r"\btool[- ]calls?\b")
_UNCOUNTED = wording(
    r"\b(?:characters|chars|concurrent(?:ly)?|at once|in parallel|simultaneous(?:ly)?)\b"
)
"""What nobody outside the agent can count."""
_MONEY = wording(
    r"[$\u20ac\u00a3]|\b(?:usd|eur|dollars?|cents|usdt|usdc|spend|cost|budget|euros?)\b"
)
_IN_WORDS = wording(rf"\b(?:{_WORDS})\b|\ban? (?:second|minute|hour|day|week)\b")
_TRIED = wording(r"\bretr(?:y|ies|ied|ying)\b")
_PER = Pattern(
    rf"{_PERIOD}(?:(?!\d|(?:{_WORDS})\b)\w+ )?{_TIME}|\b(?P<ly>daily|hourly|weekly|monthly)\b"
)
_ONCE, _MORE = wording(r"\bonce\b"), wording(r"\bmore than once\b")
_SIGN = wording(r"[$\u20ac\u00a3]")
_SPENT = wording(
    r"\b(?:spend\w*|spent|cost\w*|budget\w*|bills?|api|tokens?|llm|run|charges?|max|cap)\b"
)
_EACH = Pattern(
    r"\b(?:per|(?:to|for|from|of) (?:each|every|any one|a single|the same))"
    r" (?:(?P<recipient>recipient|contact|person|user|customer|client|lead|address)"
    r"|(?P<host>host|domain|site|website|server))s?\b"
)
"""What has a count of its own. A person is known by the address of a mail alone."""
_CALLS = (EffectKind.HTTP_CALL, EffectKind.MAIL_SEND)
_MESSAGES = (
    r"messages?|posting|tweeting|messaging|sms|dms?|posts?|tweets?|repl(?:y|ies|ying)|proposals?|comments?|applications?|"
    r"outreach\w*|notifications?|invit\w+|alerts?|likes|retweets|upvotes|reactions"
)
_UNITS: tuple[tuple[str, str, tuple[EffectKind, ...]], ...] = (
    (r"e-?mails?|e-?mailing|mailing|mails?|newsletters?", "mails", (EffectKind.MAIL_SEND,)),
    (r"(?:api |http |outgoing |external )?(?:calls?|calling|requests?)|scrapes?|scraping|lookups?|searches|fetch\w*|queries",
     "calls", (EffectKind.HTTP_CALL,)),
    (_MESSAGES, "messages", _CALLS),
    (r"commands?|executions?|shell calls", "commands", (EffectKind.COMMAND_RUN,)),
    (r"files?|writes?|outputs?|documents?|reports?", "files", WRITES),
    (r"tokens?", "tokens", (EffectKind.HTTP_CALL,)),
)  # fmt: skip
_EXCEEDED = Pattern(rf"(?:\b|(?=>)){_OVER}\s*~?{_N}(?P<rest>.*)")
_LIMITING = wording(
    r"\b(?:max(?:imum)?|limits?|caps?|at most|no more|rate|throttle|quota|only|up to|keep|you have|you get|allowance)\b|"
    r"\A(?:one|an?) "
)
_TIMED = Pattern(
    r"\s?(?:%|(?:ms|fps|s|secs?|seconds?|mins?|minutes?|hours?|h|days?|weeks?)\b)"
)
_NEAR = re.compile(r"\b(?:per|each|every)\b|[,;]")
_ANSWERS = wording(
    r"\b(?:responses?|repl(?:y|ies)|answers?|summar\w+|prompts?|chunks?|context)\b"
)
"""What is so and so many tokens long, and spends none."""
_AT_MOST = Pattern(
    rf"(?<![\w.]){_N}(?P<rest>(?:\s[a-z-]+){{0,4}}?)\s(?:at most|max(?:imum)?|or less|or fewer|tops)\b"
)
_SPEECH = re.compile(r'"[^"]*"?')
_UNNAMED = Pattern(
    r"\s*(?:\Z|[.,;:)!/|]|per\b|an?\b|each\b|every\b|usd|eur|dollars?|usdt|usdc|in total|total|of\b|"
    r"tool|times?\b|at most|max(?:imum)?\b|tops\b)"
)
_SIZES = Pattern(
    r"(?<![\w.-])(\d[\d,]{0,12}(?:\.\d+)?)\s?(bytes?|b|[kmgt]i?b|kilobytes?|megabytes?|gigabytes?)\b"
)
_HOLDERS = wording(
    r"\b(?:files?|outputs?|writes?|uploads?|downloads?|attachments?|documents?|reports?|"
    r"artifacts?|images?|exports?|logs?|size)\b"
)
_LARGER = wording(
    rf"\b{_CAP}(?!\w)|(?:\b|(?=>)){_OVER}|\b(?:larger|bigger|limit|exceed|most)\b"
)
_HAPPENS = wording(r"\A\W*(?:if|when|once|whenever) (?:>|more than|over|above)")
_WHENEVER = wording(
    r"\A\W*(?:if|when|once|whenever)\b|\b(?:needs?|requires?|at least|minimum)\b"
)
"""Where a size is what happens, or what there has to be, and no limit."""
_KEPT = wording(r"\b(?:keep|limit|cap|must|should|may|never|not|no|stays?|trim)\b")
_POSTED = wording(r"\b(?:post|publish|tweet|upload|share)(?:s|es|ed|ing)?\b")
_PIECES = re.compile(
    r"\b(?:articles?|threads?|videos?|stories|reels?|pieces?|clips?)\b"
)
_SCOPELESS = Pattern(
    r"\bper (?!(?:single |each )?(?:run|session|cycle|attempt|call|request|file|second|minute|hour|day|"
    r"week|month|recipient|contact|person|user|customer|client|lead|address|host|domain|site|"
    r"website|server|sec|min|s|m|h|d|\d+|24)s?\b)[a-z]|"
    r"\beach (?!(?:run|session|day|hour|week|month|minute|file|report|output|document|image|call|"
    r"request|recipient|contact|person|user|customer|client|lead|address|host|domain|site)\b)"
    r"[a-z-]+ (?:under|below|to|at)\b"
)
"""Counted for something nobody sees from outside: a thread, a sub-task."""
_DIGITS = 60
"""Digits a sentence with a limit has at most."""
_STYLE = wording(
    r"\b(?:sentences?|lines?|words?|paragraphs?|bullets?|emojis?|questions?|options?|"
    r"ideas?|steps?|tabs?|points?|items?|topics?|times? zone|"
    r"pages?|hours? of sleep|reps|sets|zone|percent|%)\b"
)


@dataclass(frozen=True, slots=True)
class _Amount:
    n: float
    per: str | float
    unit: str
    money: bool = False


def read(reading: Reading, world: World) -> Iterator[Draft]:
    """Give the limit of a sentence."""
    low = _SPEECH.sub(" ", reading.low.replace("`", ""))
    if sum(map(str.isdigit, low)) > _DIGITS:
        return  # a table of figures, no limit
    if not any(c.isdigit() for c in low) and not _IN_WORDS.search(low):
        return
    if _TRIED.search(low):
        return
    draft = _gap(low) or _size(low, reading) or _count(low, reading)
    if draft:
        yield from _split(_scoped(draft, low), world)


def _scoped(draft: Draft, low: str) -> Draft:
    """Give each recipient or host a count of its own where the sentence says so."""
    found = _EACH.search(low)
    if found is None or draft.params.get("unit") not in ("calls", "mails"):
        return draft
    scope = found.lastgroup
    if scope == "recipient" and draft.effects != (EffectKind.MAIL_SEND,):
        return draft
    params = {**draft.params, "scope": scope}
    return replace(draft, meaning=f"{draft.meaning}, each {scope} alone", params=params)


def _split(draft: Draft, world: World) -> Iterator[Draft]:
    """A message is a mail, or an unsafe call to an outside host: they count together."""
    if draft.params.get("unit") != "messages" and draft.params.get("gap") is None:
        yield draft
        return
    if set(draft.effects) != set(_CALLS):
        yield draft
        return
    hosts = (*world.hosts("local"), *world.hosts("model-apis"))
    where = Where(methods=UNSAFE, except_hosts=hosts)
    draft = replace(draft, params={**draft.params, "together": True})
    yield replace(draft, effects=(EffectKind.HTTP_CALL,), where=where)
    yield replace(draft, effects=(EffectKind.MAIL_SEND,))


def _limit(
    family: str, kinds: tuple[EffectKind, ...], meaning: str, **params: object
) -> Draft:
    return Draft(family, Action.LIMIT, kinds, meaning, params=params)


def _gap(low: str) -> Draft | None:
    if not _GAP_STEMS.within(low):
        return None
    found = next((m for p in _GAPS if (m := p.search(low))), None)
    if not found:
        return None
    kinds = _unit(found["unit"])
    seconds = _seconds(found["gap"])
    if not kinds or seconds is None:
        return None
    meaning = f"{kinds[0]} are at least {amounts.lasting(seconds)} apart"
    return _limit(RATE, kinds[1], meaning, gap=seconds, unit=kinds[0])


def _seconds(text: str) -> float | None:
    """Give a length of time whose number may be a word."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?|[a-z]+?)\s?([a-z]+)", text.strip())
    length = amounts.seconds(found[2]) if found else None
    number = amounts.whole(re.sub(r"\Aan?\Z", "1", found[1])) if found else None
    return None if length is None or number is None else number * length


def _size(low: str, reading: Reading) -> Draft | None:
    found = _SIZES.search(low)
    if not found or not _LARGER.search(low):
        return None
    paths = tuple(glob(x.text) for x in reading.paths)
    kept = bool(paths) and _KEPT.search(low)
    if not (kept or _HOLDERS.search(low)):
        return None
    if _WHENEVER.search(low) or not found[1].strip("0,."):
        return None
    unit = re.sub(r"(?<=.)ilobytes?|(?<=.)egabytes?|(?<=.)igabytes?", "b", found[2])
    size = amounts.number(found[1] + ("b" if unit.startswith("byte") else unit))
    meaning = f"a file over {amounts.size(size or 0)} is refused"
    if kept:
        meaning = meaning.replace("a file", quoted(paths), 1)
    draft = _limit(RESOURCE, WRITES, meaning, max=size, unit="bytes", per="file")
    return replace(draft, where=Where(paths=paths if kept else ()))


def _count(low: str, reading: Reading) -> Draft | None:
    amount = _capped(low, reading) or _rated(low)
    if amount is None or _SCOPELESS.search(low):
        return None
    if _UNCOUNTED.search(low) and not _asks(reading):
        return None
    asks = {"on_exceed": "ask"} if _asks(reading) else {}
    says = "wait for a person" if asks else "are refused"
    period = amounts.period(amount.per)
    if amount.money:
        if not _SPENT.search(low) and isinstance(amount.per, str):
            return None
        meaning = f"costs over {amounts.dollars(amount.n)} {period} {says}"
        spent = {"max": amount.n, "unit": "usd", "per": amount.per, **asks}
        return _limit(BUDGET, (EffectKind.HTTP_CALL,), meaning, **spent)
    if _TOOLS.search(low):
        after = f"after {amounts.many(amount.n, 'effects')}"
        meaning = f"{after} the next one waits for a person"
        effects = {"max": amount.n, "unit": "effects", "per": "run", "on_exceed": "ask"}
        return _limit(RESOURCE, EVERY, meaning, **effects)
    kinds = _unit(amount.unit)
    if kinds and kinds[0] == "tokens" and amount.per == "run" and _ANSWERS.search(low):
        return None
    once = amount.n <= 1 and amount.per == "run" and _ONCE.search(low)
    once = once and not _MORE.search(low)
    if not kinds or once or (kinds[0] == "files" and amount.n <= 1):
        return None  # "once per run" is of the same thing, and of other families
    family = RATE if isinstance(amount.per, float) else RESOURCE
    if kinds[0] == "tokens":
        family = BUDGET
    if asks and kinds[0] == "files":
        return bulk.of_files(amount.n, amount.per, period, low)
    meaning = f"more than {amounts.many(amount.n, kinds[0])} {period} {says}"
    counted = {"max": amount.n, "unit": kinds[0], "per": amount.per, **asks}
    return _limit(family, kinds[1], meaning, **counted)


def _asks(reading: Reading) -> bool:
    """Whether a person is asked for what goes over (``Ask before spending over $5``)."""
    return reading.above is Modality.ASK or any(
        f.modality is Modality.ASK for f in reading.frames
    )


def _capped(low: str, reading: Reading) -> _Amount | None:
    denied = reading.above is Modality.DENY or any(
        f.modality in (Modality.DENY, Modality.ASK) for f in reading.frames
    )
    denied = denied or reading.above is Modality.ASK
    found = _CAPPED.search(low) or _AT_MOST.search(low)
    if found is None and denied and not _HAPPENS.search(low):
        found = _EXCEEDED.search(low)
    if found is None:
        return None
    n, rest = _number(found["n"]), found["rest"]
    if ";" in found[0] and found[0].startswith(("below", "under")):
        return None  # "see the section below; 3 files stay in step"
    near = " ".join(_NEAR.split(rest, maxsplit=1)[0].split()[:4])
    if _POSTED.search(low):
        near = _PIECES.sub("posts", near)
    if n is None or _STYLE.search(near) or _TIMED.match(rest):
        return None
    said = low[: found.start()].split()[-4:]
    if near.startswith("times"):
        said = [*said[:1], *said[1:][-1:]]  # "poll the post status": no post is counted
    ahead = " ".join(said)
    inside = low[found.start() : found.start("n")]
    if not _unit(near) and not _UNNAMED.match(rest):
        return None  # a number of something else
    unit = next((u for u in (near, inside, ahead) if _unit(u)), near)
    priced = _MONEY.search(f"{inside} {near}") and "token" not in low
    money = bool(_SIGN.search(found["n"]) or priced)
    return _Amount(n, _per(f"{rest} {inside} {ahead}"), unit, money)


def _rated(low: str) -> _Amount | None:
    """``10/day``, ``60 requests/minute``: a rate alone, or after a word of limits."""
    found = _RATED.search(low)
    if not found or not (_LIMITING.search(low) or not low[: found.start()].strip()):
        return None
    n = _number(found["n"])
    unit = found["unit"].strip() or " ".join(low[: found.start()].split()[-5:])
    if n is None or _STYLE.search(unit):
        return None
    per = _per(low[found.start("unit") : found.end()])
    return _Amount(n, per, unit, bool(_SIGN.search(found["n"]) or _MONEY.search(unit)))


def _per(text: str) -> str | float:
    found = _PER.search(text)
    if not found:
        return "run"
    word = found["per"] or found["ly"]
    if word in ("run", "session", "cycle"):
        return "run"
    length = amounts.seconds(re.sub(r"24 ?h(?:ours)?", "day", word)) or 0
    return length * (amounts.whole(found["times"] or "1") or 1) or "run"


def _unit(text: str) -> tuple[str, tuple[EffectKind, ...]] | None:
    for words, name, kinds in _UNITS:
        if wording(rf"\b(?:{words})\b").search(text):
            return name, kinds
    return None


def _number(text: str) -> float | None:
    text = text.strip().lower().lstrip("$\u20ac\u00a3~ ")
    for word, scale in ((" million", "m"), (" thousand", "k")):
        text = text.replace(word, scale)
    return amounts.whole(text)
