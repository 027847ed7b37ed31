import re

import pytest

from soulguard.policy import globs


def matches(glob: str, path: str) -> bool:
    pattern = globs.compile_any((globs.absolute(glob, "/r", "/home/u"),))
    assert pattern is not None
    return bool(pattern.match(path))


@pytest.mark.parametrize(
    ("glob", "path", "expected"),
    [
        ("out/a.txt", "/r/out/a.txt", True),
        ("out/a.txt", "/r/out/axtxt", False),
        ("out/*", "/r/out/a", True),
        ("out/*", "/r/out/a/b", False),
        ("out/**", "/r/out/a/b", True),
        ("out/**", "/r/out", True),
        ("out/**", "/r/output", False),
        ("out/", "/r/out/a/b", True),
        ("**/*.csv", "/r/a.csv", True),
        ("**/*.csv", "/r/x/y/a.csv", True),
        ("**/*.csv", "/r/x/y/a.csv.bak", False),
        ("a/**/z", "/r/a/z", True),
        ("a/**/z", "/r/a/b/c/z", True),
        ("**", "/r/anything/at all", True),
        ("**", "/other", False),
        ("*.{md,txt}", "/r/a.txt", True),
        ("*.{md,txt}", "/r/a.csv", False),
        ("f[0-9]", "/r/f7", True),
        ("f[!0-9]", "/r/f7", False),
        ("f?", "/r/f/", False),
        ("/etc/**", "/etc/passwd", True),
        ("~/.ssh/**", "/home/u/.ssh/id", True),
        ("./x", "/r/x", True),
        ("../x", "/x", True),
        ("new\nline", "/r/new\nline", True),
    ],
)
def test_a_glob_matches_what_it_says(glob: str, path: str, expected: bool) -> None:
    assert matches(glob, path) is expected


def test_more_literal_text_is_more_specific() -> None:
    order = ["/r/**", "/r/**/*.csv", "/r/out/**", "/r/out/*.csv", "/r/out/a.csv"]
    ranks = [globs.specificity(g) for g in order]
    assert ranks == sorted(ranks)


def test_factored_alternatives_match_as_each_alone() -> None:
    found = ("/r/**/.git/**", "/r/**/*.log", "/r/x/y", "/s/**/z")
    both = re.compile(rf"(?s)(?:{globs.alternatives(found)})\Z")
    for path in ("/r/.git/x", "/r/a/.git", "/r/a/b.log", "/r/x/y", "/s/z", "/r/x/yy"):
        alone = any(re.match(rf"(?s){globs.to_regex(g)}\Z", path) for g in found)
        assert bool(both.match(path)) is alone, path
