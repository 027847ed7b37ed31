from soulguard.model import Action, Verdict
from soulguard.supervisor.refusal import refuse
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
