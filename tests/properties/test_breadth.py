"""Sentences that must not shut more than they say: no rule here may be about all."""

import pytest

from soulguard.model import Action

SENTENCES = [
    "Only the owner may edit SOUL.md.",
    "Only update MEMORY.md at the end of the session.",
    "Only write tests for new code in `src/`.",
    "Only store summaries in `memory/`.",
    "Keep only the latest 5 backups in `backups/`.",
    "Only edit `config.yaml` when asked.",
    "Only ever append to `ledger.csv`.",
    "Never rewrite `memory/` files; append only.",
    "Never use the word `great`.",
    "Never use `as any`; it hides mistakes.",
    "Never call `fetch` in components.",
    "Do not deploy on Fridays.",
    "Never push users.",
    "Never change direction without asking.",
    "Never write code without tests.",
    "Only ask if you have to.",
    "Only read what you need.",
    "Only send what was asked for.",
    "Only one output per path.",
    "Write each report once per run.",
    "Never post to Twitter.",
    "No POST or DELETE to api.example.com.",
    "Do NOT pass -c flags to `codex`.",
    "You can only help with invoices.",
    "Only respond in English.",
    "The agent only runs `pytest` on request.",
    "Never email anyone outside example.com.",
]


@pytest.mark.parametrize("text", SENTENCES)
def test_nothing_at_large_is_refused(compile_text, text: str) -> None:
    found = compile_text(f"- {text}\n")
    for rule in found.policy.rules[: found.own]:
        if rule.action not in (Action.DENY, Action.ASK):
            continue
        where = rule.where
        assert where.paths or where.hosts or where.commands or where.except_hosts
        assert "/**" not in where.paths
        assert "**" not in where.paths
        assert "*" not in where.commands


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("Never write files.", "deny"),
        ("Don't edit files without asking.", "ask"),
        ("NEVER write to the filesystem.", "deny"),
    ],
)
def test_any_file_means_every_file(compile_text, text: str, action: str) -> None:
    found = compile_text(f"- {text}\n")
    rules = [r for r in found.policy.rules[: found.own] if r.action.value == action]
    assert [r.where.paths for r in rules] == [("**",)]


@pytest.mark.parametrize(
    ("text", "kept", "refused"),
    [
        ("Do not connect to anything but 10.0.0.5.", "10.0.0.5", ""),
        ("No host but api.example.com may be contacted.", "api.example.com", ""),
        ("You can call api.example.com but no other host.", "api.example.com", ""),
        ("Do not send requests to 10.0.0.0/8.", "", "10.*"),
        ("Never call 192.168.1.9:8080.", "", "192.168.1.9"),
    ],
)
def test_the_one_that_is_left_is_not_the_one_refused(
    compile_text, text: str, kept: str, refused: str
) -> None:
    found = compile_text(f"- {text}\n")
    rules = [r for r in found.policy.rules[: found.own] if r.action is Action.DENY]
    assert rules
    for rule in rules:
        assert (kept in rule.where.except_hosts) is bool(kept)
        assert (refused in rule.where.hosts) is bool(refused)


@pytest.mark.parametrize(
    "text",
    [
        "Only the owner edits `policy.md`.",
        "`policy.md` is read only.",
        "`policy.md` may only be changed with my approval.",
    ],
)
def test_a_file_that_is_kept_from_the_agent_is_no_allow_list(compile_text, text):
    found = compile_text(f"- {text}\n")
    rules = found.policy.rules[: found.own]
    assert rules
    for rule in rules:
        assert rule.where.paths == ("policy.md",)
        assert rule.action in (Action.DENY, Action.ASK)


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("Never write a file of more than 1 B.", 1),
        ("Files must be under 10 MB.", 10 * 1024**2),
        ("No file over 512 bytes.", 512),
        ("Max file size: 2GB.", 2 * 1024**3),
    ],
)
def test_sizes_are_read_with_their_unit(compile_text, text: str, size: int) -> None:
    found = compile_text(f"- {text}\n")
    (rule,) = found.policy.rules[: found.own]
    assert (rule.params["max"], rule.params["unit"]) == (size, "bytes")
