from pathlib import Path

import pytest

from soulguard.effects.catalogue_file import argument, load
from soulguard.errors import PolicySyntaxError
from soulguard.model.signature import Argument, Harm

GOOD = """\
outcomes:
  again: {says: it happens again}
  none: {says: nothing, harm: none}
same: {a.B(): [a.C()]}
holds: {a.B(): 0 url}
effects:
  - {id: one, calls: [a.x], does: http.call, what: do it, twice: again}
"""


def written(folder: Path, text: str, name: str = "effects.yaml") -> Path:
    file = folder / name
    file.write_text(text)
    return file


def entry(text: str) -> str:
    return GOOD + f"  - {{id: two, {text}}}\n"


FULL = "calls: [a.y], does: http.call, what: do it, twice: again"
BROKEN = [
    (entry("calls: [a.y], does: http.call, what: do it"), 8, "two: `twice` is missing"),
    (entry(FULL + ", hots: x"), 8, "two: no field named `hots`"),
    (entry(FULL.replace("again", "agian")), 8, "two: no outcome named `agian`"),
    (entry(FULL.replace("http.call", "http")), 8, "two: `does` is one of file.write"),
    (entry(FULL.replace("[a.y]", "a.y")), 8, "two: `calls` is a list"),
    (entry(FULL.replace("[a.y]", "[1]")), 8, "two: `calls` holds something that is no text"),
    (entry(FULL + ", target: -1 x"), 8, "two: `-1 x` is no argument"),
    (entry(FULL + ", cases: [x]"), 8, "two: a case is a mapping"),
    (entry(FULL + ", cases: [{arg: 0}]"), 8, "two: a case needs `arg` and one of is, has"),
    (entry(FULL + ", cases: [{arg: 0, has: '('}]"), 8, "two: `(` is no pattern"),
    (entry(FULL + ", cases: [{arg: 0, is: x, twice: nope}]"), 8, "two: no outcome named `nope`"),
    (entry(FULL + ", cases: [{arg: 0, is: x, then: y}]"), 8, "two: no field named `then`"),
    (GOOD + "  - 3\n", 1, "an entry is a mapping"),
    ("outcomes: {bad: {harm: none}}\n", 1, "bad: an outcome is"),
    ("outcomes: {bad: {says: x, harm: lots}}\n", 1, "bad: an outcome is"),
    ("holds: {a.B(): x-y}\n", 1, "`x-y` is no argument"),
    ("efects: []\n", 1, "efects: no field named `efects`"),
    ("effects: [\n", 2, "expected"),
    ("- a\n", 1, "not a mapping"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "line", "message"), BROKEN)
def test_what_is_wrong_is_named_with_its_line(text, line, message, tmp_path):
    file = written(tmp_path, text)
    with pytest.raises(PolicySyntaxError) as caught:
        load(file)
    assert message in caught.value.message
    assert caught.value.where == f"{file}:{line}"


def test_the_nearest_name_is_the_hint(tmp_path):
    with pytest.raises(PolicySyntaxError) as caught:
        load(written(tmp_path, entry(FULL.replace("again", "agian"))))
    assert caught.value.hint == "did you mean `again`?"


def test_a_file_that_is_not_there_is_a_mistake(tmp_path):
    with pytest.raises(PolicySyntaxError, match="cannot read it"):
        load(tmp_path / "nowhere.yaml")


def test_later_files_add_and_replace(tmp_path):
    own = (
        "same: {a.B(): [a.D()]}\nguards: [a.there]\n"
        "effects:\n  - {id: one, calls: [b.z], does: database, what: w, twice: none}\n"
    )
    found = load(written(tmp_path, GOOD), written(tmp_path, own, "own.yaml"))
    assert [(s.id, s.calls) for s in found.signatures] == [("one", ("b.z",))]
    assert found.same == {"a.C()": "a.B()", "a.D()": "a.B()"}
    assert found.outcomes["none"].harm is Harm.NONE
    assert found.holds["a.B()"] == Argument(0, ("url",))
    assert found.guards == ("a.there",)


def test_an_argument_is_a_position_and_names():
    assert argument("1 mode flags") == Argument(1, ("mode", "flags"))
    assert argument(0) == Argument(0)
    assert argument("data") == Argument(-1, ("data",))
