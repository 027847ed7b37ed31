import sys
import types

import pytest

from soulguard.guard.patches import Patches


@pytest.fixture
def module(monkeypatch):
    """An imported module with a function and a class."""
    made = types.ModuleType("soulguard_example")

    class Door:
        def open(self):
            return "original"

    made.Door, made.work = Door, lambda: "original"
    monkeypatch.setitem(sys.modules, made.__name__, made)
    return made


def patched(original):
    return lambda *args: f"patched {original(*args)}"


def table(*attributes, module="soulguard_example"):
    return [(module, attribute, patched) for attribute in attributes]


def test_what_is_imported_is_patched_and_put_back(module):
    before = module.work, module.Door.open
    patches = Patches(table("work", "Door.open"))
    patches.install()
    assert (module.work(), module.Door().open()) == ("patched original",) * 2
    patches.remove()
    assert (module.work, module.Door.open) == before


def test_installing_twice_nests(module):
    before = module.work
    one, two = Patches(table("work")), Patches(table("work"))
    one.install()
    two.install()
    assert module.work() == "patched patched original"
    two.remove()
    one.remove()
    assert module.work is before


def test_an_attribute_that_does_not_exist_is_no_patch(module):
    patches = Patches(table("missing", "Door.missing", "Missing.open"))
    patches.install()
    assert not hasattr(module, "missing")
    patches.remove()


def test_a_replacement_that_is_the_original_changes_nothing(module):
    before = module.work
    Patches([("soulguard_example", "work", lambda original: original)]).install()
    assert module.work is before


def test_what_is_patched_already_is_not_patched_under_an_alias(module):
    def mark(original):
        replacement = patched(original)
        replacement._soulguard = True
        return replacement

    patches = Patches([("soulguard_example", "work", mark)] * 2)
    patches.install()
    assert module.work() == "patched original"
    patches.remove()


@pytest.fixture
def on_disk(tmp_path, monkeypatch):
    (tmp_path / "soulguard_later.py").write_text("def work():\n    return 'original'\n")
    monkeypatch.syspath_prepend(tmp_path)
    yield "soulguard_later"
    sys.modules.pop("soulguard_later", None)


def test_a_module_is_patched_when_it_is_imported_and_never_by_us(on_disk):
    patches = Patches(table("work", module=on_disk))
    patches.install()
    assert on_disk not in sys.modules
    assert patches.modules == (on_disk,)
    later = __import__(on_disk)
    assert later.work() == "patched original"
    assert later.__loader__.get_source(on_disk).startswith("def work")
    assert patches.modules == ()
    patches.remove()
    assert later.work() == "original"


def test_after_removal_an_import_is_left_alone(on_disk):
    patches = Patches(table("work", module=on_disk))
    finders = list(sys.meta_path)
    patches.install()
    patches.remove()
    assert sys.meta_path == finders
    assert __import__(on_disk).work() == "original"


def test_two_sets_that_wait_for_one_module_both_get_it(on_disk):
    one, two = (Patches(table("work", module=on_disk)) for _ in range(2))
    one.install()
    two.install()
    assert __import__(on_disk).work() == "patched patched original"
    two.remove()
    one.remove()


def test_a_module_that_is_nowhere_is_still_not_found():
    patches = Patches(table("work", module="soulguard_nowhere"))
    patches.install()
    with pytest.raises(ModuleNotFoundError):
        __import__("soulguard_nowhere")
    patches.remove()
