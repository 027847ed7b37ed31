import os
import subprocess
import sys
from pathlib import Path

INJECT = Path(__file__).parents[4] / "soulguard" / "drill" / "probe" / "inject"


def run(code, **env):
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False,
        env={"PATH": os.environ["PATH"], **env},
    )  # fmt: skip
    return done.returncode, done.stdout, done.stderr


def test_the_sitecustomize_it_stands_in_front_of_is_run(tmp_path):
    (tmp_path / "sitecustomize.py").write_text("print('the own one')")
    path = f"{INJECT}{os.pathsep}{tmp_path}"
    code = f"import sys; print({str(INJECT)!r} in sys.path)"
    assert run(code, PYTHONPATH=path) == (0, "the own one\nFalse\n", "")


def test_an_interpreter_whose_probe_cannot_be_loaded_does_not_start(tmp_path):
    (tmp_path / "soulguard").mkdir()
    (tmp_path / "soulguard" / "__init__.py").write_text("raise ImportError('broken')")
    status, out, err = run(
        "print('started')", PYTHONPATH=str(INJECT), SOULGUARD_DRILL="x",
        SOULGUARD_DRILL_HOME=str(tmp_path),
    )  # fmt: skip
    assert (status, out) == (97, "")
    assert "the drill's probe could not be loaded" in err
