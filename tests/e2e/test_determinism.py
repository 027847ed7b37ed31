"""A restart under a `determinism` rule walks the same path through random values."""

AGENT = """
    import random, subprocess, uuid
    print(uuid.uuid4(), random.random())
    code = "import random, uuid; print(uuid.uuid4(), random.randrange(1 << 40))"
    for _ in range(2):
        subprocess.run([sys.executable, "-c", code], check=True)
    with open(f"out/{uuid.uuid4()}.txt", "w") as file:
        file.write("report")
    sys.exit(3)
"""
RULES = """
    - {id: once, once: run}
    - {id: same-path, determinism: [uuid, random]}
"""


def test_a_restart_draws_the_same_values_and_another_run_others(workshop):
    workshop.block(RULES)
    workshop.write("out/.keep")
    first = workshop.tell(AGENT)
    assert len(set(first.out.split())) == 6
    assert workshop.run().out == first.out
    assert len(list((workshop / "out").glob("*.txt"))) == 1
    assert not set(workshop.run("--new").out.split()) & set(first.out.split())


def test_without_the_rule_nothing_is_seeded(workshop):
    workshop.write("out/.keep")
    first = workshop.tell(AGENT)
    assert not set(workshop.run().out.split()) & set(first.out.split())
    assert len(list((workshop / "out").glob("*.txt"))) == 2
