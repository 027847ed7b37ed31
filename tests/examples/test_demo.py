import pytest

from examples import demo
from examples.demo import AGENT, GUARDED, Half, count, died, one_run, torn, verdict


def test_a_run_that_nobody_kills_leaves_what_the_orders_say(tmp_path):
    half = Half("calm", AGENT, tmp_path / "calm")
    with half.service:
        half.attempt(len(demo.KILLS) + 1, "ran to its end")
    counted = count(half)
    assert {name: counted[name] for name in one_run()} == one_run()


def test_the_bare_half_does_it_all_again_and_is_seen_doing_so(tmp_path, capsys):
    half = Half("bare", AGENT, tmp_path / "bare")
    half.play()
    counted = count(half)
    assert counted["charges made"] == 4 + 8 + 8
    assert counted["journal lines"] == 3 + 8 + 8
    assert counted["half-written files a reader could see"] == 1
    assert counted["files or journal lines missing at the end"] == 0
    assert verdict(counted, one_run()) == 1
    assert "charges made" in capsys.readouterr().out


def test_the_verdict_is_good_where_only_model_calls_were_repeated(capsys):
    due = one_run()
    assert verdict({**due, "model calls": due["model calls"] + 1}, due) == 0
    assert "left what one run leaves" in capsys.readouterr().out


def test_an_attempt_that_goes_another_way_ends_the_demonstration(tmp_path):
    half = Half("wrong", ["false"], tmp_path / "wrong")
    with half.service, pytest.raises(SystemExit, match="attempt 1 went another way"):
        half.attempt(1, "killed")


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("1001.json", '{"order": "1001"}\n', False),
        ("1001.json", '{"order": "10', True),
        ("1001.json", "", True),
        ("1001.md", "# Invoice 1001\n\nPaid in full on 2026-01-05\n", False),
        ("1001.md", "# Invoice 1001\n\nPaid in full on 2026-01", True),
        ("1001.md", "# Invoice 1001\n", True),
        ("summary.md", "", True),
        ("summary.md", "# Billed today\n\nTotal of the day: 1.00 EUR.\n", False),
    ],
)
def test_a_file_is_torn_when_its_end_is_missing(name, text, expected):
    assert torn(name, text) is expected


@pytest.mark.parametrize(
    ("status", "expected"),
    [(-9, True), (137, True), (0, False), (1, False), (-15, False)],
)
def test_death_by_sigkill_is_told_from_the_status(status, expected):
    assert died(status) is expected


def test_the_guarded_half_leaves_what_one_run_leaves(tmp_path):
    half = Half("guarded", GUARDED, tmp_path / "guarded")
    half.play()
    assert verdict(count(half), one_run()) == 0
