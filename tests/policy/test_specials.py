"""Programs that no grammar describes: what they do to files."""

import pytest

from soulguard.policy.specials import plain_git, special


def said(line: str) -> list[str]:
    return [f"{n.kind} {n.word}" for n in special(line.split()) or ()]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("dd if=a of=b bs=1M", ["r a", "w b"]),
        ("tar czf x.tgz a b", ["w x.tgz", "r a", "r b"]),
        ("tar -c -f x.tar -C d a --remove-files", ["w x.tar", "r d/a", "d d/a"]),
        ("tar xzf x.tgz", ["r x.tgz"]),
        ("tar -xf x.tgz -C d", ["r x.tgz", "w d"]),
        ("tar tf x.tgz", ["r x.tgz"]),
        ("tar cf - a", ["r a"]),
        ("find a -delete", ["d a", "d a/**"]),
    ],
)
def test_a_special_program_says_what_it_does(line: str, expected: list[str]) -> None:
    assert said(line) == expected


def test_other_programs_are_not_special() -> None:
    assert special(["cat", "a"]) is None


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("git rm a", (["git rm", "a"], "/r")),
        ("git -c a=b -C sub rm a", (["git rm", "a"], "/r/sub")),
        ("git checkout main -- a", (["git checkout --", "--", "a"], "/r")),
        ("git checkout a", (["git checkout", "a"], "/r")),
        ("rm a", (["rm", "a"], "/r")),
    ],
)
def test_a_command_of_git_is_a_program(
    line: str, expected: tuple[list[str], str]
) -> None:
    assert plain_git(line.split(), "/r") == expected
