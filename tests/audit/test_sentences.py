from pathlib import Path

import pytest

from soulguard.audit.sentences import Beside, Sentences
from soulguard.audit.services import Service, service
from soulguard.errors import SourceMissingError
from soulguard.soul.shipped import folder
from soulguard.supervisor.facts import Facts
from tests.audit.sources import RULES, seen

FACTS = Facts(folder())
SAYS = RULES + "\nNever write to secrets/.\n\nAsk me before sending mail.\n"
COVERS = [
    ("open('out/a.md', 'w')", "SOUL.md:5", True),
    ("open(f'out/{x}.md', 'w')", "SOUL.md:5", True),
    ("open(x, 'w')", "SOUL.md:5, if it is under the rules' folder", True),
    ("open('/etc/a', 'w')", "none", False),
    ("open('a.log', 'a')", "none", False),
    ("open('secrets/a', 'w')", "refused by SOUL.md:7", True),
    ("smtplib.SMTP('h').send_message(x)", "asked about by SOUL.md:9", True),
    ("requests.post(x)", "policies/defaults.yaml", True),
    ("os.system('make')", "none", False),
    ("sqlite3.connect('d').execute('delete from t')", "none: the guard has no door for it", False),
]  # fmt: skip


@pytest.mark.parametrize(("line", "says", "held"), COVERS)
def test_the_sentence_that_covers_an_effect_is_named(line, says, held, tmp_path):
    (tmp_path / "SOUL.md").write_text(SAYS)
    text = f"import os, requests, smtplib, sqlite3\ndef f(x): {line}"
    (found,), _ = seen(tmp_path, text)
    where = service(found, FACTS.providers, FACTS.inference)
    cover = Sentences([tmp_path / "SOUL.md"]).cover(found, where)
    assert cover.says.startswith(says)
    assert cover.held is held
    assert cover.grade == ("process" if held else "")


@pytest.mark.parametrize("line", ["requests.post(x)", "open(x, 'w')"])
def test_a_list_of_allowed_places_refuses_none_that_nobody_knows(line, tmp_path):
    lists = "\nNever call hosts other than a.example.\n\nOnly write to `out/`.\n"
    (tmp_path / "SOUL.md").write_text(RULES + lists)
    (found,), _ = seen(tmp_path, f"import requests\ndef f(x): {line}")
    where = service(found, FACTS.providers, FACTS.inference)
    cover = Sentences([tmp_path / "SOUL.md"]).cover(found, where)
    assert "refused" not in cover.says
    assert cover.held


def test_each_folder_has_the_rules_there_or_above(tmp_path):
    (tmp_path / ".git").mkdir()
    for name in ("one/SOUL.md", "two/a/b.py", "one/deep/c.py"):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(RULES)
    rules = Beside()
    assert rules.of(tmp_path / "one" / "deep") is rules.of(tmp_path / "one")
    assert rules.of(tmp_path / "two" / "a") is None
    assert [Path(f).parts[-2:] for f in rules.files] == [("one", "SOUL.md")]


def test_a_file_that_was_named_must_be_there(tmp_path):
    with pytest.raises(SourceMissingError):
        Beside([tmp_path / "nowhere.md"])


def test_a_service_nobody_knows_is_covered_by_what_holds_everywhere(tmp_path):
    (tmp_path / "SOUL.md").write_text(RULES)
    (found,), _ = seen(tmp_path, "import requests\ndef f(u): requests.post(u)")
    cover = Sentences([tmp_path / "SOUL.md"]).cover(found, Service())
    assert cover.held
