import threading

import pytest

from soulguard.guard.local import Outside, inside, local


def test_the_guard_s_own_work_nests():
    with inside:
        with inside:
            assert local.inside == 2
        assert local.inside == 1
    assert local.inside == 0


def test_it_ends_with_an_exception():
    with pytest.raises(KeyError), inside:
        raise KeyError
    assert local.inside == 0


def test_a_callback_of_the_agent_is_outside_for_as_long_as_it_runs():
    with inside, inside:
        with Outside():
            assert local.inside == 0
            with inside:
                assert local.inside == 1
        assert local.inside == 2


def test_every_thread_is_outside_at_first():
    said = []
    with inside:
        thread = threading.Thread(target=lambda: said.append(local.inside))
        thread.start()
        thread.join()
    assert said == [0]
