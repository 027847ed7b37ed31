"""Programs that an event loop starts: asked about, recorded, and no other task waits."""

import json
import sys

import pytest

RULES = """\
- {id: pushes, where: {command: git push}, decision: ask, timeout: 1s}
- {id: stamps, where: {command: date}, effect: command.run, once: run}
"""
AGENT = """
    import asyncio
    if sys.argv[1] == "uvloop":
        import uvloop
        asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
    CHILD = "open('child.txt', 'w').write('guarded')"

    async def refused(start, *words):
        try:
            await start(*words)
        except PermissionError as error:
            return str(error)

    async def main():
        ticks = 0
        async def tick():
            nonlocal ticks
            while True:
                await asyncio.sleep(0.05)
                ticks += 1
        task = asyncio.create_task(tick())
        pipe = asyncio.subprocess.PIPE
        stamp = await asyncio.create_subprocess_exec("date", "+%N", stdout=pipe)
        out, _ = await stamp.communicate()
        line = await asyncio.create_subprocess_shell("date +%s%N", stdout=pipe)
        also, _ = await line.communicate()
        child = await asyncio.create_subprocess_exec(sys.executable, "-c", CHILD, env={})
        told = {
            "loop": type(asyncio.get_running_loop()).__module__, "status": line.returncode,
            "stamps": [out.decode(), also.decode()], "child": await child.wait(),
        }
        before = ticks
        if os.environ["SOULGUARD_ATTEMPT"] == "1":
            told["asked"] = await asyncio.gather(
                refused(asyncio.create_subprocess_exec, "git", "push", "a"),
                refused(asyncio.create_subprocess_shell, "git push b"),
            )
        print(json.dumps({**told, "ticks": ticks - before}))

    asyncio.run(main())
    sys.exit(os.environ["SOULGUARD_ATTEMPT"] == "1")
"""


@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
def test_a_loop_goes_on_while_a_person_is_asked_and_a_restart_starts_nothing_again(
    workshop, loop
):
    workshop.block(RULES)
    workshop.agent(AGENT)
    argv = (sys.executable, "agent.py", loop)
    first, again = workshop.run(argv=argv), workshop.run(argv=argv)
    assert (first.status, again.status) == (1, 0), first.err + again.err
    told, replayed = json.loads(first.out), json.loads(again.out)
    assert told["loop"].startswith(loop)
    assert told["status"] == told["child"] == 0
    assert all("needs a person's yes" in said for said in told["asked"])
    assert told["ticks"] >= 10
    assert replayed["stamps"] == told["stamps"]
    assert workshop.tree() == {"child.txt": b"guarded"}
    assert "unguarded" not in first.err
