"""Options and operands of a program's words."""

import pytest

from soulguard.policy.operands import parted


@pytest.mark.parametrize(
    ("line", "options", "operands"),
    [
        ("p a -n 3 b", [("-n", "3")], ["a", "b"]),
        ("p -n3 -xn 4 -", [("-n", "3"), ("-x", ""), ("-n", "4")], ["-"]),
        ("p --lines 3 --lines=4 --any b", [("--lines", "3"), ("--lines", "4"),
                                           ("--any", "")], ["b"]),
        ("p -xi.bak -i a", [("-x", ""), ("-i", ".bak"), ("-i", "")], ["a"]),
        ("p -x -- -n a", [("-x", "")], ["-n", "a"]),
        ("p -n", [("-n", "")], []),
    ],
)  # fmt: skip
def test_words_are_parted_as_by_getopt(
    line: str, options: list[tuple[str, str]], operands: list[str]
) -> None:
    valued = ("-n", "--lines").__contains__
    assert parted(line.split(), valued, frozenset(("-i",))) == (options, operands)
