"""Owns the form of ``effects.yaml``: reading it, and naming what is wrong with it.

Reads the named files and nothing else. Matching calls is `soulguard.audit`'s.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from soulguard.errors import PolicySyntaxError
from soulguard.model.signature import (
    Argument,
    Case,
    Catalogue,
    Harm,
    Outcome,
    Signature,
)

DOES = (
    "file.write", "file.append", "file.rename", "file.delete", "http.call",
    "mail.send", "command.run", "database", "message", "scratch",
)  # fmt: skip
"""What a call can do: the kinds of effects rules speak of, and three that none does."""

_TOP = (
    "outcomes", "same", "texts", "statements", "holds", "named", "nowhere", "guards", "hands_on",
    "effects",
)  # fmt: skip
_FIELDS = (
    "id", "calls", "does", "what", "twice", "target", "method", "method_in", "url",
    "key", "cases",
)  # fmt: skip
_REQUIRED = ("id", "calls", "does", "what", "twice")
_TESTS = ("is", "has", "absent", "given", "unknown")
_CASE = (*_TESTS, "arg", "skip", "twice", "prior", "does")


def load(*files: Path) -> Catalogue:
    """Read the catalogue; what later files say goes before what earlier ones say.

    Raises:
        PolicySyntaxError: a file has not the form, with the line it is wrong at.
    """
    found: dict[str, Any] = {}
    signatures: dict[str, Signature] = {}
    for file in files:
        read = _File(file, frozenset(found.get("outcomes", ())))
        for name, value in read.parts.items():
            found[name] = (
                {**found.get(name, {}), **value}
                if isinstance(value, dict)
                else (*found.get(name, ()), *value)
            )
        own = {s.id: s for s in read.signatures}
        signatures = {**own, **{k: v for k, v in signatures.items() if k not in own}}
    return Catalogue(tuple(signatures.values()), **found)


def argument(text: object) -> Argument:
    """Read an argument: ``0 file``, ``data`` or ``1 mode flags``; numbers are positions.

    Raises:
        ValueError: it is none of these.
    """
    words = str(text).split()
    position = int(words.pop(0)) if words and words[0].isdigit() else -1
    if position < 0 and not words:
        raise ValueError(text)
    if not all(word.isidentifier() for word in words):
        raise ValueError(text)
    return Argument(position, tuple(words))


class _File:
    """One file on its way into the catalogue, knowing its lines."""

    def __init__(self, file: Path, outcomes: frozenset[str]) -> None:
        self.file = file
        self.text, data = self._read()
        self._keys(data, _TOP, "", 1)
        self.parts: dict[str, Any] = {
            "outcomes": {
                k: self._outcome(k, v) for k, v in _map(data, "outcomes").items()
            },
            "same": {
                other: one
                for one, others in _map(data, "same").items()
                for other in others
            },
            "texts": _map(data, "texts"),
            "statements": _map(data, "statements"),
            "holds": self._arguments(_map(data, "holds")),
            "named": self._arguments(_map(data, "named")),
            "nowhere": tuple(data.get("nowhere") or ()),
            "guards": tuple(data.get("guards") or ()),
            "hands_on": _map(data, "hands_on"),
        }
        self.known = outcomes | set(self.parts["outcomes"])
        self.signatures = [self._signature(e) for e in data.get("effects") or ()]

    def _read(self) -> tuple[str, dict[str, Any]]:
        import yaml

        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        try:
            text = self.file.read_text(encoding="utf-8")
            data = yaml.load(text, Loader=loader)
        except (OSError, UnicodeDecodeError) as error:
            raise PolicySyntaxError(
                f"cannot read it: {error}", where=str(self.file)
            ) from None
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            problem = getattr(error, "problem", None) or "not YAML"
            line = mark.line + 1 if mark else 1
            raise PolicySyntaxError(problem, where=f"{self.file}:{line}") from None
        if not isinstance(data, dict):
            raise PolicySyntaxError("not a mapping", where=f"{self.file}:1")
        return text, data

    def _outcome(self, name: str, data: Any) -> Outcome:
        try:
            return Outcome(name, str(data["says"]), Harm(data.get("harm", "again")))
        except (KeyError, TypeError, AttributeError, ValueError):
            raise self._wrong(
                name, "an outcome is `{says: TEXT, harm: again|none|fails|unknown}`"
            ) from None

    def _arguments(self, data: Mapping[str, Any]) -> dict[str, Argument]:
        return {name: self._argument(name, value) for name, value in data.items()}

    def _argument(self, name: str, value: Any) -> Argument:
        try:
            return argument(value)
        except ValueError:
            raise self._wrong(
                name, f"`{value}` is no argument", "write `0 name`, or `name`"
            ) from None

    def _signature(self, data: Any) -> Signature:
        name = str(data.get("id", "")) if isinstance(data, dict) else ""
        if not isinstance(data, dict):
            raise self._wrong(name, "an entry is a mapping")
        self._keys(data, _FIELDS, name)
        for key in _REQUIRED:
            if not data.get(key):
                raise self._wrong(name, f"`{key}` is missing")
        self._checked(name, data)
        fields: dict[str, Any] = {k: v for k, v in data.items() if isinstance(v, str)}  # fmt: skip
        for key in ("target", "method_in"):
            if key in data and data[key] != "self":
                fields[key] = self._argument(name, data[key])
            else:
                fields.pop(key, None)
        cases = tuple(self._case(name, case) for case in data.get("cases", ()))
        fields["calls"] = tuple(data["calls"])
        fields["key"] = tuple(data.get("key", ()))
        return Signature(**fields, cases=cases)

    def _checked(self, name: str, data: Mapping[str, Any]) -> None:
        """Refuse what is of the wrong kind or names what is not there."""
        for key in ("calls", "key", "cases"):
            if not isinstance(data.get(key, []), list):
                raise self._wrong(name, f"`{key}` is a list")
        for key in ("calls", "key"):
            if not all(isinstance(i, str) for i in data.get(key, ())):
                raise self._wrong(name, f"`{key}` holds something that is no text")
        self._does(name, data["does"])
        self._known(name, data["twice"])

    def _case(self, name: str, data: Any) -> Case:
        if not isinstance(data, dict):
            raise self._wrong(name, "a case is a mapping")
        self._keys(data, _CASE, name)
        tests = [test for test in _TESTS if test in data]
        if len(tests) != 1 or "arg" not in data:
            raise self._wrong(
                name, f"a case needs `arg` and one of {', '.join(_TESTS)}"
            )
        value = str(data[tests[0]])
        if tests[0] == "has":
            try:
                re.compile(value)
            except re.error as error:
                raise self._wrong(name, f"`{value}` is no pattern: {error}") from None
        if "twice" in data:
            self._known(name, data["twice"])
        if "does" in data:
            self._does(name, data["does"])
        return Case(
            self._argument(name, data["arg"]), tests[0], value,
            bool(data.get("skip")), str(data.get("twice", "")),
            str(data.get("prior", "")), str(data.get("does", "")),
        )  # fmt: skip

    def _does(self, name: str, value: Any) -> None:
        if value not in DOES:
            raise self._wrong(name, f"`does` is one of {', '.join(DOES)}")

    def _known(self, name: str, outcome: Any) -> None:
        if outcome not in self.known:
            raise self._wrong(name, f"no outcome named `{outcome}`", _near(outcome, self.known))  # fmt: skip

    def _keys(self, data: Mapping[str, Any], known: Any, name: str, at: int = 0) -> None:  # fmt: skip
        for key in data:
            if key not in known:
                raise self._wrong(name or str(key), f"no field named `{key}`", _near(key, known), at)  # fmt: skip

    def _wrong(self, name: str, message: str, hint: str = "", at: int = 0) -> PolicySyntaxError:  # fmt: skip
        # an id is unique in a file, so the first line that holds it is the place
        pattern = re.compile(rf"(?<![\w.-]){re.escape(name)}(?![\w-])")
        lines = self.text.splitlines()
        found = [n for n, line in enumerate(lines, 1) if name and pattern.search(line)]
        where = f"{self.file}:{found[0] if found else at or 1}"
        said = f"{name}: {message}" if name else message
        return PolicySyntaxError(said, where=where, hint=hint)


def _map(data: Mapping[str, Any], key: str) -> dict[str, Any]:
    value = data.get(key) or {}
    return value if isinstance(value, dict) else {}


def _near(word: Any, known: Any) -> str:
    near = difflib.get_close_matches(str(word), list(known), 1)
    return f"did you mean `{near[0]}`?" if near else ""
