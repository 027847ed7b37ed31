"""An edited limit goes on counting where it counted the same before."""

from dataclasses import replace

from soulguard.model import Action, EffectKind, Rule, Source, Span, Where
from soulguard.policy.counted import counted, each, unit

MAILS = Rule(
    "a", "rate-limit", Action.LIMIT, (EffectKind.MAIL_SEND,),
    Source(Span("SOUL.md", 7), "At most 10 mails per day."),
    params={"max": 10.0, "per": 86400.0, "unit": "mails"},
)  # fmt: skip


def params(**changes):
    return replace(MAILS, params={**MAILS.params, **changes})


def test_name_place_words_and_how_much_may_be_do_not_matter():
    other = replace(params(max=5.0, gap=3.0, on_exceed="ask"), id="b", family="x")
    moved = replace(other, source=Source(Span("AGENTS.md", 1), "Five mails a day."))
    assert counted(moved) == counted(MAILS)


def test_what_is_counted_how_and_over_which_time_does():
    others = [
        params(per=3600.0), params(unit="calls"), params(scope="recipient"),
        replace(MAILS, effects=(EffectKind.HTTP_CALL,)),
        replace(MAILS, where=Where(hosts=("a.example",))),
    ]  # fmt: skip
    assert len({counted(r) for r in [MAILS, *others]}) == 6


def test_a_sentence_that_counts_together_is_known_by_its_words_without_figures():
    both = [params(together=True), replace(params(together=True), id="b",
            effects=(EffectKind.HTTP_CALL,))]  # fmt: skip
    assert counted(both[0]) == counted(both[1]) != counted(MAILS)
    fewer = Source(Span("SOUL.md", 8), "At most 5 mails per day.")
    assert counted(replace(both[0], source=fewer)) == counted(both[0])
    other = Source(Span("SOUL.md", 8), "At most 5 posts per day.")
    assert counted(replace(both[0], source=other)) != counted(both[0])


def test_a_size_of_each_one_adds_up_to_nothing():
    file = params(unit="", per="file")
    assert unit(file) == "bytes"
    sizes = [file, params(unit="words"), params(unit="bytes", per="call")]
    assert all(map(each, sizes))
    assert not any(map(each, [MAILS, params(unit="bytes", per="run")]))
