"""Owns literals: the paths a sentence names, as globs relative to the policy root.

A literal stands in backticks, or bare where its form leaves no doubt. Placeholders
(``{slug}``, ``<slug>``, ``$NAME``, ``YYYY-MM-DD``) become ``*``.
"""

from __future__ import annotations

import re

_CODE = re.compile(r"`([^`\n]+)`")
_BARE = re.compile(
    r"(?<![\w/.@:-])(~?/?(?:[\w.{}<>*$-]+/)+[\w.{}<>*$-]*|[\w{}<>*$-]+(?:\.[\w-]+)*"
    r"\.(?:md|markdown|json|jsonl|yaml|yml|toml|csv|tsv|txt|log|py|js|ts|sh|env|html|"
    r"pdf|db|sqlite|xlsx|docx|ini|conf|cfg|xml|lock|parquet))(?![\w/])"
)
_HOLDER = re.compile(r"\{\{[^{}]*\}\}|\{[^{},]*\}|<[^<>]*>|\$\{[^{}]*\}|\$[A-Z_a-z]\w*")
_DATE = re.compile(r"YYYY|MM|DD|HH|SS|yyyy|dd")
_PATH = re.compile(r"~?[\w./@{}<>*$?\[\]!+,=-]+\Z")
_EXTENSION = re.compile(r"\.[A-Za-z0-9]{1,8}\Z")
_URL = re.compile(r"https?://|www\.", re.IGNORECASE)
_WORDY = frozenset(("and/or", "either/or", "w/o", "w/", "n/a", "i/o", "yes/no"))


def paths(plain: str) -> tuple[str, ...]:
    """Give the globs of the paths a sentence names, in order."""
    found = [m[1].strip() for m in _CODE.finditer(plain)]
    bare = _CODE.sub(" ", plain)
    if not _URL.search(bare):
        words = (m[1].rstrip(".") for m in _BARE.finditer(bare))
        found += [word for word in words if word.lower() not in _WORDY]
    return tuple(dict.fromkeys(glob(text) for text in found if is_path(text)))


def is_path(text: str) -> bool:
    """Whether a literal has the form of a path: a folder mark or an extension."""
    if not _PATH.match(text.replace(" ", "_")) or _URL.match(text):
        return False
    if text.startswith("-") or text in (".", "..", "/", "*", "**"):
        return False
    if re.fullmatch(r"[\d.]+", text):
        return False
    return "/" in text or bool(_EXTENSION.search(text)) or text.startswith(".env")


def glob(text: str) -> str:
    """Turn a literal into a glob: placeholders become ``*``."""
    text = _HOLDER.sub("*", text)
    text = _DATE.sub("*", text) if re.search(r"YYYY|yyyy|MM-DD|HH", text) else text
    text = (
        re.sub(r"\*(?:[-_.:]?\*(?!\*))+(?!\*)", "*", text) if "**" not in text else text
    )
    return re.sub(r"\A\./", "", text)
