"""Random agents, killed at random points, end like an uninterrupted run.

An agent is a list of file operations over few paths. The same list is walked by every
attempt, as an agent that was seeded alike walks the same path again. Updates in place
stay with files that are there from the start: what failed for want of a file the first
time leaves no record, and may find one on the restart.
"""

import contextlib
import json
import shutil
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from tests.e2e.test_crash_points import Ground, boundaries_of

AGENT = """
STEPS = json.loads({steps!r})

def write(name, text):
    with open(name, "w") as file:
        file.write(text)

def create(name, text):
    with open(name, "x") as file:
        file.write(text)

def update(name, text):
    with open(name, "r+") as file:
        file.write(text)

def append(name, text):
    with open(name, "a") as file:
        file.write(text + "\\n")

def flush(name, text):
    with open(name, "a") as file:
        for word in text.split():
            file.write(word + "\\n")
            file.flush()

def header(name, text):
    with open(name, "a") as file:
        if file.tell() == 0:
            file.write("header\\n")
        file.write(text + "\\n")

def replace(name, text):
    with open(name + ".tmp", "w") as file:
        file.write(text)
    os.replace(name + ".tmp", name)

def delete(name, text):
    os.unlink(name)

def truncate(name, text):
    os.truncate(name, len(text))

for act, name, text in STEPS:
    try:
        globals()[act](name, text)
    except OSError:
        pass  # an agent that copes: a missing file, a second write
"""
PATHS = ["a.txt", "b.txt", "old.txt", "log.jsonl"]
FILES = {
    "kept.txt": "kept from before\n",
    "old.txt": "old content of another run\n",
    "log.jsonl": "from before\n",
}
ACTS = [
    "write", "create", "update", "append", "flush", "header", "replace", "delete",
    "truncate",
]  # fmt: skip

TEXTS = st.sampled_from(["one", "one two three", "x" * 9000])
UPDATES = ("update", "truncate")
making = st.tuples(
    st.sampled_from([a for a in ACTS if a not in UPDATES]),
    st.sampled_from(PATHS),
    TEXTS,
)
updating = st.tuples(st.sampled_from(UPDATES), st.just("kept.txt"), TEXTS)
steps = st.lists(making | updating, min_size=1, max_size=7)


@settings(
    max_examples=15, deadline=None, print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)  # fmt: skip
@given(steps=steps, draw=st.data())
def test_a_random_agent_killed_at_random_ends_like_an_uninterrupted_run(steps, draw):
    agent = AGENT.format(steps=json.dumps(steps))
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        made = []

        def ground(agent, files, durability="crash"):
            made.append(folder / f"ground-{len(made)}")
            return Ground(made[-1], durability).prepare(agent, files)

        names, expected = boundaries_of(ground, agent, FILES, "crash")
        if not names:
            return
        one = ground(agent, FILES)
        deaths = draw.draw(
            st.lists(st.integers(1, len(names)), min_size=1, max_size=3), "killed at"
        )
        note([names[at - 1] for at in deaths])
        together = draw.draw(st.booleans(), "with the supervisor")
        for number, at in enumerate(deaths):
            # an earlier attempt's work is skipped, so a later one may have less to do
            if one.go(",".join(["0"] * number + [str(at)]), together=together) == 0:
                break
        assert one.go() == 0
        assert one.tree() == expected
        assert one.workshop.leftovers() == []
        assert one.verified()
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
