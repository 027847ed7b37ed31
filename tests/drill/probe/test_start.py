import json
import subprocess
import sys
from pathlib import Path

from tests.test_imports import STANDARD

ROOT = Path(__file__).parents[3]


def test_the_probe_loads_the_standard_library_and_the_guard_alone():
    code = (
        "import json, sys\n"
        f"sys.path.insert(0, {str(ROOT)!r})\n"
        "before = set(sys.modules)\n"
        "import soulguard.drill.probe.start\n"
        "print(json.dumps(sorted(set(sys.modules) - before)))"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    foreign = {
        name
        for name in json.loads(done.stdout)
        if name.partition(".")[0] not in STANDARD
        and not name.startswith(("soulguard.guard", "soulguard.drill.probe"))
    }
    assert foreign <= {"soulguard", "soulguard.errors", "soulguard.drill"}


def test_the_end_of_a_process_is_a_boundary_of_its_own(guarded_walk):
    assert guarded_walk.walk.points[-1].effect == "the end of agent.py"
