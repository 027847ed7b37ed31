from typing import Any

import pytest

from soulguard.model import (
    Action,
    Effect,
    EffectKind,
    OnDuplicate,
    Policy,
    Rule,
    Source,
    Span,
    Verdict,
    Where,
)
from soulguard.policy.engine import Engine
from soulguard.policy.sight import Sight

WRITE = (EffectKind.FILE_WRITE,)
CALL = (EffectKind.HTTP_CALL,)
RUN = (EffectKind.COMMAND_RUN,)
MAIL = (EffectKind.MAIL_SEND,)


def rule(
    name: str,
    action: Action,
    effects: tuple[EffectKind, ...] = WRITE,
    *,
    on_duplicate: OnDuplicate = OnDuplicate.BLOCK,
    params: dict[str, Any] | None = None,
    **where: tuple[str, ...],
) -> Rule:
    return Rule(
        name, "test", action, effects, Source(Span("SOUL.md", 1), name),
        Where(**where), on_duplicate, params=params or {},
    )  # fmt: skip


def engine(*rules: Rule) -> Engine:
    return Engine(Policy("/r", 1, rules))


def write(path: str) -> Effect:
    return Effect(EffectKind.FILE_WRITE, path)


def call(url: str, method: str = "POST") -> Effect:
    host = url.split("/")[2]
    return Effect(EffectKind.HTTP_CALL, url, method=method, host=host)


def test_what_no_rule_speaks_of_is_allowed_without_duties() -> None:
    found = engine(rule("d", Action.DENY, paths=("x/**",))).judge(write("/r/y"))
    assert found.verdict is Verdict.ALLOW
    assert found.rule is None
    assert found.duties == ()


def test_deny_beats_ask_beats_allow_whatever_is_more_specific() -> None:
    found = engine(
        rule("allow", Action.ALLOW, paths=("out/a/b.txt",)),
        rule("ask", Action.ASK, paths=("out/a/**",)),
        rule("deny", Action.DENY, paths=("**",)),
    ).judge(write("/r/out/a/b.txt"))
    assert found.verdict is Verdict.DENY
    assert found.rule is not None
    assert found.rule.id == "deny"


def test_inside_one_modality_the_more_specific_place_decides() -> None:
    found = engine(
        rule("wide", Action.DENY, paths=("**",)),
        rule("narrow", Action.DENY, paths=("out/*.txt",)),
        rule("middle", Action.DENY, paths=("out/**",)),
    ).judge(write("/r/out/a.txt"))
    assert found.rule is not None
    assert found.rule.id == "narrow"
    assert found.reason == "it matches `out/*.txt`"


def test_a_block_beats_prose_and_the_built_in_beats_both() -> None:
    prose = rule("prose", Action.DENY, paths=("**",))
    block = rule("block", Action.ALLOW, paths=("out/**",), params={"precedence": 1})
    fixed = rule("fixed", Action.DENY, paths=("out/x",), params={"precedence": 2})
    found = engine(prose, block, fixed)
    assert found.judge(write("/r/out/a")).verdict is Verdict.ALLOW
    assert found.judge(write("/r/b")).verdict is Verdict.DENY
    assert found.judge(write("/r/out/x")).verdict is Verdict.DENY


def test_duties_come_back_with_the_most_specific_first() -> None:
    found = engine(
        rule("once", Action.ONCE, paths=("**",)),
        rule("atomic", Action.ATOMIC, paths=("**",)),
        rule("skip", Action.ONCE, paths=("out/**",), on_duplicate=OnDuplicate.SKIP),
        rule("other", Action.ONCE, paths=("elsewhere/**",)),
    ).judge(write("/r/out/a"))
    assert found.verdict is Verdict.ALLOW
    assert [d.id for d in found.duties] == ["skip", "once", "atomic"]


def test_duties_are_told_of_a_refused_effect_as_well() -> None:
    found = engine(rule("n", Action.NOTIFY), rule("d", Action.DENY)).judge(
        write("/r/a")
    )
    assert found.verdict is Verdict.DENY
    assert [d.id for d in found.duties] == ["n"]


def test_exceptions_take_out_again() -> None:
    found = engine(
        rule("only", Action.DENY, paths=("/**",), except_paths=("out/**", "/tmp/**"),
             params={"allow_list": True})
    )  # fmt: skip
    assert found.judge(write("/r/out/a")).verdict is Verdict.ALLOW
    assert found.judge(write("/tmp/a")).verdict is Verdict.ALLOW
    refused = found.judge(write("/r/a"))
    assert refused.verdict is Verdict.DENY
    assert refused.reason == "it is outside `out/**`, `/tmp/**`"


def test_a_rule_speaks_only_of_its_kinds_of_effect() -> None:
    found = engine(rule("d", Action.DENY, (EffectKind.FILE_DELETE,), paths=("**",)))
    assert found.judge(write("/r/a")).verdict is Verdict.ALLOW
    assert found.judge(Effect(EffectKind.FILE_DELETE, "/r/a")).verdict is Verdict.DENY


def test_host_method_and_url_path_all_narrow() -> None:
    found = engine(
        rule("d", Action.DENY, CALL, hosts=("*.stripe.com",), methods=("POST",),
             url_paths=("/v1/refunds/**",))
    )  # fmt: skip
    base = "https://api.stripe.com/v1/"
    assert found.judge(call(base + "refunds/1")).verdict is Verdict.DENY
    assert found.judge(call(base + "charges")).verdict is Verdict.ALLOW
    assert found.judge(call(base + "refunds/1", "GET")).verdict is Verdict.ALLOW
    other = call("https://api.example.com/v1/refunds/1")
    assert found.judge(other).verdict is Verdict.ALLOW


def test_a_call_is_judged_alike_the_second_time_and_its_query_does_not_matter() -> None:
    judge = engine(
        rule("no", Action.DENY, CALL, hosts=("a.com",), url_paths=("/v1/*",)),
        rule("never", Action.DENY, CALL, hosts=("b.com",), methods=("DELETE",)),
    ).judge
    calls = [
        Effect(EffectKind.HTTP_CALL, f"https://{host}{path}", method=method, host=host)
        for host in ("a.com", "b.com")
        for path in ("/v1/x", "/v2/x", "/v1/x?y=1", "?/v1/x", "#/v1/x")
        for method in ("POST", "DELETE")
    ]
    first = [judge(call) for call in calls]
    assert [judge(call) for call in calls] == first
    refused = [
        c.target for c, j in zip(calls, first, strict=True) if j.rule is not None
    ]
    assert refused.count("https://a.com/v1/x") == 2
    assert refused.count("https://a.com/v1/x?y=1") == 2
    assert len(refused) == 4 + 5


def test_an_append_is_judged_alike_the_second_time_and_by_its_whole_path() -> None:
    found = engine(rule("a", Action.DENY, (EffectKind.FILE_APPEND,), paths=("log",)))
    for path, verdict in (("/r/log", Verdict.DENY), ("/r/log?x", Verdict.ALLOW)) * 2:
        effect = Effect(EffectKind.FILE_APPEND, path)
        assert found.judge(effect).verdict is verdict


def test_calls_to_excepted_hosts_are_outside_the_rule() -> None:
    found = engine(rule("d", Action.DENY, CALL, except_hosts=("localhost", "*.x.com")))
    assert found.judge(call("http://localhost/a")).verdict is Verdict.ALLOW
    assert found.judge(call("http://a.x.com/a")).verdict is Verdict.ALLOW
    assert found.judge(call("http://y.com/a")).verdict is Verdict.DENY


@pytest.mark.parametrize(
    ("to", "verdict"),
    [
        ("a@example.com", Verdict.ALLOW),
        ("boss@other.org", Verdict.ALLOW),
        ("a@other.org", Verdict.ASK),
        ("a@example.com, b@other.org", Verdict.ASK),
    ],
)
def test_mail_is_matched_by_domain_and_address(to: str, verdict: Verdict) -> None:
    found = engine(
        rule("a", Action.ASK, MAIL, except_hosts=("example.com", "boss@other.org"))
    )
    assert found.judge(Effect(EffectKind.MAIL_SEND, to)).verdict is verdict


def test_commands_are_found_inside_shell_lines_and_exceptions_hold() -> None:
    found = engine(
        rule("sudo", Action.DENY, RUN, commands=("sudo",),
             except_commands=("sudo systemctl status",))
    )  # fmt: skip

    def verdict(line: str) -> Verdict:
        return found.judge(Effect(EffectKind.COMMAND_RUN, line)).verdict

    assert verdict("sh -c 'sudo rm x'") is Verdict.DENY
    assert verdict("sudo systemctl status nginx") is Verdict.ALLOW
    assert verdict("ls") is Verdict.ALLOW


def test_a_command_rule_is_no_rule_for_files() -> None:
    found = engine(rule("d", Action.DENY, (*WRITE, *RUN), commands=("rm",)))
    assert found.judge(write("/r/a")).verdict is Verdict.ALLOW
    assert found.judge(Effect(EffectKind.COMMAND_RUN, "rm x")).verdict is Verdict.DENY


def test_an_engine_under_another_number_answers_the_same() -> None:
    first = engine(rule("d", Action.DENY, paths=("x/**",)))
    other = first.numbered(9)
    assert other.policy.generation == other.scope().generation == 9
    assert first.policy.generation == first.scope().generation == 1
    assert other.judge(write("/r/x/a")) == first.judge(write("/r/x/a"))


# -- what a command line says that it does ----------------------------------------------

DELETE = (EffectKind.FILE_DELETE,)
READ = (EffectKind.FILE_READ,)
EVERY = (*WRITE, EffectKind.FILE_APPEND, EffectKind.FILE_RENAME, *DELETE)


def run(line: str) -> Effect:
    return Effect(EffectKind.COMMAND_RUN, line, details={"cwd": "/r"})


def test_a_line_is_judged_by_the_files_it_names() -> None:
    held = engine(
        rule("w", Action.DENY, EVERY, paths=("protected/",)),
        rule("r", Action.DENY, READ, paths=(".env",)),
        rule("d", Action.ASK, DELETE, paths=("keep/",)),
    )
    found = held.judge(run("make; echo x > protected/a"))
    assert (found.verdict, found.rule and found.rule.id) == (Verdict.DENY, "w")
    assert found.reason == (
        "it would write `protected/a`, and that matches `protected/**`"
    )
    assert held.judge(run("cat .env | head")).verdict is Verdict.DENY
    assert held.judge(run("rm keep/a")).verdict is Verdict.ASK
    assert held.judge(run("rm keep/a; rm protected/b")).verdict is Verdict.DENY
    for line in ("ls protected", "cat protected/a", "./tool protected/a", "cp a keep"):
        assert held.judge(run(line)).rule is None, line


def test_a_line_is_judged_by_the_hosts_it_names() -> None:
    held = engine(
        rule("h", Action.DENY, CALL, hosts=("evil.test",)),
        rule("m", Action.DENY, CALL, hosts=("api.test",), methods=("DELETE",)),
    )
    for line in (
        "curl evil.test.",
        "git clone https://www.evil.test/x",
        "ssh evil.test",
    ):
        assert held.judge(run(line)).verdict is Verdict.DENY, line
    found = held.judge(run("curl -X DELETE https://api.test/x?key=1"))
    assert found.reason == (
        "it would call `DELETE https://api.test/x`, and that matches `api.test`"
    )
    assert held.judge(run("curl https://api.test/x; ssh api.test")).rule is None


def test_what_allows_one_thing_of_a_line_allows_nothing_else_of_it() -> None:
    files = rule("f", Action.ALLOW, EVERY, paths=("keep/",), params={"precedence": 1})
    command = rule("c", Action.DENY, RUN, commands=("rm",))
    assert engine(files, command).judge(run("rm keep/a")).verdict is Verdict.DENY
    allowed = rule("c", Action.ALLOW, RUN, commands=("rm",), params={"precedence": 1})
    denied = rule("f", Action.DENY, DELETE, paths=("keep/",))
    assert engine(allowed, denied).judge(run("rm keep/a")).verdict is Verdict.DENY
    assert engine(files).judge(run("rm keep/a")).rule is None


def test_of_file_rules_a_line_has_the_times_and_no_other_duties() -> None:
    late = rule("t", Action.REQUIRE, EVERY, params={"quiet": ["fri"]})
    others = [
        rule(a.value, a, EVERY) for a in (Action.ONCE, Action.ATOMIC, Action.TRASH)
    ]
    found = engine(late, *others).judge(run("rm a > b"))
    assert found.duties == (late,)
    parts = rule("p", Action.REQUIRE, CALL, params={"fields": ["id"], "hours": ["fri"]})
    assert engine(parts).judge(run("curl a.test")).duties == ()


def test_what_is_taken_away_as_a_whole_takes_all_in_it() -> None:
    held = engine(
        rule(
            "d", Action.DENY, DELETE, paths=("a/keep/", "x.md"), except_paths=("b/**",)
        )
    )
    there = Sight(there="/r/a/keep".__eq__, folder=lambda path: "." not in path)
    for line in ("rm -rf a", "mv a b", "rm -r *", "find . -delete", "git rm -r ."):
        assert held.judge(run(line), there).verdict is Verdict.DENY, line
    for line in (
        "rm *",
        "rm *.md",
        "rm -rf c",
        "mv a/keep/x a/keep/y",
        "ls | xargs rm",
    ):
        assert held.judge(run(line), there).rule is None, line
    assert held.judge(run("rm *.md")).verdict is Verdict.DENY
    assert held.judge(run("rm -r a")).reason == (
        "it would delete `a` with all in it, and that matches `a/keep/**`"
    )


def test_a_push_goes_to_the_branch_that_is_out() -> None:
    held = engine(rule("p", Action.DENY, RUN, commands=("git push main|*:main",)))
    main, topic = Sight(branch=lambda _: "main"), Sight(branch=lambda _: "topic")
    assert held.judge(run("git push"), main).verdict is Verdict.DENY
    assert held.judge(run("git push"), topic).rule is None
    assert held.judge(run("git push origin topic"), main).rule is None
    said = held.judge(run("git push origin main"), topic).reason
    assert said == "it matches `git push main|*:main`"


# -- moves, links, hosts ----------------------------------------------------------------


def move(source: str, to: str) -> Effect:
    return Effect(EffectKind.FILE_RENAME, source, details={"to": to})


def test_a_move_out_of_where_nothing_is_deleted_is_a_deletion() -> None:
    held = engine(rule("d", Action.DENY, DELETE, paths=("keep/", "*.csv")))
    assert held.judge(move("/r/keep/a", "/r/a")).verdict is Verdict.DENY
    assert held.judge(move("/r/a.csv", "/r/a.bak")).verdict is Verdict.DENY
    assert held.judge(move("/r/keep/a", "/r/keep/b")).rule is None
    assert held.judge(move("/r/a.csv", "/tmp/r/a.csv")).verdict is Verdict.DENY
    assert held.judge(move("/r/a", "/r/keep/a")).rule is None
    trash = engine(rule("t", Action.TRASH, DELETE))
    assert trash.judge(move("/r/a", "/r/b")).duties == ()


def test_a_host_has_its_dot_and_its_www() -> None:
    held = engine(
        rule(
            "h", Action.DENY, CALL, hosts=("evil.test",), except_hosts=("www.b.test",)
        ),
        rule("b", Action.DENY, CALL, hosts=("b.test",), except_hosts=("www.b.test",)),
        rule("o", Action.ONCE, CALL, hosts=("once.test",)),
        rule("m", Action.DENY, MAIL, hosts=("evil.test",)),
    )
    for host in ("evil.test", "evil.test.", "www.evil.test", "www.evil.test."):
        assert held.judge(call(f"https://{host}/x")).verdict is Verdict.DENY, host
    for host in ("www2.evil.test", "notevil.test", "www.b.test"):
        assert held.judge(call(f"https://{host}/x")).rule is None, host
    assert held.judge(call("https://www.once.test/x")).duties == ()
    mail = Effect(EffectKind.MAIL_SEND, "a@evil.test.")
    assert held.judge(mail).verdict is Verdict.DENY
