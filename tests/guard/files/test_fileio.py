import _io
import contextlib
import io
import os

import pytest

from soulguard.errors import DuplicateWriteError
from soulguard.guard import files
from soulguard.guard.files.fileio import FileIO


def test_a_raw_file_is_published_when_it_is_closed(served):
    with FileIO(served / "a.bin", "w") as file:
        file.write(b"whole")
        assert not (served / "a.bin").exists()
    assert (served / "a.bin").read_bytes() == b"whole"
    with pytest.raises(DuplicateWriteError):
        FileIO(served / "a.bin", "w")


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # the file is dropped
def test_a_raw_file_without_a_name_is_written_and_published(served):
    assert FileIO(served / "a.bin", "w").write(b"whole") == 5
    assert (served / "a.bin").read_bytes() == b"whole"


def test_the_agent_reads_its_own_unfinished_file(served):
    (served / "a.bin").write_bytes(b"old")
    with FileIO(served / "a.bin", "w") as file:
        file.write(b"new")
        with FileIO(served / "a.bin") as own:
            assert (own.read(), own.name) == (b"new", served / "a.bin")


def test_it_stands_in_the_private_module_as_well_and_calls_itself_so(served):
    places = [module for module, name, _ in files.TABLE if name == "FileIO"]
    assert places == ["io", "_io"]
    with FileIO(served / "a.bin", "w") as file:
        assert repr(file).startswith("<_io.FileIO name=")


def test_it_stands_under_a_buffer(served):
    with io.BufferedWriter(FileIO(served / "a.bin", "x")) as file:
        file.write(b"whole")
    assert (served / "a.bin").read_bytes() == b"whole"


def test_real_raw_files_are_instances_of_it(tmp_path):
    (tmp_path / "a").write_text("x")
    with _io.FileIO(tmp_path / "a") as real:
        assert isinstance(real, FileIO)
    assert issubclass(_io.FileIO, FileIO)
    assert not isinstance(io.BytesIO(), FileIO)

    class Mine(FileIO):
        pass

    assert not issubclass(_io.FileIO, Mine)


def test_reading_descriptors_and_openers_pass(served):
    (served / "a.bin").write_bytes(b"x")
    with FileIO(served / "a.bin") as file:
        assert file.read() == b"x"
    fd = os.open(served / "b.bin", os.O_WRONLY | os.O_CREAT)
    with FileIO(fd, "w") as file:
        file.write(b"through")
    assert (served / "b.bin").read_bytes() == b"through"
    assert served.done() == []


def test_an_exception_inside_its_block_publishes_nothing(served):
    with contextlib.suppress(KeyError), FileIO(served / "a.bin", "w") as file:
        file.write(b"half")
        raise KeyError
    assert not (served / "a.bin").exists()
