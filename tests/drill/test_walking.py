from soulguard.drill.probe.steps import BEFORE, EXIT, HALF
from soulguard.drill.results import Point
from tests.drill.stage import walked

WRITES = """
with open("journal.jsonl", "a") as file:
    file.write("one line\\n")
with open("report.md", "w") as file:
    file.write("a report\\n" * 10)
"""


def test_without_a_stop_it_is_one_attempt_and_gives_the_points(tmp_path):
    walk = walked(tmp_path, WRITES).walk
    assert walk.statuses == (0,)
    assert not walk.reached
    assert [p.number for p in walk.points] == list(range(1, len(walk.points) + 1))


def test_a_guarded_agent_dies_where_it_was_told_and_completes(tmp_path):
    end = Point(EXIT, "the end of agent.py", 1)
    whole = walked(tmp_path / "a", WRITES)
    done = walked(tmp_path / "b", WRITES, stop=end, reference=whole.workspace)
    assert done.walk.statuses == (137, 0)
    assert done.walk.reached
    assert done.walk.differs == ()
    assert done.walk.performed["write report.md"] == 1


def test_an_agent_without_a_guard_does_everything_again(tmp_path):
    end = Point(EXIT, "the end of agent.py", 1)
    whole = walked(tmp_path / "a", WRITES, guarded=False)
    done = walked(
        tmp_path / "b", WRITES, guarded=False, stop=end, reference=whole.workspace
    )
    assert done.walk.statuses == (137, 0)
    assert [(d.path, d.kind) for d in done.walk.differs] == [("journal.jsonl", "twice")]
    assert done.walk.performed["write report.md"] == 2


def test_a_file_that_was_half_when_the_agent_died_is_named(tmp_path):
    half = Point(HALF, "write report.md", 1)
    assert walked(tmp_path, WRITES, guarded=False, stop=half).walk.torn == "report.md"


def test_an_agent_that_hangs_is_stopped(tmp_path):
    agent = "import time\ntime.sleep(600)"
    walk = walked(tmp_path, agent, guarded=False, seconds=0.5).walk
    assert walk.hung
    assert walk.statuses == (137,)


def test_a_point_that_does_not_come_is_not_reached(tmp_path):
    walk = walked(tmp_path, WRITES, stop=Point(BEFORE, "write nothing", 1)).walk
    assert not walk.reached
    assert walk.statuses == (0,)


def test_what_is_imported_by_its_full_path_is_the_copy(tmp_path):
    library = tmp_path / "shop" / "lib"
    files = {"lib/mine.py": "print(__file__)", "agent.py": "import mine"}
    walk = walked(tmp_path, "", guarded=False, files=files, path=str(library))
    assert walk.said == f"{walk.workspace}/lib/mine.py\n"
