import os

import pytest

from soulguard.supervisor import recovery


def recovered(office):
    office.crash()
    return office.states()


def test_a_write_that_was_put_in_place_is_done(office):
    office.publish("a.txt", done=False)
    (office.running.stage_dir / ".sg-a.txt").rename(office / "a.txt")
    assert recovered(office) == [("a.txt", "done")]
    assert ("run.recovered", "") in office.events()


def test_a_write_that_was_not_is_failed_and_its_staging_file_removed(office):
    office.publish("a.txt", done=False)
    staged = office.running.stage_dir / ".sg-a.txt"
    assert recovered(office) == [("a.txt", "failed")]
    assert not staged.exists()
    assert office.open("a.txt").verdict.value == "allow"


@pytest.mark.parametrize(
    ("changed", "rebooted", "state"),
    [(True, False, "done"), (False, False, "done"), (True, True, "failed")],
)
def test_a_write_whose_staged_file_is_gone_was_put_in_place(
    office, changed, rebooted, state
):
    office.publish("a.txt", done=False)
    staged = office.running.stage_dir / ".sg-a.txt"
    staged.rename(office / "a.txt")
    if changed:
        (office / "a.txt").write_text("edited by a program that nobody guards")
    else:
        (office / "a.txt").unlink()
    office.parts.recovery.recover(rebooted=rebooted)
    assert office.states() == [("a.txt", state)]
    office.running.stage_dir.mkdir()


def test_a_file_rewritten_in_place_is_completed_from_its_staged_copy(office):
    (office / "a.txt").write_text("old, and much longer than the new text")
    office.publish("a.txt", "new text", done=False, redo=True)
    with open(office / "a.txt", "r+") as file:
        file.write("new ")
    inode = (office / "a.txt").stat().st_ino
    # the stage folder must outlive the attempt as it does when the supervisor is killed
    office.session.commit()
    office.parts.recovery.settle(office.rows()[0])
    assert (office / "a.txt").read_text() == "new text"
    assert (office / "a.txt").stat().st_ino == inode
    assert office.states() == [("a.txt", "done")]


@pytest.mark.parametrize(
    ("left", "state", "text"),
    [
        ("one\n", "done", "before\none\n"),
        ("", "failed", "before\n"),
        ("on", "failed", "before\n"),
        ("one\ntheirs\n", "done", "before\none\ntheirs\n"),
        ("theirs\n", "failed", "before\ntheirs\n"),
    ],
)
def test_an_append_is_whole_or_cut_off(office, left, state, text):
    (office / "log.jsonl").write_text("before\n")
    office.append("log.jsonl", "one\n", write=False, report=False)
    with open(office / "log.jsonl", "a") as file:
        file.write(left)
    assert recovered(office) == [("log.jsonl", state)]
    assert (office / "log.jsonl").read_text() == text


def test_bytes_of_others_in_the_place_of_an_append_are_drift(office):
    office.append("log.jsonl", "one\n", write=False, report=False)
    (office / "log.jsonl").write_text("theirs, longer\n")
    recovered(office)
    assert office.events("drift") == [("drift", "log.jsonl")]


@pytest.mark.parametrize(("happened", "state"), [(True, "done"), (False, "failed")])
def test_a_deletion_happened_if_the_path_is_gone(office, happened, state):
    (office / "a.txt").write_text("x")
    decision = office.ask("file.remove", path=str(office / "a.txt"))
    assert decision.effect_id
    if happened:
        (office / "a.txt").unlink()
    assert recovered(office) == [("a.txt", state)]


def test_a_rename_away_happened_if_its_source_is_gone(office, tmp_path_factory):
    (office / "a.txt").write_text("x")
    away = tmp_path_factory.mktemp("away") / "a.txt"
    office.move("a.txt", away, report=False)
    assert recovered(office) == [("a.txt", "done")]


def test_what_is_settled_stays(office):
    office.publish("a.txt")
    [row] = office.rows()
    office.parts.recovery.settle(row)
    assert office.rows() == [row]


def test_staging_files_beside_their_targets_are_swept_too(tmp_path):
    stage, beside = tmp_path / "stage", tmp_path / "beside"
    stage.mkdir()
    beside.mkdir()
    ours = f"{recovery.STAGING_PREFIX}{recovery.mark(stage)}"
    other = f"{recovery.STAGING_PREFIX}{recovery.mark(tmp_path / 'other')}-1-2-3"
    (beside / f"{ours}-1-2-3").write_text("left")
    (beside / "mine.txt").write_text("kept")
    (beside / other).write_text("of another run that is at work")
    (stage / f"{recovery.BESIDE}x").write_bytes(os.fsencode(beside))
    recovery.sweep(stage)
    assert sorted(os.listdir(beside)) == sorted(["mine.txt", other])
    assert not stage.exists()
    recovery.sweep(stage)
