import os
import sys
import types

import pytest

from soulguard.guard.sweep import sweep

TABLE = {os.rename: os.replace, os.stat: os.lstat}


@pytest.fixture
def module(monkeypatch):
    """A module that stands where one of the standard library would."""
    made = types.ModuleType("shelve")

    def move(a, act=os.rename, other=len):
        return act

    class Accessor:
        stat = staticmethod(os.stat)

        def look(self, act=os.stat):
            return act

    Accessor.__module__ = "shelve"
    made.rename, made.length, made.move, made.Accessor = os.rename, len, move, Accessor
    monkeypatch.setitem(sys.modules, "shelve", made)
    return made


def test_captured_names_defaults_and_attributes_are_rebound(module):
    sweep(TABLE)
    assert module.rename is os.replace
    assert module.move(1) is os.replace
    assert module.Accessor.stat is os.lstat
    assert module.Accessor().look() is os.lstat
    assert module.length is len


def test_the_originals_own_modules_and_installed_packages_are_left(monkeypatch):
    package = types.ModuleType("installed_package")
    package.rename = os.rename
    monkeypatch.setitem(sys.modules, "installed_package", package)
    before = os.rename
    sweep(TABLE)
    assert package.rename is before
    assert os.rename is before


def test_modules_that_are_none_or_no_modules_do_no_harm(monkeypatch):
    monkeypatch.setitem(sys.modules, "shelve", None)
    sweep(TABLE)
