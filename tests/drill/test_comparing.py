import os

import pytest

from soulguard.drill.comparing import compare


@pytest.fixture
def both(tmp_path):
    expected, found = tmp_path / "expected", tmp_path / "found"
    expected.mkdir()
    found.mkdir()

    def write(wanted, there):
        for folder, content in ((expected, wanted), (found, there)):
            if content is not None:
                (folder / "a").write_text(content)
        return [(d.kind, d.words, d.same_shape) for d in compare(expected, found)]

    return write


@pytest.mark.parametrize(
    ("wanted", "there", "kind", "words"),
    [
        ("x\n", None, "missing", "is missing"),
        (None, "x\n", "extra", "is left over"),
        ("one\ntwo\n", "one\ntw", "torn", "is cut off after 6 of 8 bytes"),
        ("one\ntwo\n", "one\none\ntwo\n", "twice", "has a line twice: `one`"),
        ("a\nb\n", "a\nb\na\nb\n", "twice", "has 2 lines twice: `a`"),
        ("a\nb\n", "b\na\n", "order", "has its lines in another order"),
        ("a\nb\n", "a\nc\nb\n", "content", "line 2: `b` is `c`"),
        ("a\nb\n", "a\nnb\n", "content", "line 2: `b` is `nb`"),
        ("x" * 90, "y" * 90, "content", f"line 1: `{'x' * 69}…` is `{'y' * 69}…`"),
    ],
)
def test_a_difference_is_said_in_words(both, wanted, there, kind, words):
    assert both(wanted, there)[0][:2] == (kind, words)


def test_equal_trees_do_not_differ(both):
    assert both("x\n", "x\n") == []


@pytest.mark.parametrize(("there", "same"), [("a\n2\n", True), ("a\n2\nb\n", False)])
def test_the_shape_is_the_number_of_lines(both, there, same):
    assert both("a\n1\n", there)[0][2] is same


def test_another_mode_and_another_link_are_differences(tmp_path):
    for name, mode, target in (("expected", 0o644, "x"), ("found", 0o600, "y")):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "file").write_text("x")
        (folder / "file").chmod(mode)
        os.symlink(target, folder / "link")
    found = compare(tmp_path / "expected", tmp_path / "found")
    assert [(d.path, d.words) for d in found] == [
        ("file", "has mode 600, not 644"), ("link", "is another link")
    ]  # fmt: skip
