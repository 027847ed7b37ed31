import pytest

from soulguard.soul import builtin, starting
from soulguard.soul.drafts import World
from soulguard.soul.frames import frames
from soulguard.soul.modality import Modality


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("never run `make clean`", "make clean", "`make clean`"),
        ("never push to `develop`", "git push develop|*:develop|", "`git push` to `develop`"),
        ("never push to `release/*`", "git push release/*|*:release/*|", "to `release/*`"),
        ("never run `DROP TABLE`", "psql|mysql", "a database client with `DROP TABLE`"),
        ("never cut corners (`--no-verify`)", "* --no-verify", "`* --no-verify`"),
        ("never force push", "git push -f|--force*|+*", "`git push -f`"),
    ],
)  # fmt: skip
def test_what_is_started_is_told_by_name_and_in_english(text, line, said):
    world = World(builtin.every_class())
    found = starting.meant(frames(text, Modality.NONE)[0], world, alone=True)
    assert found.lines[0].startswith(line)
    assert said in found.said


@pytest.mark.parametrize(
    "text", ["never push to `out/`", "never hurry (`--fast` is a trap)", "never worry"]
)
def test_what_nobody_can_name_is_nothing(text):
    world = World(builtin.every_class())
    assert not starting.meant(frames(text, Modality.NONE)[0], world, alone=True).lines
