"""Owns the form of ``providers.yaml``: reading it, and naming what is wrong with it.

The only module of `effects` that reads a file or knows YAML; it is imported when the
first call is made. What the facts mean is `providers`'s to say.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from soulguard.effects.providers import Providers
from soulguard.errors import PolicySyntaxError
from soulguard.model.provider import FOREVER, UNKNOWN, Carrier, Provider

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_TEXT, _LIST, _FLAG, _NUMBER, _MAP = str, list, bool, int, dict
_KEYS: dict[str, type] = {
    "id": _TEXT, "name": _TEXT, "hosts": _LIST, "paths": _LIST, "agent": _LIST,
    "carrier": _TEXT, "add": _FLAG, "tokens": _LIST, "with": _MAP, "shape": _TEXT,
    "limit": _NUMBER, "honours": _LIST, "never": _LIST, "window": _TEXT,
    "differs": _TEXT, "flight": _NUMBER, "conflict": _TEXT, "errors": _TEXT,
    "marker": _TEXT, "happened": _LIST, "auto": _FLAG, "source": _TEXT, "date": _TEXT,
}  # fmt: skip
_CHOICES = {
    "shape": ("uuid", "hex", "base36", "uuid7", "pay"),
    "differs": ("error", "replayed", "created", "ignored"),
    "conflict": ("in-flight", "happened", "differs"),
    "errors": ("replayed", "released"),
}
_CARRIERS = ("header", "json", "form", "query", "payment", "none")
_REQUIRED = ("id", "name", "hosts", "carrier", "source", "date")
_HOST = re.compile(r"[^\s:/A-Z]+|[0-9a-f:]*:[0-9a-f:]*:[0-9a-f:]*")
_ENDPOINT = re.compile(r"[A-Z]+ /\S*")


def load(*files: Path) -> Providers:
    """Read the registry; entries of later files go before and override earlier ones.

    Raises:
        PolicySyntaxError: a file has not the form, with the line it is wrong at.
    """
    merged: dict[str, Provider] = {}
    for file in files:
        read = {entry.id: entry for entry in read_file(file)}
        merged = {**read, **{k: v for k, v in merged.items() if k not in read}}
    return Providers(merged.values())


def read_file(file: Path) -> list[Provider]:
    """Read one file of the form.

    Raises:
        PolicySyntaxError: it cannot be read or has not the form.
    """
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        text = file.read_text(encoding="utf-8")
        data = yaml.load(text, Loader=loader)
    except (OSError, UnicodeDecodeError) as error:
        raise PolicySyntaxError(f"cannot read it: {error}", where=str(file)) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        problem = getattr(error, "problem", None) or str(error)
        raise PolicySyntaxError(problem, where=f"{file}:{line}") from None
    entries = data.get("providers") if isinstance(data, dict) else None
    if not isinstance(entries, list) or set(data) != {"providers"}:
        raise PolicySyntaxError(
            "a provider file is one list under `providers`", where=f"{file}:1"
        )
    return [_Entry(file, text, at, e).provider() for at, e in enumerate(entries)]


def seconds(text: str) -> float:
    """Read a window: ``30s``, ``10m``, ``24h``, ``31d`` or ``forever``.

    Raises:
        ValueError: it is none of these.
    """
    if text == "forever":
        return FOREVER
    number, unit = text[:-1], text[-1:]
    if not number.isdigit() or unit not in _UNITS:
        raise ValueError(text)
    return float(int(number) * _UNITS[unit])


class _Entry:
    """One entry on its way to a `Provider`, knowing where it stands in the file."""

    def __init__(self, file: Path, text: str, at: int, data: Any) -> None:
        self._file, self._text, self._at, self._data = file, text, at, data

    def provider(self) -> Provider:
        """Check the entry and give it as a noun."""
        if not isinstance(self._data, dict):
            raise self._wrong("an entry is a mapping")
        for key, value in self._data.items():
            self._check(key, value)
        for key in _REQUIRED:
            if key not in self._data:
                raise self._wrong(f"`{key}` is missing")
        fields: dict[str, Any] = {
            k: tuple(v) if isinstance(v, list) else v for k, v in self._data.items()
        }
        fields["carrier"] = self._carrier(fields["carrier"])
        fields["window"] = self._window(fields.get("window"))
        fields["extra"] = fields.pop("with", {})
        return Provider(**fields)

    def _check(self, key: Any, value: Any) -> None:
        kind = _KEYS.get(key)
        if kind is None:
            near = difflib.get_close_matches(str(key), _KEYS, 1)
            hint = f"did you mean `{near[0]}`?" if near else ""
            raise self._wrong(f"no field named `{key}`", hint)
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise self._wrong(f"`{key}` is not of the form `{kind.__name__}`")
        if isinstance(value, list) and not all(isinstance(i, str) for i in value):
            raise self._wrong(f"`{key}` holds something that is no text")
        if key in _CHOICES and value not in _CHOICES[key]:
            raise self._wrong(f"`{key}` is one of {_listed(_CHOICES[key])}")
        if key == "honours":
            self._endpoints(value)
        if key == "hosts":
            self._hosts(value)

    def _endpoints(self, endpoints: Any) -> None:
        for endpoint in endpoints:
            if not _ENDPOINT.fullmatch(endpoint):
                raise self._wrong(f"`{endpoint}` is not of the form `METHOD /path`")

    def _hosts(self, hosts: Any) -> None:
        for host in hosts:
            if not _HOST.fullmatch(host):
                hint = "leave out scheme, port and path, in lower case"
                raise self._wrong(f"`{host}` is no host", hint)

    def _carrier(self, text: str) -> Carrier:
        kind, _, name = text.partition(" ")
        if kind not in _CARRIERS or bool(name) == (kind == "none"):
            raise self._wrong(
                f"`carrier` is `none`, or one of {_listed(_CARRIERS[:-1])} and a name"
            )
        return Carrier(kind, name)

    def _window(self, text: str | None) -> float:
        try:
            return UNKNOWN if text is None else seconds(text)
        except ValueError:
            raise self._wrong(
                f"`window` is not a time: `{text}`", "write `30s`, `24h` or `forever`"
            ) from None

    def _wrong(self, message: str, hint: str = "") -> PolicySyntaxError:
        where = f"{self._file}:{_line(self._text, self._at)}"
        name = self._data.get("id") if isinstance(self._data, dict) else None
        return PolicySyntaxError(f"{name}: {message}" if name else message,
                                 where=where, hint=hint)  # fmt: skip


def _line(text: str, at: int) -> int:
    """Give the line entry number `at` starts at; composed only when something is wrong."""
    import yaml

    root = yaml.compose(text, Loader=yaml.SafeLoader)
    assert root is not None, "it was read before"
    entries = root.value[0][1].value
    return int(entries[at].start_mark.line) + 1


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{n}`" for n in names)
