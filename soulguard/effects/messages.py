"""Owns what a request says: its fields, and the text a person will read of it.

The text in a body with fields is the longest one under a name that services give to
texts; in plain text it is all of it; in a mail its parts, without what is quoted in
them. Pure; what a request must say, and how long, is not known here.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl

from soulguard.effects import mail
from soulguard.effects.canonical import TOO_LARGE
from soulguard.model.call import Call

NAMES = frozenset((
    "message", "text", "content", "body", "comment", "status", "caption", "post",
    "tweet", "reply", "html", "msg", "markdown", "plain", "plain_text", "raw_content",
    "commentary", "mrkdwn",
))  # fmt: skip
"""Names that services give to the text of a message, in lower case."""

THREADS = frozenset((
    "thread", "thread_id", "threadid", "thread_ts", "threadts", "conversation_id",
    "conversationid", "parent", "parent_id", "parentid", "post_id", "postid", "reply_to",
    "in_reply_to", "in_reply_to_id", "in_reply_to_tweet_id", "in_reply_to_status_id",
    "reply_to_message_id", "message_thread_id", "topic_id", "discussion_id",
    "discussionid", "subjectid", "issue_id", "thing_id", "replytoid",
))  # fmt: skip
"""Names that services give to what a message belongs to, in lower case."""

_BELOW = re.compile(
    r"(?i)/(?:threads?|posts?|topics?|issues?|pulls?|pull[-_]?requests?|merge_requests|"
    r"discussions?|conversations?|status(?:es)?|tickets?|questions?|articles?|comments?|"
    r"submissions?)/(?:[^/]*\d[^/]*|[^/]+(?=/))"
)
"""The part of a path that names what a message belongs to."""

_TYPED = "value"
"""A field that is a text where its `type` beside it says so (SendGrid)."""

_MARKUP = re.compile(r"<[A-Za-z/!][^>]*>")
_UNREAD = re.compile(r"(?is)<(script|style)\b.*?</\1\s*>")
_ANSWERED = re.compile(r"(?m)^>.*\n?")


def text(call: Call, value: Any, *, large: bool = False) -> str | None:
    """Give the longest text of a request, empty where it has none.

    `value` is the body as `soulguard.effects.canonical.parse` gives it, `large` says
    that the body is not in the call. None: it should have fields or be a text, and is
    too large or packed (``Content-Encoding``), so that nobody can look.
    """
    if _unreadable(call, value, large=large):
        return None
    return max(_texts(call, value), key=len, default="")


def named(
    call: Call, value: Any, *, large: bool = False
) -> dict[str, list[Any]] | None:
    """Give the values of every field of a request by its name in lower case.

    Fields are those of the body at any depth, of the query, and the headers. None as
    for `text`.
    """
    if _unreadable(call, value, large=large):
        return None
    found: dict[str, list[Any]] = {}
    query = parse_qsl(call.split.query, keep_blank_values=True)
    for name, said in (*_every(value), *query, *call.headers):
        found.setdefault(name.lower(), []).append(said)
    return found


def thread(call: Call, value: Any) -> str:
    """Name the thread a message belongs to, empty where it starts a new one.

    A thread is known by a thing with an id in the path, by fields that services give to what a message
    answers, and of a mail by what it refers to first.
    """
    if _kind(call) == mail.TYPE:
        return _referred(value)
    names = sorted(
        f"{name.lower()}={said}" for name, said in _scalars(value)
        if name.lower() in THREADS and said not in (None, "")
    )  # fmt: skip
    below = _BELOW.search(call.path)
    if below is None and not names:
        return ""
    return " ".join((call.host, call.path[: below.end()] if below else "", *names))


def _referred(value: Any) -> str:
    headers = value.get("headers", ()) if isinstance(value, dict) else ()
    for name in ("references: ", "in-reply-to: "):
        for line in headers:
            if line.startswith(name) and len(line) > len(name):
                return str(line[len(name) :].split()[0])
    return ""


def _every(value: Any) -> Iterator[tuple[str, Any]]:
    """Give every field of a body, also one that holds fields."""
    waiting = [value]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            yield from ((str(k), v) for k, v in value.items())
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value


def _unreadable(call: Call, value: Any, *, large: bool) -> bool:
    packed = call.header("content-encoding") or len(call.body) > TOO_LARGE
    return _readable(_kind(call)) and bool(large or (value is None and packed))


def _readable(kind: str) -> bool:
    return kind.endswith(("json", "urlencoded")) or kind.startswith("text/")


def _kind(call: Call) -> str:
    return call.header("content-type").partition(";")[0].strip().lower()


def _texts(call: Call, value: Any) -> Iterator[str]:
    kind = _kind(call)
    if kind == mail.TYPE:
        parts = value.get("parts", ()) if isinstance(value, dict) else ()
        yield from (_part(part) for part in parts if part["type"].startswith("text/"))
    elif value is not None:
        raw = kind == "multipart/form-data"
        for name, found in _scalars(value):
            if name.lower() in NAMES and isinstance(found, str):
                yield _shown(_decoded(found) if raw else found)
    elif kind.startswith("text/"):
        yield _shown(call.body.decode("utf-8", "replace"))


def _scalars(value: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Give every scalar of a body with the name of the field it stands in."""
    waiting = [(name, value)]
    while waiting:
        name, value = waiting.pop()
        if isinstance(value, dict):
            typed = str(value.get("type", "")).startswith("text/")
            for key, inner in value.items():
                known = "text" if typed and key == _TYPED else key
                waiting.append((known, inner))
        elif isinstance(value, list):
            waiting += [(name, inner) for inner in value]
        else:
            yield name, value


def _part(part: dict[str, Any]) -> str:
    said = _ANSWERED.sub("", _decoded(part["content"]))
    return _shown(said) if part["type"] == "text/html" else said.strip()


def _decoded(raw: str) -> str:
    """Give the text of bytes that were taken as Latin-1 to be kept."""
    return raw.encode("latin-1", "replace").decode("utf-8", "replace")


def _shown(said: str) -> str:
    """Give a text as a reader sees it: without markup, where it has some."""
    if "<" in said and ("</" in said or "<br" in said.lower()):
        said = _MARKUP.sub("", _UNREAD.sub("", said))
    return html.unescape(said).strip() if "&" in said else said.strip()
