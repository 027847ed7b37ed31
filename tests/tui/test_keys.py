from pathlib import Path

from soulguard.tui.helping import _row
from soulguard.tui.keys import KEYS

PAGE = Path(__file__).parents[2] / "docs" / "watch.md"


def test_the_documented_keys_are_those_that_work():
    page = PAGE.read_text(encoding="utf-8")
    assert [f"| `{key}` | {does} |" for key, does in map(_row, KEYS)] == [
        line for line in page.splitlines() if line.startswith("| `")
    ]


def test_no_key_and_no_id_is_given_twice():
    keys = [key for binding in KEYS for key in binding.key.split(",")]
    ids = [binding.id for binding in KEYS]
    assert len(set(keys)) == len(keys)
    assert len(set(ids)) == len(ids)


def test_the_pictures_of_the_page_are_there():
    for name in ("watch", "settle"):
        assert f"(pictures/{name}.svg)" in PAGE.read_text(encoding="utf-8")
        assert (PAGE.parent / "pictures" / f"{name}.svg").is_file()
