import pytest

from soulguard.model import Event, EventType

VIOLATIONS = {
    EventType.DUPLICATE,
    EventType.DENIED,
    EventType.UNGUARDED,
    EventType.HELD,
    EventType.OUTPUT_REMOVED,
}


@pytest.mark.parametrize("kind", EventType)
def test_an_event_is_a_violation_by_its_type(kind):
    assert Event("run", 1, 0.0, kind).violation is (kind in VIOLATIONS)
