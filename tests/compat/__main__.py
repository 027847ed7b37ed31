"""`python -m tests.compat [--python PATH]... [MODULE...]`: CPython's own tests, compared.

Every module of CPython's test suite that deals in files, processes and logs is run bare
and guarded; what differs and stands not in `cpython/differences.yaml` is printed, and
the exit status is 1. The suite itself runs the short modules (`test_cpython.py`).
"""

import argparse
import sys

from tests.compat.cpython import comparing

MODULES = (
    "test_file", "test_fileio", "test_tempfile", "test_fileinput", "test_csv", "test_io",
    "test_pathlib", "test_os", "test_shutil", "test_zipfile", "test_gzip",
    "test_logging", "test_builtin", "test_subprocess", "test_bz2", "test_lzma",
    "test_tarfile", "test_mailbox", "test_shelve",
)  # fmt: skip

_SHOWN = 40


def main():
    """Compare the modules on the Pythons and print a line for each."""
    asked = argparse.ArgumentParser(prog="python -m tests.compat")
    asked.add_argument("--python", action="append", help="an interpreter, repeatable")
    asked.add_argument("modules", nargs="*", default=MODULES, metavar="MODULE")
    asked = asked.parse_args()
    print("python  module           tests     ok  skipped  differ")
    wrong = []
    for python in asked.python or [sys.executable]:
        for module in asked.modules:
            if why := comparing.missing(python, module):
                print(f"        {module}: {why}")
                continue
            found = comparing.compare(python, module)
            total, ok, skipped, differ = found.counts()
            print(
                f"{found.version:<7} {module:<15} {total:>6} {ok:>6} {skipped:>8}"
                f" {differ:>7}", flush=True,
            )  # fmt: skip
            wrong += comparing.verdict(found)
    for line in wrong[:_SHOWN]:
        print(line[:300])
    if len(wrong) > _SHOWN:
        print(f"and {len(wrong) - _SHOWN} more")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
