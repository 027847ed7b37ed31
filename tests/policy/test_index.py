import re

from hypothesis import given
from hypothesis import strategies as st

from soulguard.policy import globs
from soulguard.policy.index import HostIndex, PathIndex

PARTS = st.sampled_from(["a", "b", "a.csv", "b.csv", "*.csv", "**", "*", "a*", "?"])
GLOBS = st.lists(PARTS, min_size=1, max_size=4).map(lambda p: "/" + "/".join(p))
NAMES = st.sampled_from(["a", "b", "a.csv", "b.csv", "ab", "c"])
PATHS = st.lists(NAMES, min_size=1, max_size=4).map(lambda p: "/" + "/".join(p))


@given(st.lists(GLOBS, max_size=8), PATHS)
def test_the_index_finds_what_trying_every_glob_finds(
    found: list[str], path: str
) -> None:
    index: PathIndex[str] = PathIndex()
    for glob in found:
        index.add(glob, glob)
    expected = [g for g in found if re.match(rf"(?s){globs.to_regex(g)}\Z", path)]
    assert sorted(e.value for e in index.find(path)) == sorted(expected)


def test_a_host_glob_speaks_of_hosts_below_not_of_the_domain_itself() -> None:
    index: HostIndex[str] = HostIndex()
    for glob in ("api.stripe.com", "*.stripe.com", "*", "api-*.x.com"):
        index.add(glob, glob)

    def found(host: str) -> list[str]:
        return sorted(e.value for e in index.find(host))

    assert found("api.stripe.com") == ["*", "*.stripe.com", "api.stripe.com"]
    assert found("stripe.com") == ["*"]
    assert found("a.b.stripe.com") == ["*", "*.stripe.com"]
    assert found("api-eu.x.com") == ["*", "api-*.x.com"]
