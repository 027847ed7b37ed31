"""Owns the table of programs that say in their words which files they touch. Data only.

A program that is not here touches nothing as far as its words are concerned: naming a
path is no write. Sources: the GNU coreutils manual, POSIX.1-2017 (utilities), and the
manuals of what is in neither.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

READ, WRITE, APPEND, DELETE, MOVE, LINK = "r", "w", "a", "d", "m", "l"
"""What is done to a file. LINK: it gets a second name, by which it can be changed."""
CARRIED = "@"
"""An option's value that may name a file to be read after an ``@``: ``-d @body.json``."""

_NONE: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Grammar:
    """What the words of one program mean.

    `each` is done to every operand but the `leading` first ones, to which `lead` is
    done; an option of `instead` is given in their place. Operands after the `most`
    first are no files. `last` is done to the last of several operands, the file or
    folder that the others go to (`paired`: a file, `apart`: maybe on another machine);
    `target` are options that name it,
    `plain` those with which it is no folder. `takes` are options with a value that is no
    file, `attached` those that take the rest of their word, `files` options whose value
    is one. An option of `under` changes what is done to each operand. With one of
    `below` it is done to all in a folder, with one of `nothing` no file is touched.
    """

    each: str = ""
    last: str = ""
    leading: int = 0
    lead: str = ""
    most: int = 4096
    paired: bool = False
    apart: bool = False
    instead: frozenset[str] = frozenset()
    target: frozenset[str] = frozenset()
    plain: frozenset[str] = frozenset()
    takes: frozenset[str] = frozenset()
    attached: frozenset[str] = frozenset()
    files: Mapping[str, str] = field(default_factory=lambda: _NONE)
    under: Mapping[str, str] = field(default_factory=lambda: _NONE)
    below: frozenset[str] = frozenset()
    nothing: frozenset[str] = frozenset()


def _named(text: str) -> frozenset[str]:
    """Give options by their names: ``n`` is ``-n``."""
    return frozenset(n if n.startswith("-") else f"-{n}" for n in text.split())


def _kinds(**groups: str) -> Mapping[str, str]:
    """Give what is done by option: ``w="o --output"``."""
    return {n: kind for kind, text in groups.items() for n in _named(text)}


def _reads(takes: str = "", **more: str) -> Grammar:
    return Grammar(READ, takes=_named(takes), files=_kinds(**more))


_DIGEST = _reads("a")
_PACKER = Grammar(
    READ + DELETE,
    takes=_named("S T --suffix --threads"),
    under=_kinds(r="c --stdout --to-stdout k --keep l --list t --test"),
)
_PATTERN = "A B C m d D --context --after-context --before-context --max-count"
_GREP = Grammar(
    READ, leading=1, instead=_named("e f --regexp --file"),
    takes=_named(f"{_PATTERN} e --regexp --include --exclude --exclude-dir --label "
                 "--color --colour --binary-files --directories --devices"),
    files=_kinds(r="f --file"),
)  # fmt: skip
_RIPGREP = Grammar(
    READ, leading=1, instead=_named("e f --regexp --file --files"),
    takes=_named(f"{_PATTERN} g t T M r E j e --glob --iglob --type --type-not --regexp "
                 "--replace --max-columns --max-depth --sort --sortr --encoding "
                 "--threads --color --colors --engine --ignore-file --type-add --pre"),
    files=_kinds(r="f --file"),
)  # fmt: skip
_AWK = Grammar(
    READ, leading=1, instead=_named("f --file E --exec e --source"),
    takes=_named("F v e --field-separator --assign --source"),
    files=_kinds(r="f --file E --exec"),
)  # fmt: skip
_SED = Grammar(
    READ, leading=1, instead=_named("e f --expression --file"),
    takes=_named("e l --expression --line-length"), attached=_named("i"),
    files=_kinds(r="f --file"), under=_kinds(rw="i --in-place"),
)  # fmt: skip
_PERL = Grammar(
    READ, leading=1, instead=_named("e E"), takes=_named("e E I"),
    attached=_named("i 0 F C D m M x"), under=_kinds(rw="i"),
)  # fmt: skip
_RM = Grammar(DELETE, below=_named("r R --recursive"))
_TARGET = _named("t --target-directory")
_PLAIN = _named("T --no-target-directory")
_CP = Grammar(
    READ, WRITE, target=_TARGET, plain=_PLAIN, takes=_named("S --suffix"),
    under=_kinds(l="l --link"),
)  # fmt: skip
_REMOTE = _named(
    "e f B M T --rsh --filter --include --exclude --bwlimit --timeout --port --chmod "
    "--chown --suffix --max-size --min-size --rsync-path --out-format --temp-dir "
    "--info --debug --block-size --contimeout --modify-window --max-delete --iconv"
)

GRAMMARS: Mapping[str, Grammar] = {
    # what reads
    **dict.fromkeys(("tac", "rev", "zcat", "bzcat", "xzcat", "comm", "tsort"), _reads()),
    "cat": _reads(),
    **dict.fromkeys(("source", "."), Grammar(READ, most=1)),
    "bat": _reads("l r H m --language --line-range --style --theme --color --paging "
                  "--wrap --tabs --file-name --highlight-line --map-syntax --pager "
                  "--decorations --terminal-width"),
    **dict.fromkeys(
        ("head", "tail"),
        _reads("n c s --lines --bytes --pid --sleep-interval --max-unchanged-stats"),
    ),
    "less": _reads("b h j k p P t T x y z D #", w="o O --log-file --LOG-FILE"),
    "more": _reads("n --lines"),
    "nl": _reads("b d f h i l n s v w"),
    "od": _reads("A j N t w --address-radix --skip-bytes --read-bytes --format"),
    "hexdump": _reads("e n s", r="f"),
    "strings": _reads("n t e T s --bytes --radix --encoding --target"),
    **dict.fromkeys(("base64", "base32", "base58"), _reads("w --wrap")),
    "cut": _reads("b c d f --bytes --characters --delimiter --fields "
                  "--output-delimiter"),
    "sort": _reads("k t S T --key --field-separator --buffer-size --parallel "
                   "--temporary-directory --sort --batch-size --compress-program",
                   w="o --output"),
    "wc": _reads("--total", r="--files0-from"),
    "paste": _reads("d --delimiters"),
    "join": _reads("a e j o t v 1 2"),
    "fold": _reads("w --width"),
    "fmt": _reads("w p g --width --prefix --goal"),
    "column": _reads("s o t c N H --separator --output-separator --columns "
                     "--table-columns --table-hide"),
    "diff": _reads("U C I x X F W --unified --context --ignore-matching-lines --label "
                   "--exclude --width --show-function-line"),
    "uniq": Grammar(READ, WRITE, paired=True, takes=_named("f s w")),
    "xxd": Grammar(READ, WRITE, paired=True, takes=_named("c g l o s")),
    "cmp": _reads("i n --ignore-initial --bytes"),
    **dict.fromkeys(
        ("md5sum", "sha1sum", "sha224sum", "sha256sum", "sha384sum", "sha512sum",
         "shasum", "b2sum", "cksum", "sum", "md5"),
        _DIGEST,
    ),
    **dict.fromkeys(("grep", "egrep", "fgrep", "zgrep"), _GREP),
    "rg": _RIPGREP,
    **dict.fromkeys(("awk", "gawk", "mawk", "nawk"), _AWK),
    "jq": Grammar(READ, leading=1, instead=_named("f --from-file"),
                  takes=_named("L --indent"), files=_kinds(r="f --from-file")),
    # what writes where it read
    **dict.fromkeys(("sed", "gsed"), _SED),
    "perl": _PERL,
    **dict.fromkeys(("gzip", "gunzip", "bzip2", "bunzip2", "xz", "unxz"), _PACKER),
    "zip": Grammar(READ, takes=_named("n b t tt P i x --exclude --include --password"),
                   leading=1, lead=WRITE, under=_kinds(rd="m --move")),
    "unzip": Grammar(leading=1, lead=READ, takes=_named("P x"), files=_kinds(w="d")),
    # what writes
    "tee": Grammar(WRITE, takes=_named("--output-error"), under=_kinds(a="a --append")),
    "touch": Grammar(WRITE, takes=_named("d t --date --time"),
                     files=_kinds(r="r --reference")),
    "truncate": Grammar(WRITE, takes=_named("s --size"),
                        files=_kinds(r="r --reference")),
    "patch": Grammar(
        WRITE, most=1, takes=_named("p d D F g B V Y z --strip --directory --fuzz"),
        files=_kinds(r="i --input", w="o --output r --reject-file"),
        nothing=_named("--dry-run"),
    ),
    "sponge": Grammar(WRITE, under=_kinds(a="a")),
    # what goes from one place to another
    "cp": _CP,
    "mv": Grammar(MOVE, WRITE, target=_TARGET, plain=_PLAIN,
                  takes=_named("S --suffix")),
    "install": Grammar(
        READ, WRITE, target=_TARGET, plain=_PLAIN,
        takes=_named("g m o S --group --mode --owner --suffix --strip-program"),
        nothing=_named("d --directory"),
    ),
    "ln": Grammar(LINK, WRITE, target=_TARGET, plain=_PLAIN,
                  takes=_named("S --suffix"),
                  under={"-s": "", "--symbolic": ""}),
    "rsync": Grammar(READ, WRITE, apart=True, takes=_REMOTE,
                     files=_kinds(w="--log-file", r="--exclude-from --include-from "
                                  "--files-from --password-file"),
                     under=_kinds(rd="--remove-source-files"),
                     nothing=_named("n --dry-run --list-only")),
    "scp": Grammar(READ, WRITE, apart=True, takes=_named("c D F J l o P S X"),
                   files=_kinds(r="i")),
    # what takes away
    **dict.fromkeys(("rm", "grm", "srm"), _RM),
    "unlink": Grammar(DELETE),
    "rmdir": Grammar(DELETE),
    "shred": Grammar(WRITE + DELETE, takes=_named("n s --iterations --size"),
                     files=_kinds(r="--random-source")),
    "git rm": Grammar(DELETE, below=_named("r"), nothing=_named("--cached n --dry-run")),
    "git mv": Grammar(MOVE, WRITE, nothing=_named("n --dry-run")),
    "git restore": Grammar(WRITE, takes=_named("s --source"),
                           nothing=_named("S --staged")),
    "git checkout --": Grammar(WRITE),
    # what goes out
    "curl": Grammar(
        takes=_named(
            "A b C e E h H K m P Q r t u U w x X y Y z --abstract-unix-socket "
            "--aws-sigv4 --cacert --cert --ciphers --config --connect-timeout "
            "--connect-to --continue-at --cookie --dns-servers --doh-url --ftp-port "
            "--header --interface --keepalive-time --key --limit-rate --local-port "
            "--max-filesize --max-redirs --max-time --noproxy --oauth2-bearer "
            "--output-dir --parallel-max --pass --pinnedpubkey --proto "
            "--proto-redir --proxy --proxy-header --proxy-user --quote --range --rate "
            "--referer --request --request-target --resolve --retry --retry-delay "
            "--retry-max-time --socks5 --socks5-hostname --speed-limit --speed-time "
            "--time-cond --tls-max --unix-socket --url --url-query --user "
            "--user-agent --write-out"
        ),
        files=_kinds(w="o --output D --dump-header c --cookie-jar --trace --trace-ascii "
                     "--stderr", r="T --upload-file",
                     **{CARRIED: "d --data --data-ascii --data-binary --data-urlencode "
                        "--json F --form"}),
    ),
    "wget": Grammar(
        takes=_named(
            "A B D e l P Q R t T U w X I --accept --base --body-data --bind-address "
            "--ca-certificate --certificate --compression --connect-timeout "
            "--cut-dirs --directory-prefix --domains --exclude-directories --execute "
            "--header --level --limit-rate --max-redirect --method --password "
            "--post-data --quota --read-timeout --referer --reject --timeout --tries "
            "--user --user-agent --wait --waitretry --http-user --http-password"
        ),
        files=_kinds(w="O --output-document o --output-file --save-cookies",
                     a="a --append-output", r="i --input-file --load-cookies "
                     "--post-file --body-file"),
    ),
}  # fmt: skip
"""By the name of the program."""
