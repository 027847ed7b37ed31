"""Sentences each family takes, and sentences it refuses, as a person writes them."""

import pytest

from soulguard.model import Action

# sentence, family, action, and what must be among paths, hosts, methods or commands
TAKEN = [
    ("Ask before acting externally.", "ask-external", "ask", ""),
    ("When in doubt, ask before acting externally.", "ask-external", "ask", ""),
    ("Do not send emails without my approval.", "ask-external", "ask", ""),
    ("Emails go out only after I approve them.", "ask-external", "ask", ""),
    ("Never auto-send.", "ask-external", "ask", ""),
    ("You do not post anything anywhere.", "external-deny", "deny", "POST"),
    ("Posting or publishing anything \u2014 never", "external-deny", "deny", "POST"),
    ("Never post to Twitter.", "external-deny", "deny", "api.x.com"),
    ("Never email anyone outside example.com.", "recipient-allow", "deny", ""),
    ("Never delete files without explicit permission.", "ask-delete", "ask", ""),
    ("Confirm before deleting.", "ask-delete", "ask", "rm"),
    ("Never delete files in `archive/`.", "delete-deny", "deny", "archive/"),
    ("`trash` > `rm`", "delete-deny", "trash", ""),
    ("Trash over delete \u2014 use recoverable deletion.", "delete-deny", "trash", ""),
    ("Never touch `a.json` unless asked.", "path-write-deny", "ask", "a.json"),
    ("You never write `approved/`.", "path-write-deny", "deny", "approved/"),
    ("`data/raw/` is read-only.", "path-write-deny", "deny", "data/raw/"),
    ("`vault/` is off limits.", "path-write-deny", "deny", "vault/"),
    ("Never write outside `out/`.", "path-write-allow", "deny", "/**"),
    ("Only write to `reports/` and `/tmp/`.", "path-write-allow", "deny", "/**"),
    ("Save reports to `out/reports/`.", "path-write-allow", "allow", "out/reports/"),
    ("`/opt/flows` is yours to edit.", "path-write-allow", "allow", "/opt/flows"),
    ("Log all activity in `MEMORY.md`.", "logging", "allow", "MEMORY.md"),
    ("Every action must be logged.", "logging", "record", ""),
    ("Do NOT load SOUL.md or USER.md.", "path-read-deny", "deny", "USER.md"),
    ("Never read credentials or private keys.", "path-read-deny", "deny", "**/.env"),
    ("Never force push.", "command-deny", "deny", "git push -f|--force*|+*"),
    ("Never use sudo.", "command-deny", "deny", "sudo"),
    ("**deny**: deploy, ssh, docker", "command-deny", "deny", "ssh"),
    ("Never run `rm -rf`.", "command-deny", "deny", "rm -rf"),
    ("No destructive commands without confirmation.", "command-ask", "ask", "rmdir"),
    ("Deployments need sign-off from Ops.", "command-ask", "ask", "pulumi up"),
    ("Dangerous actions require permission.", "command-ask", "ask", "rmdir"),
    ("Never broadcast without confirmation.", "command-ask", "ask", ""),
    ("Never run `apt install` without `-y`.", "command-format", "deny", "apt install"),
    ("Only run `pytest` and `ruff`.", "command-allow", "deny", "*"),
    ("You may run `git status`.", "command-allow", "allow", "git status"),
    ("Only call api.github.com.", "host-allow", "deny", ""),
    ("Never contact hosts other than `a.example.com`.", "host-allow", "deny", ""),
    ("Do not call evil.example.com.", "host-deny", "deny", "evil.example.com"),
    ("Only use GET requests.", "http-method", "deny", "POST"),
    ("No POST or DELETE to api.example.com.", "http-method", "deny", "DELETE"),
    ("Never print API keys.", "secret-egress", "secret", ""),
    ("Never commit `.env`, secrets, or credentials.", "secret-in-file", "secret", ""),
    ("No secrets in code.", "secret-in-file", "secret", ""),
    ("Send at most 10 emails per day.", "rate-limit", "limit", ""),
    ("Wait at least 5 seconds between API calls.", "rate-limit", "limit", ""),
    ("Spend at most $5 per run.", "budget", "limit", ""),
    ("Never retry more than 3 times.", "retry-limit", "limit", ""),
    ("Never write files larger than 10 MB.", "resource-limit", "limit", ""),
    ("Never spend money without approval.", "ask-spend", "ask", "api.stripe.com"),
    ("Never issue refunds.", "spend-deny", "deny", "api.stripe.com"),
    ("`events.jsonl` is append-only.", "append-only", "append_only", "events.jsonl"),
    (
        "If you change this file, tell the user.",
        "notify-self-edit",
        "notify",
        "SOUL.md",
    ),
]
REFUSED = [
    "Never send half-baked replies.",
    "Be careful with external actions (emails, tweets, anything public).",
    "Never republish without proper attribution.",
    "Don't post spoilers.",
    "Private things stay private.",
    "No filler.",
    "Keep responses to 3-5 sentences maximum.",
    "Never break character.",
    "Don't repeat yourself.",
    "Never push back without a reason.",
    "Do not ask permission.",
    "Remove filler words.",
    "Never lose the thread.",
    "Read AGENTS.md first.",
    "Never share information between clients.",
    "The user can send up to 3 messages per week.",
    "Don't make build/kill decisions.",
    "Never deploy on a whim.",
    "Never kill processes you did not start.",
    'The "never force push" rule exists because I failed.',
    "Queries finish in under 100 ms.",
    "Never construct URLs manually.",
    "Never edit openclaw.json without validating it afterwards.",
]


@pytest.mark.parametrize(("text", "family", "action", "named"), TAKEN)
def test_a_family_takes(
    compile_text, text: str, family: str, action: str, named
) -> None:
    found = compile_text(f"- {text}\n")
    rules = [r for r in found.policy.rules[: found.own] if r.family == family]
    assert rules, [(s.families, s.reason) for s in found.sentences]
    assert Action(action) in {r.action for r in rules}
    wheres = [r.where for r in rules]
    every = [n for w in wheres for n in (*w.paths, *w.hosts, *w.methods, *w.commands)]
    assert not named or named in every


@pytest.mark.parametrize("text", REFUSED)
def test_no_family_takes(compile_text, text: str) -> None:
    found = compile_text(f"- {text}\n")
    assert [r.family for r in found.policy.rules[: found.own]] == []


@pytest.mark.parametrize(
    ("header", "item", "action"),
    [
        ("## Never do", "Delete files", "deny"),
        ("## What You Never Do", "Force push", "deny"),
        ("**I do NOT:**", "Deploy to production", "deny"),
        ("You are not allowed to:", "Delete files without confirmation", "ask"),
        ("## Never do", "Don't force push", "deny"),
        ("## Ask First", "Deploying to production", "ask"),
        ("Pause and notify before:", "Sending any email", "ask"),
        ("## Always safe", "Read any file in the repository", "allow"),
        ("Never:", "Write anything outside `out/`", "deny"),
    ],
)
def test_modality_comes_from_above(compile_text, header, item, action) -> None:
    found = compile_text(f"{header}\n\n- {item}\n")
    assert action in {r.action.value for r in found.policy.rules[: found.own]}


@pytest.mark.parametrize("header", ["## Boundaries", "## Hard rules", "## Safety"])
def test_a_mixed_heading_passes_nothing_down(compile_text, header: str) -> None:
    found = compile_text(f"{header}\n\n- Deploying to production\n")
    assert found.own == 0


def test_a_semicolon_list_shares_the_modality_of_its_lead_in(compile_text) -> None:
    found = compile_text("**Ask first:** sending emails; deploying; deleting files.\n")
    families = {r.family for r in found.policy.rules[: found.own]}
    assert families == {"ask-external", "command-ask", "ask-delete"}


def test_a_sentence_that_asks_for_less_asking_loosens_nothing(compile_text) -> None:
    found = compile_text("- Ask before deleting files.\n- Don't ask permission.\n")
    assert {r.action for r in found.policy.rules[: found.own]} == {Action.ASK}
    waived = next(s for s in found.sentences if not s.rules)
    assert "never loosens" in waived.reason


def test_an_exception_sentence_belongs_to_the_rule_before_it(compile_text) -> None:
    found = compile_text(
        "Never overwrite existing files. Source code edits are the exception.\n"
    )
    once = next(r for r in found.policy.rules if r.action is Action.ONCE)
    assert any("py" in path for path in once.where.except_paths)
    assert [bool(s.rules) for s in found.sentences] == [True, True]


def test_ranges_count_with_their_upper_end(compile_text) -> None:
    found = compile_text("Send at most 5-10 emails per day.\n")
    limit = next(r for r in found.policy.rules if r.action is Action.LIMIT)
    assert limit.params["max"] == 10
    assert limit.params["per"] == 86400


def test_front_matter_and_tables_are_read(compile_text) -> None:
    found = compile_text(
        "---\nspend_cap_usd: 1000\n---\n\n| limit | value |\n|---|---|\n"
        "| Max emails per day | 20 |\n"
    )
    limits = [r for r in found.policy.rules if r.action is Action.LIMIT]
    assert [(r.family, r.params["max"]) for r in limits] == [
        ("budget", 1000), ("rate-limit", 20),
    ]  # fmt: skip


def test_a_cell_says_what_may_be_done_with_its_row(compile_text) -> None:
    found = compile_text(
        "| Action | Rule |\n|---|---|\n| Send email | ask first |\n"
        "| Delete files | never |\n"
    )
    rules = found.policy.rules[: found.own]
    assert {(r.family, r.action.value) for r in rules} == {
        ("ask-external", "ask"), ("delete-deny", "deny"),
    }  # fmt: skip


def test_marks_of_yes_and_no_are_modality(compile_text) -> None:
    found = compile_text("\u274c Delete files\n\u2705 Read any file\n")
    actions = [r.action.value for r in found.policy.rules[: found.own]]
    assert set(actions) == {"deny", "allow"}


def test_code_quotes_and_comments_hold_no_rules(compile_text) -> None:
    found = compile_text(
        "> Never delete files.\n\n```sh\nNever delete files.\n```\n\n"
        "<!-- Never delete files. -->\n"
    )
    assert found.sentences == ()


OPENCLAW = """## Boundaries

- Private things stay private. Period.
- When in doubt, ask before acting externally.
- Never send half-baked replies to messaging surfaces.
- You're not the user's voice \u2014 be careful in group chats.

## Continuity

If you change this file, tell the user.

## Red Lines

- Don't exfiltrate private data. Ever.
- Don't run destructive commands without asking.
- `trash` > `rm` (recoverable beats gone forever)

## External vs Internal

**Safe to do freely:** read files, explore, organize, learn.

**Ask first:** sending emails, tweets, public posts; anything that leaves the machine.
"""


def test_the_stock_sentences_become_what_they_say(compile_text) -> None:
    found = compile_text(OPENCLAW)
    made = {s.text: s.families for s in found.sentences}
    assert made["When in doubt, ask before acting externally."] == ("ask-external",)
    assert made["If you change this file, tell the user."] == ("notify-self-edit",)
    ask = "Don't run destructive commands without asking."
    assert made[ask] == ("command-ask",)
    assert made["Never send half-baked replies to messaging surfaces."] == ()
    assert made["Private things stay private."] == ()
    first = next(f for t, f in made.items() if t.startswith("**Ask first:**"))
    assert first == ("ask-external",)
