import subprocess
import sys
import textwrap
from pathlib import Path

from tests.drill.stage import SOUL, walked

ROOT = Path(__file__).parents[2]
MANY = """
    import sys
    from pathlib import Path
    from soulguard.drill import pool
    from soulguard.drill.results import Point
    from soulguard.drill.walking import Setting
    from soulguard.soul import shipped
    from soulguard.supervisor.facts import Facts

    folder = Path(sys.argv[1])
    setting = Setting(
        command=(sys.executable, "agent.py"), soul=(), pristine=folder / "pristine",
        real=Path("/nowhere"), below=".", rules=".", guarded=False,
        facts=Facts(shipped.folder()), commands=True, seconds=40)
    points = [Point("before it", f"write {n}", 1, "", n) for n in (1, 2, 3)]
    for point, walk, place in pool.many(
            setting, folder / "points", points, folder / "pristine", 2):
        print(point.number, walk.reached, walk.statuses, place.name)
        if len(sys.argv) > 2:
            break
"""
AGENT = """
for n in (1, 2, 3):
    with open(str(n), "w") as file:
        file.write("x")
"""


def many(folder, *words):
    (folder / "pristine").mkdir()
    (folder / "pristine" / "agent.py").write_text(AGENT)
    (folder / "pristine" / "SOUL.md").write_text(SOUL)
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(MANY), str(folder), *words], cwd=ROOT,
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return sorted(done.stdout.splitlines())


def test_every_point_is_walked_in_a_process_and_a_copy_of_its_own(tmp_path):
    assert many(tmp_path) == [f"{n} True (137, 0) {n}" for n in (1, 2, 3)]


def test_whoever_stops_listening_leaves_no_process_behind(tmp_path):
    assert len(many(tmp_path, "stop")) == 1
    mark = str(tmp_path).encode()
    alive = [
        p for p in Path("/proc").glob("[0-9]*/cmdline")
        if p.exists() and mark in p.read_bytes()
    ]  # fmt: skip
    assert alive == []


def test_a_walk_that_breaks_says_why(tmp_path):
    walk = walked(tmp_path, "pass", below="no/such/folder").walk
    assert walk.statuses == ()
    assert "FileNotFoundError" in walk.trouble
