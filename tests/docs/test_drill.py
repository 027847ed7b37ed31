import re
from pathlib import Path

import pytest

from soulguard.cli.drill import command
from soulguard.drill.probe import steps
from soulguard.drill.results import Category

PAGE = (Path(__file__).parents[2] / "docs" / "drill.md").read_text()


def first_cells(heading):
    section = PAGE.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (.+?) \|", section, re.MULTILINE)
    return [row.strip("`") for row in rows]


def test_every_option_is_in_the_table_and_no_other():
    options = {
        name for p in command.params for name in p.opts if name.startswith("--")
    }  # fmt: skip
    assert set(first_cells("Options")[1:]) == options


def test_every_moment_is_explained():
    moments = {
        steps.BEFORE, steps.INTENT, steps.HALF, steps.MADE, steps.RECORDED,
        steps.ACTED, steps.PARTLY, steps.EXIT,
    }  # fmt: skip
    assert set(first_cells("The boundaries")[1:]) == moments


@pytest.mark.parametrize("category", Category)
def test_every_category_is_explained(category):
    assert category.value in first_cells("What a point comes to")
