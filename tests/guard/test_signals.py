import _signal
import os
import signal

import pytest

from soulguard.guard.local import inside, local
from soulguard.guard.patches import Patches
from soulguard.guard.signals import TABLE, critical, run_late, start, stop


@pytest.fixture
def alarm():
    """Patch the signal module; gives a way to set a handler and raise its signal."""
    patches = Patches(TABLE)
    patches.install()
    before = signal.getsignal(signal.SIGUSR1)

    def set_and_raise(handler):
        signal.signal(signal.SIGUSR1, handler)
        os.kill(os.getpid(), signal.SIGUSR1)

    yield set_and_raise
    signal.signal(signal.SIGUSR1, before)
    patches.remove()
    local.late = None


def test_a_handler_that_interrupts_the_guard_is_outside_of_it(alarm):
    seen = []
    with inside:
        alarm(lambda *_: seen.append(local.inside))
        assert local.inside == 1
    assert seen == [0]


def test_a_handler_waits_for_the_effect_under_way(alarm):
    seen = []
    with inside, critical:
        alarm(lambda number, _: seen.append((number, local.inside)))
        assert seen == []
    assert seen == [(signal.SIGUSR1, 0)]


def test_a_handler_that_raises_does_so_once_the_effect_is_told(alarm):
    def stop(*_):
        raise TimeoutError("over")

    told = []

    def effect():
        with inside, critical:
            alarm(stop)
            told.append(True)

    with pytest.raises(TimeoutError):
        effect()
    assert (told, local.inside, local.critical, local.late) == ([True], 0, 0, [])


def test_handlers_that_waited_may_run_between_two_questions(alarm):
    seen = []
    with critical:
        alarm(lambda *_: seen.append(local.critical))
        run_late()
        assert seen == [0]
        assert local.critical == 1


def test_the_agent_sees_its_own_handlers(alarm):
    def mine(*_):
        pass

    assert signal.signal(signal.SIGUSR1, mine) is signal.SIG_DFL
    assert signal.getsignal(signal.SIGUSR1) is mine
    assert signal.signal(signal.SIGUSR1, signal.SIG_IGN) is mine
    assert signal.getsignal(signal.SIGUSR1) is signal.SIG_IGN


def test_an_interrupt_waits_for_the_effect_under_way(alarm):
    before = signal.getsignal(signal.SIGINT)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    told = []

    def effect():
        with inside, critical:
            os.kill(os.getpid(), signal.SIGINT)
            told.append(True)

    try:
        start()
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
        with pytest.raises(KeyboardInterrupt):
            effect()
        stop()
        assert _signal.getsignal(signal.SIGINT) is signal.default_int_handler
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        start()
        stop()
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)
    assert (told, local.critical) == ([True], 0)
