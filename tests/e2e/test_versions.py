"""The tool in one environment guards an agent in another, on every Python found here."""

import glob
import os
import shutil
import subprocess

import pytest

VERSIONS = ("3.10", "3.11", "3.12", "3.13", "3.14")
AGENT = """
    import io, multiprocessing, shutil, subprocess, tempfile, threading
    def work(name):
        with open(name, "w") as file:
            file.write(name)
    def main():
        print("%d.%d" % sys.version_info[:2])
        work("plain.txt")
        pathlib.Path("path.txt").write_text("path")
        io.FileIO("raw.txt", "w").write(b"raw")
        fd = os.open("fd.txt", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.write(fd, b"fd")
        os.close(fd)
        with tempfile.NamedTemporaryFile("w", dir=".", delete=False) as file:
            file.write("moved")
        os.replace(file.name, "moved.txt")
        shutil.copy("plain.txt", "copied.txt")
        for n in range(3):
            with open("journal.jsonl", "a") as file:
                if file.tell() == 0:
                    file.write("header\\n")
                file.write(f"{n}\\n")
        try:
            with open("half.txt", "w") as file:
                file.write("half")
                raise KeyError
        except KeyError:
            pass
        thread = threading.Thread(target=work, args=("thread.txt",))
        thread.start(); thread.join()
        child = multiprocessing.get_context("spawn").Process(target=work, args=("child.txt",))
        child.start(); child.join()
        subprocess.run([sys.executable, "-c", "open('sub.txt', 'w').write('sub')"], env={})
        try:
            open("plain.txt", "w")
        except FileExistsError as error:
            print(type(error).__name__)
        import soulguard
        print(soulguard.attempt())
        if soulguard.attempt() == 1:
            os.kill(os.getpid(), 9)
        file = open("open.txt", "w")
        file.write("open")
        sys.stdout.flush()
        globals()["kept"] = file
    if __name__ == "__main__":
        main()
"""


def interpreter(version):
    """Give a Python of a version: on the PATH, or among those of pyenv."""
    found = shutil.which(f"python{version}")
    pattern = os.path.expanduser(f"~/.pyenv/versions/{version}.*/bin/python")
    for path in [*sorted(glob.glob(pattern)), *([found] if found else [])]:
        done = subprocess.run(
            [path, "-c", "import sys, venv; print('%d.%d' % sys.version_info[:2])"],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.stdout.strip() == version:
            return path
    return None


@pytest.mark.parametrize("version", VERSIONS)
def test_an_agent_in_its_own_environment_is_guarded(workshop, version):
    base = interpreter(version)
    if base is None:
        pytest.skip(f"no Python {version} on this machine")
    venv = workshop.folder.parent / "venv"
    subprocess.run([base, "-m", "venv", "--without-pip", str(venv)], check=True)
    python = venv / "bin/python"
    probe = subprocess.run(
        [python, "-c", "import soulguard"], capture_output=True, check=False, cwd="/",
        env={"PATH": os.environ["PATH"]},
    )  # fmt: skip
    assert probe.returncode != 0, "the point is that it is not installed there"
    workshop.agent(AGENT)
    first = workshop.run(argv=(str(python), "agent.py"))
    assert first.status == 137, first.err
    second = workshop.run(argv=(str(python), "agent.py")).ok()
    assert second.out.split() == [version, "FileExistsError", "2"] or (
        second.out.split() == [version, "DuplicateWriteError", "2"]
    )
    names = {
        "plain",
        "path",
        "raw",
        "fd",
        "moved",
        "copied",
        "thread",
        "child",
        "sub",
        "open",
    }
    tree = workshop.tree()
    assert tree.pop("journal.jsonl") == b"header\n0\n1\n2\n"
    assert tree.keys() == {f"{name}.txt" for name in names}
    assert tree["copied.txt"] == b"plain.txt"
    assert workshop.leftovers() == []
    assert workshop.touched("process.unguarded") == []
    assert workshop.touched("violation.unguarded") == []
    done = workshop.touched("effect.done")
    assert done.count("journal.jsonl") == 3
    assert done.count("plain.txt") == 1
