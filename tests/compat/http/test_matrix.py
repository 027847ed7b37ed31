"""Client by kind of call by attempt: never more than one effect, the same bytes.

Run with ``-s`` to see the table.
"""

import pytest

from soulguard.supervisor.facts import Facts
from tests.compat.http import kinds
from tests.compat.http.kinds import CLIENTS, PATHS
from tests.compat.http.stage import POLICIES

RETRYING = ("urllib3", "requests")
FOLLOWING = tuple(c for c in CLIENTS if c not in ("http.client", "urllib"))
TABLE = {}

CELLS = [
    (client, kind)
    for client in CLIENTS
    for kind in PATHS
    if kind != "own retry" or client in RETRYING
]


@pytest.fixture
def honoured(stage, tmp_path):
    """Give the stage with this machine's service known to honour keys on one path."""
    own = tmp_path / "own.yaml"
    own.write_text(
        "providers:\n"
        "  - {id: here, name: Here, hosts: [127.0.0.1], paths: ['/honours/**'],\n"
        "     carrier: header Idempotency-Key, honours: [POST /honours/**],\n"
        "     window: 24h, source: tests, date: today}\n"
    )
    stage.stop()
    stage.attempt = 0
    stage.folder = tmp_path / "again"
    stage.facts = Facts(POLICIES, (own,))
    stage.start()
    return stage


@pytest.fixture(scope="module", autouse=True)
def table():
    yield
    kinds = list(PATHS)
    print("\n" + " " * 14 + "  ".join(f"{k[:14]:14}" for k in kinds))
    for client in CLIENTS:
        cells = [TABLE.get((client, kind), "-") for kind in kinds]
        print(f"{client:14}" + "  ".join(f"{c:14}" for c in cells))


def attempt(client, kind, url):
    """Give what the agent gets out of one attempt: an answer, or the kind of error."""
    try:
        return CLIENTS[client](kind, url)
    except Exception as error:  # noqa: BLE001 - the agent dies of it, whatever it is
        return type(error).__name__


@pytest.mark.parametrize(("client", "kind"), CELLS)
def test_one_effect_and_the_same_bytes(honoured, world, client, kind, monkeypatch):
    path = PATHS[kind]
    with monkeypatch.context() as context:
        if kind == "timeout":
            context.setattr(kinds, "TIMEOUT", 0.5)
        first = attempt(client, kind, world.url + path)
    sent = world.total()
    honoured.restart()
    second = attempt(client, kind, world.url + path)
    honoured.restart()
    third = attempt(client, kind, world.url + path)
    if kind == "redirect":
        hops = 2 if client in FOLLOWING else 1
        assert dict(world.effects) == dict([
            ("/redirect/x", 1), ("/honours/target", 1)
        ][:hops])  # fmt: skip
        assert world.total() == hops
    elif kind == "error status":
        # nothing happened, so every attempt may try: the reason may be gone by then
        assert first[0] == second[0] == third[0] == 404
        assert world.effects[path] == 0
    else:
        assert world.effects[path] == 1
    if kind in ("timeout", "reset after processing"):
        assert isinstance(first, str)
        assert second == third == (200, b'{"number": 1, "got": 5}')
        assert sent == 1
        assert world.total() == 2  # the answer was fetched with the same key and bytes
        assert len({(h["Idempotency-Key"], b) for h, b in titled(world)}) == 1
    elif kind != "error status":
        assert first == second == third
        assert world.total() == sent
    TABLE[client, kind] = f"{world.effects[path]}/{world.total()} ok"


def titled(world):
    return [
        ({k.title(): v for k, v in headers.items()}, body)
        for _, _, headers, body in world.seen
    ]
