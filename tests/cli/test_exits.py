import re
from pathlib import Path

from soulguard import errors
from soulguard.cli.exits import Exit

PAGE = Path(__file__).parents[2] / "docs" / "exit-codes.md"


def test_the_page_documents_exactly_the_codes_there_are():
    rows = re.findall(r"^\| (\d+) \| (\w+) \|", PAGE.read_text(), re.MULTILINE)
    assert {int(code): name for code, name in rows} == {e.value: e.name for e in Exit}


def test_every_error_ends_with_a_documented_code():
    codes = {
        cls.exit_code
        for cls in vars(errors).values()
        if isinstance(cls, type) and issubclass(cls, errors.SoulguardError)
    }
    assert codes <= {e.value for e in Exit}
