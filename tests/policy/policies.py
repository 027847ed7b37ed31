"""Small policies at random that meet often, effects to try them on, and what is strict."""

from hypothesis import strategies as st

from soulguard.model import (
    Action,
    Effect,
    EffectKind,
    Judgement,
    OnDuplicate,
    Policy,
    Rule,
    Source,
    Span,
    Verdict,
    Where,
)
from soulguard.policy.looser import strength

_GLOBS = ("**", "out/**", "out/a/**", "out/a.txt", "out/*.txt", "/r/out/", "b")
_HOSTS = ("api.x.com", "*.x.com", "API.x.com", "*")
_KINDS = (
    (EffectKind.FILE_WRITE,),
    (EffectKind.FILE_WRITE, EffectKind.FILE_DELETE),
    (EffectKind.FILE_READ,),
    (EffectKind.HTTP_CALL,),
    (EffectKind.HTTP_CALL, EffectKind.FILE_WRITE),
    (EffectKind.COMMAND_RUN,),
)
_VERDICTS = (Verdict.ALLOW, Verdict.ASK, Verdict.DENY)


def _some(*values: str) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), max_size=2, unique=True).map(tuple)


_WHERES = st.one_of(
    st.builds(Where, paths=_some(*_GLOBS), except_paths=_some(*_GLOBS)),
    st.builds(Where, hosts=_some(*_HOSTS), except_hosts=_some(*_HOSTS)),
    st.builds(Where, methods=_some("POST", "PUT"), url_paths=_some("/v1/**", "/v1/a")),
    st.builds(Where, commands=_some("rm", "rm -rf", "*"), except_commands=_some("rm")),
)
_PARAMS = st.fixed_dictionaries(
    {"precedence": st.integers(0, 1)},
    optional={"max": st.integers(1, 3), "existing": st.just("keep")},
)
_RULES = st.builds(
    Rule,
    id=st.sampled_from("abcdef"),
    family=st.just("t"),
    action=st.sampled_from(
        [Action.DENY, Action.ASK, Action.ALLOW, Action.ONCE, Action.ONCE, Action.LIMIT,
         Action.RESEND, Action.KEY]
    ),
    effects=st.sampled_from(_KINDS),
    source=st.just(Source(Span("SOUL.md", 1), "words")),
    where=_WHERES,
    on_duplicate=st.sampled_from(OnDuplicate),
    params=_PARAMS,
)  # fmt: skip


def policies() -> st.SearchStrategy[Policy]:
    """Give policies of up to four rules; some share rules with others."""
    rules = st.lists(_RULES, max_size=4).map(tuple)
    return rules.map(lambda found: Policy("/r", 1, found))


@st.composite
def edits(draw: st.DrawFn) -> tuple[Policy, Policy]:
    """Give a policy and what an edit made of it: rules kept, dropped, changed, added."""
    old = draw(policies())
    kept = [r for r in old.rules if draw(st.booleans())]
    new = draw(st.permutations([*kept, *draw(policies()).rules]))
    return old, Policy("/r", 2, tuple(new))


EFFECTS = (
    *(
        Effect(kind, path)
        for kind in (
            EffectKind.FILE_WRITE, EffectKind.FILE_DELETE, EffectKind.FILE_READ
        )
        for path in ("/r/out/a.txt", "/r/out/a/x", "/r/b", "/else", "/r/out", "/r")
    ),
    *(
        Effect(EffectKind.HTTP_CALL, f"https://{host}{path}", method=m, host=host)
        for host in ("api.x.com", "y.org")
        for path in ("/v1/a", "/")
        for m in ("POST", "PUT", "DELETE")
    ),
    *(Effect(EffectKind.COMMAND_RUN, line) for line in ("rm -rf x", "ls", "rm a")),
)  # fmt: skip


def as_strict(one: Judgement, other: Judgement) -> bool:
    """Whether one answer stops all that another one stops."""
    return (
        _VERDICTS.index(one.verdict) >= _VERDICTS.index(other.verdict)
        and _once(one) >= _once(other)
        and (_keeps(one) or not _keeps(other))
        and (_resends(other) or not _resends(one))
        and _keys(one) >= _keys(other)
        and _limit(one) <= _limit(other)
    )


def _once(judgement: Judgement) -> int:
    first = next((r for r in judgement.duties if r.action is Action.ONCE), None)
    return strength(first)[0] if first else -1


def _keeps(judgement: Judgement) -> bool:
    first = next((r for r in judgement.duties if r.action is Action.ONCE), None)
    return bool(first and strength(first)[1])


def _resends(judgement: Judgement) -> bool:
    return any(r.action is Action.RESEND for r in judgement.duties)


def _keys(judgement: Judgement) -> bool:
    return any(r.action is Action.KEY for r in judgement.duties)


def _limit(judgement: Judgement) -> float:
    limits = [r for r in judgement.duties if r.action is Action.LIMIT]
    return min((r.params.get("max", 9) for r in limits), default=99)
