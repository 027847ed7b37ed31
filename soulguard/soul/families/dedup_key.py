"""The deduplication key family: every outside call carries a key the service can know.

Takes::

    Send an idempotency key with every API call.
    All payment requests must include an idempotency_key.
    Honor `idempotency_key`.

Refuses keys of anything else (API keys, cache keys) and sentences that only say what a
key is.
"""

from __future__ import annotations

from collections.abc import Iterator

from soulguard.model import Action, EffectKind, Where
from soulguard.soul.describing import describes
from soulguard.soul.drafts import UNSAFE, Draft, World
from soulguard.soul.phrases import CALL
from soulguard.soul.reading import Reading
from soulguard.soul.wording import Stems, wording

FAMILY = "dedup-key"

_STEMS = Stems(("idempot", "dedup", "de-dup", "de-dup", "safe to"))
_KEY = (
    r"(?:idempoten(?:cy|t|ce)[_ -]?(?:keys?|tokens?|headers?|ids?)|"
    r"de-?dup(?:lication|e)?[_ -]?(?:keys?|tokens?|ids?)|idempotency-key)"
)
_CARRY = (
    r"(?:send\w*|includ\w*|attach\w*|us(?:e|es|ing)|carr(?:y|ies)|pass\w*|set\w*|add\w*|"
    r"provid\w*|hono(?:u?r)\w*|requir\w*|need\w*|must|with|suppl\w+|appl\w+|explicit|mandatory|has|have|gets?|goes|reus\w+|re-us\w+|deriv\w+|generat\w+|comput\w+|creat\w+|stamp\w*|mint\w*|persist\w*|"
    r"without|put\w*)"
)
_PRAISE = wording(
    r"\b(?:calls?|requests?|charges?|payments?|posts?|apis?)\b.*\b(?:must|should|shall|"
    r"have to|need to|are|be)\b.*\b(?:idempotent|safe to (?:retry|repeat)|de-?duplicated)\b|"
    r"\b(?:make|keep)\b.*\b(?:calls?|requests?|charges?|payments?|posts?)\b.*\bidempotent\b"
)
_PATTERN = wording(rf"\b{_CARRY}\b.*\b{_KEY}\b|\b{_KEY}\b.*\b{_CARRY}\b")


def read(reading: Reading, world: World) -> Iterator[Draft]:  # noqa: ARG001 - one shape
    """Give the key rule of a sentence."""
    if not _STEMS.within(reading.low) or describes(reading):
        return
    if not _PATTERN.search(reading.low) and not _PRAISE.search(reading.low):
        return
    meaning = f"every {CALL} and every mail carries a deduplication key"
    calls = Where(methods=UNSAFE)
    yield Draft(FAMILY, Action.KEY, (EffectKind.HTTP_CALL,), meaning, calls)
    yield Draft(FAMILY, Action.KEY, (EffectKind.MAIL_SEND,), meaning)
