import pytest

import soulguard


def test_the_public_names_are_sorted():
    assert soulguard.__all__ == sorted(soulguard.__all__)


@pytest.mark.parametrize("name", soulguard.__all__)
def test_every_public_name_exists_and_is_kept_after_the_first_look(name):
    value = getattr(soulguard, name)
    assert value.__name__ == name
    assert vars(soulguard)[name] is value


def test_dir_lists_the_public_names_and_nothing_else_public():
    public = {name for name in dir(soulguard) if not name.startswith("_")}
    assert public >= set(soulguard.__all__)
    assert public - set(soulguard.__all__) - SUBMODULES == {
        "annotations",
        "TYPE_CHECKING",
    }


SUBMODULES = {
    "audit", "cli", "drill", "effects", "errors", "guard", "ledger", "model", "policy", "postmortem",
    "soul", "supervisor", "tui",
}  # fmt: skip


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'xyzzy'"):
        soulguard.xyzzy  # noqa: B018 - looking is the test
