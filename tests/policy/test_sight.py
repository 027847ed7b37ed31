"""Without anybody who looks, a line is taken at its word."""

from soulguard.policy.sight import BLIND


def test_nobody_looks() -> None:
    assert BLIND.real("/a/../b") == "/a/../b"
    assert BLIND.folder("/") is None
    assert BLIND.there("/nowhere")
    assert BLIND.branch("/") == ""
