"""Command lines that a sentence names, and words that only look like one."""

import pytest

from soulguard.soul import lines
from soulguard.soul.frames import frames
from soulguard.soul.modality import Modality


def named(text: str) -> set[str]:
    found = frames(text, Modality.NONE)
    return {line for frame in found for line in lines.named(frame)}


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("git push <remote> --force", "git push --force"),
        ("rm -rf ...", "rm -rf"),
        ("docker  run [name]", "docker run"),
        ("reset --hard", "git reset --hard"),
    ],
)
def test_placeholders_of_a_command_line_stand_for_anything(written, found):
    assert lines.pattern(written) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Never run `terraform destroy`.", {"terraform destroy"}),
        ("Never run top, htop or any other monitor.", {"top", "htop"}),
        ("Never call migrate.py.", {"migrate.py", "* *migrate.py"}),
        ("No git operations.", {"git"}),
        ("Do not run npm publish.", {"npm publish"}),
    ],
)
def test_a_line_is_found_in_code_among_programs_and_in_scripts(text, found):
    assert named(text) >= found


@pytest.mark.parametrize(
    "text",
    [
        "Don't rely on `docker exec` for this.",
        "Avoid animating `width`, `top` or `left`.",
        "`invoke` must never exit the process.",
        "Do not wrap tmux commands in endless loops.",
        "Never run destructive git commands.",
    ],
)
def test_a_line_that_is_spoken_of_is_not_the_one_that_is_run(text):
    assert named(text) == set()


def test_prose_ends_a_command_line():
    words = ("git", "status", "for", "a", "look")
    assert list(lines.until_prose(words)) == ["git", "status"]
