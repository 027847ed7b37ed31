from dataclasses import replace

from soulguard.model import Action, EffectKind, Verdict, Where
from soulguard.supervisor.refusal import allowed, otherwise, plainly, refuse
from tests.supervisor.rules import a_rule


def test_a_refusal_says_what_why_by_which_rule_and_what_instead():
    decision = refuse(
        "denied", tried="write a.txt", fact="it is sealed", instead="write b.txt",
        rule=a_rule(Action.DENY), more=1,
    )  # fmt: skip
    assert decision.message == (
        'soulguard refused to write a.txt: it is sealed. SOUL.md:7 says: "Mind this". '
        "Instead: write b.txt."
    )
    assert decision.verdict is Verdict.DENY
    assert (decision.reason, decision.source) == ("it is sealed", "SOUL.md:7")
    assert decision.data == {"error": "denied", "more": 1}


def test_without_a_rule_nothing_is_quoted():
    decision = refuse("denied", tried="x", fact="y", instead="z", verdict=Verdict.ASK)
    assert decision.message == "soulguard refused to x: y. Instead: z."
    assert (decision.rule, decision.source) == ("", "")
    assert decision.verdict is Verdict.ASK


def test_what_a_list_leaves_is_named_and_of_a_long_one_the_beginning():
    rule = a_rule(Action.DENY, allow_list=True)
    paths = tuple(f"p{n}" for n in range(8))
    assert allowed(replace(rule, where=Where(except_paths=paths))) == (
        "keep to `p0`, `p1`, `p2`, `p3`, `p4`, `p5` and 2 more, which the rule allows"
    )
    hosts = Where(except_hosts=("a.com", "*.b.com"))
    said = allowed(replace(rule, where=hosts))
    assert said == "keep to `a.com`, `*.b.com`, which the rule allows"
    other = a_rule(Action.DENY)
    assert allowed(replace(other, where=hosts)) == allowed(None) == ""


def test_a_pattern_that_means_everything_is_said_in_words():
    mail = replace(a_rule(Action.DENY), effects=(EffectKind.MAIL_SEND,))
    assert plainly("it matches `*`", mail) == "it is meant by a rule about every mail"
    called = replace(
        mail, effects=(EffectKind.HTTP_CALL,), where=Where(methods=("PUT",))
    )
    said = plainly("it would call `x`, and that matches `*`", called)
    assert said.endswith("and that is meant by a rule about every such call")
    assert plainly("it matches `a/**`", mail) == "it matches `a/**`"
    assert plainly("it matches `*`", None) == "it matches `*`"
    refused = refuse("denied", tried="x", fact="it matches `*`", instead="z", rule=mail)
    assert refused.reason == "it is meant by a rule about every mail"


def test_what_else_may_be_done_fits_the_effect():
    assert otherwise(EffectKind.COMMAND_RUN).startswith("go on without this command")
    assert otherwise(EffectKind.FILE_READ).startswith("work on another path")
