"""Explicit effects in an agent that is killed and started again."""

AGENT = """
    import signal, soulguard

    @soulguard.effect("grpc:ship-order", key=lambda order: order)
    def ship(order):
        with os.fdopen(os.open("/proc/self/fd/2", os.O_WRONLY), "w") as err:
            err.write(f"shipping {order}\\n")
        if os.environ.get("DIE") == order:
            os.kill(os.getpid(), signal.SIGKILL)
        return {"parcel": order.upper()}

    for order in ("a", "b", "c"):
        try:
            print(ship(order)["parcel"])
        except soulguard.InDoubtError as error:
            print("in doubt", "--did-not" in str(error))
"""


def shipped(result):
    return [line for line in result.err.splitlines() if line.startswith("shipping")]


def test_a_restart_makes_what_is_left_and_holds_what_is_in_doubt(workshop):
    first = workshop.tell(AGENT, env={"DIE": "b"})
    assert shipped(first) == ["shipping a", "shipping b"]
    second = workshop.run(env={"DIE": "c"})
    assert shipped(second) == ["shipping c"]
    assert "1 explicit effects made" not in second.err
    run = workshop.runs()[0].run_id
    status = workshop.bare_command(
        [*workshop.command()[:3], "status", run]
    ).ok()  # fmt: skip
    assert "grpc:ship-order b" in status.out
    assert "grpc:ship-order c" in status.out
    settle = [*workshop.command()[:3], "resolve", run]
    workshop.bare_command([*settle, "2", "--did-not"]).ok()
    third = workshop.run(env={"DIE": ""})
    assert third.out == "A\nB\nin doubt True\n"
    assert shipped(third) == ["shipping b"]
    assert "1 explicit effects made" in third.err
    # the agent went on without it and ended well, and the run still waits for a word
    assert "did not complete" in third.err
    assert "ended with status 0, but 1 effect is in doubt" in third.err
    answer = workshop.write("answer.log", '{"parcel": "C"}')
    happened = ("--happened", "--answer", str(answer))
    workshop.bare_command([*settle, "3", *happened]).ok()
    fourth = workshop.run(env={"DIE": ""}).ok()
    assert fourth.out == "A\nB\nC\n"
    assert f"run {run} completed" in fourth.err
    assert shipped(fourth) == []


def test_without_the_guard_the_body_runs_every_time(workshop):
    workshop.agent(AGENT)
    for _ in range(2):
        result = workshop.bare()
        assert result.out == "A\nB\nC\n"
        assert len(shipped(result)) == 3
