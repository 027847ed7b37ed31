import json
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soulguard.guard.files.stamp import ATTRIBUTE, apply, with_run_id

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)
layouts = st.sampled_from(
    [{}, {"indent": 2}, {"indent": "\t"}, {"separators": (",", ":")}]
)


@given(values, layouts, st.sampled_from(["", " \n"]))
def test_the_field_is_added_and_nothing_else_changes(value, layout, gap):
    text = gap + json.dumps(value, **layout) + gap
    stamped = with_run_id(text, "run-1")
    if isinstance(value, dict) and "run_id" not in value:
        assert json.loads(stamped) == {"run_id": "run-1", **value}
        assert next(iter(json.loads(stamped))) == "run_id"
        brace = text.index("{") + 1
        assert stamped.startswith(text[:brace])
        assert stamped.endswith(text[brace:].lstrip())
    else:
        assert stamped == text


@pytest.mark.parametrize("text", ["", "{", "[1]", '"x"', "{'a': 1}", '{"run_id": 1}'])
def test_anything_else_comes_back_as_it_is(text):
    assert with_run_id(text, "run-1") == text


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("{}", '{"run_id": "r"}'),
        ('{"a": 1}', '{"run_id": "r", "a": 1}'),
        ('{\n  "a": 1\n}\n', '{\n  "run_id": "r",\n  "a": 1\n}\n'),
    ],
)
def test_the_layout_is_kept(before, after):
    assert with_run_id(before, "r") == after


def test_a_file_carries_the_run_id_as_an_attribute(tmp_path):
    staged = tmp_path / "staged"
    staged.write_text("text")
    apply(str(staged), "out.txt", "run-1")
    assert os.getxattr(staged, ATTRIBUTE) == b"run-1"
    assert staged.read_text() == "text"


def test_a_json_file_carries_it_as_a_field_too(tmp_path):
    staged = tmp_path / "staged"
    staged.write_text('{"a": 1}')
    apply(str(staged), "out.json", "run-1")
    assert json.loads(staged.read_text()) == {"run_id": "run-1", "a": 1}


def test_bytes_that_are_no_text_stay(tmp_path):
    staged = tmp_path / "staged"
    staged.write_bytes(b'{"a": "\xff"}')
    apply(str(staged), "out.json", "run-1")
    assert staged.read_bytes() == b'{"a": "\xff"}'
