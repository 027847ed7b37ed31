"""The nouns of a compilation: what each sentence became, and what is wrong.

Nothing here reads or decides; `soulguard.soul.compiler` makes these.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

from soulguard.errors import (
    EmptyPolicyError,
    PolicyError,
    PolicySyntaxError,
    SourceEncodingError,
    SourceMissingError,
)
from soulguard.model import Grade, Noun, Policy, Span


class Severity(str, enum.Enum):
    """How bad a diagnostic is: an ERROR stops a run, a WARNING is only told."""

    ERROR = "error"
    WARNING = "warning"


_ERRORS: dict[str, type[PolicyError]] = {
    error.slug: error
    for error in (
        SourceMissingError,
        SourceEncodingError,
        PolicySyntaxError,
        EmptyPolicyError,
    )
}


@dataclass(frozen=True, slots=True)
class Diagnostic(Noun):
    """Something wrong or doubtful in a rule file, where it stands and the way out.

    `slug` names the heading in docs/errors.md, the one of the exception it would raise.
    """

    severity: Severity
    message: str
    span: Span
    hint: str = ""
    slug: str = PolicySyntaxError.slug

    def error(self) -> PolicyError:
        """Give the exception that says the same."""
        kind = _ERRORS.get(self.slug, PolicyError)
        return kind(self.message, where=str(self.span), hint=self.hint)


@dataclass(frozen=True, slots=True)
class Sentence(Noun):
    """One sentence that reads like a rule, and what became of it.

    `families` and `rules` are empty unless rules were made of it; `family` is then
    the first. `reason` says why an advisory or an error does not hold, `suggestion` is a
    sentence that would. `meaning` says in plain words what the rules do. `firm`: it
    demands something; what is not firm describes or advises.
    """

    span: Span
    text: str
    grade: Grade
    kind: str = ""
    family: str = ""
    families: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    meaning: str = ""
    reason: str = ""
    suggestion: str = ""
    firm: bool = True


@dataclass(frozen=True, slots=True)
class UsedClass(Noun):
    """A named list that ships, and that a rule of this compilation stands on."""

    name: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Compilation(Noun):
    """What came of a set of sources.

    `classes` are the named lists that rules used. `files_read` and `lookalikes` are paths as a person reads them. `built_in` counts the rules at
    the end of `policy.rules` that hold whatever the sources say.
    """

    policy: Policy
    sentences: tuple[Sentence, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    files_read: tuple[str, ...] = ()
    lookalikes: tuple[str, ...] = ()
    classes: tuple[UsedClass, ...] = ()
    built_in: int = 0

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """The diagnostics that stop a run."""
        return tuple(d for d in self.diagnostics if d.severity is Severity.ERROR)

    @property
    def own(self) -> int:
        """How many rules the sources themselves gave."""
        return len(self.policy.rules) - self.built_in
