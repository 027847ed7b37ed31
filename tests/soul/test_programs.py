import pytest

from soulguard.soul import programs


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("terraform apply.", "terraform apply"),
        ("ansible-playbook", "ansible-playbook"),
        ("`frobnicate all`", "frobnicate all"),
        ("`./deploy.sh`", "deploy.sh"),
        ("commit", "git commit"),
        ("frobnicate all", ""),
        ("lists", ""),
        ("", ""),
    ],
)
def test_a_command_is_code_or_begins_with_a_known_program(text, pattern):
    assert programs.pattern(text) == pattern


def test_programs_of_the_shipped_classes_are_known():
    assert programs.is_program("helm")
    assert programs.is_program("flyctl")
    assert not programs.is_program("customers")
