import pytest

from soulguard.errors import UsageError
from soulguard.model import EffectKind
from soulguard.policy.phrases import parse


@pytest.mark.parametrize(
    ("text", "kind", "target"),
    [
        ("write out/a.json", EffectKind.FILE_WRITE, "/r/out/a.json"),
        ("delete ../x", EffectKind.FILE_DELETE, "/x"),
        ("read /etc/passwd", EffectKind.FILE_READ, "/etc/passwd"),
        ("mail to a@b.com", EffectKind.MAIL_SEND, "a@b.com"),
        ("run git push --force", EffectKind.COMMAND_RUN, "git push --force"),
        ("POST https://x.com/a", EffectKind.HTTP_CALL, "https://x.com/a"),
        ("DELETE https://x.com/a", EffectKind.HTTP_CALL, "https://x.com/a"),
        ("get x.com/a", EffectKind.HTTP_CALL, "https://x.com/a"),
    ],
)
def test_words_name_an_effect(text: str, kind: EffectKind, target: str) -> None:
    found = parse(text, "/r")
    assert (found.kind, found.target) == (kind, target)


def test_a_call_has_a_method_and_a_host_in_lower_case() -> None:
    found = parse("post https://API.Example.com:8443/x", "/r")
    assert (found.method, found.host) == ("POST", "api.example.com")


def test_a_shell_line_is_not_split_into_arguments() -> None:
    assert parse("run ls && rm x", "/r").details == {"cwd": "/r"}
    assert parse("run rm 'a b'", "/r").details["argv"] == ["rm", "a b"]


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("wirte x", "no effect starts with `wirte`", "did you mean `write`?"),
        ("write", "`write` of what?", "say `write SOMETHING`"),
        ("POST /x", "names no host", "say `POST https://HOST/PATH`"),
    ],
)
def test_a_mistake_says_what_can_be_said(text: str, message: str, hint: str) -> None:
    with pytest.raises(UsageError) as error:
        parse(text, "/r")
    assert message in error.value.message
    assert error.value.hint == hint
