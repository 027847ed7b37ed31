from soulguard.audit.values import (
    HOLE,
    LIST,
    LONGEST,
    MOST,
    UNKNOWN,
    Value,
    dotted,
    joined,
    known,
    listed,
    readable,
    said,
    text,
    united,
)


def test_alternatives_are_given_once_and_too_many_are_unknown():
    one, other = text("a"), text("b")
    assert united([(one,), (other, one)]) == (one, other)
    many = united([tuple(text(str(n)) for n in range(20))])
    assert len(many) == MOST
    assert many[-1] == UNKNOWN


def test_a_path_joins_as_the_system_does():
    assert joined("out", "a.md") == "out/a.md"
    assert joined("out", "/etc/x") == "/etc/x"
    assert joined("", HOLE) == HOLE


def test_what_is_not_known_is_an_ellipsis_for_a_person():
    assert readable(f"out/{HOLE}{HOLE}.md\n x") == "out/….md x"
    assert said(Value("?")) == HOLE


def test_holes_and_separators_alone_are_nothing_known():
    assert not known(None)
    assert not known(f"{HOLE}/{HOLE}")
    assert known(f"{HOLE}/a.md")


def test_nothing_grows_without_end():
    assert len(text("x" * 10_000).text) == LONGEST
    assert dotted("a." * 1000) == UNKNOWN
    deep = listed([text("a")])
    for _ in range(50):
        deep = listed([deep, deep])
    assert hash(deep) is not None
    assert deep.items[0] == Value(LIST)
