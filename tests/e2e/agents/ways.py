"""Every way the standard library writes a file, each in a folder of its own.

`python ways.py first` walks all ways once and fails at the end, `again` walks them a
second time, `twice` walks each two times in a row. Prints what came of each as JSON.
"""

import codecs
import csv
import gzip
import io
import json
import os
import pathlib
import shutil
import sys
import tempfile
import zipfile

TEXT = "line one\nline two\n"
DATA = TEXT.encode()
WAYS = {}


def way(function):
    WAYS[function.__name__] = function
    return function


@way
def open_w(path):
    with open(path, "w") as file:
        file.write(TEXT)


@way
def open_wb(path):
    with open(path, "wb") as file:
        file.write(DATA)


@way
def open_w_plus(path):
    with open(path, "w+") as file:
        file.write("LINE one\nline two\n")
        file.seek(0)
        file.write("line")


@way
def open_unbuffered(path):
    with open(path, "wb", buffering=0) as file:
        file.write(DATA)


@way
def io_open(path):
    with io.open(path, "w", newline="\n") as file:  # noqa: UP020
        file.write(TEXT)


@way
def codecs_open(path):
    with io.TextIOWrapper(io.FileIO(path, "w"), encoding="utf-8") as file:
        codecs.getwriter("utf-8")(file.buffer).write(TEXT)


@way
def without_close(path):
    open(path, "w").write(TEXT)  # noqa: SIM115


@way
def write_text(path):
    pathlib.Path(path).write_text(TEXT)


@way
def write_bytes(path):
    pathlib.Path(path).write_bytes(DATA)


@way
def path_open(path):
    with pathlib.Path(path).open("w") as file:
        file.writelines(TEXT.splitlines(keepends=True))


@way
def bytes_path(path):
    with open(os.fsencode(path), "wb") as file:
        file.write(DATA)


@way
def os_open(path):
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    os.write(fd, DATA)
    os.close(fd)


@way
def os_open_dir_fd(path):
    folder = os.open(os.path.dirname(path), os.O_RDONLY)
    fd = os.open(
        os.path.basename(path), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, dir_fd=folder
    )
    os.write(fd, DATA)
    os.close(fd)
    os.close(folder)


@way
def os_fdopen(path):
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    with os.fdopen(fd, "w") as file:
        file.write(TEXT)


@way
def opener(path):
    with open(path, "w", opener=os.open) as file:
        file.write(TEXT)


@way
def file_io(path):
    with io.FileIO(path, "w") as file:
        file.write(DATA)


@way
def csv_writer(path):
    with open(path, "w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([["line one"], ["line two"]])


@way
def gzip_open(path):
    with gzip.GzipFile(path, "wb", mtime=0) as file:
        file.write(DATA)
    return gzip.decompress(pathlib.Path(path).read_bytes()) == DATA


@way
def zip_file(path):
    with zipfile.ZipFile(path, "w") as file:
        file.writestr(zipfile.ZipInfo("a.txt"), TEXT)
    return zipfile.ZipFile(path).read("a.txt") == DATA


@way
def open_x(path):
    with open(path, "x") as file:
        file.write(TEXT)


@way
def os_open_excl(path):
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
    os.write(fd, DATA)
    os.close(fd)


@way
def open_r_plus(path):
    with open(path, "r+") as file:
        file.write("line")
        file.truncate(18)


@way
def open_r_plus_binary(path):
    with open(path, "r+b") as file:
        file.seek(0)
        file.write(DATA)
        file.truncate()


@way
def os_truncate(path):
    os.truncate(path, 18)


@way
def replace(path):
    source = os.path.join(os.environ["OUTSIDE"], "source")
    pathlib.Path(source).write_text(TEXT)
    os.replace(source, path)


@way
def rename(path):
    source = os.path.join(os.environ["OUTSIDE"], "source")
    pathlib.Path(source).write_text(TEXT)
    os.rename(source, path)


@way
def fixed_temporary(path):
    with open(path + ".tmp", "w") as file:
        file.write(TEXT)
        file.flush()
        os.fsync(file.fileno())
    os.replace(path + ".tmp", path)


@way
def mkstemp(path):
    fd, name = tempfile.mkstemp(dir=os.path.dirname(path))
    with os.fdopen(fd, "w") as file:
        file.write(TEXT)
    try:
        os.replace(name, path)
    except OSError:
        os.unlink(name)
        raise


@way
def named_temporary_file(path):
    with tempfile.NamedTemporaryFile(
        "w", dir=os.path.dirname(path), delete=False
    ) as file:
        file.write(TEXT)
    try:
        os.replace(file.name, path)
    except OSError:
        os.unlink(file.name)
        raise


@way
def link(path):
    source = os.path.join(os.environ["OUTSIDE"], f"link-{os.environ['MODE']}")
    if not os.path.exists(source):
        pathlib.Path(source).write_text(TEXT)
    os.link(source, path)


@way
def symlink(path):
    os.symlink(os.path.join(os.environ["OUTSIDE"], "anywhere"), path)
    return True


@way
def copy(path):
    shutil.copy(os.path.join(os.environ["OUTSIDE"], "given"), path)


@way
def copy2(path):
    shutil.copy2(os.path.join(os.environ["OUTSIDE"], "given"), path)


@way
def shutil_move(path):
    source = os.path.join(os.environ["OUTSIDE"], "source")
    pathlib.Path(source).write_text(TEXT)
    shutil.move(source, path)


@way
def shutil_move_across(path):
    """Copy and delete, as `shutil.move` does between file systems."""
    source = os.path.join(os.environ["ELSEWHERE"], "source")
    pathlib.Path(source).write_text(TEXT)
    shutil.move(source, path)


@way
def append_closed(path):
    with open(path, "a") as file:
        file.write(TEXT)


@way
def append_binary(path):
    with open(path, "ab") as file:
        file.write(DATA)


@way
def append_os_open(path):
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    os.write(fd, DATA)
    os.close(fd)


@way
def append_flushed(path):
    """A long-lived handle: readers see each flush at once."""
    file = open(path, "a")  # noqa: SIM115
    seen = []
    for line in TEXT.splitlines(keepends=True):
        file.write(line)
        file.flush()
        seen.append(line in pathlib.Path(path).read_text())
    file.close()
    return all(seen)


def main():
    mode = os.environ["MODE"] = sys.argv[1]
    told = {}
    for name, act in WAYS.items():
        path = os.path.join("out", name, "file")
        tries = told[name] = []
        for _ in range(2 if mode == "twice" else 1):
            try:
                tries.append(["done", act(path)])
            except Exception as error:  # noqa: BLE001
                tries.append([type(error).__name__, isinstance(error, FileExistsError)])
    json.dump(told, sys.stdout)
    sys.exit(int(os.environ.get("END", "0")))


if __name__ == "__main__":
    main()
