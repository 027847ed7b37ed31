"""Owns which hosts a command line itself says it goes to: ``curl -X DELETE https://...``.

HTTP clients are read with their method; other programs just contact a host. What is
configured elsewhere (remotes of git, aliases of ssh, a proxy) is not seen here. Pure.
"""

from __future__ import annotations

import os.path
import re
from collections.abc import Iterator, Sequence
from urllib.parse import SplitResult, urlsplit

from soulguard.model import Effect, EffectKind
from soulguard.policy.grammars import GRAMMARS
from soulguard.policy.operands import Option, parted
from soulguard.policy.shell import Simple
from soulguard.policy.wrappers import name_of

OVERRIDES = ("x-http-method-override", "x-http-method", "x-method-override")
"""Headers by which frameworks take another method than that of the request."""

_REMOTE = re.compile(r"(?:[\w.+-]+@)?(?:\[[0-9a-fA-F:]+\]|[\w.-]{2,}):|\w+://")
_HOST = re.compile(
    r"(?:[\w-]+\.)+[\w-]+\.?|localhost|\[?[0-9a-f]*:[0-9a-f:]+\]?", re.IGNORECASE
)
_METHODS = ("-X", "--request", "--method")
_BODIES = frozenset(
    ("-d", "--data", "--data-ascii", "--data-binary", "--data-raw", "--data-urlencode",
     "--json", "-F", "--form", "--form-string", "--post-data", "--post-file")
)  # fmt: skip
_SSH = frozenset("-" + letter for letter in "BbcDEeFIiJLlmOopQRSWw")
_CONNECT = {
    "ssh": _SSH, "mosh": frozenset(("-p", "--ssh", "--port")),
    "ssh-copy-id": frozenset(("-i", "-p", "-o", "-F")),
    "sftp": frozenset("-" + letter for letter in "BbcDFiJloPRSsX"),
    "ftp": frozenset(("-p", "-P", "-s")), "telnet": frozenset(("-l", "-b", "-n")),
    "ping": frozenset(("-c", "-i", "-I", "-s", "-t", "-w", "-W", "-Q", "-m", "-p")),
    "nc": frozenset("-" + letter for letter in "eIipqsTVwXxOm"),
}  # fmt: skip
"""Programs that go to the host their first operand names, with options with a value."""
_SAME = {"ncat": "nc", "netcat": "nc", "ping6": "ping", "lftp": "ftp"}
_DATABASES = frozenset(
    ("psql", "pg_dump", "pg_restore", "pg_dumpall", "createdb", "dropdb", "mysql",
     "mysqldump", "mysqladmin", "mariadb", "redis-cli", "mongosh", "mongo", "mongodump")
)  # fmt: skip
_GOING = frozenset(("clone", "fetch", "pull", "push", "ls-remote"))
_CONNINFO = re.compile(r"(?:\A|\s)host(?:addr)?=([^\s']+)")


def is_remote(word: str) -> bool:
    """Whether a word names a place on another machine: ``user@host:path``, a URL."""
    return _REMOTE.match(word) is not None


def contacted(simple: Simple) -> Iterator[Effect]:
    """Give the calls that a simple command says it makes.

    One without a method is no HTTP: the host is contacted.
    """
    words, program = simple.words, name_of(simple.words[0])
    if program in ("curl", "wget"):
        yield from _fetched(words)
    elif program in ("http", "https", "xh", "xhs"):
        yield from _typed(words)
    else:
        for target in _targets(_SAME.get(program, program), words):
            if split := _place(target, sure=True):
                host = (split.hostname or "").rstrip(".")
                yield Effect(EffectKind.HTTP_CALL, target, host=host)


def downloads(
    program: str, options: Sequence[Option], operands: Sequence[str]
) -> Iterator[str]:
    """Give the files that ``curl -O`` and ``wget`` name after their URLs."""
    program, given = name_of(program), dict(options)
    if program == "curl":
        named, folder = bool({"-O", "--remote-name"} & set(given)), "--output-dir"
    elif program == "wget":
        other = {"-O", "--output-document", "--spider"} & set(given)
        named, folder = not other, "--directory-prefix"
    else:
        return
    where = given.get(folder) or (given.get("-P", "") if program == "wget" else "")
    for split in map(_place, operands) if named else ():
        if split and split.scheme in ("http", "https", "ftp"):
            yield os.path.join(where, os.path.basename(split.path) or "index.html")


# -- HTTP ---------------------------------------------------------------------------------


def _fetched(words: list[str]) -> Iterator[Effect]:
    grammar = GRAMMARS[name_of(words[0])]
    options, operands = parted(
        words, lambda o: o in grammar.takes or o in grammar.files or o in _BODIES
    )
    given = {name for name, _ in options}
    methods = [_method(options, given)]
    for name, value in options:
        header, _, other = value.partition(":")
        if name in ("-H", "--header") and header.strip().lower() in OVERRIDES:
            methods.append(other.strip().upper())
    for target in (*operands, *(v for n, v in options if n == "--url")):
        for method in methods:
            yield from _call(method, target)


def _method(options: Sequence[Option], given: set[str]) -> str:
    said = next((v for n, v in options if n in _METHODS and v), "")
    if said:
        return said.upper()
    if given & {"-I", "--head"}:
        return "HEAD"
    if given & {"-T", "--upload-file"}:
        return "PUT"
    return "POST" if given & _BODIES and not given & {"-G", "--get"} else "GET"


def _typed(words: list[str]) -> Iterator[Effect]:
    """Give the call of ``http [METHOD] URL [ITEM]...``."""
    valued = frozenset(
        ("-a", "--auth", "-A", "--auth-type", "-o", "--output", "--timeout")
    )
    _, operands = parted(words, valued.__contains__)
    method = ""
    if operands and re.fullmatch(r"[A-Za-z]+", operands[0]) and operands[1:]:
        method, operands = operands[0].upper(), operands[1:]
    items = operands[1:]
    sends = any(re.search(r"(?<!=)=(?!=)|:=|@", item) for item in items)
    for target in operands[:1]:
        yield from _call(method or ("POST" if sends else "GET"), target)


def _call(method: str, target: str) -> Iterator[Effect]:
    if split := _place(target):
        host = (split.hostname or "").rstrip(".")
        yield Effect(EffectKind.HTTP_CALL, split.geturl(), method=method, host=host)


# -- others -------------------------------------------------------------------------------


def _targets(program: str, words: list[str]) -> Iterator[str]:
    if program in _CONNECT:
        options, operands = parted(words, _CONNECT[program].__contains__)
        yield from operands[:1]
        yield from (v for n, v in options if n == "-J")
    elif program == "git":
        yield from _repositories(words)
    elif program in ("scp", "rsync"):
        takes = GRAMMARS[program].takes
        yield from filter(is_remote, parted(words, takes.__contains__)[1])
    elif program in _DATABASES:
        for name, value in parted(words, ("-h", "--host").__contains__)[0]:
            if name in ("-h", "--host"):
                yield value
        for word in words[1:]:
            yield from ([word] if "://" in word else _CONNINFO.findall(word))


def _repositories(words: list[str]) -> Iterator[str]:
    going = next((at for at, w in enumerate(words) if w in _GOING), 0)
    rest = words[going + 1 :] if going else []
    if words[1:3] == ["submodule", "add"]:
        rest = words[3:]
    yield from (w for w in rest if is_remote(w) and not w.startswith("-"))


def _place(target: str, *, sure: bool = False) -> SplitResult | None:
    """Give a URL, ``host``, ``user@host`` or ``user@host:path`` in parts; None for none.

    `sure`: it is a host, whatever it looks like.
    """
    url = target if "://" in target else f"http://{_bare(target)}"
    try:
        split = urlsplit(url)
        host = split.hostname or ""
        known = _HOST.fullmatch(host) or (host and (sure or "://" in target))
    except ValueError:
        return None
    return split if known else None


def _bare(target: str) -> str:
    """Give what stands for a URL without its scheme; a path after a colon is no port."""
    host, colon, rest = target.partition(":")
    port = not colon or re.match(r"\d+(?:/|$)", rest) or host.startswith("[")
    return target if port else host
