import pytest

from soulguard.audit.findings import Status
from soulguard.audit.priors import guard
from tests.audit.sources import only, seen

HEAD = "import os, sys\nfrom pathlib import Path\nfrom requests import post\n\ndef f(path, done):\n"
GUARDED = [
    "    if not path.exists():\n        path.write_text('x')\n",
    "    if path.exists():\n        return\n    path.write_text('x')\n",
    "    if os.path.exists(path):\n        sys.exit(0)\n    Path(path).write_text('x')\n",
    "    if os.path.isfile('a') and done:\n        pass\n    else:\n        if not os.path.exists('a'):\n            open('a', 'w')\n",
    "    if done or os.path.exists('a'):\n        return\n    open('a', 'w')\n",
    "    if path.exists():\n        pass\n    else:\n        path.write_text('x')\n",
    "    open('a', 'w') if not os.path.exists('a') else None\n",
]
BARE = [
    "    if path.exists():\n        path.write_text('x')\n",
    "    if not path.exists():\n        return\n    path.write_text('x')\n",
    "    if not path.exists():\n        pass\n    path.write_text('x')\n",
    "    if not done.exists():\n        path.write_text('x')\n",
    "    if not path.exists() or done:\n        path.write_text('x')\n",
]


@pytest.mark.parametrize("body", GUARDED)
def test_a_check_that_the_file_is_not_there_is_a_guard(body, tmp_path):
    found = only(tmp_path, HEAD + body)
    assert found.status is Status.SAFE
    assert found.prior.startswith("the check `")


@pytest.mark.parametrize("body", BARE)
def test_a_check_that_says_something_else_is_none(body, tmp_path):
    found = only(tmp_path, HEAD + body)
    assert (found.status, found.prior) == (Status.DEBT, "nothing")


def test_a_marker_file_is_told_and_is_not_enough(tmp_path):
    found = only(
        tmp_path,
        HEAD + "    if not done.exists():\n        post('https://a.example')\n",
    )
    assert found.status is Status.DEBT
    assert "`done.exists()` (line 6), but a crash before" in found.prior


def test_a_check_before_a_deletion_guards_nothing(tmp_path):
    (found,), evaluator = seen(
        tmp_path, "import os\ndef f(a):\n if os.path.isdir(a): return\n os.remove(a)"
    )
    assert guard(found, evaluator) is None
