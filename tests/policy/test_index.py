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


def reached(index: PathIndex[str], path: str, *, below: bool = False) -> list[str]:
    return sorted(f"{p} {e.value}" for p, e in index.reach(path, below=below))


def test_a_glob_reaches_what_it_stands_for_in_a_shell() -> None:
    index: PathIndex[str] = PathIndex()
    for glob in ("/r/a.md", "/r/.env", "/r/keep/**", "/r/x/b.md", "/r/*.csv"):
        index.add(glob, glob)
    assert reached(index, "/r/*") == ["/r/a.md /r/a.md", "/r/keep /r/keep/**"]
    assert reached(index, "/r/*.md") == ["/r/a.md /r/a.md"]
    assert reached(index, "/r/.e*") == ["/r/.env /r/.env"]
    assert reached(index, "/r/**/*.md") == ["/r/a.md /r/a.md", "/r/x/b.md /r/x/b.md"]
    assert reached(index, "/r/y/*") == []


def test_a_folder_reaches_all_below_it_and_not_itself() -> None:
    index: PathIndex[str] = PathIndex()
    for glob in ("/r/**", "/r/a", "/r/.env", "/r/x/b"):
        index.add(glob, glob)
    assert reached(index, "/r", below=True) == [
        "/r/.env /r/.env", "/r/a /r/a", "/r/x/b /r/x/b",
    ]  # fmt: skip
    assert reached(index, "/r/x", below=True) == ["/r/x/b /r/x/b"]
    assert reached(index, "/s", below=True) == []
