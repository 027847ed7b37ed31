from collections.abc import Callable
from pathlib import Path

import pytest

from soulguard.soul.compilation import Compilation
from soulguard.soul.compiler import examine

Compile = Callable[[str], Compilation]


@pytest.fixture
def compile_text(tmp_path: Path) -> Compile:
    """Compile a text as the SOUL.md of a folder of its own."""

    def compile_it(text: str) -> Compilation:
        file = tmp_path / "SOUL.md"
        file.write_text(text, encoding="utf-8")
        return examine([file])

    return compile_it
