import subprocess
import sys

import soulguard


def test_the_module_runs_as_the_console_script_does():
    done = subprocess.run(
        [sys.executable, "-m", "soulguard", "--version"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == f"soulguard {soulguard.__version__}\n"
