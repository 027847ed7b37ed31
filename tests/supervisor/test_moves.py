import pytest

from soulguard.guard.files.trash import take_folder_away


def names(office):
    return sorted(p.name for p in office.folder.glob("*.txt"))


def test_a_rename_onto_a_path_is_its_write(office):
    (office / "tmp").write_text("text")
    assert office.move("tmp", "a.txt").verdict.value == "allow"
    assert office.open("a.txt").data["error"] == "duplicate-write"
    (office / "tmp").write_text("again")
    assert office.move("tmp", "a.txt").data["error"] == "duplicate-write"
    assert (office / "tmp").exists()


def test_a_rename_onto_what_this_attempt_appended_is_a_duplicate(office):
    office.append("log.txt", "one\n")
    (office / "tmp").write_text("compacted")
    assert office.move("tmp", "log.txt").data["error"] == "duplicate-write"
    assert (office / "log.txt").read_text() == "one\n"


def test_a_rename_of_an_earlier_attempt_is_skipped(office):
    (office / "tmp").write_text("text")
    office.move("tmp", "a.txt")
    office.again()
    (office / "tmp").write_text("other")
    decision = office.move("tmp", "a.txt")
    assert decision.verdict.value == "skip"
    assert "keep" not in decision.data
    assert ("content_differs", "a.txt") in office.events("content_differs")


def test_a_target_changed_by_others_is_kept_and_reported(office):
    (office / "tmp").write_text("text")
    office.move("tmp", "a.txt")
    office.again()
    (office / "a.txt").write_text("changed")
    (office / "tmp").write_text("text")
    assert office.move("tmp", "a.txt").verdict.value == "skip"
    assert office.events("drift") == [("drift", "a.txt")]


def test_a_source_that_was_made_again_since_is_kept(office):
    office.append("log.txt", "one\n")
    office.move("log.txt", "log-1.txt")
    office.append("log.txt", "two\n")
    office.again()
    assert office.append("log.txt", "one\n").verdict.value == "skip"
    assert office.move("log.txt", "log-1.txt").data == {"keep": True}
    assert office.append("log.txt", "two\n").verdict.value == "skip"


def test_moving_an_output_away_is_recorded_and_not_repeated(office, tmp_path_factory):
    away = tmp_path_factory.mktemp("away") / "a.txt"
    office.publish("a.txt")
    assert office.move("a.txt", away).verdict.value == "allow"
    assert office.events("violation.output_removed") == [
        ("violation.output_removed", "a.txt")
    ]
    assert ("a.txt", "gone") in office.states()
    office.again()
    office.publish("a.txt")
    assert office.move("a.txt", away).verdict.value == "skip"


def test_a_folder_is_moved_again_if_it_is_there_again(office):
    message = {
        "source": str(office / "old"), "path": str(office / "new"), "how": "rename",
        "folder": True, "digest": "", "size": -1,
    }  # fmt: skip
    for _ in range(2):
        (office / "old").mkdir()
        decision = office.ask("file.move", **message)
        assert decision.verdict.value == "allow"
        if decision.effect_id:
            office.done(decision)
        (office / "old").rmdir()
        office.again()


def test_a_deletion_is_on_record_and_a_no_op_afterwards(office):
    (office / "a.txt").write_text("old")
    assert office.remove("a.txt").effect_id
    office.again()
    assert office.remove("a.txt").verdict.value == "skip"


def test_deleting_what_is_not_there_is_the_system_s_to_refuse(office):
    decision = office.remove("a.txt")
    assert (decision.verdict.value, decision.effect_id) == ("allow", 0)


def test_deleting_an_output_is_a_violation_that_stops_nothing(office):
    office.publish("a.txt")
    assert office.remove("a.txt").verdict.value == "allow"
    assert office.session.counts["observed"] == 1
    assert office.open("a.txt").verdict.value == "allow"


def test_a_file_made_again_after_its_deletion_is_not_deleted_again(office):
    (office / "a.txt").write_text("old")
    office.remove("a.txt")
    office.publish("a.txt", "new")
    office.again()
    assert office.remove("a.txt").verdict.value == "skip"
    assert office.open("a.txt").verdict.value == "skip"
    assert names(office) == ["a.txt"]


def test_a_scratch_file_is_deleted_each_time_it_was_made(office):
    for _ in range(2):
        office.publish("tmp.txt")
        assert office.remove("tmp.txt").verdict.value == "allow"
        assert names(office) == []
        office.again()


def test_another_file_that_came_to_stand_at_a_moved_source_is_kept(office):
    for target in ("work/o.json", "../elsewhere.json"):
        (office / "inbox").mkdir(exist_ok=True)
        (office / "work").mkdir(exist_ok=True)
        (office / "inbox/o.json").write_text("first order")
        assert office.move("inbox/o.json", target).verdict.value == "allow"
        office.again()
        (office / "inbox/o.json").write_text("an order that came meanwhile")
        skipped = office.move("inbox/o.json", target)
        assert skipped.verdict.value == "skip"
        assert "/.trash/" in skipped.data["trash"]
        assert ("content_differs", "o.json") in office.events("content_differs")
        (office / "inbox/o.json").unlink()


def test_what_was_moved_and_what_the_run_made_are_no_rubbish(office):
    for text in ("the same", "the same", "made anew"):
        if text == "made anew":
            office.publish("tmp.txt", text)
        else:
            (office / "tmp.txt").write_text(text)
        decision = office.move("tmp.txt", "final.txt")
        assert "trash" not in decision.data
        office.again()


def test_a_folder_does_not_carry_files_where_a_rule_forbids_them(office):
    office.soul.write_text("# A\n\n## Rules\n- Never write to `protected/`.\n")
    office.again()
    (office / "made/deep").mkdir(parents=True)
    (office / "made/deep/a.txt").write_text("x")
    (office / "protected").mkdir()
    refused = office.ask(
        "file.move", source=str(office / "made"), path=str(office / "protected/made"),
        how="rename", folder=True, digest="", size=-1,
    )  # fmt: skip
    assert refused.verdict.value == "deny"


def test_a_path_that_is_no_text_may_be_moved_away(office):
    decision = office.ask(
        "file.move", source=str(office / "SOUL.md") + "\udcff", path="/elsewhere/\udcfd",
        how="rename", folder=False, digest="d", size=1,
    )  # fmt: skip
    assert decision.verdict.value == "allow"


def carry(office, source, path, *, move=True):
    """Rename a folder as the guard does; give the decision."""
    decision = office.ask(
        "file.move", source=str(source), path=str(path), how="rename", digest="",
        size=-1, folder=source.is_dir(),
    )  # fmt: skip
    if move and decision.verdict.value == "allow":
        source.rename(path)
        if decision.effect_id:
            office.done(decision)
    return decision


def test_a_folder_moved_away_may_be_made_again_by_the_same_attempt(office):
    for number in range(2):
        (office / "work").mkdir()
        assert office.publish("work/a.txt").verdict.value == "allow"
        carry(office, office / "work", office / f"final-{number}")
    assert office.states()[0] == ("a.txt", "gone")


def test_a_folder_moved_before_is_not_moved_again_and_what_was_remade_goes(office):
    (office / "work").mkdir()
    office.publish("work/a.txt")
    office.append("work/log.jsonl", "1\n")
    carry(office, office / "work", office / "final")
    office.again()
    (office / "work").mkdir()
    assert office.publish("work/a.txt").verdict.value == "allow"
    assert office.append("work/log.jsonl", "1\n").verdict.value == "skip"
    (office / "work/theirs.txt").write_text("nobody guards who wrote this")
    decision = carry(office, office / "work", office / "final")
    assert decision.verdict.value == "skip"
    assert sorted(decision.data["made"]) == [
        str(office / "work/a.txt"), str(office / "work/log.jsonl")
    ]  # fmt: skip
    assert carry(office, office / "work", office / "other").verdict.value == "allow"


def test_what_an_earlier_attempt_made_in_a_moved_folder_later_stays(office):
    (office / "work").mkdir()
    office.publish("work/a.txt", "one")
    carry(office, office / "work", office / "final")
    (office / "work").mkdir()
    office.publish("work/a.txt", "two")
    office.again()
    assert office.open("work/a.txt").verdict.value == "skip"
    decision = carry(office, office / "work", office / "final")
    assert (decision.verdict.value, decision.data["made"]) == ("skip", [])
    assert office.open("work/a.txt").verdict.value == "skip"
    assert (office / "work/a.txt").read_text() == "two"


def test_a_folder_from_a_random_name_is_known_by_where_it_went(office):
    for name in ("tmp-1", "tmp-2"):
        (office / name).mkdir()
        office.publish(f"{name}/a.txt")
        decision = carry(office, office / name, office / "final")
        assert decision.verdict.value == ("allow" if name == "tmp-1" else "skip")
        office.again()


def test_what_lies_ahead_of_a_restart_is_not_deleted_to_make_room_for_it(office):
    office.publish("a.txt")
    office.append("log.jsonl", "1\n")
    office.again()
    for name in ("a.txt", "log.jsonl"):
        assert office.remove(name).verdict.value == "skip"
    assert office.open("a.txt").verdict.value == "skip"
    assert office.append("log.jsonl", "1\n").verdict.value == "skip"
    # it has come by them now: what it deletes is gone
    for name in ("a.txt", "log.jsonl"):
        assert office.remove(name).verdict.value == "allow"
    assert "effect.skipped" in dict(office.events())


@pytest.mark.parametrize(
    ("options", "more"), [({"observe": True}, {}), ({}, {"within": True})]
)
def test_it_is_deleted_by_who_only_observes_and_with_its_folder(office, options, more):
    office.publish("a.txt")
    office.again(**options)
    decision = office.ask("file.remove", path=str(office / "a.txt"), **more)
    assert decision.verdict.value == "allow"


@pytest.mark.parametrize("last", [False, True])
def test_folders_that_are_passed_on_go_the_same_way_after_a_restart(office, last):
    def walk(*, last):
        done = []
        for number in range(2):
            if number:
                done.append(carry(office, office / "current", office / "old"))
            (office / "work").mkdir(exist_ok=True)
            office.publish("work/a.txt", f"{number}")
            if number == 0 or last:
                done.append(carry(office, office / "work", office / "current"))
                made = done[-1].data.get("made", ())
                take_folder_away(str(office / "work"), [*made], scratch=False)
        return [decision.verdict.value for decision in done]

    walk(last=last)
    office.again()
    assert walk(last=True) == ["skip", "skip", "skip" if last else "allow"]
    assert (office / "current/a.txt").read_text() == "1"
    assert (office / "old/a.txt").read_text() == "0"
    assert not (office / "work").exists()


def test_a_moved_folder_that_somebody_took_away_is_moved_again(office):
    for _ in range(2):
        (office / "work").mkdir()
        decision = carry(office, office / "work", office / "final")
        assert decision.verdict.value == "allow"
        (office / "final").rmdir()
        office.again()
    assert len(office.rows()) == 1
