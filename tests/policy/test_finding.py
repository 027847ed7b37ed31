"""What `find` finds and `xargs` is fed, as far as a line says."""

import pytest

from soulguard.policy.commands import started_by
from soulguard.policy.finding import deleted, fed, found


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("find", [".", "./**"]),
        ("find -L a/ b -type f", ["a", "a/**", "b", "b/**"]),
        ("find a -maxdepth 2 -name *.py -print", ["a/**/*.py"]),
        ("find a -name x -o -iname y", ["a/**/x", "a/**/y"]),
        ("find . -path ./keep/*", ["./keep/*"]),
        ("find a -mtime +30", ["a"]),
        ("find a ! -name x", ["a"]),
        ("find a -exec grep -q x {} ;", ["a", "a/**"]),
    ],
)
def test_what_is_found_is_below_its_roots(line: str, expected: list[str]) -> None:
    assert found(line.split()) == expected


def test_only_with_its_word_does_find_delete() -> None:
    assert deleted(["find", "a", "-name", "b"]) == []
    assert deleted(["find", "a", "-name", "b", "-delete"]) == ["a/**/b"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("find a -mtime 1 -exec rm -f {} +", ["rm", "-f", "a"]),
        ("find a -mtime 1 -print0 | xargs -0 rm", ["rm", "a"]),
        ("printf 'a\\nb' | xargs rm", ["rm", "a", "b"]),
        ("echo -n a | sudo xargs -I {} mv {} {}.old", ["mv", "a", "a.old"]),
        ("echo a | xargs -I% sh -c 'rm %'", ["rm", "%"]),
        ("cat list | xargs rm", ["rm"]),
        ("find a -delete | xargs rm", ["rm"]),
        ("xargs rm < list", ["rm"]),
        ("sudo rm a", ["rm", "a"]),
    ],
)
def test_a_command_has_the_names_that_are_put_in(
    line: str, expected: list[str]
) -> None:
    simple = next(s for s in started_by(line) if s.words[0] in ("rm", "mv"))
    assert fed(simple) == expected
