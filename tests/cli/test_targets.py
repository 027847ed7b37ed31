import pytest

from soulguard.cli.targets import plain, shorten


@pytest.mark.parametrize(
    ("target", "root", "shown"),
    [
        ("/home/a/out/x.md", "/home/a", "out/x.md"),
        ("/home/a/out/x.md", "/home/a/", "out/x.md"),
        ("/home/ab/x.md", "/home/a", "/home/ab/x.md"),
        ("/home/a", "/home/a", "/home/a"),
        ("/x.md", "/", "x.md"),
        ("POST https://a.example/", "/home/a", "POST https://a.example/"),
        ("/x.md", "", "/x.md"),
    ],
)
def test_paths_inside_the_root_are_relative_to_it(target, root, shown):
    assert shorten(target, root) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain ü 日本", "plain ü 日本"),
        ("a\x1b[31mb\nc", "a\\x1b[31mb\\nc"),
        ("\udcff", "\\udcff"),
        ("\u202egpj.exe", "\\u202egpj.exe"),
    ],
)
def test_nothing_drives_the_terminal(text, shown):
    assert plain(text) == shown
