"""Threads, tasks and children of every kind write under the guard, once."""

import json
import sys
import textwrap

import pytest

from tests.e2e.conftest import ROOT

CHILD = """
import os, sys
def write(name):
    try:
        with open(name, "w") as file:
            file.write(name)
        return "wrote"
    except FileExistsError as error:
        return type(error).__name__
if __name__ == "__main__":
    print(write(sys.argv[1]))
"""


def test_sixteen_threads_write_their_own_files_and_race_for_one(workshop):
    result = workshop.tell("""
        import threading
        told = []
        def work(n):
            for k in range(4):
                with open(f"f{n}-{k}.txt", "w") as file:
                    file.write(f"{n} {k}")
                with open("journal.jsonl", "a") as file:
                    file.write(json.dumps([n, k]) + "\\n")
            try:
                with open("one.txt", "w") as file:
                    file.write(str(n))
                told.append(n)
            except FileExistsError:
                pass
        threads = [threading.Thread(target=work, args=(n,)) for n in range(16)]
        [t.start() for t in threads]; [t.join() for t in threads]
        print(json.dumps(told))
    """, "--durability", "crash").ok()  # fmt: skip
    tree = workshop.tree()
    [winner] = json.loads(result.out)
    assert tree["one.txt"] == str(winner).encode()
    assert len(tree) == 16 * 4 + 2
    lines = [json.loads(line) for line in tree["journal.jsonl"].splitlines()]
    assert sorted(lines) == [[n, k] for n in range(16) for k in range(4)]


def test_threads_walk_the_same_path_again_in_any_order(workshop):
    workshop.agent("""
        import random, threading
        def work(n):
            for k in range(3):
                with open(f"f{n}-{k}.txt", "w") as file:
                    file.write(f"{n} {k}")
                with open("journal.jsonl", "a") as file:
                    file.write(json.dumps([n, k]) + "\\n")
        threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
        random.shuffle(threads)
        [t.start() for t in threads]; [t.join() for t in threads]
        sys.exit(int(os.environ["END"]))
    """)
    workshop.run("--durability", "crash", env={"END": "1"})
    first = workshop.tree()
    workshop.run("--durability", "crash", env={"END": "0"}).ok()
    assert workshop.tree() == first
    assert len(first["journal.jsonl"].splitlines()) == 24


def test_asyncio_tasks_with_files_open_across_awaits(workshop):
    workshop.tell("""
        import asyncio
        async def work(n):
            with open(f"f{n}.txt", "w") as file:
                for part in range(3):
                    file.write(str(part))
                    await asyncio.sleep(0)
            await asyncio.to_thread(pathlib.Path(f"t{n}.txt").write_text, "thread")
            if n % 2:
                try:
                    with open(f"c{n}.txt", "w") as file:
                        file.write("half")
                        await asyncio.wait_for(asyncio.sleep(9), 0.01)
                except asyncio.TimeoutError:
                    pass
        async def main():
            await asyncio.gather(*(work(n) for n in range(8)))
        asyncio.run(main())
    """).ok()
    expected = {f"f{n}.txt": b"012" for n in range(8)}
    expected |= {f"t{n}.txt": b"thread" for n in range(8)}
    assert workshop.tree() == expected


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_a_process_pool_is_guarded(workshop, method):
    workshop.write("work.py", CHILD)
    result = workshop.tell(f"""
        import multiprocessing, work
        from concurrent.futures import ProcessPoolExecutor
        if __name__ == "__main__":
            how = multiprocessing.get_context({method!r})
            with ProcessPoolExecutor(2, mp_context=how) as pool:
                print(list(pool.map(work.write, ["a", "b", "a", "c"])))
    """).ok()
    assert sorted(json.loads(result.out.replace("'", '"'))) == [
        "DuplicateWriteError", "wrote", "wrote", "wrote",
    ]  # fmt: skip
    assert set(workshop.tree()) >= {"a", "b", "c"}
    assert workshop.touched("process.unguarded") == []


SPAWNS = {
    "run": "subprocess.run([sys.executable, *args], check=True)",
    "shell": "subprocess.run(f'{sys.executable} work.py {name}', shell=True, check=True)",
    "no environment": "subprocess.run([sys.executable, *args], env={}, check=True)",
    "close_fds": "subprocess.run([sys.executable, *args], close_fds=False, check=True)",
    "os.system": "os.system(f'{sys.executable} work.py {name}')",
    "os.popen": "print(os.popen(f'{sys.executable} work.py {name}').read(), end='')",
    "posix_spawn": "os.waitpid(os.posix_spawn(sys.executable, argv, {}), 0)",
    "spawnv": "os.spawnv(os.P_WAIT, sys.executable, argv)",
    "spawnve": "os.spawnve(os.P_WAIT, sys.executable, argv, {})",
    "fork": "forked(lambda: print(work.write(name), flush=True))",
    "fork, execv": "forked(lambda: os.execv(sys.executable, argv))",
    "fork, execve": "forked(lambda: os.execve(sys.executable, argv, {}))",
    "a cleared environment": "os.environ.clear(); os.system(f'{sys.executable} work.py {name}')",
    "asyncio": "asyncio.run(in_asyncio(args))",
}


@pytest.fixture(scope="module")
def spawned(shared):
    """One agent that starts a child in every way, twice for one output."""
    workshop = shared("spawned")
    workshop.write("work.py", CHILD)
    steps = "\n".join(
        f"def step_{n}(name, args, argv):\n    {text}" for n, text in enumerate(SPAWNS.values())
    )  # fmt: skip
    workshop.agent(
        "import asyncio, subprocess, work\n"
        "async def in_asyncio(args):\n"
        "    child = await asyncio.create_subprocess_exec(sys.executable, *args)\n"
        "    await child.wait()\n"
        "def forked(act):\n"
        "    if pid := os.fork():\n"
        "        return os.waitpid(pid, 0)\n"
        "    act()\n"
        "    os._exit(0)\n"
        f"{steps}\n"
        f"steps = [globals()[f'step_{{n}}'] for n in range({len(SPAWNS)})]\n"
        "for n, step in enumerate(steps):\n"
        "    for _ in range(2):\n"
        "        args = ['work.py', f'out-{n}.txt']\n"
        "        print(f'step {n}', flush=True)\n"
        "        step(args[1], args, [sys.executable, *args])\n"
    )
    result = workshop.run().ok()
    told = {n: [] for n in range(len(SPAWNS))}
    for line in result.out.splitlines():
        if line.startswith("step "):
            at = int(line.split()[1])
        else:
            told[at].append(line)
    return workshop, told


@pytest.mark.parametrize("name", SPAWNS)
def test_a_child_is_guarded(spawned, name):
    workshop, told = spawned
    at = list(SPAWNS).index(name)
    assert told[at] == ["wrote", "DuplicateWriteError"]
    assert (workshop / f"out-{at}.txt").read_text() == f"out-{at}.txt"


def test_every_child_said_hello(spawned):
    workshop, _ = spawned
    assert workshop.touched("process.unguarded") == []


def test_an_agent_that_replaces_itself_stays_guarded(workshop):
    workshop.write("work.py", CHILD)
    result = workshop.tell("""
        open("a.txt", "w").write("first")
        os.environ.pop("PYTHONPATH")
        os.execv(sys.executable, [sys.executable, "work.py", "a.txt"])
    """).ok()
    assert result.out == "DuplicateWriteError\n"


def test_a_file_open_across_a_fork_is_published_by_the_parent_alone(workshop):
    result = workshop.tell("""
        with open("a.txt", "w") as file:
            file.write("parent ")
            file.flush()
            pid = os.fork()
            if not pid:
                file.write("child ")
                file.close()
                print(os.path.exists("a.txt"), flush=True)
                os._exit(0)
            os.waitpid(pid, 0)
            file.write("parent")
    """).ok()
    assert result.out == "False\n"
    assert workshop.tree() == {"a.txt": b"parent child parent"}


def test_a_child_that_exits_cleanly_does_not_publish_its_parent_s_files(workshop):
    workshop.tell("""
        file = open("a.txt", "w")
        file.write("whole")
        file.flush()
        pid = os.fork()
        if not pid:
            sys.exit(0)
        os.waitpid(pid, 0)
        assert not any(e.name == "a.txt" for e in ())
        print(open("a.txt").read())
    """).ok()
    assert workshop.tree() == {"a.txt": b"whole"}


def test_a_daemon_publishes_the_file_it_inherited(workshop):
    workshop.agent("""
        file = open("a.txt", "w")
        file.write("begun ")
        file.flush()
        parent = os.getpid()
        if os.fork():
            os._exit(0)
        os.setsid()
        while os.getppid() == parent:
            time.sleep(0.01)
        file.write("finished by the daemon")
        file.close()
    """)
    # the daemon outlives its attempt: the shell waits for it while the run is on
    workshop.write("start.sh", f"""\
        #!/bin/sh
        {sys.executable} agent.py
        while [ ! -e a.txt ]; do sleep 0.05; done
    """)  # fmt: skip
    (workshop / "start.sh").chmod(0o755)
    workshop.run(argv=("./start.sh",)).ok()
    assert (workshop / "a.txt").read_text() == "begun finished by the daemon"


def test_a_descriptor_handed_to_a_child_writes_into_the_staged_file(workshop):
    workshop.tell("""
        import subprocess
        with open("a.txt", "w") as file:
            subprocess.run(["echo", "from the child"], stdout=file, check=True)
            file.write("and the parent\\n")
    """).ok()
    assert workshop.tree() == {"a.txt": b"from the child\nand the parent\n"}


def test_development_mode_shows_no_warning_of_ours(workshop):
    workshop.agent("""
        import subprocess, threading
        def work(name):
            with open(name, "w") as file:
                file.write("x")
        thread = threading.Thread(target=work, args=("a.txt",))
        thread.start(); thread.join()
        pid = os.fork()
        if not pid:
            work("b.txt")
            sys.exit(0)
        os.waitpid(pid, 0)
        work("c.txt")
    """)
    argv = (sys.executable, "-X", "dev", "-W", "error::ResourceWarning", "agent.py")
    result = workshop.run(argv=argv).ok()
    assert [x for x in result.err.splitlines() if not x.startswith("soulguard:")] == []


def test_soulguard_can_be_imported_without_being_installed(workshop):
    agent = textwrap.dedent("""
        import soulguard
        print(soulguard.run_id() == os.environ["SOULGUARD_RUN_ID"], soulguard.attempt())
        with soulguard.effect("named"):
            open("a.txt", "w").write("x")
        print(sorted(p for p in sys.path if "sitecustom" in p or "inject" in p))
    """)
    workshop.agent(agent)
    result = workshop.run("--run-id", "mine", env={"PYTHONPATH": str(ROOT)}).ok()
    assert result.out == "True 1\n[]\n"
