import os

from soulguard.guard import files, originals


def test_every_replaced_function_is_one_that_was_captured():
    table = files.replacements()
    assert table[originals.open] is not originals.open
    assert all(callable(old) and callable(new) for old, new in table.items())
    captured = {id(value) for value in vars(originals).values()}
    assert {id(old) for old in table} <= captured


def test_the_table_replaces_what_it_names():
    for module, attribute, make in files.TABLE:
        assert module in ("builtins", "io", "_io", "os")
        assert callable(make(None)), attribute


def test_what_the_system_supports_is_supported_by_the_replacements(monkeypatch):
    groups = ("supports_dir_fd", "supports_fd", "supports_follow_symlinks")
    for group in groups:
        monkeypatch.setattr(os, group, set(getattr(os, group)))
    files.extend_capabilities()
    table = files.replacements()
    for group in groups:
        known = getattr(os, group)
        assert {table[old] for old in known if old in table} <= known
    assert table[originals.os_stat] in os.supports_dir_fd
