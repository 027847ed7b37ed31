import json

from soulguard.tui import exporting
from soulguard.tui.exporting import export
from tests.tui.stories import NOW


def test_rows_become_json_lines_in_a_file_that_is_never_written_over(
    story, path, tmp_path, monkeypatch
):
    monkeypatch.setattr(exporting, "_BATCH", 2)
    first = export(str(path), [1, 2, 3, 5], tmp_path, NOW)
    assert first.name == "soulguard-events-20251231-120100.jsonl"
    lines = [json.loads(line) for line in first.read_text().splitlines()]
    assert [line["id"] for line in lines] == [1, 2, 3, 5]
    assert lines[0]["type"] == "run.started"
    second = export(str(path), [1], tmp_path, NOW)
    assert second.name == "soulguard-events-20251231-120100-2.jsonl"
