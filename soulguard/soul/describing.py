"""Owns descriptions: whether a sentence only tells how some thing is made or works.

``The engine catches it, retries once, then emits an error`` is of a program, and asks
nothing of the agent. A sentence that binds (must, never, only), begins with a wish or is
about the agent, every output or every call is none. Which rule it would make is not
looked at.
"""

from __future__ import annotations

import re

from soulguard.soul import lexicon
from soulguard.soul.modality import Modality
from soulguard.soul.reading import Reading

_BINDS = re.compile(
    r"\b(?:must|mustn't|should|shouldn't|shall|never|always|do not|don't|may|cannot|can't|"
    r"needs? to|requires?|required|have to|has to|ensure|make sure|avoid|at most|max(?:imum)?|"
    r"no more|(?<!-)only|exactly|(?:for|on|with|to|in) (?:each|every)|limit|nothing|nobody|none|forbidden|prohibited|allowed|permitted|not to|without|stop|"
    r"give up|before|whole|mandatory|rules?|policy)\b"
)
_OURS = re.compile(
    r"\b(?:you|your|i|my|we|our|me|agents?|assistant|bot|every|each|all|any|no|outputs?|files?|"
    r"writes?|reports?|exports?|calls?|requests?|payments?|charges?|e?-?mails?|messages?|"
    r"posts?|commits?|orders?|append(?!-)|write|once|one|two|three|max|\d+)\b"
)
_SUBJECT = 3
"""Words in which a subject is named."""
_SHORT = 6
"""Words of what may be a label, and a rule without a verb."""
_LABEL = re.compile(r"\A[^:.]{1,60}: ")
_AGAIN = re.compile(r"retry|retries|retrying")
_WHEN = re.compile(r"\A(?:if|when|on|upon|after|once|whenever) [^,]*, ")
_EDGES = " -*\u2013\u2014\"'(["


def describes(reading: Reading) -> bool:
    """Whether a sentence tells of some thing, and binds nobody."""
    low = _WHEN.sub("", _LABEL.sub("", reading.low).strip(_EDGES))
    words = low.split()
    if reading.above is not Modality.NONE or len(words) <= _SHORT or _BINDS.search(low):
        return False
    first = {words[0].strip(",.;:"), reading.low.strip(_EDGES).split()[0].strip(":")}
    wish = first & lexicon.imperatives() or _AGAIN.match(words[0])
    return not wish and not _OURS.search(" ".join(words[:_SUBJECT]))
