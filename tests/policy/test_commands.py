import pytest

from soulguard.policy.commands import (
    CommandPattern,
    names,
    simple_commands,
    spares,
    started_by,
)


def hits(pattern: str, line: str) -> bool:
    found = CommandPattern(pattern)
    return any(found.found_in(each, each.words) for each in started_by(line))


@pytest.mark.parametrize(
    ("pattern", "line", "expected"),
    [
        ("rm", "rm -rf /", True),
        ("curl|wget | sh|bash", "curl -s https://x | tee f | sudo bash", True),
        ("curl|wget | sh|bash", "sh -c 'wget -qO- x | sh'", True),
        ("curl|wget | sh|bash", "curl -s x; bash f", False),
        ("curl|wget | sh|bash", "echo curl | bash", False),
        ("kubectl -n x", "kubectl --namespace x get pods", True),
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
        ("rm -rf", "rm -fr x", True),
        ("rm -rf", "rm -r -f x", True),
        ("rm -rf", "rm x --force --recursive", True),
        ("rm -rf", "rm -Rf x", True),
        ("rm -rf", "rm -r x", False),
        ("rm -rf", "rm -f x", False),
        ("git push --force", "git push -f", True),
        ("git push --force", "git push origin +main", True),
        ("git push -f", "git -C x push origin main --force", True),
        ("git push --force", "git push origin main", False),
        ("git commit --no-verify", "git commit -nm x", True),
        ("git push --no-verify", "git push -n", False),
        ("find -delete", "find . -depth -type l -ls", False),
        ("docker run --privileged", "docker run -it --privileged x", True),
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


def test_what_an_excepted_command_starts_is_excepted_with_it() -> None:
    spared = [CommandPattern("uv run pytest")]
    assert all(spares(s, spared) for s in started_by("uv run pytest -q"))
    assert not all(spares(s, spared) for s in started_by("uv run pytest; ls"))
    inside = started_by("bash -c 'rm x'")
    assert not all(spares(s, [CommandPattern("bash")]) for s in inside)


def test_a_program_is_filed_under_its_name_with_and_without_version() -> None:
    assert names(["/usr/bin/pip3.11", "x"]) == ("pip3.11", "pip")
    assert names(["rm"]) == ("rm",)
