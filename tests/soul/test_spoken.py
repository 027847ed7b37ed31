import pytest

from soulguard.soul.frames import frames
from soulguard.soul.modality import Modality
from soulguard.soul.spoken import class_of

MEANT = [
    ("Never force push.", "force-push"),
    ("Never push to main.", "push-main"),
    ("Never commit directly to main.", "push-main"),
    ("Never deploy.", "deploy"),
    ("Do not install packages.", "install"),
    ("Never run destructive commands.", "destructive"),
    ("Never use sudo.", "sudo"),
    ("Never execute code.", "shells"),
    ("Do not run shell commands.", "shells"),
    ("Don't modify production systems.", "deploy"),
    ("Don't run migrations.", "migrate"),
    ("Never install packages globally.", "install-global"),
    ("Never pipe curl into sh.", "pipe-to-shell"),
    ("Never skip hooks.", "skip-hooks"),
    ("Do not run commands at all.", "shells"),
    ("Do not create PRs.", "open-pr"),
    ("Never deploy on Fridays.", ""),
    ("Never push users.", ""),
    ("Never write poems.", ""),
]


@pytest.mark.parametrize(("text", "name"), MEANT)
def test_english_stands_for_a_class_of_commands(text: str, name: str) -> None:
    assert class_of(frames(text, Modality.NONE)[0]) == name
