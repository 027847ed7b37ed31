"""Agents that live hard: the promises hold, or what does not hold is said."""

import http.server
import threading

import pytest


@pytest.fixture
def slow_service():
    """Serve a service that answers when it is told to; `took` counts its deeds."""
    took, reached, answer = [], threading.Event(), threading.Event()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers["content-length"]))
            took.append(self.path)
            reached.set()
            answer.wait(30)
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

        def do_GET(self):
            reached.wait(30)
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    server.took = took
    yield server
    answer.set()
    server.shutdown()
    thread.join()
    server.server_close()


def test_more_threads_than_the_supervisor_has_descriptors_are_all_served(workshop):
    agent = """
        import threading
        done = threading.Barrier(120)
        def work(n):
            with open(f"{n}.txt", "w") as file:
                file.write("x")
            done.wait()
        threads = [threading.Thread(target=work, args=(n,)) for n in range(120)]
        [t.start() for t in threads]; [t.join() for t in threads]
    """
    workshop.agent(agent)
    few = ["prlimit", "--nofile=64:4096", *workshop.command("--durability", "crash")]
    many = [*few[:-2], "prlimit", "--nofile=4096:4096", *few[-2:]]
    result = workshop.bare_command(many).ok()
    assert "120 written" in result.err


def test_a_call_that_outlives_the_agent_is_said_to_be_in_doubt(workshop, slow_service):
    workshop.write("child.py", f"""
        import urllib.request
        url = "http://127.0.0.1:{slow_service.server_port}/pay"
        urllib.request.urlopen(url, data=b"a=1")
    """.replace("\n        ", "\n"))  # fmt: skip
    # the agent ends while the child waits for its answer
    result = workshop.tell(f"""
        import subprocess, urllib.request
        subprocess.Popen([sys.executable, "child.py"], stderr=subprocess.DEVNULL,
                         stdout=subprocess.DEVNULL, start_new_session=True)
        urllib.request.urlopen("http://127.0.0.1:{slow_service.server_port}/took")
    """).ok()  # fmt: skip
    assert "1 in doubt" in result.err
    assert workshop.events("effect.in_doubt")


def test_a_signal_handler_writes_under_the_guard_whatever_it_interrupts(workshop):
    workshop.tell("""
        import signal
        beats = 0
        def beat(*_):
            global beats
            beats += 1
            with open("journal.jsonl", "a") as file:
                file.write(f"beat {beats}\\n")
        signal.signal(signal.SIGALRM, beat)
        signal.setitimer(signal.ITIMER_REAL, 0.02, 0.02)
        count = 0
        while beats < 10:
            count += 1
            with open("journal.jsonl", "a") as file:
                file.write(f"main {count}\\n")
        signal.setitimer(signal.ITIMER_REAL, 0)
        lines = [f"main {n + 1}" for n in range(count)]
        lines += [f"beat {n + 1}" for n in range(beats)]
        with open("journal.jsonl") as file:
            assert sorted(file.read().splitlines()) == sorted(lines)
    """, "--durability", "crash").ok()  # fmt: skip
    lines = workshop.tree()["journal.jsonl"].splitlines()
    assert len(workshop.effects()) == len(lines)


def test_a_forked_worker_appends_through_a_handle_its_parent_closed(workshop):
    workshop.tell("""
        shared = open("journal.jsonl", "a+")
        shared.write("parent\\n")
        reader, writer = os.pipe()
        workers = []
        for n in range(2):
            pid = os.fork()
            if not pid:
                os.read(reader, 1)
                for k in range(2):
                    shared.write(f"worker {n} {k}\\n")
                    shared.flush()
                shared.close()
                os._exit(0)
            workers.append(pid)
        shared.close()
        os.write(writer, b"xx")
        for pid in workers:
            os.waitpid(pid, 0)
    """).ok()  # fmt: skip
    lines = workshop.tree()["journal.jsonl"].splitlines()
    workers = [b"worker %d %d" % (n, k) for n in range(2) for k in range(2)]
    assert lines[0] == b"parent"
    assert sorted(lines[1:]) == workers
    assert len(workshop.effects()) == 5


def test_bytes_that_another_program_appends_meanwhile_are_not_written_over(workshop):
    agent = """
        from soulguard.guard import originals
        from soulguard.guard.files.appends import Append
        write = Append._write
        def late(self, *told):
            # between the question and the write, past the guard
            if not late.done:
                late.done = True
                fd = originals.os_open("journal.jsonl", os.O_WRONLY | os.O_APPEND)
                originals.os_write(fd, b"theirs\\n")
            return write(self, *told)
        late.done = "again" in os.listdir(".")
        Append._write = late
        for n in range(2):
            with open("journal.jsonl", "a") as file:
                file.write(f"ours {n}\\n")
        sys.exit(0 if late.done and "again" in os.listdir(".") else 1)
    """
    lines = b"theirs\nours 0\nours 1\n"
    workshop.tell(agent)
    assert workshop.tree()["journal.jsonl"] == lines
    (workshop / "again").mkdir()
    workshop.tell(agent).ok()
    assert workshop.tree()["journal.jsonl"] == lines
    assert workshop.touched("drift") == ["journal.jsonl"]
