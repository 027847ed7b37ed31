"""What a rule requires is met, or the fact and the way out are told."""

import time
from datetime import datetime, timezone

import pytest

from soulguard.model import Action, Effect, EffectKind, Rule, Source, Span
from soulguard.policy.requirements import Circumstances, demands, local, unmet

NIGHT = datetime(2026, 11, 24, 23, 10, tzinfo=timezone.utc).timestamp()
ANY = Effect(EffectKind.MAIL_SEND, "bob@x.example")


def rule(**params):
    source = Source(Span("SOUL.md", 1), "Mind this.")
    kinds = (EffectKind.MAIL_SEND,)
    return Rule("r", "require", Action.REQUIRE, kinds, source, params=params)


@pytest.mark.parametrize(
    ("params", "fact", "instead"),
    [
        ({"hours": ["mon-fri 09:00-18:00"]},
         "it is Tuesday 23:10 (UTC), and that is outside `mon-fri 09:00-18:00`",
         "wait until Wednesday 09:00, when it is allowed again"),
        ({"quiet": ["22:00-23:30"]}, "that is in `22:00-23:30`", "wait until 23:30"),
        ({"quiet": ["mon-sun"]}, "that is in `mon-sun`", "go on without it"),
    ],
)  # fmt: skip
def test_a_time_that_is_none_of_its_own_is_told_with_the_next(params, fact, instead):
    found = unmet(rule(zone="UTC", **params), Circumstances(at=NIGHT, effect=ANY))
    assert fact in found.fact
    assert instead in found.instead


def test_inside_its_time_nothing_is_unmet():
    late = Circumstances(at=NIGHT, effect=ANY)
    assert unmet(rule(hours=["22:00-06:00"], zone="UTC"), late) is None
    assert unmet(rule(quiet=["weekends"], zone="UTC"), late) is None


def test_time_is_local_unless_a_zone_is_named(monkeypatch):
    monkeypatch.setenv("TZ", "XXX-02:00")
    time.tzset()
    try:
        assert local(NIGHT) == datetime.fromisoformat("2026-11-25T01:10")
    finally:
        monkeypatch.undo()
        time.tzset()
    assert local(NIGHT, "UTC") == datetime.fromisoformat("2026-11-24T23:10")


def test_what_is_required_is_said():
    said = demands(rule(hours=["mon-fri 09:00-18:00", "sat"], quiet=["12:00-13:00"]))
    assert said == "only mon-fri 09:00-18:00, sat; not 12:00-13:00"
    assert demands(rule()) == ""


def start(line, cwd="/r/web", **env):
    details = {"cwd": cwd, "env": env}
    return Effect(EffectKind.COMMAND_RUN, line, details=details)


def given(effect=ANY, **more):
    return Circumstances(at=NIGHT, effect=effect, root="/r", **more)


@pytest.mark.parametrize(
    ("params", "effect", "fact", "instead"),
    [
        ({"folder": ["api/"]}, start("npm ci"), "its folder is `/r/web`",
         "start it in `api/`"),
        ({"folder": ["."]}, start("npm ci"), "its folder is `/r/web`", "in `.`"),
        ({"folder": ["**"]}, start("cd $X; npm ci"), "its folder cannot be told", "`**`"),
        ({"folder": ["**"]}, start("npm ci", "/elsewhere"), "its folder is", "in `**`"),
        ({"repository": True}, start("npm ci"), "`/r/web`, and no git repository",
         "start it inside a git repository"),
        ({"variables": {"CI": "1"}}, start("npm ci"), "`CI` is not set",
         "start it with `CI=1`"),
        ({"variables": {"CI": "1"}}, start("npm ci", CI="0"), "`CI` is `0`", "CI=1"),
        ({"lines": 1}, start("ls\nrm"), "it has 2 lines", "say it in one line"),
        ({"lines": 2}, start("ls\nrm\nls"), "it has 3 lines", "say it in 2 lines"),
    ],
)  # fmt: skip
def test_what_a_command_lacks_is_told(params, effect, fact, instead):
    found = unmet(rule(**params), given(effect))
    assert fact in found.fact
    assert instead in found.instead


@pytest.mark.parametrize(
    ("params", "effect"),
    [
        ({"folder": ["web/"]}, start("npm ci")),
        ({"folder": ["web/"]}, start("npm ci", "/r/web/src/deep")),
        ({"folder": ["api/", "web/"]}, start("npm ci")),
        ({"folder": ["."]}, start("cd .. && npm ci")),
        ({"folder": ["**"]}, start("npm ci", "/r")),
        ({"folder": ["/srv/**"]}, start("npm ci", "/srv/x")),
        ({"variables": {"CI": "1"}}, start("CI=1 npm ci")),
        ({"lines": 1}, start("ls \\\n -l")),
    ],
)
def test_a_command_that_has_all_is_not_told_of(params, effect):
    assert unmet(rule(**params), given(effect)) is None


def test_a_folder_in_a_repository_is_known_by_whoever_can_look():
    found = given(start("codex", "/r/web"), versioned=lambda folder: folder == "/r/web")
    assert unmet(rule(repository=True), found) is None


@pytest.mark.parametrize(
    ("values", "fact"),
    [
        ({}, "it has no `dueAt`"),
        ({"dueat": [None, ""]}, "it has no `dueAt`"),
        (
            {"dueat": ["2026-11-24T23:00:00Z"]},
            "`2026-11-24T23:00:00Z`, which is no time",
        ),
        ({"dueat": ["tomorrow"]}, "`tomorrow`, which is no time to come"),
        ({"dueat": [1_000_000]}, "`1000000`, which is no time to come"),
        ({"dueat": [{}]}, "which is no time to come"),
        ({"dueat": ["2027-01-01T00:00:00Z"]}, ""),
        ({"dueat": ["2027-01-01T00:00:00.1234567+02:00"]}, ""),
        ({"dueat": ["2027-01-01"]}, ""),
        ({"dueat": [int(NIGHT) + 9]}, ""),
        ({"dueat": [str(int(NIGHT * 1000) + 9999)]}, ""),
        (None, "too large or packed"),
    ],
)
def test_a_field_is_there_and_is_a_time_to_come(values, fact):
    found = unmet(rule(fields=["dueAt"], future=True), given(fields=lambda: values))
    assert (found.fact if found else "") == fact or (fact and fact in found.fact)
    assert unmet(rule(fields=["other"]), given(fields=lambda: {"other": [0]})) is None


def test_what_is_required_is_said_for_each_kind():
    said = demands(rule(
        fields=["dueAt"], future=True, variables={"CI": "1"}, lines=1, folder=["web/"],
        repository=True,
    ))  # fmt: skip
    assert said == (
        "with `dueAt` as a time to come; with `CI=1`; in 1 line; in `web/`; "
        "inside a git repository"
    )
