import asyncio
import threading

import pytest

from soulguard.guard.naming import current, effect


def test_names_nest_and_end_with_their_block():
    assert current() == ""
    with effect("a"):
        with effect("b"):
            assert current() == "a/b"
        assert current() == "a"
    assert current() == ""


def test_one_object_may_be_entered_again_inside_itself():
    named = effect("a")
    with named, named:
        assert current() == "a/a"
    assert current() == ""


def test_a_name_ends_when_the_block_is_left_by_an_exception():
    with pytest.raises(KeyError), effect("a"):
        raise KeyError
    assert current() == ""


def test_another_thread_has_names_of_its_own():
    said = []
    with effect("a"):
        thread = threading.Thread(target=lambda: said.append(current()))
        thread.start()
        thread.join()
    assert said == [""]


def test_a_task_takes_the_name_it_was_started_under():
    async def work(name):
        with effect(name):
            await asyncio.sleep(0)
            return current()

    async def main():
        with effect("outer"):
            return await asyncio.gather(work("a"), work("b"))

    assert asyncio.run(main()) == ["outer/a", "outer/b"]


def test_a_name_is_not_empty():
    with pytest.raises(ValueError, match="must not be empty"):
        effect("")
