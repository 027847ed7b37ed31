"""What is drawn from a seed; every story in a process of its own, since it is global."""

import subprocess
import sys
import textwrap

START = """
    import os, random, sys, uuid
    from soulguard.guard import seeds
    from soulguard.guard.http import drawn
    from soulguard.guard.patches import Patches

    def begin(seed="00", *names):
        seeds.start({name: seed * 32 for name in names or ("uuid", "random")})
        patches = Patches([*drawn.TABLE, *seeds.TABLE])
        patches.install()
        return patches

    def draw():
        return str(uuid.uuid4()), random.random()
"""


def python(code):
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(START) + textwrap.dedent(code)],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_seed_gives_the_same_values_and_another_seed_others():
    code = "begin({!r}); print(draw(), draw())"
    first = python(code.format("00"))
    assert python(code.format("00")) == first
    assert python(code.format("01")) != first
    assert len(set(first.split())) == 4


def test_a_uuid_is_a_random_one_by_its_form():
    assert (
        python("""
        begin()
        value = uuid.uuid4()
        print(value.version, value.variant == uuid.RFC_4122, uuid.uuid4() != value)
    """)
        == "4 True True\n"
    )


def test_what_is_not_asked_for_stays_random():
    for names, same in (("uuid", 0), ("random", 1)):
        drawn = {python(f"begin('00', {names!r}); print(draw()[{same}])") for _ in "ab"}
        assert len(drawn) == 1
        other = {
            python(f"begin('00', {names!r}); print(draw()[{1 - same}])") for _ in "ab"
        }
        assert len(other) == 2


def test_a_module_that_is_imported_later_is_seeded_too():
    later = python("""
        del sys.modules["random"]
        begin()
        import random
        print(random.random())
    """)
    assert later == python("begin(); print(random.random())")


def test_a_seed_of_the_agents_own_goes_before():
    assert (
        python("""
        random.seed(7)
        wanted = random.random()
        begin()
        random.seed(7)
        print(random.random() == wanted)
    """)
        == "True\n"
    )


FORKS = """
    begin()
    draw()
    for _ in range(2):
        pid = os.fork()
        if pid == 0:
            print(draw(), flush=True)
            os._exit(0)
        os.waitpid(pid, 0)
    print(draw())
"""


def test_a_forked_child_draws_values_of_its_own_and_the_same_ones_again():
    first = python(FORKS)
    assert len(set(first.splitlines())) == 3
    assert python(FORKS) == first


def test_afterwards_values_are_random_again():
    code = """
        random.seed(3)
        state = random.getstate()
        patches = begin()
        draw()
        patches.remove()
        seeds.stop()
        print(random.getstate() == state, uuid.uuid4())
    """
    first, second = python(code).split(), python(code).split()
    assert first[0] == second[0] == "True"
    assert first[1] != second[1]
