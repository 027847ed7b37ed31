"""A guarded file is left, and looks while it is written, as a plain open would have it.

Most stories run the same agent bare and guarded and compare.
"""

import os

import pytest


def both(workshop, text, prepare=lambda folder: None):
    """Run an agent bare in one folder, guarded in another; give both outputs."""
    told = []
    for name in ("bare", "guarded"):
        folder = workshop / name
        folder.mkdir()
        prepare(folder)
        workshop.agent(f"os.chdir({name!r})\n" + text)
        run = workshop.bare if name == "bare" else workshop.run
        told.append(run().ok().out)
    return told


def looks(path):
    seen = path.lstat()
    xattrs = {
        n: os.getxattr(path, n) for n in os.listxattr(path, follow_symlinks=False)
    }
    return (
        oct(seen.st_mode), seen.st_uid, seen.st_gid, seen.st_nlink, seen.st_size, xattrs
    )  # fmt: skip


def same(workshop):
    found = [
        {p.name: looks(p) for p in sorted((workshop / name).iterdir())}
        for name in ("bare", "guarded")
    ]
    assert found[0] == found[1]
    return found[0]


def test_modes_umask_and_chmod(workshop):
    def prepare(folder):
        (folder / "old.txt").write_text("old")
        (folder / "old.txt").chmod(0o751)

    both(workshop, """
os.umask(0o027)
open("new.txt", "w").write("x")
open("old.txt", "w").write("x")
os.close(os.open("private.txt", os.O_CREAT | os.O_WRONLY, 0o600))
os.close(os.open("default.txt", os.O_CREAT | os.O_WRONLY))
with open("by_path.txt", "w") as file:
    os.chmod("by_path.txt", 0o604)
with open("by_fd.txt", "w") as file:
    os.fchmod(file.fileno(), 0o640)
pathlib.Path("touched.txt").touch(0o664)
""", prepare)  # fmt: skip
    assert same(workshop)["new.txt"][0] == "0o100640"


def test_owner_and_extended_attributes_stay(workshop):
    def prepare(folder):
        path = folder / "old.txt"
        path.write_text("old")
        os.setxattr(path, "user.note", b"kept")
        if os.geteuid() == 0:
            os.chown(path, 4242, 4343)

    both(workshop, """
for mode in ("w",):
    with open("old.txt", mode) as file:
        file.write("new")
""", prepare)  # fmt: skip
    assert same(workshop)["old.txt"][-1] == {"user.note": b"kept"}


def test_hard_links_stay_together(workshop):
    def prepare(folder):
        (folder / "one.txt").write_text("old and long")
        os.link(folder / "one.txt", folder / "two.txt")

    both(workshop, "open('one.txt', 'w').write('new')", prepare)
    assert same(workshop)["two.txt"][3] == 2
    assert (workshop / "guarded/two.txt").read_text() == "new"


def test_a_symbolic_link_stays_and_its_target_is_written(workshop):
    def prepare(folder):
        (folder / "target.txt").write_text("old")
        (folder / "link.txt").symlink_to("target.txt")
        (folder / "dangling.txt").symlink_to("made.txt")
        (folder / "below").mkdir()
        (folder / "folder").symlink_to("below")

    both(workshop, """
open("link.txt", "w").write("new")
open("dangling.txt", "w").write("made")
open("folder/a.txt", "w").write("below")
""", prepare)  # fmt: skip
    same(workshop)
    assert os.readlink(workshop / "guarded/link.txt") == "target.txt"
    assert (workshop / "guarded/made.txt").read_text() == "made"
    assert (workshop / "guarded/below/a.txt").read_text() == "below"
    assert workshop.touched("effect.done") == [
        f"guarded/{name}" for name in ("target.txt", "made.txt", "below/a.txt")
    ]


def test_a_link_and_its_target_are_one_output(workshop):
    (workshop / "link.txt").symlink_to("a.txt")
    result = workshop.tell("""
        open("a.txt", "w").write("one")
        for name in ("link.txt", "./a.txt", "../shop/a.txt", os.path.abspath("a.txt")):
            try:
                open(name, "w")
            except FileExistsError:
                print(name.count("a.txt"))
    """).ok()
    assert result.out == "0\n1\n1\n1\n"


def test_a_folder_with_setgid_and_default_acl_hands_them_on(workshop):
    def prepare(folder):
        if os.geteuid() == 0:
            os.chown(folder, -1, 4343)
        folder.chmod(0o2775)

    both(workshop, "open('a.txt', 'w').write('x')", prepare)
    same(workshop)
    assert workshop.leftovers() == []


def test_pipes_devices_and_folders_are_no_outputs(workshop):
    os.mkfifo(workshop / "pipe")
    result = workshop.tell("""
        import threading
        got = []
        reader = threading.Thread(target=lambda: got.append(open("pipe").read()))
        reader.start()
        with open("pipe", "w") as file:
            file.write("through")
        reader.join()
        open("/dev/null", "w").write("x")
        os.mkdir("folder")
        os.rmdir("folder")
        print(got)
    """).ok()
    assert result.out == "['through']\n"
    assert workshop.effects() == []


def test_the_file_object_is_the_real_one(workshop):
    bare, guarded = both(workshop, """
import io
with open("a.txt", "w+", encoding="utf-16", newline="\\r\\n") as file:
    print(type(file), type(file.buffer), type(file.buffer.raw), file.name, file.mode)
    print(repr(file), file.encoding, file.newlines, file.line_buffering)
    print(isinstance(file.buffer.raw, io.FileIO), file.isatty(), file.seekable())
    print(file.write("one\\ntwo\\n"), file.tell())
    file.seek(0)
    print(list(file))
    print(file.closed)
print(file.closed)
with open("b.bin", "wb", 0) as file:
    print(type(file) is io.FileIO, isinstance(file, io.RawIOBase))
    print(file.name, file.mode, file.write(b"abc"), file.tell())
with open("m.bin", "w+b") as file:
    import mmap
    file.write(b"abc")
    file.flush()
    with mmap.mmap(file.fileno(), 0) as view:
        view[0:1] = b"X"
print(open("e.bin", "wb", 0).write(b"dropped"), io.FileIO("f.bin", "w").write(b"too"))
print(open("e.bin", "ab", 0).write(b" later"), open("g.txt", "a").write("text"))
print(open("e.bin", "rb").read(), open("f.bin").read(), open("g.txt").read())
with io.FileIO("c.bin", "x") as file:
    print(file.mode, file.name, repr(file)[:40], file.writable(), file.readable())
for bad in ("", "rw", "wz", "wbt"):
    try:
        open("d.txt", bad)
    except ValueError as error:
        print(error)
try:
    open("d.txt", "wb", encoding="utf-8")
except ValueError as error:
    print(error)
print(os.path.exists("d.txt"))
with open("d.txt", "wb") as file:
    file.truncate(10)
    print(os.pwrite(file.fileno(), b"abc", 2))
    print(os.fstat(file.fileno()).st_size)
print(pathlib.Path("d.txt").read_bytes())
""")  # fmt: skip
    assert guarded == bare
    same(workshop)
    assert (workshop / "guarded/m.bin").read_bytes() == b"Xbc"


def test_the_agent_sees_its_own_file_before_it_is_closed(workshop):
    bare, guarded = both(workshop, """
import glob
with open("a.txt", "w") as file:
    file.write("x" * 10)
    file.flush()
    print(open("a.txt").read(), os.path.getsize("a.txt"), os.path.exists("a.txt"))
    print(os.access("a.txt", os.R_OK), os.path.isfile("a.txt"), oct(os.stat("a.txt").st_mode))
    print(pathlib.Path("a.txt").read_bytes(), pathlib.Path("a.txt").exists())
    print(os.path.samestat(os.stat("a.txt"), os.fstat(file.fileno())))
    print(sorted(os.listdir(".")), os.lstat("a.txt").st_size)
    fd = os.open("a.txt", os.O_RDONLY)
    print(os.read(fd, 3))
    os.close(fd)
    os.utime("a.txt", (5, 5))
    print(os.stat("a.txt").st_mtime)
with open("b.txt", "w") as file:
    file.write("scanned")
    file.flush()
    print(sorted(glob.glob("*.txt")), [e.name for e in os.scandir(".") if e.is_file()])
    print(sorted(p.name for p in pathlib.Path(".").iterdir()))
    file.write(" and on")
print(open("b.txt").read())
""")  # fmt: skip
    assert sorted(guarded) == sorted(bare)
    assert (workshop / "guarded/b.txt").read_text() == "scanned and on"


def test_nobody_else_sees_a_file_before_it_is_whole(workshop):
    workshop.write("old.txt", "old")
    result = workshop.tell("""
        import subprocess
        def others():
            return subprocess.run(["sh", "-c", "cat old.txt; ls *.txt | tr '\\\\n' ' '"],
                                  capture_output=True, text=True).stdout
        with open("old.txt", "w") as a, open("new.txt", "w") as b:
            a.write("new"); b.write("new"); a.flush(); b.flush()
            print(others())
        print(others())
    """).ok()
    assert result.out == "oldold.txt \nnewnew.txt old.txt \n"


def test_a_rename_of_a_file_still_being_written(workshop):
    bare, guarded = both(
        workshop,
        """
with open("a.txt", "w") as file:
    file.write("one ")
    os.rename("a.txt", "b.txt")
    file.write("two")
print(sorted(os.listdir(".")), open("b.txt").read())
""",
    )
    assert guarded == bare


def test_an_unlink_of_a_file_still_being_written(workshop):
    bare, guarded = both(
        workshop,
        """
with open("a.txt", "w") as file:
    file.write("one ")
    os.unlink("a.txt")
    file.write("two")
print(os.listdir("."))
""",
    )
    assert guarded == bare


def test_opening_a_file_a_second_time_while_it_is_written(workshop):
    bare, guarded = both(
        workshop,
        """
one = open("a.txt", "w")
one.write("one\\n")
one.flush()
with open("a.txt", "a") as two:
    two.write("two\\n")
with open("a.txt", "r+") as three:
    print(three.read())
one.close()
print(open("a.txt").read())
""",
    )
    assert guarded == bare


@pytest.mark.parametrize("count", [1, 300])
def test_many_files_open_at_once(workshop, count):
    workshop.tell(f"""
        files = [open(f"f{{n}}.txt", "w") for n in range({count})]
        for n, file in enumerate(files):
            file.write(str(n))
        for file in files:
            file.close()
    """, "--durability", "crash").ok()  # fmt: skip
    expected = {f"f{n}.txt": str(n).encode() for n in range(count)}
    assert workshop.tree() == expected
