"""Owns literals: the paths, commands, hosts and flags a sentence names.

A literal stands in backticks, or bare where its form leaves no doubt. Placeholders
(``{slug}``, ``<slug>``, ``$NAME``, ``YYYY-MM-DD``) become ``*``.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator
from dataclasses import dataclass

_ENDS = (
    "md|markdown|json|jsonl|ndjson|geojson|yaml|yml|toml|csv|tsv|txt|log|py|js|ts|tsx|jsx|sh|env|html|"
    "pdf|db|sqlite|xlsx|docx|ini|conf|cfg|xml|lock|parquet|ipynb|sql|pem|key|mp4|png|jpg"
)
_KINDS = frozenset(_ENDS.split("|")) - {"env", "lock"}
_TOP = (
    "com|org|net|io|dev|ai|co|app|xyz|gov|edu|eu|de|uk|me|sh|cloud|social|so|internal|local|"
    "lan|corp|info|biz|tech|online|site|store|tv|fr|es|nl|se|pl|ch|jp|cn|br|au|ca|example|test"
)
_CODE = re.compile(r"`([^`\n]+)`")
_URL = re.compile(r"https?://[^\s`'\"<>)\],]+")
_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+\.[\w.-]*\w")
_DOMAIN = re.compile(rf"(?<![\w.@/])@(?:[\w-]+\.)+(?:{_TOP})\b(?![\w/])")
"""All who are at a domain: ``@example.com``."""
_HOST = re.compile(
    rf"(?<![\w.-])(?:\*\.)?(?:[a-z0-9-]+\.)+(?:{_TOP})\b(?![\w/])|\blocalhost\b"
)
_ADDRESS = re.compile(
    r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?:/\d{1,2}|:\d{1,5})?(?![\w/]|\.\d)"
)
_NETWORK = re.compile(r"((?:\d+\.){3}\d+)/(8|16|24)\Z")
_BARE = re.compile(
    r"(?<![\w/.@:`-])("
    r"(?:~|\.{1,2})?/?(?:[\w.{}<>*$-]+/)+[\w.{}<>*$-]*"
    r"|(?:~/|/)[\w.{}<>*$-]+"
    rf"|[\w{{}}<>*$-]+(?:\.[\w-]+)*\.(?:{_ENDS})"
    r"|\.env(?:\.\w+)?"
    r")(?![\w/])"
)
_ENDING = re.compile(rf"(?<!\S)\*?(\.(?:{_ENDS}))(?= files?\b)")
_NAME = re.compile(r"[\w.-]+")
_FOLDER_IS = re.compile(r"\b(?:folder|directory|dir) (?:called |named )?\Z")
_IS_FOLDER = re.compile(r" (?:sub)?(?:folder|directory|dir)\b")
_FLAG = re.compile(r"(?<![\w`-])(--?[a-zA-Z][\w-]*)(?=[\s,.;)]|\Z)")
_HOLDER = re.compile(r"\{\{[^{}]*\}\}|\{[^{},]*\}|<[^<>]*>|\$\{[^{}]*\}|\$[A-Z_a-z]\w*")
_DATE = re.compile(r"YYYY|MM|DD|HH|SS|yyyy|dd|WW")
_DATED = re.compile(r"YYYY|yyyy|MM-DD|HH")
_NAMED = frozenset(
    ("LICENSE", "Makefile", "Dockerfile", "README", "CHANGELOG", "NOTICE", "Procfile",
     "Jenkinsfile", "Gemfile", "CODEOWNERS", "COPYING", "AUTHORS", "Justfile", "justfile",
     "Vagrantfile", "Rakefile", "Brewfile", "Caddyfile", "id_rsa", "id_ed25519", "authorized_keys",
     "known_hosts")
)  # fmt: skip
_BARE_NAMED = re.compile(
    r"(?<![\w/.-])(LICENSE|CODEOWNERS|Makefile|Dockerfile|Jenkinsfile|Gemfile|Procfile)(?![\w/-]|\.\w)"
)
"""Names that mean a file wherever they stand."""
_CHAT = frozenset(
    ("/approve", "/approved", "/confirm", "/ok", "/deny", "/reject", "/compact", "/new",
     "/reset", "/stop", "/help", "/clear", "/status", "/plan", "/review")
)  # fmt: skip
"""Commands of a chat: they look like paths and are none."""
_ROOTS = frozenset(
    ("tmp", "etc", "opt", "var", "usr", "home", "srv", "data", "mnt", "root", "dev", "proc",
     "sys", "bin", "sbin", "lib", "boot", "run", "app", "apps", "media", "work", "workspace",
     "workspaces", "projects", "project", "repo", "repos", "code", "src", "out", "output",
     "outputs", "shared", "secrets", "config", "logs", "backup", "backups", "export", "exports",
     "uploads", "files", "storage", "archive", "memory", "private", "public", "state", "db",
     "scratch", "sandbox", "vault", "docs", "reports", "runs", "cache", "build", "dist")
)  # fmt: skip
"""Folders at the root: ``/grill`` is more likely a command of a chat."""
_PATH = re.compile(r"~?[\w./@{}<>*$?\[\]!+,=-]+\Z")
_COMMAND = re.compile(
    r"[a-z./][\w./-]* (?:.* )?(?:-{1,2}[A-Za-z]|<\w|[\w./-]+/|[\w/-]+\.[a-z]{1,4}\b)"
)
_RARE_ENDS = "prisma|tfvars|tfstate|gradle|properties|graphql|svelte|service|sqlite3"
_EXTENSION = re.compile(rf"\.(?:{_ENDS}|{_RARE_ENDS}|[a-z0-9]{{1,5}})\Z")
_SCRIPT = re.compile(r"[\w./-]*\w\.(?:sh|py|js|ts|rb|pl)")
_SLASHED = re.compile(r"[A-Za-z]?[a-z-]+(?:/[A-Za-z]?[a-z-]+)+\Z")
_PROGRAMS = frozenset(
    ("git", "rm", "sudo", "npm", "npx", "pip", "pip3", "docker", "kubectl", "terraform",
     "systemctl", "curl", "wget", "ssh", "scp", "rsync", "python", "python3", "node",
     "bash", "sh", "apt", "apt-get", "brew", "yarn", "pnpm", "make", "helm", "aws", "gh",
     "gcloud", "az", "chmod", "chown", "kill", "pkill", "df", "du", "ps", "htop", "free",
     "top", "cat", "mv", "cp", "dd", "mkfs", "crontab", "psql", "mysql", "service",
     "journalctl", "ls", "grep", "jq", "rg", "docker-compose", "podman", "osascript", "pm2",
     "uv", "cargo", "go", "pytest", "mix", "openclaw", "hermes", "crontab", "reboot",
     "shutdown", "launchctl", "nohup", "tmux", "screen", "vercel", "fly", "ansible",
     "vim", "nano", "emacs", "less",
     "exec", "deploy", "ping", "find", "sed", "awk", "trash", "ffmpeg", "codex", "claude")
)  # fmt: skip
_RARER = frozenset(
    """
    7z adb airflow alembic ansible-galaxy ansible-playbook apachectl argocd bq bundle cdk
    celery certbot composer conda consul createdb dbt deno dig django-admin doas doctl
    dotnet dropdb eksctl fastlane fdisk flyway gem glab gradle gsutil gzip heroku hg hub
    iptables istioctl jupyter kafka-topics kustomize launchd liquibase lsblk mamba mariadb
    minikube mongo mongosh mvn mysqldump nc netcat nft nmap nvidia-smi openssl packer
    parted pdm perl pg_dump pg_restore php pipx poetry prisma pulumi rabbitmqctl rails
    rake rclone redis-cli restic ruby s3cmd sbt sftp shred skaffold sls spark-submit
    sqlite3 ssh-add ssh-keygen su supabase supervisorctl svn swift tar telnet tofu tox
    truncate tsc twine ufw umount useradd userdel usermod vagrant visudo wrangler
    xcodebuild xargs zip zypper
    """.split()  # noqa: SIM905 - words read best in rows
)
"""Programs that are known where they stand in code."""
_TOLD_ALONE = frozenset(
    """
    alembic certbot chromium createdb doctl dropdb emacs fdisk firefox flyway gsutil heroku
    iptables less mongosh mysqldump nano netcat nft nmap packer parted pg_restore pulumi
    redis-cli shred supervisorctl telnet tofu ufw umount useradd userdel usermod vagrant vi
    vim visudo xargs xdg-open
    """.split()  # noqa: SIM905 - words read best in rows
)
"""Of them, and beside them, those that are nothing else in code."""
GIT_WORDS = frozenset(
    ("reset", "checkout", "rebase", "stash", "cherry-pick", "revert", "push")
)
"""What is said of git without its name: ``reset --hard``."""
_PLAIN_WORDS = frozenset(("mix", "apt", "az", "aws", "sh", "exec", "ping", "sed", "python", "node",
                          "bash", "ps", "uv", "cargo", "less", "df", "du", "mv", "cp", "dd", "helm", "screen", "gh", "make", "go", "find", "top", "free", "kill", "service", "fly",
                          "screen", "claude", "cat", "deploy", "exec", "node", "trash",
                          "hermes", "openclaw", "codex", "go"))  # fmt: skip


_VERBS = frozenset(
    (
        "make",
        "mix",
        "go",
        "find",
        "screen",
        "trash",
        "deploy",
        "exec",
        "kill",
        "service",
    )
)


class Kind(enum.Enum):
    """What a literal names."""

    PATH = "path"
    COMMAND = "command"
    HOST = "host"
    MAIL = "mail"
    FLAG = "flag"
    WORD = "word"


@dataclass(frozen=True, slots=True)
class Literal:
    """A literal as written and what it names; `start` and `end` are places in the text."""

    text: str
    kind: Kind
    start: int
    end: int


def find(plain: str) -> list[Literal]:
    """Give the literals of a text in order."""
    found = [_placed(_quoted(m), plain) for m in _CODE.finditer(plain)]
    bare = _CODE.sub(lambda m: " " * (len(m[0]) - 1) + "`", plain)
    for pattern, kind in (
        (_URL, Kind.HOST),
        (_MAIL, Kind.MAIL),
        (_DOMAIN, Kind.MAIL),
        (_ADDRESS, Kind.HOST),
    ):
        spans = pattern.finditer(bare)
        found += [Literal(m[0], kind, m.start(), m.end()) for m in spans]
        bare = pattern.sub(lambda m: " " * len(m[0]), bare)
    found += _bare(bare)
    return sorted(found, key=lambda literal: literal.start)


def _placed(literal: Literal, plain: str) -> Literal:
    """``The folder `raw` ``, `` `raw` folder``: the word beside it says that it is one."""
    if literal.kind is not Kind.WORD or not _NAME.fullmatch(literal.text):
        return literal
    before, after = plain[: literal.start].lower(), plain[literal.end :].lower()
    if _FOLDER_IS.search(before) or _IS_FOLDER.match(after):
        return Literal(f"{literal.text}/", Kind.PATH, literal.start, literal.end)
    return literal


def _quoted(match: re.Match[str]) -> Literal:
    text = match[1].strip()
    return Literal(text, kind_of(text), match.start(), match.end())


def _bare(text: str) -> Iterator[Literal]:
    for match in _BARE.finditer(text):
        word = match[1].rstrip(".")
        start = match.start()
        if _SLASHED.match(word) or not is_path(word) or not _clear(word):
            continue  # "write/edit", "and/or"
        yield Literal(word, Kind.PATH, start, start + len(word))
    for match in _BARE_NAMED.finditer(text):
        yield Literal(match[1], Kind.PATH, match.start(1), match.end(1))
    for match in _ENDING.finditer(text):
        yield Literal(match[1], Kind.PATH, match.start(1), match.end(1))
    for match in _FLAG.finditer(text):
        yield Literal(match[1], Kind.FLAG, match.start(1), match.end(1))
    taken = _BARE.sub(lambda m: " " * len(m[0]), text)
    for match in _HOST.finditer(taken):
        yield Literal(match[0], Kind.HOST, match.start(), match.end())


def _clear(word: str) -> bool:
    """Whether a bare word cannot be anything but a path ("UI/UX", "30/60/90" can)."""
    if word.startswith(("/", "~", "./", "../", ".env")):
        return bool(re.search(r"[A-Za-z]", word))
    return bool(re.search(r"[a-z]", word)) and (
        word.endswith("/") or bool(_EXTENSION.search(word.lower()))
    )


def kind_of(text: str) -> Kind:
    """Say what the text of a code span names."""
    if re.match(r"--?[A-Za-z]", text):
        return Kind.FLAG
    if _MAIL.fullmatch(text.replace("*", "x")) or _DOMAIN.fullmatch(text):
        return Kind.MAIL
    if _SCRIPT.fullmatch(text):
        return Kind.PATH
    if _URL.match(text) or _HOST.fullmatch(text) or _ADDRESS.fullmatch(text):
        return Kind.HOST
    if re.match(r"[A-Za-z]:\\", text):
        return Kind.PATH
    first, _, rest = text.partition(" ")
    rare = first in _TOLD_ALONE or (first in _RARER and bool(rest))
    known = first in _PROGRAMS or rare
    if known or _COMMAND.match(text) or (rest and first in GIT_WORDS):
        return Kind.COMMAND
    if rest:
        return Kind.WORD
    if is_path(text):
        return Kind.PATH
    return Kind.WORD


def is_program(word: str) -> bool:
    """Whether a bare word can only be a program's name."""
    return word in _PROGRAMS and word not in _PLAIN_WORDS


def is_any_program(word: str) -> bool:
    """Whether a word may be a program's name, in a list of such."""
    return word in _PROGRAMS and word not in _VERBS


def paths(plain: str) -> tuple[str, ...]:
    """Give the globs of the paths a sentence names, in order."""
    named = (x.text for x in find(plain) if x.kind is Kind.PATH)
    return tuple(dict.fromkeys(glob(text) for text in named))


def is_path(text: str) -> bool:
    """Whether a literal has the form of a path: a folder mark or an extension."""
    if not _PATH.match(text.replace(" ", "_")) or _URL.match(text):
        return False
    if text.startswith("-") or text in (".", "..", "/", "*", "**") or text in _CHAT:
        return False
    if re.fullmatch(r"/[a-z][a-z-]*", text) and text[1:] not in _ROOTS:
        return False
    if (
        not re.search(r"[A-Za-z*]", text)
        or re.fullmatch(r"[\d.,]+\w?", text)
        or re.fullmatch(r"\d+/\w+", text)
    ):
        return False
    return (
        text in _NAMED
        or "/" in text
        or bool(_EXTENSION.search(text.rstrip("*")))
        or text.startswith(".env")
    )


def glob(text: str) -> str:
    """Turn a literal into a glob: placeholders become ``*``, folders cover all below."""
    if re.match(r"[A-Za-z]:\\", text):
        text = text.replace("\\", "/").replace("...", "**")
    if text[:1] == "." and text[1:] in _KINDS:
        return f"**/*{text}"  # "`.py` files"
    text = _HOLDER.sub("*", text.replace("\\*", "*"))
    text = _DATE.sub("*", text) if _DATED.search(text) else text
    if "**" not in text:
        text = re.sub(r"\*(?:[-_.:]?\*)+", "*", text)
    return re.sub(r"\A\./", "", text)


def host(text: str) -> str:
    """Give the host of a URL or host literal, in lower case; a network as a glob."""
    if network := _NETWORK.match(text):
        return ".".join(network[1].split(".")[: int(network[2]) // 8]) + ".*"
    return (
        re.sub(r"\Ahttps?://", "", text)
        .partition("/")[0]
        .partition(":")[0]
        .rstrip(".")
        .lower()
    )
