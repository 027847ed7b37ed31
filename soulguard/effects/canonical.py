"""Owns the canonical form of a request body: one value for every way to write it.

JSON is written by RFC 8785, forms by their fields, multipart by its parts (the boundary
is drawn at random). Pure; what is volatile in a body is `volatile`'s to say.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from email.message import Message
from typing import Any
from urllib.parse import parse_qsl

from soulguard.effects import mail
from soulguard.model.call import Call

Change = Callable[[str, Any], Any]
"""Given a field's name and its scalar, what stands in the canonical form instead."""

_to_json = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), check_circular=False
).encode  # made once: `json.dumps` with options makes an encoder for every call

TOO_LARGE = 8 * 1024 * 1024
"""Bytes from which on a body is taken as it is: parsing it would cost more than it
tells."""


def parse(call: Call) -> Any:
    """Read a body as JSON values; None where its bytes are all that can be said."""
    if not call.body or len(call.body) > TOO_LARGE or call.header("content-encoding"):
        return None
    kind = call.header("content-type").partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        return _multipart(call.header("content-type"), call.body)
    if kind == mail.TYPE:
        return mail.parse(call.body)
    if kind == "application/x-www-form-urlencoded":
        return _form(call.body)
    if kind.endswith("json") or (not kind and call.body[:1] in b"{["):
        return _json(call.body)
    return None


def write(value: Any) -> bytes:
    """Write a JSON value by RFC 8785 (JCS): sorted keys, no blanks, ES numbers."""
    try:
        return _write(value).encode("utf-8", "surrogatepass")
    except RecursionError:
        return repr(value).encode("utf-8", "surrogatepass")


def change(value: Any, by: Change, name: str = "") -> Any:
    """Give the value with every scalar replaced by what `by` says of it."""
    if isinstance(value, dict):
        return {k: change(v, by, k) for k, v in value.items()}
    if isinstance(value, list):
        return [change(v, by, name) for v in value]
    return by(name, value)


def _write(value: Any) -> str:
    if _plain(value):
        # no number needs the ES form and no key the UTF-16 order: the C encoder is right
        return _to_json(value)
    if isinstance(value, dict):
        keys = sorted(value, key=lambda k: k.encode("utf-16-be", "surrogatepass"))
        return "{" + ",".join(f"{_write(k)}:{_write(value[k])}" for k in keys) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_write, value)) + "]"
    return _number(value)


def _plain(value: Any) -> bool:
    kind = type(value)
    if kind is str:
        return True
    if kind is dict:
        return all(k.isascii() and _plain(v) for k, v in value.items())
    if kind is list:
        return all(map(_plain, value))
    return kind is not float and (kind is not int or -(1 << 53) < value < 1 << 53)


def _number(value: float) -> str:
    """Write a number as ECMAScript does (RFC 8785 section 3.2.2.3).

    An integer that no double can hold keeps its digits: two of them must stay two.
    """
    number = float(value) if abs(value) < 1 << 1023 else math.inf
    if not math.isfinite(number) or number != value:
        return str(value)
    if number == 0:
        return "0"
    mantissa, _, exponent = repr(abs(number)).partition("e")
    whole, _, rest = mantissa.partition(".")
    digits = whole + ("" if rest == "0" else rest)
    point = len(whole) + int(exponent or 0)
    point -= len(digits) - len(digits.lstrip("0"))
    return ("-" if number < 0 else "") + _place(digits.strip("0"), point)


def _place(digits: str, point: int) -> str:
    if len(digits) <= point <= 21:
        return digits + "0" * (point - len(digits))
    if 0 < point <= 21:
        return f"{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return "0." + "0" * -point + digits
    head = digits[0] + (f".{digits[1:]}" if len(digits) > 1 else "")
    return f"{head}e{point - 1:+d}"


def _json(body: bytes) -> Any:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, (dict, list)) else None


def _form(body: bytes) -> Any:
    try:
        text = body.decode("ascii")
        fields = parse_qsl(text, keep_blank_values=True, errors="surrogateescape")
    except ValueError:
        return None
    return [{name: value} for name, value in fields]


def _multipart(kind: str, body: bytes) -> Any:
    header = Message()
    header["content-type"] = kind
    boundary = header.get_param("boundary")
    if not isinstance(boundary, str) or not boundary:
        return None
    pieces = (b"\r\n" + body).split(b"\r\n--" + boundary.encode("latin-1", "replace"))
    parts = [_part(p) for p in pieces[1:-1]]
    return parts if len(pieces) > 2 else None


def _part(piece: bytes) -> Any:
    head, _, content = piece.removeprefix(b"\r\n").partition(b"\r\n\r\n")
    headers = sorted(line.strip() for line in head.decode("latin-1").split("\r\n"))
    name = head.partition(b'name="')[2].partition(b'"')[0].decode("latin-1")
    return {"headers": headers, name or "content": content.decode("latin-1")}
