import os

from soulguard.guard.living import alive


def test_a_process_is_alive_or_not():
    assert alive(os.getpid())
    assert alive(1)
    pid = os.posix_spawn("/bin/true", ["true"], {})
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    assert not alive(pid)  # a zombie
    os.waitpid(pid, 0)
    assert not alive(pid)
