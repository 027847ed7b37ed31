"""Pages: which parts of any site are not called, named by their path alone.

Takes::

    Never touch checkout pages or anything under /account.
    Nothing under `/admin` is to be requested.
    The endpoints `/v1/payouts` and `/v1/refunds` are off limits.

Refuses paths of files: something else in the sentence has to be of the web (pages,
endpoints, URLs, sites, requests). Parts of one host that is named are the family of
hosts'.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from soulguard.model import Action, EffectKind, Where
from soulguard.soul.drafts import Draft, World, quoted
from soulguard.soul.frames import Frame
from soulguard.soul.literals import Kind
from soulguard.soul.modality import Modality
from soulguard.soul.reading import Reading
from soulguard.soul.wording import wording

FAMILY = "host-deny"

_WEB = wording(
    r"\b(?:pages?|urls?|endpoints?|routes?|websites?|sites?|requests?|requested|requesting|crawl|crawls|"
    r"crawled|scrape|scraped|visit|visited|browse|api paths?|webpages?|shops?)\b"
)
_PATH = re.compile(
    r"(?<![\w./~:-])(/[a-z][\w-]*(?:/[\w{}*-]+)*)/?(?:\*+)?(?![\w/]|\.\w)"
)
_NAMED = re.compile(
    r"\b(?P<name>checkout|login|log-in|sign-?in|sign-?up|account|admin|payment|cart|billing|settings|logout|"
    r"register|registration|profile|basket|search) pages?\b"
)
_NAMES = re.compile(
    r"\A(?:checkout|log-?in|sign-?in|sign-?up|account|admin|payment|cart|billing|settings|logout|register|"
    r"registration|profile|basket|search|webpages?|pages?|routes?|urls?|shops?|requested|below|paths?)\Z"
)
_FILES = re.compile(r"\b(?:files?|folders?|director(?:y|ies)|disk|repo|repository)\b")
_OPEN = re.compile(
    r"\b(?:except|unless|but|outside|other than|if|when|only|without|until|before|after)\b"
)
_TELLS = re.compile(
    r"(?:the|this|our) (?:[\w/-]+ ){1,4}?(?:never|doesn't|does not) \w+s?\b"
)
"""``The settings page never loads``: how things are."""
_TOUCHING = frozenset(("call", "read", "run", "post", "send", "share"))


def read(reading: Reading, world: World) -> Iterator[Draft]:  # noqa: ARG001 - one shape
    """Give the rule about parts of sites."""
    if reading.plain.count("\u2192") > 1:
        return  # a flow of calls is told, from one part to the next
    low = reading.low.replace("`", " ")
    if not _WEB.search(low) or _FILES.search(low) or _OPEN.search(low):
        return
    if any(x.kind is Kind.HOST for f in reading.frames for x in f.literals):
        return
    paths = [found[1] for found in _PATH.finditer(low)]
    pages = [f"/**/{found['name']}" for found in _NAMED.finditer(low)]
    if (
        _TELLS.match(low)
        or not (paths or pages)
        or not any(_denies(frame, paths) for frame in reading.frames)
    ):
        return
    globs = tuple(g for path in (*pages, *paths) for g in _below(path))
    meaning = (
        f"calls to {quoted((*paths, *(p[4:] for p in pages)))} of any site are refused"
    )
    where = Where(url_paths=globs)
    yield Draft(FAMILY, Action.DENY, (EffectKind.HTTP_CALL,), meaning, where)


def _below(path: str) -> tuple[str, str]:
    plain = re.sub(r"\{[^{}]*\}", "*", path)
    return plain, f"{plain}/**"


def _denies(frame: Frame, paths: list[str]) -> bool:
    """Whether a statement forbids, and nothing but touching what it names."""
    if frame.modality is not Modality.DENY or frame.condition or frame.exception:
        return False
    named = {part for path in paths for part in path.split("/")}
    known = all(_NAMES.search(w) or w.strip("/") in named for w in frame.unknown)
    touched = frame.acts & _TOUCHING or frame.verb.startswith("touch")
    return known and bool(not frame.acts or touched)
