import pytest

from soulguard.audit.findings import Status
from tests.audit.sources import audited

ASIDE = [
    "import os\ndef f(p):\n t = p + '.tmp'\n with open(t, 'w') as h:\n  h.write('x')\n os.replace(t, p)\n",
    "from pathlib import Path\ndef f(p: Path):\n t = p.with_suffix('.tmp')\n t.write_text('x')\n t.replace(p)\n",
    "import os, tempfile\ndef f(p):\n fd, t = tempfile.mkstemp()\n with os.fdopen(fd, 'w') as h:\n  h.write('x')\n os.rename(t, p)\n",
    "import shutil, tempfile\ndef f(p):\n with tempfile.NamedTemporaryFile(delete=False) as h:\n  h.write(b'x')\n shutil.move(h.name, p)\n",
]


@pytest.mark.parametrize("text", ASIDE)
def test_what_is_written_aside_and_renamed_is_safe(text, tmp_path):
    found = audited(tmp_path, text).findings
    assert {f.status for f in found} == {Status.SAFE}
    assert any(f.twice.startswith("the file is replaced whole") for f in found)


def test_a_replacement_in_a_text_is_no_rename(tmp_path):
    text = "def f(p, text):\n open(p, 'w').write('x')\n text.replace(p, 'y')\n"
    (found,) = audited(tmp_path, text).findings
    assert found.status is Status.DEBT


def test_moving_what_others_wrote_fails_the_second_time(tmp_path):
    (found,) = audited(tmp_path, "import os\nos.rename('a', 'b')").findings
    assert found.twice == "the source is gone the second time, so it fails"
