from soulguard.model import Action, Rule, Source, Span, Where
from soulguard.soul.builtin import every_class
from soulguard.soul.drafts import World, quoted


def test_outputs_are_the_named_paths_or_the_default_scope() -> None:
    world = World(every_class())
    assert world.outputs(("a",)) == Where(paths=("a",))
    assert world.outputs().paths == ("**",)
    assert "**/.git/**" in world.outputs().except_paths


def test_only_lists_that_rules_stand_on_count_as_used() -> None:
    world = World(every_class())
    sudo, _ = world.commands("sudo"), world.hosts("local")
    rule = Rule("r", "f", Action.DENY, (), Source(Span("x"), "x"), Where(commands=sudo))
    assert world.used_by([rule]) == {"sudo": sudo}


def test_an_unknown_service_has_no_hosts() -> None:
    assert World(every_class()).service("nobody") == ()


def test_names_are_shortened_for_a_sentence() -> None:
    assert quoted(["a", "b", "a"]) == "`a`, `b`"
    assert quoted("abcdef", 2) == "`a`, `b` and 4 more"
    assert quoted(["x" * 80]) == f"`{'x' * 57}...`"
    assert quoted("abc", 2) == "`a`, `b`, `c`"
