"""The drill as a pytest fixture: ``soulguard_drill(["python", "agent.py"])``.

Loaded in every pytest run, so nothing else is imported before the fixture is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from soulguard.drill.results import Report


@pytest.fixture
def soulguard_drill(request: pytest.FixtureRequest) -> Callable[..., Report]:
    """Drill an agent; fails the test unless every crash point is safe.

    Takes what `soulguard.drill.assert_safe` takes. `cwd` is the test's own folder unless
    it is given.
    """
    from soulguard.drill.assertion import assert_safe

    folder = request.path.parent

    def drilled(*args: Any, **options: Any) -> Report:
        __tracebackhide__ = True
        return assert_safe(*args, **{"cwd": folder, **options})

    return drilled
