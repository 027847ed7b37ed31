"""Owns what of a call may be kept: credentials never reach the ledger.

Pure. Keys, cookies and tokens of headers, queries and bodies are recognised by name.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import SplitResult, parse_qsl, quote, urlencode, urlunsplit

from soulguard.effects import canonical
from soulguard.model.call import Call

HIDDEN = "[hidden]"

_SECRET_NAME = re.compile(
    r"(?i)(authori[sz]ation|cookie|secret|passw|passphrase|api[-_]?key|access[-_]?key"
    r"|private[-_]?key|credential|signature|bearer|session[-_]?(id|key|token)|csrf"
    r"|(access|auth|refresh|id|security|bot|user)[-_]?token|^token$|^pwd$|^sig$|^key$"
    r"|^x-payment$|^payment-signature$|^x-[a-z-]*token$|assertion|^otp$|^pin$|^cvc$|^cvv$|card[-_]?number)"
)
_EXCHANGE_PATHS = re.compile(
    r"(?i)/(oauth2?(/v\d+)?/)?(token|access_token)$|/oauth2?/|/login$"
)


@functools.lru_cache(4096)
def is_secret(name: str) -> bool:
    """Whether a header's or field's name says that its value is a credential."""
    return bool(_SECRET_NAME.search(name)) and "idempot" not in name.lower()


def headers(pairs: Iterable[Sequence[str]]) -> list[list[str]]:
    """Give headers with every credential hidden; names and order are kept."""
    return [[n, HIDDEN if is_secret(n) else v] for n, v in pairs]


def url(call: Call) -> str:
    """Give the URL with credentials in user info and query hidden."""
    return _shown(call.split)


@functools.lru_cache(128)
def _shown(split: SplitResult) -> str:
    netloc = split.netloc.rpartition("@")[2]
    query = split.query
    if query:
        fields = parse_qsl(query, keep_blank_values=True)
        if any(is_secret(n) for n, _ in fields):
            shown = [(n, HIDDEN if is_secret(n) else v) for n, v in fields]
            query = urlencode(shown, safe="[]", quote_via=quote)
    return urlunsplit((split.scheme, netloc, split.path, query, ""))


def body(call: Call, value: Any) -> bytes | None:
    """Give the body to keep, or None when the body as it is holds no credential.

    `value` is the body as `canonical.parse` understood it. A credential of the headers
    that is repeated in the body is hidden as well.
    """
    found = False

    def hide(name: str, scalar: Any) -> Any:
        nonlocal found
        if scalar and is_secret(name) and isinstance(scalar, str):
            found = True
            return HIDDEN
        return scalar

    shown = canonical.change(value, hide) if value is not None else None
    kept = canonical.write(shown) if found else call.body
    for secret in header_secrets(call):
        if secret in kept:
            kept, found = kept.replace(secret, HIDDEN.encode()), True
    return kept if found else None


def is_exchange(call: Call, value: Any) -> bool:
    """Whether a call trades credentials for a token.

    Such a call is harmless to repeat, its answer is a secret with an expiry date: it is
    neither kept nor replayed.
    """
    if isinstance(value, list):
        names = {n for field in value if isinstance(field, dict) for n in field}
    else:
        names = set(value) if isinstance(value, dict) else set()
    if "grant_type" in names or call.host.startswith("sts."):
        return True
    return bool(
        _EXCHANGE_PATHS.search(call.path)
        and names & {"client_secret", "refresh_token", "assertion", "password"}
    )


def header_secrets(call: Call) -> list[bytes]:
    """Give the credentials of a call's headers that must not be kept in a body."""
    found = []
    for name, value in call.headers:
        if is_secret(name):
            token = value.rpartition(" ")[2]
            if len(token) >= 8:
                found.append(token.encode("latin-1", "replace"))
    return found
