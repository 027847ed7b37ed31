import pytest

from soulguard.soul import literals
from soulguard.soul.literals import Kind

PATHS = [
    ("Write to `out/a.txt`.", ("out/a.txt",)),
    ("Edit SOUL.md or AGENTS.md.", ("SOUL.md", "AGENTS.md")),
    ("Keep it in ~/notes/ today", ("~/notes/",)),
    ("Save `memory/YYYY-MM-DD.md`", ("memory/*.md",)),
    ("Save `out/{slug}/<name>.md`", ("out/*/*.md",)),
    ("read and/or write", ()),
    ("UI/UX in 30/60/90 days", ()),
    ("see https://x.com/a/b.html", ()),
    ("version 1.2.3", ()),
    ("the `.env` file", (".env",)),
]
KINDS = [
    ("git push --force", Kind.COMMAND), ("rm", Kind.COMMAND), ("--force", Kind.FLAG),
    ("python x.py", Kind.COMMAND), ("as any", Kind.WORD), ("useState", Kind.WORD),
    ("api.x.com", Kind.HOST), ("https://x.com/a", Kind.HOST), ("a@x.com", Kind.MAIL),
    ("out/", Kind.PATH), ("a.json", Kind.PATH), ("-", Kind.WORD),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), PATHS)
def test_paths_are_found_where_their_form_leaves_no_doubt(text, expected) -> None:
    assert literals.paths(text) == expected


@pytest.mark.parametrize(("text", "kind"), KINDS)
def test_a_code_span_says_what_it_names(text: str, kind: Kind) -> None:
    assert literals.kind_of(text) is kind


def test_hosts_and_addresses_are_found_bare() -> None:
    found = literals.find("call api.x.com, 10.0.0.5 and localhost or mail a@b.com")
    assert [(x.text, x.kind) for x in found] == [
        ("api.x.com", Kind.HOST), ("10.0.0.5", Kind.HOST), ("localhost", Kind.HOST),
        ("a@b.com", Kind.MAIL),
    ]  # fmt: skip


def test_a_host_is_taken_out_of_its_url() -> None:
    assert literals.host("https://API.x.com:8080/v1") == "api.x.com"
