"""A push that does not say where it goes goes to the branch of its folder."""

import pytest

from soulguard.model import Effect, EffectKind
from soulguard.policy.pushes import destined
from soulguard.policy.sight import BLIND, Sight
from soulguard.policy.started import placed

SEEN = Sight(branch=lambda folder: {"/r": "main", "/r/sub": "topic"}.get(folder, ""))


def pushed(line: str, sight: Sight = SEEN) -> str:
    effect = Effect(EffectKind.COMMAND_RUN, line, details={"cwd": "/r"})
    added = [destined(s, sight)[len(s.words) :] for s in placed(effect)]
    return " ".join(word for words in added for word in words)


@pytest.mark.parametrize(
    ("line", "branch"),
    [
        ("git push", "main"),
        ("git push -u origin", "main"),
        ("git push -o ci.skip --force origin HEAD", "main"),
        ("cd sub && git push", "topic"),
        ("git -C sub push", "topic"),
        ("sh -c 'git push'", "main"),
        ("cd nowhere && git push", ""),
        ("cd $X && git push", ""),
        ("git push origin topic", ""),
        ("git push origin HEAD:topic", ""),
        ("git push --tags", ""),
        ("git push --delete origin x", ""),
        ("git stash push; docker push x; echo git push", ""),
        ("ssh host.io git push", ""),
    ],
)
def test_the_branch_is_added_where_none_is_named(line: str, branch: str) -> None:
    assert pushed(line) == branch


def test_nobody_looks_and_nothing_is_added() -> None:
    assert pushed("git push", BLIND) == ""
