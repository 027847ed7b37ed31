import asyncio

import httpx
import httpx2
import pytest

from soulguard.model import EffectState

libraries = pytest.mark.parametrize("library", [httpx, httpx2])


@libraries
def test_a_mock_transport_is_no_call(stage, library):
    transport = library.MockTransport(lambda request: library.Response(200))
    with library.Client(transport=transport) as client:
        assert client.post("http://a.example/x", content=b"x").status_code == 200
    assert stage.effects() == []


@libraries
def test_a_stream_that_the_agent_leaves_early_is_recorded_as_left(
    stage, world, library
):
    def first_part():
        with (
            library.Client(timeout=5) as client,
            client.stream("POST", world.url + "/chunked/a", content=b"x") as response,
        ):
            return next(response.iter_raw())

    part = first_part()
    (record,) = stage.effects()
    assert record.state is EffectState.DONE
    assert record.result["early"] is True
    assert "broken" not in record.result
    stage.restart()
    assert first_part() == part
    assert world.total() == 1
    stage.restart()
    with pytest.raises(library.RemoteProtocolError, match="read no further"):
        library.post(world.url + "/chunked/a", content=b"x")


@libraries
def test_a_stream_that_an_error_of_the_agent_cuts_off_says_so(stage, world, library):
    def post(path):
        with (
            library.Client(timeout=5) as client,
            client.stream("POST", world.url + path, content=b"x") as response,
        ):
            parts, size = response.iter_raw(), 0
            while size < int(response.headers.get("Content-Length", 1)):
                size += len(next(parts))
            raise KeyError(path)

    for path in ("/chunked/a", "/plain/a"):
        with pytest.raises(KeyError):
            post(path)
    # a body whose length was said is whole when it is there
    assert [e.result.get("broken") for e in stage.effects()] == [True, None]
    stage.restart()
    assert library.post(world.url + "/plain/a", content=b"x").status_code == 200


@libraries
def test_a_cancelled_call_is_in_doubt(stage, world, library):
    async def cancelled():
        async with library.AsyncClient() as client:
            task = asyncio.create_task(client.post(world.url + "/slow/a", content=b"x"))
            while world.total() == 0:  # noqa: ASYNC110 - the world is another thread
                await asyncio.sleep(0.005)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    asyncio.run(cancelled())
    (record,) = stage.effects()
    assert (record.state, record.result["error"]) == (
        EffectState.IN_DOUBT, "CancelledError"
    )  # fmt: skip


@libraries
def test_a_replay_has_the_same_extensions_and_raw_headers(stage, world, library):
    def post():
        with library.Client() as client:
            response = client.post(world.url + "/plain/a", content=b"x")
        return response.http_version, response.reason_phrase, response.headers.raw

    first = post()
    stage.restart()
    assert post() == first
    assert world.total() == 1


@libraries
def test_exceptions_are_the_client_s_own(stage, world, library):
    with library.Client(timeout=0.2) as client:
        with pytest.raises(library.ReadTimeout):
            client.post(world.url + "/slow/a")
        with pytest.raises(library.RemoteProtocolError):
            client.post(world.url + "/lost/a")
        with pytest.raises(library.ConnectError):
            client.post("http://127.0.0.1:1/a")
