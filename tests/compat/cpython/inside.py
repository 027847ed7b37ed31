"""Run one of CPython's own test modules and note how each test ended.

    python inside.py RESULTS FOLDER MODULE

Runs in the Python under test, bare or guarded, with the standard library alone. Every
test's line in RESULTS is one of JSON: its id, its outcome, and what was said. Temporary
files are made below FOLDER, in which the tests run.
"""

import json
import os
import sys
import tempfile
import unittest


class Notes(unittest.TestResult):
    """Appends one line per test; a test that ends twice ended by its worse outcome."""

    def __init__(self, path):
        super().__init__()
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)

    def _note(self, test, outcome, said=""):
        line = json.dumps([test.id(), outcome, said[:300]]) + "\n"
        os.write(self._file, line.encode("utf-8", "backslashreplace"))

    def startTest(self, test):
        super().startTest(test)
        self._note(test, "begun")

    def addSuccess(self, test):
        self._note(test, "ok")

    def addSkip(self, test, reason):
        self._note(test, "skipped", reason)

    def addFailure(self, test, err):
        self._note(test, "failed", f"{err[0].__name__}: {err[1]}")

    addError = addFailure

    def addExpectedFailure(self, test, err):
        self._note(test, "ok")

    def addUnexpectedSuccess(self, test):
        self._note(test, "failed", "it succeeds unexpectedly")

    def addSubTest(self, test, subtest, err):
        if err is not None:
            self._note(test, "failed", f"{subtest.id()}: {err[0].__name__}: {err[1]}")


def main(results, folder, module):
    tempfile.tempdir = os.environ["TMPDIR"] = os.path.join(folder, "t")
    os.chdir(os.path.join(folder, "w"))
    from test import support

    support.verbose = False
    support.use_resources = []  # no large files, no network, nothing that takes long
    loader = unittest.TestLoader()
    suite = loader.loadTestsFromName(f"test.{module}")
    for error in loader.errors:
        sys.exit(error)
    suite.run(Notes(results))


if __name__ == "__main__":
    main(*sys.argv[1:])
