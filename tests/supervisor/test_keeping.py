"""Never overwrite existing files: what the run did not make stays as it is."""

import pytest

SOUL = "# A\n\nNever overwrite existing files - create new versions.\n"


@pytest.fixture
def keeping(office):
    """An office where existing files are kept, with one that was there before."""
    office.soul.write_text(SOUL)
    (office / "a.txt").write_text("theirs")
    return office.again()


def refused(decision):
    assert decision.verdict.value == "deny"
    assert decision.data["error"] == "duplicate-write"
    assert decision.source == "SOUL.md:3"
    return decision


@pytest.mark.parametrize("kind", ["w", "r+"])
def test_what_was_there_is_not_opened_for_overwriting(keeping, kind):
    said = refused(keeping.open("a.txt", kind)).message
    assert "refused to overwrite a.txt: a.txt exists, last changed 20" in said
    assert 'SOUL.md:3 says: "Never overwrite existing files' in said
    assert "write a new path such as a-2.txt, or append to it" in said
    assert keeping.events("violation.duplicate") == [("violation.duplicate", "a.txt")]


def test_what_appeared_while_it_was_written_is_not_replaced(keeping):
    assert keeping.open("b.txt").verdict.value == "allow"
    (keeping / "b.txt").write_text("theirs")
    refused(keeping.publish("b.txt"))
    assert (keeping / "b.txt").read_text() == "theirs"


def test_nothing_is_renamed_onto_it(keeping):
    keeping.publish("new.txt")
    refused(keeping.move("new.txt", "a.txt"))
    assert (keeping / "a.txt").read_text() == "theirs"
    assert keeping.move("a.txt", "kept.txt").verdict.value == "allow"


def test_it_may_be_appended_to(keeping):
    assert keeping.open("a.txt", "a").verdict.value == "allow"
    assert keeping.append("a.txt", "more").verdict.value == "allow"
    keeping.again()
    refused(keeping.open("a.txt"))


def test_exclusive_creation_is_left_to_the_system(keeping):
    assert keeping.open("a.txt", "x").verdict.value == "allow"
    assert keeping.events("violation.duplicate") == []


def test_outputs_of_the_run_keep_their_table(keeping):
    keeping.publish("out.txt")
    assert keeping.open("out.txt").verdict.value == "deny"
    keeping.again()
    assert keeping.open("out.txt").verdict.value == "skip"
    keeping.append("log.jsonl", "line\n")
    keeping.again()
    assert keeping.open("log.jsonl").verdict.value == "allow"
    keeping.publish("half.txt", unsure=True)
    assert keeping.open("half.txt").verdict.value == "allow"


def test_an_output_in_a_folder_that_the_run_moved_is_still_its_own(keeping):
    (keeping / "build").mkdir()
    (keeping / "build/old.txt").write_text("theirs")
    keeping.append("build/new.txt", "ours")
    source, path = str(keeping / "build"), str(keeping / "out")
    decision = keeping.ask(
        "file.move", source=source, path=path, how="rename", folder=True, digest="",
        size=-1,
    )  # fmt: skip
    (keeping / "build").rename(keeping / "out")
    keeping.done(decision)
    assert keeping.open("out/new.txt").verdict.value == "allow"
    refused(keeping.open("out/old.txt"))


def test_what_somebody_else_put_where_the_run_deleted_its_own_is_kept(keeping):
    keeping.publish("out.txt")
    keeping.remove("out.txt")
    (keeping / "out.txt").write_text("theirs")
    refused(keeping.open("out.txt"))


def test_in_observe_mode_it_passes_and_is_recorded_once(office):
    office.soul.write_text(SOUL)
    (office / "a.txt").write_text("theirs")
    office.again(observe=True)
    assert office.open("a.txt").verdict.value == "allow"
    assert office.publish("a.txt").verdict.value == "allow"
    [event] = office.ledger.events("run-1", types=("violation.duplicate",))
    assert event.data["observed"] is True


def test_other_once_rules_leave_existing_files_to_the_run(office):
    (office / "a.txt").write_text("theirs")
    assert office.open("a.txt").verdict.value == "allow"
    assert office.publish("a.txt").verdict.value == "allow"
