import pytest

from soulguard.errors import PolicySyntaxError
from soulguard.soul import yamlnodes as y

PLACE = y.Place("f.yaml", 10, 2)


def test_a_place_is_shifted_to_where_the_text_stands() -> None:
    span = PLACE.span(y.compose("a: 1", PLACE))
    assert (span.line, span.column) == (11, 3)


def test_a_mistake_names_the_files_line() -> None:
    with pytest.raises(PolicySyntaxError, match="not valid YAML") as error:
        y.compose("a: [\n", PLACE)
    assert error.value.where.startswith("f.yaml:1")
    assert "quote" in error.value.hint


def test_depth_has_an_end() -> None:
    deep = "[" * (y.MAX_DEPTH + 1)
    with pytest.raises(PolicySyntaxError, match="nested too deep"):
        y.compose(deep, PLACE)


def test_values_are_plain_on_request() -> None:
    assert y.plain(y.compose("a: [1, {b: c}]", PLACE)) == {"a": ["1", {"b": "c"}]}
    assert y.dump({"b": 1, "a": ["x"]}) == "b: 1\na:\n- x\n"


def test_flags_and_words_are_checked() -> None:
    node = y.compose("[yes, maybe]", PLACE)
    assert y.flag(node.value[0], PLACE, "`x`")
    with pytest.raises(PolicySyntaxError, match="must be `true` or `false`"):
        y.flag(node.value[1], PLACE, "`x`")
    assert y.words(node, PLACE, "`x`") == ["yes", "maybe"]
