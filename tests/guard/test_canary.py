from soulguard.supervisor import selftest

CANARY = f"""
from soulguard.guard import canary
print(canary.run({selftest.CANARY_HOST!r}))
"""


def test_a_broker_that_refuses_nothing_is_told_on(served):
    done = served.python(CANARY)
    assert "was not refused" in done.stdout
