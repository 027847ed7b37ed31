"""Owns effects in words: ``write out/a.json``, ``POST https://...``, ``run git push``.

What `soulguard explain` and case files say. Judging is the engine's.
"""

from __future__ import annotations

import difflib
import os
import shlex
from urllib.parse import urlsplit

from soulguard.errors import UsageError
from soulguard.model import Effect, EffectKind

_METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
_FILES = {
    "write": EffectKind.FILE_WRITE,
    "append": EffectKind.FILE_APPEND,
    "rename": EffectKind.FILE_RENAME,
    "delete": EffectKind.FILE_DELETE,
    "read": EffectKind.FILE_READ,
}
VERBS = (*_FILES, "mail", "run", *_METHODS)


def parse(text: str, root: str) -> Effect:
    """Read an effect from words; relative paths start at `root`.

    Raises:
        UsageError: the first word is not a verb of ours, or what follows is missing.
    """
    verb, _, rest = text.strip().partition(" ")
    rest = rest.strip()
    if (verb.upper() in _METHODS and verb.lower() != "delete") or verb == "DELETE":
        return _call(verb.upper(), rest, text)
    word = verb.lower()
    if word not in VERBS:
        near = difflib.get_close_matches(word, VERBS, 1)
        hint = (
            f"did you mean `{near[0]}`?" if near else f"say one of {', '.join(VERBS)}"
        )
        raise UsageError(f"no effect starts with `{verb}`", hint=hint)
    if not rest:
        raise UsageError(f"`{verb}` of what?", hint=f"say `{verb} SOMETHING`")
    if word == "run":
        return _command(rest, root)
    if word == "mail":
        return Effect(EffectKind.MAIL_SEND, rest.removeprefix("to "))
    path = os.path.normpath(os.path.join(root, os.path.expanduser(rest)))
    return Effect(_FILES[word], path)


def _call(method: str, url: str, text: str) -> Effect:
    parts = urlsplit(url if "//" in url else f"https://{url}")
    if not parts.hostname:
        raise UsageError(
            f"`{text}` names no host", hint=f"say `{method} https://HOST/PATH`"
        )
    target = parts.geturl()
    return Effect(
        EffectKind.HTTP_CALL, target, method=method, host=parts.hostname.rstrip(".")
    )


def _command(line: str, root: str) -> Effect:
    try:
        argv = shlex.split(line)
    except ValueError:
        argv = []
    plain = argv and not set("|&;<>()$`\n!{}#") & set(line)
    details = {"argv": argv, "cwd": root} if plain else {"cwd": root}
    return Effect(EffectKind.COMMAND_RUN, line, details=details)
