"""Bodies too large for memory: kept in files, replayed from them, in bounded memory."""

import shutil

import pytest

from soulguard.errors import DuplicateCallError
from soulguard.ledger import open_ledger
from tests.compat.http.large import CLIENTS, MIB, Large, blocks, digest, fetch


@pytest.fixture
def large():
    """Give a local service of large bodies."""
    service = Large()
    yield service
    service.close()


@pytest.mark.parametrize("kind", ["length", "chunked", "to-the-end"])
@pytest.mark.parametrize("name", CLIENTS)
def test_a_large_answer_is_replayed_from_a_file(stage, large, name, kind):
    url = f"{large.url}/{kind}/3"
    assert fetch(name, url) == digest(blocks(3))
    (effect,) = stage.effects()
    assert (effect.state.value, effect.response) == ("done", digest(blocks(3)))
    assert list(stage.spool.iterdir()) == []
    stage.restart()
    assert fetch(name, url) == digest(blocks(3))
    assert len(large.got) == 1
    assert verified(stage)


FRAMED = [
    (name, framing) for name in CLIENTS for framing in ("chunked", "length")
    # these two send a generator in chunks, whatever the headers say
    if framing == "chunked" or name not in ("urllib3", "requests")
]  # fmt: skip


@pytest.mark.parametrize(("name", "framing"), FRAMED)
def test_a_large_request_is_sent_whole_and_recognised(stage, large, name, framing):
    url = f"{large.url}/length/0"
    headers = {"Content-Length": str(17 * MIB)} if framing == "length" else {}
    if name == "http.client" and framing == "chunked":
        headers = {"Transfer-Encoding": "chunked"}
    fetch(name, url, blocks(17), headers)
    assert large.got == [digest(blocks(17))]
    (effect,) = stage.effects()
    assert (effect.request, effect.intent["size"]) == (large.got[0], 17 * MIB)
    assert list(stage.spool.iterdir()) == []
    stage.restart()
    fetch(name, url, blocks(17), headers)
    assert len(large.got) == 1
    fetch(name, url, blocks(17, b"other"), headers)
    assert len(large.got) == 2
    assert verified(stage)


@pytest.mark.parametrize("name", CLIENTS)
def test_an_answer_over_the_cap_is_read_and_not_replayed(stage, large, name):
    stage.keep = 2 * MIB
    stage.restart()
    url = f"{large.url}/length/3"
    assert fetch(name, url) == digest(blocks(3))
    assert stage.effects()[0].result["large"] is True
    assert list(stage.spool.iterdir()) == []
    stage.restart()
    with pytest.raises(DuplicateCallError, match="too large to keep"):
        fetch(name, url)
    assert len(large.got) == 1


@pytest.mark.parametrize("name", CLIENTS)
def test_a_damaged_file_is_never_taken_for_the_answer(stage, large, name):
    url = f"{large.url}/chunked/3"
    fetch(name, url)
    assert stage.effects()[0].response  # told, so the ledger has taken the file over
    kept = stage.folder / ".soulguard" / "blobs" / digest(blocks(3))[:2]
    file = kept / digest(blocks(3))
    file.write_bytes(file.read_bytes()[:-1] + b"?")
    assert not verified(stage)
    stage.restart()
    with pytest.raises(DuplicateCallError, match="is damaged"):
        fetch(name, url)
    assert len(large.got) == 1


@pytest.mark.parametrize("name", CLIENTS)
def test_without_room_a_body_goes_through_as_without_the_guard(stage, large, name):
    shutil.rmtree(stage.spool)
    url = f"{large.url}/length/3"
    assert fetch(name, url, blocks(17)) == digest(blocks(3))
    assert large.got == [digest(blocks(17))]
    assert stage.effects()[0].result["large"] is True


@pytest.mark.parametrize("name", CLIENTS)
def test_a_random_boundary_makes_no_other_request_of_a_large_one(stage, large, name):
    def parts(boundary):
        yield b"--%b\r\nContent-Disposition: form-data; name=f\r\n\r\n" % boundary
        yield from blocks(17)
        yield b"\r\n--%b--\r\n" % boundary

    def send(boundary):
        kind = f"multipart/form-data; boundary={boundary.decode()}"
        fetch(name, url, parts(boundary), {"Content-Type": kind})

    url = f"{large.url}/length/0"
    send(b"1f" * 16)
    stage.restart()
    send(b"9b" * 16)
    assert len(large.got) == 1


def test_a_credential_of_the_headers_in_a_large_body_is_never_kept(stage, large):
    secret = "tok_2718281828459045"

    def parts():
        yield from blocks(17)
        yield secret.encode()

    headers = {"Authorization": f"Bearer {secret}"}
    fetch("httpx", f"{large.url}/length/0", parts(), headers)
    (effect,) = stage.effects()
    assert (effect.request, effect.intent["masked"]) == ("", True)
    stage.stop()
    kept = [p for p in stage.folder.rglob("*") if p.is_file()]
    assert kept
    assert not any(secret.encode() in p.read_bytes() for p in kept)
    stage.start()
    fetch("httpx", f"{large.url}/length/0", parts(), headers)
    assert len(large.got) == 1


def verified(stage):
    ledger = open_ledger(stage.folder / ".soulguard" / "ledger.db", read_only=True)
    try:
        report = ledger.verify()
    finally:
        ledger.close()
    return report.intact
