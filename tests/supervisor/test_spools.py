import hashlib

import pytest

from soulguard.supervisor.spools import Spools

DATA = b"answer" * 300_000
SHA = hashlib.sha256(DATA).hexdigest()
NAME = "body-" + "0a" * 16


@pytest.fixture
def spools(run, tmp_path):
    """Give the spools of a run with one body in them."""
    (tmp_path / NAME).write_bytes(DATA)
    return Spools(run.session, tmp_path)


def message(name=NAME, sha256=SHA):
    return {"spool": name, "sha256": sha256, "size": len(DATA)}


def test_a_body_is_named_read_and_taken_over(spools, run, tmp_path):
    body = spools.named(message())
    assert spools.readable(message(), ()) == DATA
    assert spools.keep(body) == SHA
    assert (run.session.ledger.blob(SHA), (tmp_path / NAME).exists()) == (DATA, False)


def test_of_a_very_large_answer_its_beginning_is_read(spools, monkeypatch):
    monkeypatch.setattr("soulguard.supervisor.spools._READ", 100)
    assert spools.readable(message(), ()) == DATA[: 1 << 16]


def test_a_body_that_is_gone_says_nothing(spools, tmp_path):
    (tmp_path / NAME).unlink()
    assert spools.readable(message(), ()) == b""


@pytest.mark.parametrize(
    "asked",
    [
        {}, message(name="../ledger.db"), message(name="body-x"),
        message(sha256="../../x"), message(name=NAME + "/.."),
    ],
)  # fmt: skip
def test_only_a_spool_in_the_folder_is_ever_named(spools, asked):
    assert spools.named(asked) is None
    assert spools.readable(asked, (b"small",)) == b"small"


def test_without_a_folder_nothing_is_named(run):
    assert Spools(run.session, None).named(message()) is None


@pytest.mark.parametrize("at", [0, (1 << 20) - 3, len(DATA)])
def test_a_text_is_found_wherever_it_stands(spools, tmp_path, at):
    assert not spools.named(message()).holds([b"secret", b"other"])
    assert not spools.named(message()).holds([])
    (tmp_path / NAME).write_bytes(DATA[:at] + b"secret" + DATA[at:])
    assert spools.named(message()).holds([b"other", b"secret"])
