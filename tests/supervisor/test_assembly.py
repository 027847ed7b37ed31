from soulguard.guard import protocol
from soulguard.supervisor.broker import Peer


def test_every_message_of_the_protocol_has_a_handler(office):
    documented = protocol.__doc__.partition("op            asks / tells")[
        2
    ].splitlines()
    ops = {
        line.split()[0]
        for line in documented
        if line.startswith("    ") and line.split()
    }
    ops = {
        op for op in ops if "." in op or op in ("hello", "spawned", "around", "scope")
    }
    assert len(ops) > 10
    assert ops <= office.handlers.keys()


def test_a_process_learns_the_scope_at_its_hello(office):
    scope = office.parts.scope()
    assert scope["stage_dir"] == str(office.running.stage_dir)
    assert scope["power"] is False
    assert scope["observe"] is False
    assert scope["paths"]


def test_what_a_lost_connection_had_begun_is_settled_by_the_disk(office):
    peer = Peer(pid=9)
    office.peer, before = peer, office.peer
    office.publish("done.txt", done=False)
    (office.running.stage_dir / ".sg-done.txt").rename(office / "done.txt")
    office.publish("lost.txt", done=False)
    office.peer = before
    office.parts.left(peer)
    assert office.states() == [("done.txt", "done"), ("lost.txt", "failed")]
    assert peer.begun == {}
