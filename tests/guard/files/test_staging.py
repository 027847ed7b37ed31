import os

from soulguard.guard.files.staging import (
    PREFIX,
    named,
    named_errno,
    staging_folder,
    temporary_name,
)
from soulguard.guard.scope import scope


def test_staging_happens_beside_a_target_that_hands_its_group_on(served):
    folder = served / "group"
    folder.mkdir()
    assert staging_folder(str(folder), "x") == scope.stage_dir
    other = served / "setgid"
    other.mkdir()
    other.chmod(0o2775)
    assert staging_folder(str(other), "x") == str(other)
    notes = [n for n in os.listdir(scope.stage_dir) if n.startswith("beside-")]
    assert len(notes) == 1


def test_temporary_names_differ_and_are_recognised(served):
    names = {temporary_name() for _ in range(100)}
    assert len(names) == 100
    assert all(name.startswith(f"{PREFIX}{scope.mark}-") for name in names)
    assert scope.mark


def test_errors_are_told_as_a_plain_open_tells_them():
    error = named(PermissionError(13, "Permission denied", "/inner"), "outer")
    assert isinstance(error, PermissionError)
    assert error.filename == "outer"
    assert isinstance(named_errno(17, "outer"), FileExistsError)
