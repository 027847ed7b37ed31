"""What a command line says that it does to files and hosts, and what it does not say."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from soulguard.model import Effect, EffectKind
from soulguard.policy.sight import BLIND, Sight
from soulguard.policy.started import placed
from soulguard.policy.touched import touched

DONE = {"/r/folder": True, "/r/file": False}
SEEN = Sight(
    real=lambda path: path.replace("/r/link", "/r/real"),
    folder=DONE.get,
)


def said(line: str, sight: Sight = BLIND) -> set[str]:
    effect = Effect(EffectKind.COMMAND_RUN, line, details={"cwd": "/r"})
    return {
        f"{t.effect.method or t.does} {t.effect.host or t.effect.target}"
        f"{'/**' if t.below else ''}"
        for t in touched(placed(effect), sight)
    }


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("cat .env", {"read /r/.env"}),
        ("cat -n -- -x", {"read /r/-x"}),
        ("cd x && cat ../.env", {"read /r/.env"}),
        ("(cd x; cat a); cat b", {"read /r/x/a", "read /r/b"}),
        ("bash -c 'cd x && cat a'; cat b", {"read /r/x/a", "read /r/b"}),
        ("sudo -u bob cat < a", {"read /r/a"}),
        ("source ./.env arg; . b", {"read /r/.env", "read /r/b"}),
        ("grep -A 3 KEY .env", {"read /r/.env"}),
        ("grep -e KEY -f list .env", {"read /r/.env", "read /r/list"}),
        ("head -n 3 a -", {"read /r/a"}),
        ("sort a -o b", {"read /r/a", "write /r/b"}),
        ("uniq a b", {"read /r/a", "write /r/b"}),
        ("echo x > out/a", {"write /r/out/a"}),
        ("echo x >> a 2>/dev/null >&2", {"append to /r/a"}),
        ("{ echo a; echo b; } > x", {"write /r/x"}),
        ("cat > a <<E\nrm b\nE", {"write /r/a"}),
        ("echo x | tee -a a", {"append to /r/a"}),
        ("sed -n 1p a", {"read /r/a"}),
        ("sed -i.bak -e s/a/b/ a", {"read /r/a", "write /r/a"}),
        ("sed -i '' s/a/b/ a", {"read /r/a", "write /r/a"}),
        ("perl -pi -e 's/a/b/' a", {"read /r/a", "write /r/a"}),
        ("rm -f a /b", {"delete /r/a", "delete /b"}),
        ("rm -rf a", {"delete /r/a", "delete /r/a/**"}),
        ("rm --help a", set()),
        ("shred -n 3 a", {"write /r/a", "delete /r/a"}),
        ("gzip a", {"read /r/a", "delete /r/a"}),
        ("gzip -k a", {"read /r/a"}),
        ("truncate -s 0 a", {"write /r/a"}),
        ("touch -d yesterday a", {"write /r/a"}),
        ("ln a b", {"give a second name to /r/a", "write /r/b", "write /r/b/a"}),
        ("ln -s a b/; cat b/a", {"write /r/b/a", "read /r/b/a"}),
        ("ln -sT a/c b; cat b/d", {"write /r/b", "read /r/a/c/d"}),
        ("mkdir -p a/b", set()),
        ("zip a b", {"write /r/a", "read /r/b"}),
        ("unzip a b -d c", {"read /r/a", "write /r/c"}),
        ("scp a host:b", {"read /r/a", "contact host"}),
        ("scp user@host:x/a b/", {"write /r/b/a", "contact host"}),
        ("curl -d @a -F 'x=@b;type=t' https://h.io", {"read /r/a", "read /r/b",
                                                      "POST h.io"}),
        ("curl -O https://h.io/f.zip -o b", {"write /r/f.zip", "write /r/b",
                                             "GET h.io"}),
        ("git rm -r a", {"delete /r/a", "delete /r/a/**"}),
        ("git -C sub checkout main -- a", {"write /r/sub/a"}),
        ("find a -exec rm {} +", {"delete /r/a", "delete /r/a/**"}),
        ("find a -name '*.x' | xargs rm", {"delete /r/a/**/*.x"}),
        ("echo a b | xargs -I% mv % c/", {"move /r/a", "move /r/a/**", "move /r/b",
                                          "move /r/b/**", "write /r/c/a", "write /r/c/b"}),
        # what is not known, or not said
        ("rm $X; cd $Y; rm z; rm \"`which a`\" ~bob/x", set()),
        ("ls a; git add b; echo c; python x.py d; make e", set()),
        ("git checkout a; git rm --cached b; git restore --staged c", set()),
        ("ssh host.io rm a", {"contact host.io"}),
        ("docker run -v a:b img sh -c 'rm a; cat b > c'", set()),
        ("echo 'rm a > b'; grep 'cat x' y", {"read /r/y"}),
        ("install -d a b; rsync -n a b", set()),
    ],
)  # fmt: skip
def test_a_line_says_what_it_does(line: str, expected: set[str]) -> None:
    assert said(line) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("cp a folder", {"read /r/a", "write /r/folder/a"}),
        ("cp a file", {"read /r/a", "write /r/file"}),
        ("cp a unknown", {"read /r/a", "write /r/unknown", "write /r/unknown/a"}),
        ("cp -t unknown a", {"read /r/a", "write /r/unknown/a"}),
        ("cp -r . new/", {"read /r", "write /r/new"}),
        ("cat link/a", {"read /r/real/a"}),
        ("rm -r link", {"delete /r/link"}),
        ("rm -r link/a", {"delete /r/real/a", "delete /r/real/a/**"}),
    ],
)
def test_what_the_disk_says_is_heard(line: str, expected: set[str]) -> None:
    assert said(line, SEEN) == expected


def test_a_move_says_where_it_goes() -> None:
    line = Effect(EffectKind.COMMAND_RUN, "mv a b/", details={"cwd": "/r"})
    [to] = {t.effect.details.get("to") for t in touched(placed(line))} - {None}
    assert to == "/r/b/a"


def test_home_and_the_folder_itself_are_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ada")
    line = 'cat ~/a "$HOME/b" "${PWD}/c" $PWDX'
    assert said(line) == {"read /home/ada/a", "read /home/ada/b", "read /r/c"}


def test_without_a_folder_only_whole_paths_are_known() -> None:
    line = placed(Effect(EffectKind.COMMAND_RUN, "rm a /b"))
    assert [t.effect.target for t in touched(line)] == ["/b"]


WORDS = st.sampled_from(
    ["cat", "rm", "-rf", "cp", "-t", "mv", "ln", "-s", "tar", "xzf", "-C", "find",
     "-name", "-exec", "{}", ";", "|", "xargs", "-I", "curl", "-X", "-d", "@", "git",
     "push", "--", "-", ">", ">>", "<", "a", "/b", "[", "http://[", "h:1", "scp", "sed",
     "-i", "dd", "of=", "$(", ")", "(", "''", "~", "http", "psql", "-h", "\0", "&&"]
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(WORDS, max_size=8).map(" ".join))
def test_no_line_is_too_odd_to_be_read(line: str) -> None:
    effect = Effect(EffectKind.COMMAND_RUN, line, details={"cwd": "/r"})
    for touch in touched(placed(effect)):
        assert touch.effect.target
