"""Owns the difference between two compilations: which sentences came, went or changed.

Compared is what rules say, not where they stand: a moved sentence is no difference.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from soulguard.model import Noun, Rule
from soulguard.soul.compilation import Compilation, Sentence


@dataclass(frozen=True, slots=True)
class Difference(Noun):
    """What an edit changes. `changed` are sentences whose words stay and rules differ."""

    added: tuple[Sentence, ...] = ()
    removed: tuple[Sentence, ...] = ()
    changed: tuple[Sentence, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether nothing that counts is different."""
        return not (self.added or self.removed or self.changed)


def difference(old: Compilation, new: Compilation) -> Difference:
    """Give the difference an edit makes to the rules."""
    before, after = _by_text(old), _by_text(new)
    changed = [
        sentence
        for text, (sentence, sense) in after.items()
        if text in before and before[text][1] != sense
    ]
    return Difference(
        added=tuple(s for text, (s, _) in after.items() if text not in before),
        removed=tuple(s for text, (s, _) in before.items() if text not in after),
        changed=tuple(changed),
    )


def _by_text(found: Compilation) -> dict[str, tuple[Sentence, tuple[str, ...]]]:
    rules = {rule.id: rule for rule in found.policy.rules}
    out = {}
    for sentence in found.sentences:
        sense = tuple(_sense(rules[i]) for i in sentence.rules if i in rules)
        if sense:
            out[sentence.text] = (sentence, sense)
    return out


def _sense(rule: Rule) -> str:
    plain = rule.to_json()
    del plain["source"], plain["id"]
    return json.dumps(plain, sort_keys=True)
