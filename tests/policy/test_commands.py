import pytest

from soulguard.policy.commands import CommandPattern, simple_commands


def hits(pattern: str, line: str) -> bool:
    found = CommandPattern(pattern)
    return any(found.matches(words) for words in simple_commands(line))


@pytest.mark.parametrize(
    ("pattern", "line", "expected"),
    [
        ("rm", "rm -rf /", True),
        ("rm", "/bin/rm x", True),
        ("rm", "rmdir x", False),
        ("rm", "echo rm", False),
        ("rm -r", "rm -fr x", True),
        ("git push -f|--force*", "git push --force origin main", True),
        ("git push -f|--force*", "git push -uf origin", True),
        ("git push -f|--force*", "git push --force-with-lease", True),
        ("git push -f|--force*", "git push origin main", False),
        ("git push -f|--force*", "git -C repo push -f", True),
        ("git push main|*:main", "git push origin HEAD:main", True),
        ("git push main|*:main", "git push origin domain", False),
        ("sudo", "sudo rm x", True),
        ("rm", "sudo -n rm x", True),
        ("rm", "env A=1 nohup rm x", True),
        ("rm", "A=1 rm x", True),
        ("rm", "bash -c 'cd x && rm -rf y'", True),
        ("rm", "sh -ec 'rm y'", True),
        ("rm", "ls; rm y", True),
        ("rm", "ls && rm y", True),
        ("rm", "ls | xargs rm", True),
        ("rm", "echo $(rm y)", True),
        ("rm", "ls\nrm y", True),
        ("rm", "echo 'ls; rm y'", False),
        ("* --yolo", "codex run --yolo", True),
        ("npm|pnpm install|i", "pnpm i left-pad", True),
        ("mkfs*", "mkfs.ext4 /dev/sda", True),
        ("rm", "echo 'unclosed; rm y", True),
        ("rm", "", False),
    ],
)
def test_a_pattern_finds_its_command_in_a_line(
    pattern: str, line: str, expected: bool
) -> None:
    assert hits(pattern, line) is expected


def test_known_arguments_are_not_read_as_a_shell_line() -> None:
    found = simple_commands("echo ; rm x", ["echo", ";", "rm", "x"])
    assert found == [["echo", ";", "rm", "x"]]
