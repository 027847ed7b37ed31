from pathlib import Path

import pytest

from soulguard.soul.form import read_form
from soulguard.soul.saying import says
from soulguard.soul.yamlnodes import Place

SAID = [
    ("where: {path: out/**}, once: run, on_duplicate: skip",
     "writing `out/**` happens at most once per run; a second time is skipped"),
    ("once: run, effect: file.write",
     "writing any output happens at most once per run; a second time is refused"),
    ("where: {host: '*.x.com'}, effect: http.call, deny: true",
     "every call to `*.x.com` is refused"),
    ("where: {method: POST, url: /v1/**, except: [a.com]}, ask: true",
     "every POST call to anyone but `a.com` under `/v1/**` waits for a person"),
    ("where: {methods: [PATCH, POST, PUT, DELETE]}, record: true",
     "every POST, PUT, PATCH or DELETE call is on record"),
    ("where: {command: '*'}, except: [make test], deny: true",
     "starting any command but `make test` is refused"),
    ("effect: [file.write, file.delete], where: {path: a.md}, ask: true",
     "writing and deleting `a.md` waits for a person"),
    ("effect: [mail.send, command.run], secret: true",
     "every mail and starting any command is refused with a known secret in it"),
    ("effect: mail.send, limit: {max: 1, per: 1d, scope: recipient, on_exceed: wait}",
     "every mail: at most 1 per day for each recipient; what is more waits"),
    ("effect: mail.send, limit: {gap: 5s, max: 3, unit: mails}",
     "every mail: at most 3 mails per run, at least 5 seconds apart"),
    ("effect: http.call, limit: {max: 2, unit: usd, per: 1h}",
     "every call: at most $2 per hour"),
    ("effect: file.write, limit: {max: 2mb, per: file}",
     "writing any file: at most 2 MB per file"),
    ("where: {command: npm}, limit: {at_once: 2, unit: commands}",
     "starting `npm`: at most 2 at work at once"),
    ("where: {command: npm}, require: {folder: web/, variables: {CI: '1'}, lines: 1}",
     "starting `npm`: only with `CI=1`, in 1 line, in `web/`"),
    ("effect: mail.send, require: {hours: 09:00-18:00, quiet: weekends, zone: UTC}",
     "every mail: only in `09:00-18:00` (UTC), outside `sat-sun` (UTC)"),
    ("where: {host: a.b}, effect: http.call, require: {fields: [at], future: true}",
     "every call to `a.b`: only with `at` in the future"),
    ("where: {command: git}, require: {repository: true}",
     "starting `git`: only in a git repository"),
    ("determinism: uuid", "`uuid` give the same values after a restart"),
]  # fmt: skip


@pytest.mark.parametrize(("form", "said"), SAID)
def test_a_rule_is_told_from_what_it_is(form: str, said: str) -> None:
    place = Place("a.yaml")
    [rule] = read_form(f"rules: [{{{form}}}]", place, {}, precedence=1, prefix="a")
    assert says(rule) == said


def test_every_rule_of_a_preset_has_words(compile_text) -> None:
    shipped = Path(__file__).parents[2] / "policies" / "presets"
    for preset in shipped.glob("*.md"):
        found = compile_text(preset.read_text())
        assert all(s.meaning for s in found.sentences if s.rules)
