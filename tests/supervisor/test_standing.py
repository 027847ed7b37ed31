import json
import stat

from soulguard.supervisor.standing import NAME, Standing


def test_an_answer_is_kept_and_a_newer_one_takes_its_place(tmp_path):
    Standing(tmp_path).keep("rule", "a", "approve", "ada", 1.0)
    Standing(tmp_path).keep("rule", "b", "deny", "ada", 2.0)
    fresh = Standing(tmp_path)
    assert (fresh.answer("rule", "a"), fresh.answer("rule", "b")) == ("approve", "deny")
    assert fresh.answer("other", "a") is None
    fresh.keep("rule", "a", "deny", "bob", 3.0)
    assert fresh.answer("rule", "a") == "deny"
    assert len(json.loads((tmp_path / NAME).read_text())) == 2
    assert stat.S_IMODE((tmp_path / NAME).stat().st_mode) == 0o600


def test_a_person_takes_an_answer_back_by_deleting_it(tmp_path):
    standing = Standing(tmp_path)
    standing.keep("rule", "a", "approve", "ada", 1.0)
    assert standing.answer("rule", "a") == "approve"
    (tmp_path / NAME).write_text("[]")
    assert standing.answer("rule", "a") is None


def test_what_cannot_be_read_approves_nothing(tmp_path):
    for text in ("{", '{"rule": 1}', '["x"]', '[{"rule": "rule", "target": "a"}]'):
        (tmp_path / NAME).write_text(text)
        assert Standing(tmp_path).answer("rule", "a") != "approve"
