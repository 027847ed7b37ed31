"""Owns the difference between two compilations: which sentences came, went or changed.

Compared is what rules say, not where they stand: a moved sentence is no difference.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from soulguard.model import Noun, Rule
from soulguard.soul.compilation import Compilation, Sentence

_THIS = "this file"


@dataclass(frozen=True, slots=True)
class Difference(Noun):
    """What an edit changes.

    `changed` are sentences whose words stay and rules differ, `before` what these were.
    `open` are new sentences that demand something and do not hold: they make no rule
    and no difference, and whoever wrote them has to know.
    """

    added: tuple[Sentence, ...] = ()
    removed: tuple[Sentence, ...] = ()
    changed: tuple[Sentence, ...] = ()
    before: tuple[Sentence, ...] = ()
    open: tuple[Sentence, ...] = ()

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
    known = {sentence.text for sentence in old.sentences if not sentence.rules}
    return Difference(
        added=tuple(s for text, (s, _) in after.items() if text not in before),
        removed=tuple(s for text, (s, _) in before.items() if text not in after),
        changed=tuple(changed),
        before=tuple(before[sentence.text][0] for sentence in changed),
        open=tuple(
            s for s in new.sentences if not s.rules and s.firm and s.text not in known
        ),
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
    own = rule.source.span.file  # "this file" is another one in an older copy
    plain["where"]["paths"] = [_THIS if p == own else p for p in rule.where.paths]
    del plain["source"], plain["id"]
    return json.dumps(plain, sort_keys=True)
