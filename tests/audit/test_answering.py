import pytest

from soulguard.audit.findings import Status
from tests.audit.sources import RULES, only

VERDICTS = [
    ("open('out/a.md', 'w')", Status.DEBT, Status.GUARDED),
    ("open(x, 'w')", Status.DEBT, Status.UNKNOWN),
    ("open('out/a.md', 'x')", Status.SAFE, Status.SAFE),
    ("open('/tmp/x/a.md', 'w')", Status.SAFE, Status.SAFE),
    ("open('a', mode=x)", Status.UNKNOWN, Status.GUARDED),
    ("os.makedirs('out', exist_ok=True)", Status.SAFE, Status.SAFE),
    ("requests.post('https://a.example/x')", Status.DEBT, Status.GUARDED),
    ("requests.put('https://a.example/x')", Status.SAFE, Status.SAFE),
    ("requests.request(x, 'https://a.example/x')", Status.UNKNOWN, Status.GUARDED),
    ("os.system('make')", Status.DEBT, Status.DEBT),
    ("os.system(x)", Status.UNKNOWN, Status.UNKNOWN),
    ("sqlite3.connect('d').execute('insert into t values (1)')", Status.DEBT, Status.DEBT),
    ("sqlite3.connect('d').execute(x)", Status.UNKNOWN, Status.UNKNOWN),
]  # fmt: skip


@pytest.mark.parametrize(("line", "bare", "ruled"), VERDICTS)
def test_the_verdict_follows_from_the_answers(line, bare, ruled, tmp_path):
    text = f"import os, requests, sqlite3\ndef f(x): {line}"
    assert only(tmp_path, text).status is bare
    assert only(tmp_path, text, soul=RULES).status is ruled


def test_a_model_that_is_asked_by_hand_is_a_model(tmp_path):
    text = (
        "import requests\nrequests.post('https://api.openai.com/v1/chat/completions')"
    )
    assert only(tmp_path, text).twice.startswith("a second answer is paid for")


SHOWN = [
    ("requests.post(f'https://a.example/{x}')", "POST https://a.example/…"),
    ("requests.post(x)", "POST …"),
    ("httpx.Client(base_url='https://a.example/').post('/v1')", "POST https://a.example/v1"),
    ("stripe.Charge.create()", "api.stripe.com"),
    ("open(x, 'w')", "x"),
    ("x.to_csv(x.name)", "x.name"),
    ("os.system('echo ' + x)", None),
    ("os.system('make ' + 'x' * 9)", "make …"),
    ("os.system(x)", "x"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "target"), SHOWN)
def test_a_person_is_told_what_it_is_done_to(line, target, tmp_path):
    text = f"import httpx, os, requests, stripe\ndef f(x): {line}"
    if target is None:
        with pytest.raises(ValueError, match="not enough values"):
            only(tmp_path, text)
    else:
        assert only(tmp_path, text).target == target


def test_a_finding_says_where_it_stands(tmp_path):
    found = only(
        tmp_path, "import os\n\nif 1:\n    os.system(\n        'make'\n    )\n"
    )
    assert (found.line, found.column, found.end_line) == (4, 5, 6)
    assert found.call == "os.system"


def test_of_several_places_the_worst_counts(tmp_path):
    mixed = "def f(x): open('/tmp/a/b/c' if x else 'b', 'w')"
    assert only(tmp_path, mixed).status is Status.DEBT
    assert only(tmp_path, mixed, soul=RULES).status is Status.DEBT
    inside = "def f(x): open('a' if x else 'b', 'w')"
    assert only(tmp_path, inside, soul=RULES).status is Status.GUARDED
