"""Where a sentence stands: a span in a file, and the source a rule cites."""

from __future__ import annotations

from dataclasses import dataclass

from soulguard.model.noun import Noun


@dataclass(frozen=True, slots=True)
class Span(Noun):
    """A place in a text file. Lines and columns count from 1; 0 means "not known".

    `file` is the path as a person should read it: relative to the policy root where
    that is shorter.
    """

    file: str
    line: int = 0
    column: int = 0
    end_line: int = 0
    end_column: int = 0

    def __str__(self) -> str:
        parts = [self.file]
        if self.line:
            parts.append(str(self.line))
            if self.column:
                parts.append(str(self.column))
        return ":".join(parts)

    @property
    def short(self) -> str:
        """The span as `file:line`, the form every refusal and report quotes."""
        return f"{self.file}:{self.line}" if self.line else self.file


@dataclass(frozen=True, slots=True)
class Source(Noun):
    """What a rule was read from: the span and the sentence in the author's words."""

    span: Span
    text: str

    def __str__(self) -> str:
        return f"{self.span.short}: {self.text}"
