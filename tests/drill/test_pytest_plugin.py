import sys

from tests.drill.stage import SOUL

pytest_plugins = "pytester"
TEST = f"""
def test_agent(soulguard_drill):
    report = soulguard_drill([{sys.executable!r}, "agent.py"], jobs=1, bare={{bare}})
    assert report.verdicts
"""
WRITES = """
with open("journal.jsonl", "a") as file:
    file.write("one line\\n")
"""


def story(pytester, *, bare):
    pytester.makefile(".md", SOUL=SOUL)
    pytester.path.joinpath("agent.py").write_text(WRITES)
    pytester.makepyfile(TEST.format(bare=bare))
    return pytester.runpytest_subprocess("-p", "no:cacheprovider", "-p", "no:xdist")


def test_the_fixture_comes_with_the_package_and_passes_a_safe_agent(pytester):
    story(pytester, bare=False).assert_outcomes(passed=1)


def test_an_unsafe_agent_fails_the_test_with_its_unsafe_points(pytester):
    result = story(pytester, bare=True)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines([
        "*agent.py` is not safe:",
        "*unsafe: point 2, append journal.jsonl, killed in its middle (agent.py:*",
        "*1 of 3 crash points safe, 2 unsafe*",
    ])  # fmt: skip
    assert "soulguard/drill/assertion.py" not in result.stdout.str()
