"""Sentences about writing: what each becomes, and which make no such rule."""

import pytest

from soulguard.model import Action, EffectKind
from soulguard.soul.families import path_write

# sentence, family, action, and the first place or amount the rule names
TAKEN = [
    ("All output must be contained in `build/`.", "path-write-allow", "deny", "/**"),
    ("Do not create files in the project root.", "path-write-deny", "deny", "*"),
    ("`secrets/` is off limits.", "path-write-deny", "deny", "secrets/"),
    (
        "Anything outside `sandbox/` must not be written.",
        "path-write-allow",
        "deny",
        "/**",
    ),
    ("Don't modify production config.", "path-write-deny", "deny", "**/*.conf"),
    (
        "Don't touch anything in `/etc` or `~/.ssh`.",
        "path-write-deny",
        "deny",
        "/etc/**",
    ),
    ("Never edit files outside the workspace.", "path-write-allow", "deny", "/**"),
    ("Stay inside your workspace directory.", "path-write-allow", "deny", "/**"),
    ("Do not create new files in the root directory.", "path-write-deny", "deny", "*"),
    ("`.env` is off-limits.", "path-write-deny", "deny", ".env/**"),
    ("Changes to SOUL.md require my approval.", "path-write-deny", "ask", "SOUL.md"),
    ("Do not modify this file.", "path-write-deny", "deny", "SOUL.md"),
    ("Only the owner may edit SOUL.md.", "path-write-deny", "deny", "SOUL.md"),
    ("Get sign-off before touching `infra/`.", "path-write-deny", "ask", "infra/"),
]
REFUSED = [
    "Never change the subject.",
    "Never write code without tests.",
    "Never edit a.json without validating it afterwards.",
]


@pytest.mark.parametrize(("text", "family", "action", "named"), TAKEN)
def test_the_family_takes(drafts_of, text, family, action, named) -> None:
    draft = drafts_of(path_write, text)[0]
    assert (draft.family, draft.action.value) == (family, action)
    assert named in drafts_of.named(draft)
    assert draft.meaning


@pytest.mark.parametrize("text", REFUSED)
def test_the_family_refuses(drafts_of, text: str) -> None:
    assert drafts_of(path_write, text) == []


@pytest.mark.parametrize(
    ("sentence", "path"),
    [
        ("`config/prod.yaml` must never be changed.", "config/prod.yaml"),
        ("Hands off `legacy/`.", "legacy/"),
        ("Never create files in the project root.", "*"),
        ("Do NOT edit application source code.", "**/*.{sh,"),
    ],
)
def test_a_place_is_refused_for_every_way_of_changing_it(ruled, sentence, path):
    (rule,) = ruled(sentence)
    assert (rule.family, rule.action) == ("path-write-deny", Action.DENY)
    assert any(place.startswith(path) for place in rule.where.paths)
    assert {EffectKind.FILE_RENAME, EffectKind.FILE_DELETE} <= set(rule.effects)


def test_a_place_that_needs_approval_waits(ruled):
    (rule,) = ruled("Never modify configuration files without approval.")
    assert rule.action is Action.ASK
    assert "**/*.toml" in rule.where.paths


def test_outside_of_a_place_everything_but_scratch_is_refused(ruled):
    (rule,) = ruled("Never write outside of this workspace.")
    assert (rule.family, rule.action) == ("path-write-allow", Action.DENY)
    assert rule.where.paths == ("/**",)
    assert {"**", "/tmp/**"} <= set(rule.where.except_paths)


@pytest.mark.parametrize(
    "sentence",
    ["Never write TODOs in `notes.md`.", "Never write in the passive voice."],
)
def test_where_words_are_forbidden_the_place_is_not_the_point(ruled, sentence):
    assert ruled(sentence) == []


@pytest.mark.parametrize(
    ("named", "covered"),
    [
        ("vault", "vault/**"),
        ("vault/", "vault/"),
        ("a/b.json", "a/b.json"),
        ("~/.ssh", "~/.ssh/**"),
        ("out/*", "out/*"),
    ],
)
def test_a_name_that_may_be_a_folder_covers_all_below_it(named, covered):
    assert path_write.folder(named) == covered


def test_outside_it_is_outside_the_place_named_before(ruled):
    rules = ruled("Your bench is `lab/`. Do not write anything outside it.")
    [rule] = [r for r in rules if r.params.get("allow_list")]
    assert "lab/" in rule.where.except_paths


def test_parentheses_may_name_what_stays_as_it_is(ruled):
    [rule] = ruled("The vendor directory (`third_party/`) must stay exactly as it is.")
    assert rule.where.paths == ("third_party/",)
