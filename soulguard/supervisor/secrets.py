"""Which bytes are secret: known values of the agent's environment, and key formats.

Names are given, values never: what is found here ends up in messages and in the ledger.
Nothing is refused here.
"""

from __future__ import annotations

import json
import re
from binascii import a2b_base64
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from urllib.parse import quote, urlsplit

_NAME = re.compile(
    r"(?i)(?:^|_)(?:api_?keys?|keys?|tokens?|secrets?|pass(?:word|wd|phrase)s?|pwd"
    r"|credentials?|pat|apikey|dsn)(?:_|$)"
)
_NO_NAMES = frozenset(("PWD", "OLDPWD"))
_SHORTEST = 8
"""Shorter values occur in innocent text."""

# name -> format; the sources are the issuers' own pages on secret scanning
_FORMATS = {
    "an AWS access key id": rb"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b",
    "a GitHub token": rb"\bgh[pousr]_[A-Za-z0-9]{36,}|\bgithub_pat_[A-Za-z0-9_]{60,}",
    "a GitLab token": rb"\bglpat-[A-Za-z0-9_-]{20,}",
    "an Anthropic API key": rb"\bsk-ant-[A-Za-z0-9_-]{32,}",
    "an OpenAI API key": rb"\bsk-(?:proj-|svcacct-|admin-)?[A-Za-z0-9_-]{32,}",
    "a Stripe key": rb"\b[sr]k_(?:live|test)_[A-Za-z0-9]{16,}",
    "a Slack token": rb"\bxox[abeoprs]-[A-Za-z0-9-]{10,}",
    "a Google API key": rb"\bAIza[0-9A-Za-z_-]{35}",
    "a SendGrid key": rb"\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}",
    "a Hugging Face token": rb"\bhf_[A-Za-z0-9]{30,}",
    "an npm token": rb"\bnpm_[A-Za-z0-9]{36}\b",
    "a PyPI token": rb"\bpypi-AgEIcHlwaS5vcmc[A-Za-z0-9_-]{50,}",
    "a Telegram bot token": rb"\b\d{8,10}:AA[A-Za-z0-9_-]{33}\b",
    "a private key": rb"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----",
}
_NO_SERVICE = re.compile(
    r"access|account|admin|apikey|auth(?:orization)?|bearer|client|credentials?|data(?:base)?"
    r"|default|encryption|keys|live|main|master|name|pass(?:wd|word|phrase)?|private"
    r"|prod(?:uction)?|public|refresh|root|secrets?|servers?|services?|session|signing|site"
    r"|staging|test|tokens?|user|webhook"
)
"""Words in a variable's name that name no service."""

_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{11,}")
_URL_SAFE = bytes.maketrans(b"-_", b"+/")

_LONGEST = 512
"""Bytes of a piece looked at again with the next one: nothing hides at the seam."""


class Secrets:
    """The secrets of one run, ready to be searched for."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = {n: tuple(_forms(v)) for n, v in values.items()}
        self._names: list[str] = []
        parts: list[bytes] = []
        # the longest first: where one value begins with another, the whole is found
        for name, value in sorted(values.items(), key=lambda v: -len(v[1])):
            self._names.append(f"the value of `{name}`")
            forms = dict.fromkeys(f.encode() for f in _forms(value))
            parts.append(b"|".join(map(re.escape, forms)))
        for name, pattern in _FORMATS.items():
            self._names.append(name)
            parts.append(pattern)
        self._pattern = re.compile(b"|".join(b"(%b)" % part for part in parts))
        longest = max((len(quote(v, safe="")) for v in values.values()), default=0)
        self._overlap = max(longest, _LONGEST)

    def find(self, pieces: Iterable[bytes]) -> str:
        """Name the first secret in the bytes, empty where there is none."""
        rest = b""
        for piece in pieces:
            text = rest + piece
            for plain in (text, *_decoded(text, whole=not rest)):
                found = self._pattern.search(plain)
                if found:
                    return self._names[(found.lastindex or 1) - 1]
            rest = text[-self._overlap :]
        return ""

    def astray(self, text: str, host: str) -> str:
        """Name the first known value in the text that is another service's than the
        host's, empty where there is none. A value whose name names no service may be
        anyone's and is none.
        """
        for name, forms in self._values.items():
            if any(form in text for form in forms) and not _may_be_of(name, host):
                return f"the value of `{name}`"
        return ""

    def mask(self, text: str) -> str:
        """Give text with every secret replaced by its name."""
        raw = text.encode("utf-8", "surrogateescape")
        masked = self._pattern.sub(
            lambda m: f"[{self._names[(m.lastindex or 1) - 1]}]".encode(), raw
        )
        return masked.decode("utf-8", "replace")


def _may_be_of(name: str, host: str) -> bool:
    """Whether a variable may hold the host's own credential, by its name."""
    words = re.split(r"[^a-z0-9]+", name.lower())
    # shorter ones are abbreviations nobody can tell the service from
    services = [w for w in words if len(w) > 3 and not _NO_SERVICE.fullmatch(w)]
    return not services or any(word in host for word in services)


def _decoded(text: bytes, *, whole: bool) -> Iterator[bytes]:
    """Give what stands in base64 in a text: a file in a field, a user and a password.

    `whole` says that the text begins where the encoded one may; elsewhere it is read
    from each of four places (RFC 4648 section 4).
    """
    for run in _BASE64.finditer(text):
        coded = run[0].translate(_URL_SAFE)
        for at in (0,) if whole or run.start() else range(4):
            length = len(coded) - at
            length -= length % 4 == 1  # a single letter is no byte
            yield a2b_base64(coded[at : at + length] + b"=" * (-length % 4))


def _forms(value: str) -> Iterator[str]:
    """Give a value as it may stand in a body: plain, in JSON, in a form."""
    yield value
    yield json.dumps(value)[1:-1]
    yield quote(value, safe="")


def known(environ: Mapping[str, str], files: Iterable[Path]) -> dict[str, str]:
    """Give the secret values of an environment and of ``.env`` files, by name."""
    found: dict[str, str] = {}
    for name, value in (*environ.items(), *_dotenv(files)):
        if name in _NO_NAMES or name.startswith("SOULGUARD_"):
            continue
        if _NAME.search(name) and _worth(value):
            found[name] = value
        elif "://" in value and (password := _password(value)):
            found[name] = password
    return found


def _worth(value: str) -> bool:
    """Whether a value can be told from ordinary text: no path, URL, word or number."""
    if len(value) < _SHORTEST or value.startswith(("/", "~", "./")) or "://" in value:
        return False
    if value.isdecimal():
        return len(value) >= 12
    cases = (value.lower(), value.upper(), value.title())
    return not (value.isalpha() and len(value) < 16 and value in cases)


def _password(url: str) -> str:
    try:
        password = urlsplit(url).password or ""
    except ValueError:
        return ""
    return password if len(password) >= _SHORTEST else ""


def _dotenv(files: Iterable[Path]) -> Iterator[tuple[str, str]]:
    """Read ``NAME=value`` lines; what cannot be read is none of ours."""
    for file in files:
        try:
            if not file.is_file():  # a secrets manager may serve it through a pipe
                continue
            lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            continue
        for line in lines:
            name, equals, value = line.removeprefix("export ").partition("=")
            if equals and not name.lstrip().startswith("#"):
                yield name.strip(), value.strip().strip("'\"")
