import pytest

from soulguard.soul.phrases import joined, named, of_class


@pytest.mark.parametrize(
    ("name", "lines", "said"),
    [
        ("push", ["git push"], "`git push`"),
        ("shells", ["*"], "any command"),
        ("sudo", ["sudo", "doas"], "a `sudo` command (`sudo`, `doas`)"),
        (
            "install", ["* add", "pip|pip3 install|add", "npm i*", "apt install", "gem i"],
            "an `install` command (`pip install`, `npm i` and 3 more)",
        ),
    ],
)  # fmt: skip
def test_a_class_is_said_by_its_name_and_examples(name, lines, said) -> None:
    assert of_class(name, lines) == said


@pytest.mark.parametrize(
    ("said", "line"),
    [
        (["every mail waits for a person", "every call waits for a person"],
         "every mail and every call waits for a person"),
        (["starting `a` is refused", "starting `b` is refused", "starting `c` is refused"],
         "starting `a` or `b` or `c` is refused"),
        (["known secrets in files are refused", "known secrets in mails are refused"],
         "known secrets in files and in mails are refused"),
        (["starting `a` is refused", "starting `b` waits for a person"],
         "starting `a` is refused; starting `b` waits for a person"),
        (["writing `a` but `b` is refused", "writing `c` is refused"],
         "writing `a` but `b` is refused; writing `c` is refused"),
        (["`a`: kept", "`a`: kept"], "`a`: kept"),
        (["reading is allowed; nothing is refused", "starting `a` is allowed"],
         "reading is allowed; starting `a` is allowed; nothing is refused"),
        (["writing `a` is refused", "writing `b` is allowed; nothing is refused"],
         "writing `a` is refused; writing `b` is allowed"),
    ],
)  # fmt: skip
def test_what_happens_to_things_alike_is_said_once(said, line) -> None:
    assert joined(said) == line


def test_a_class_of_files_is_said_by_its_name() -> None:
    said = "writing `a`, `b`, `c`, `d` and 2 more is refused"
    assert named(said, {"notes": tuple("abcdef"), "other": ("x", "y")}) == (
        "writing `notes` (`a`, `b` and 4 more) is refused"
    )
    long = ("**/*.{py,pyi,js,jsx,ts,tsx,mjs,cjs,go,rs,java}", "**/*.{sh,bash,zsh}")
    said = "writing `" + "`, `".join(long) + "` is refused"
    assert named(said, {"source-code": long}) == "writing `source-code` is refused"
    assert named("reading `x`, `y` is refused", {"other": ("x", "y")}) == (
        "reading `x`, `y` is refused"
    )
