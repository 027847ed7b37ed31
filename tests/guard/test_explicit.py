"""Explicit effects against a real broker: made once, answered from the record after."""

import asyncio
import threading
from contextvars import Context

import pytest

from soulguard.errors import DuplicateCallError, GuardUnavailable, InDoubtError
from soulguard.guard.naming import current, effect


def ship(log, order, fail=None):
    with effect("ship", key=order) as e:
        if not e.done:
            log.append(order)
            if fail is not None:
                raise fail
            e.record({"parcel": order})
    return e.result


def test_what_was_made_is_not_made_again_after_a_restart(served):
    log = []
    assert ship(log, "order-17") == {"parcel": "order-17"}
    served.again()
    assert ship(log, "order-17") == {"parcel": "order-17"}
    assert ship(log, "order-18") == {"parcel": "order-18"}
    assert log == ["order-17", "order-18"]
    assert served.events("effect.replayed") == [("effect.replayed", "ship order-17")]


def test_a_key_names_one_thing_within_an_attempt_too(served):
    log = []
    assert ship(log, 17) == ship(log, "17") == {"parcel": 17}
    assert log == [17]


def test_the_intent_is_on_record_before_the_block_runs(served):
    with effect("ship", key="a"):
        assert served.events("effect.intent", "effect.done") == [
            ("effect.intent", "ship a")
        ]
    assert served.done() == ["ship a"]


def test_a_block_without_a_result_is_done_when_it_ends(served):
    for done in (False, True):
        with effect("ship", key="a") as e:
            assert (e.done, e.result) == (done, None)
        served.again()


def test_an_exception_means_that_it_did_not_happen(served):
    log = []
    with pytest.raises(KeyError):
        ship(log, "a", KeyError("a"))
    assert ship(log, "a") == {"parcel": "a"}
    assert log == ["a", "a"]
    assert len(served.events("effect.failed")) == 1


def test_an_interruption_leaves_it_in_doubt(served):
    with pytest.raises(KeyboardInterrupt):
        ship([], "a", KeyboardInterrupt())
    for _ in range(2):
        with pytest.raises(InDoubtError, match="soulguard resolve run-1 1"):
            ship([], "a")
        served.again()


def test_one_whose_end_nobody_saw_is_in_doubt(served):
    Context().run(effect("ship", key="a").__enter__)
    served.again()
    with pytest.raises(InDoubtError, match="nobody saw its end"):
        effect("ship", key="a").__enter__()
    assert current() == ""


def test_an_exception_after_the_record_does_not_undo_it(served):
    with pytest.raises(ZeroDivisionError), effect("ship", key="a") as e:
        e.record(1 / (e.record(1) or 0))
    served.again()
    with effect("ship", key="a") as e:
        assert (e.done, e.result) == (True, 1)


def test_a_result_that_json_cannot_hold_is_said_at_once_and_never_made_again(served):
    with (
        pytest.raises(TypeError, match="cannot be kept as JSON"),
        effect("ship", key="a") as e,
    ):
        e.record(object())
    with pytest.raises(DuplicateCallError, match="could not be kept"):
        effect("ship", key="a").__enter__()


def test_recording_what_was_done_before_is_refused(served):
    ship([], "a")
    with (
        effect("ship", key="a") as e,
        pytest.raises(DuplicateCallError, match="look at `done`"),
    ):
        e.record(2)


def test_a_decorated_function_is_called_once_in_a_run(served):
    calls = []

    @effect("ship", key=lambda order, **_: order)
    def ship_order(order, express=False):
        """Ship it."""
        calls.append((order, current()))
        return [order, express]

    assert ship_order("a", express=True) == ["a", True]
    served.again()
    assert ship_order("a", express=True) == ["a", True]
    assert ship_order("b") == ["b", False]
    assert calls == [("a", "ship a"), ("b", "ship b")]
    assert (ship_order.__name__, ship_order.__doc__) == ("ship_order", "Ship it.")


def test_a_decorated_coroutine_is_awaited_once_in_a_run(served):
    calls = []

    @effect("ship", key=lambda order: order)
    async def ship_order(order):
        await asyncio.sleep(0)
        calls.append(order)
        return order

    async def both():
        return await asyncio.gather(ship_order("a"), ship_order("b"), ship_order("a"))

    assert asyncio.run(both()) == ["a", "b", "a"]
    served.again()
    assert asyncio.run(both()) == ["a", "b", "a"]
    assert calls == ["a", "b"]


def test_a_cancelled_task_leaves_its_effect_in_doubt(served):
    async def main():
        entered = asyncio.Event()

        async def work():
            async with effect("ship", key="a"):
                entered.set()
                await asyncio.Event().wait()

        task = asyncio.create_task(work())
        await entered.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        with pytest.raises(InDoubtError):
            await effect("ship", key="a").__aenter__()

    asyncio.run(main())


def test_a_plain_block_does_not_halt_the_loop_that_would_end_its_twin(served):
    async def main():
        async with effect("ship", key="a"):
            # a task of its own, which stands under no name
            other = Context().run(asyncio.create_task, twin())
            with pytest.raises(DuplicateCallError, match="async with"):
                await other

    async def twin():
        with effect("ship", key="a"):
            raise AssertionError

    asyncio.run(main())


def test_another_thread_waits_for_the_end_and_gets_the_result(served):
    got = []
    with effect("ship", key="a") as e:
        thread = threading.Thread(target=lambda: got.append(ship([], "a")))
        thread.start()
        e.record("first")
    thread.join()
    assert got == ["first"]


def test_effects_nest_under_the_names_around_them(served):
    with effect("batch"), effect("ship", key="a"):
        with effect("ship", key="a") as inner:
            assert not inner.done
            assert current() == "batch/ship a/ship a"
        assert current() == "batch/ship a"
    assert served.done() == ["ship a", "ship a"]  # the last parts of their names


def test_one_object_may_be_entered_again_inside_itself(served):
    e = effect("ship", key="a")
    with e:
        with e:
            e.record("inner")
        e.record("outer")
        assert e.result == "outer"
    assert current() == ""


def test_without_a_supervisor_nothing_is_made(served):
    log = []
    served.kill()
    with pytest.raises(GuardUnavailable, match="this effect was refused"):
        ship(log, "a")
    served.revive()
    assert log == []


def test_a_supervisor_that_goes_inside_the_block_is_told_as_such(served):
    with (
        pytest.raises(GuardUnavailable, match="is not on record"),
        effect("ship", key="a"),
    ):
        served.kill()
    served.revive()


def test_outside_a_run_the_body_runs_every_time():
    log = []
    assert ship(log, "a") == ship(log, "a") == {"parcel": "a"}
    assert log == ["a", "a"]
    assert effect("ship", key=lambda n: n)(lambda n: n + 1)(1) == 2


def test_misuse_is_said_at_once():
    with pytest.raises(ValueError, match="key must not be empty"):
        effect("a", key="")
    with pytest.raises(TypeError, match="needs a key"):
        effect("a")(print)
    with pytest.raises(TypeError, match="computes its key"):
        effect("a", key=str).__enter__()
    with pytest.raises(ValueError, match="must not be None"):
        effect("a", key=lambda: None)(print)()
    with pytest.raises(TypeError, match="inside the block"):
        effect("a").record(1)
    with pytest.raises(TypeError, match="a generator"):

        @effect("a", key="k")
        def numbers():
            yield 1
