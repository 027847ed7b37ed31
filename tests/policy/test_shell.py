import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from soulguard.policy.shell import Simple, read


def words(line: str) -> list[list[str]]:
    return [simple.words for simple in read(line)]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("a b; c && d | e &", [["a", "b"], ["c"], ["d"], ["e"]]),
        ("""a 'b c' "d e" f\\ g""", [["a", "b c", "d e", "f g"]]),
        ("r''m x", [["rm", "x"]]),
        ("if true; then a; fi", [["true"], ["a"]]),
        ("for i in 1 2; do a $i; done", [["a", "$i"]]),
        ("{ a; } ; ! b", [["a"], ["b"]]),
        ("(cd x && a)", [["cd", "x"], ["a"]]),
        ("a # b; c", [["a"]]),
        ("a b#c", [["a", "b#c"]]),
        ('echo "$(a)"', [["echo", "$(a)"], ["a"]]),
        ('echo "`a`"', [["echo", "`a`"], ["a"]]),
        ('a "$(b "$(c)")"', [["a", '$(b "$(c)")'], ["b", "$(c)"], ["c"]]),
        ("a $((1 + 2))", [["a", "$((1 + 2))"]]),
        ("a <(b c)", [["a", "<(b c)"], ["b", "c"]]),
        ("a \\\n b", [["a", "b"]]),
        ("a\fb", [["a", "b"]]),
        ("echo 'unclosed; a", [["echo", "unclosed"], ["a"]]),
        ("", []),
    ],
)
def test_a_line_is_read_as_a_shell_reads_it(
    line: str, expected: list[list[str]]
) -> None:
    assert words(line) == expected


def test_redirections_are_no_arguments() -> None:
    assert read("2>/dev/null a b >> log 2>&1 < in") == [
        Simple(["a", "b"], [(">", "/dev/null"), (">>", "log"), ("<", "in")])
    ]


def test_a_here_document_is_what_its_command_reads_and_no_command() -> None:
    line = "cat > f <<'EOF'\nrm x\nEOF\nls"
    assert read(line) == [
        Simple(["cat"], [(">", "f")], "rm x"), Simple(["ls"]),
    ]  # fmt: skip
    assert read("bash <<< 'rm x'")[0].stdin == "rm x"
    assert read("echo 'rm x' | bash")[1].stdin == "rm x"


@given(st.text(alphabet="ab '\"\\$(){}`<>|&;#\n\f", max_size=40))
@settings(max_examples=60, deadline=None)
def test_any_text_is_read_to_its_end(line: str) -> None:
    assert all(isinstance(simple, Simple) for simple in read(line))


@pytest.mark.parametrize("piece", ["$(", "'a' ", "`", "<<E\n", "a;", '"$('])
def test_a_long_line_takes_no_long_time(piece: str) -> None:
    assert isinstance(read(piece * 3000), list)


def test_a_subshell_is_a_group_of_its_own() -> None:
    first, inner, last = read("a; (b); c")
    assert first.group == last.group == ()
    assert len(inner.group) == 1
    outer, nested = read("a $(b)")
    assert (outer.group, len(nested.group)) == ((), 1)
    assert read("case x in y) a;; esac; b")[-1].group == ()


def test_a_pipe_says_what_is_read() -> None:
    first, second, third = read("a | b; c")
    assert second.piped is first
    assert third.piped is None
