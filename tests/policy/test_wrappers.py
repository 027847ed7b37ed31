import pytest

from soulguard.policy.commands import CommandPattern, simple_commands, started_by

RM = CommandPattern("rm -rf")


def starts_rm(line: str) -> bool:
    return any(RM.matches(words) for words in simple_commands(line))


@pytest.mark.parametrize(
    "line",
    [
        "ls | xargs -I {} rm -rf {}", "env -u FOO rm -rf x", 'env -S "rm -rf x"',
        "sudo -u bob -- rm -rf x", "timeout -s KILL 5 rm -rf x", "exec -a b rm -rf x",
        "eval 'rm -rf x'", "bash -euo pipefail -c 'rm -rf x'", "bash <<< 'rm -rf x'",
        "bash <<E\nrm -rf x\nE", "echo 'rm -rf x' | sh", "find . -exec rm -rf {} +",
        "ssh -p 22 host 'cd /x && rm -rf y'", "docker exec -it c sh -c 'rm -rf x'",
        "docker run --rm -v a:b img rm -rf x", "docker compose exec web rm -rf x",
        "kubectl exec pod -c main -- rm -rf x", "uv run --with a rm -rf x",
        "flock /tmp/l rm -rf x", "su - bob -c 'rm -rf x'", "watch 'rm -rf x'",
        "if true; then rm -rf x; fi", "for i in a; do rm -rf $i; done",
        'echo "$(rm -rf x)"', "2>/dev/null rm -rf x",
    ],
)  # fmt: skip
def test_what_a_command_starts_is_found(line: str) -> None:
    assert starts_rm(line)


@pytest.mark.parametrize(
    "line",
    [
        "command -v rm -rf", "git commit -m 'rm -rf x'", "echo 'rm -rf x'",
        "grep 'rm -rf' f", "cat > f <<'E'\nrm -rf x\nE", "bash script.sh",
        "for rm in -rf; do ls; done",
    ],
)  # fmt: skip
def test_what_is_only_said_is_not_started(line: str) -> None:
    assert not starts_rm(line)


@pytest.mark.parametrize(
    ("pattern", "line"),
    [
        ("pip install", "python3.11 -m pip install x"),
        ("pip install", "pip3 install x"),
        ("pip install", "uv pip install x"),
        ("python", "python3 x.py"),
    ],
)
def test_a_program_is_known_under_its_other_names(pattern: str, line: str) -> None:
    found = CommandPattern(pattern)
    assert any(found.matches(words) for words in simple_commands(line))


def test_two_readings_of_an_option_do_not_multiply() -> None:
    assert len(started_by("sudo " + "-a b " * 500 + "c")) < 5000
