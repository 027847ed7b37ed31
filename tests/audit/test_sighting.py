import pytest

from soulguard.audit.values import readable
from tests.audit.sources import seen

MODES = [
    ("open('a', 'w')", "overwritten", "file.write"),
    ("open('a', 'a')", "appended", "file.append"),
    ("open('a', 'x')", "exists", "file.write"),
    ("open('a', 'r+')", "updated", "file.write"),
    ("open('a', mode)", "mode-unknown", "file.write"),
    ("open('a', **options)", "mode-unknown", "file.write"),
    ("open('a', 'w' if new else 'a')", "appended", "file.append"),
]


@pytest.mark.parametrize(("line", "twice", "does"), MODES)
def test_the_mode_decides_what_a_second_time_does(line, twice, does, tmp_path):
    (found,), _ = seen(tmp_path, f"def f(mode, options, new): {line}")
    assert (found.twice, found.does) == (twice, does)


HANDED = [
    "asyncio.to_thread(requests.post, 'u')",
    "pool.submit(requests.post, 'u')",
    "loop.run_in_executor(None, requests.post, 'u')",
    "threading.Thread(target=requests.post, args=('u',))",
    "call_with_retry(requests.post, 'u')",
    "list(map(requests.post, urls))",
]


@pytest.mark.parametrize("line", HANDED)
def test_a_function_that_is_handed_on_to_be_called_counts(line, tmp_path):
    text = f"import asyncio, requests, threading\ndef f(pool, loop, urls): {line}"
    (found,), _ = seen(tmp_path, text)
    assert found.signature.id == "http.post"


@pytest.mark.parametrize(
    "line",
    ["isinstance(x, subprocess.Popen)", "hasattr(requests, 'post')", "mock.patch.object(requests, 'post')", "x == os.remove"],
)  # fmt: skip
def test_a_function_that_is_only_named_does_not(line, tmp_path):
    text = (
        f"import os, requests, subprocess\nfrom unittest import mock\ndef f(x): {line}"
    )
    assert seen(tmp_path, text)[0] == []


def test_a_method_of_our_own_of_that_name_is_no_effect(tmp_path):
    ours = "class Page:\n def write_text(self, at, text): self.text = text\n"
    assert seen(tmp_path, ours + "def f(page): page.write_text((1, 2), 'x')")[0] == []
    assert len(seen(tmp_path, "def f(page): page.write_text('x')")[0]) == 1


def test_where_the_arguments_tell_the_name_need_not(tmp_path):
    ours = "class Job:\n def execute(self): pass\n"
    found, _ = seen(
        tmp_path, ours + "def f(db): db.execute('insert into t values (1)')"
    )
    assert [s.twice for s in found] == ["row"]


def test_writing_into_a_handle_that_was_opened_counts_once(tmp_path):
    found, _ = seen(
        tmp_path,
        "import json\nwith open('a', 'w') as f:\n json.dump({}, f)\n f.write('x')",
    )
    assert len(found) == 1


METHODS = [
    ("requests.request('put', 'u')", "PUT", "put"),
    ("requests.request(m, 'u')", "", "method-unknown"),
    ("urllib.request.Request('u', data=b'', method='PATCH')", "PATCH", "request"),
    ("urllib.request.Request('u', b'x')", "POST", "request"),
]


@pytest.mark.parametrize(("line", "method", "twice"), METHODS)
def test_the_method_is_known_where_it_is_said(line, method, twice, tmp_path):
    (found,), _ = seen(tmp_path, f"import requests, urllib.request\ndef f(m): {line}")
    assert (found.method, found.twice) == (method, twice)


COMMANDS = [
    ("subprocess.run(['git', 'push', remote])", "git push …", "command"),
    ("subprocess.run(f'rm -rf {x}', shell=True)", "rm -rf …", "there"),
    ("os.system(x)", "", "command-unknown"),
    ("subprocess.run([None, 'x'])", "… x", "command"),
    ("subprocess.run(['git', 'status'] + ['>', 'x'])", "git status > x", "command"),
    ("os.system('ls; rm x')", "ls; rm x", "command"),
]


@pytest.mark.parametrize(("line", "target", "twice"), COMMANDS)
def test_a_command_is_read_as_a_line(line, target, twice, tmp_path):
    (found,), _ = seen(tmp_path, f"import os, subprocess\ndef f(x, remote): {line}")
    assert (readable(found.target or ""), found.twice) == (target, twice)


STATEMENTS = [
    ("INSERT INTO t VALUES (?)", "row"),
    ("insert or ignore into t values (?)", "once-only"),
    ("INSERT INTO t VALUES (?) ON CONFLICT DO NOTHING", "once-only"),
    ("CREATE TABLE IF NOT EXISTS t (x)", "there"),
    ("CREATE TABLE t (x)", "exists"),
    ("DROP TABLE t", "gone"),
    ("UPDATE t SET n = n + 1", "counted"),
    ("UPDATE t SET n = ? WHERE x = 1", "same-row"),
    ("-- why\n DELETE FROM t", "same-row"),
]


@pytest.mark.parametrize(("statement", "twice"), STATEMENTS)
def test_a_statement_says_what_a_second_time_does(statement, twice, tmp_path):
    (found,), _ = seen(
        tmp_path, f"import sqlite3\nsqlite3.connect('d').execute({statement!r})"
    )
    assert found.twice == twice


def test_what_may_be_harmful_is_not_taken_for_harmless(tmp_path):
    text = """\
        import subprocess
        for line in [["git", "add", "."], ["git", "push"]]:
            subprocess.run(line)
        def run(line):
            subprocess.run(line)
        run("git status")
        run("git push")
        run(nobody)
        """
    found, _ = seen(tmp_path, text)
    assert [s.twice for s in found] == ["command", "command"]


def test_all_it_may_be_done_to_is_kept(tmp_path):
    found, _ = seen(tmp_path, "def f(x): open('/tmp/a' if x else 'b', 'w')")
    assert [s.target for s in found[0].each()] == ["/tmp/a", "b"]


CORE = [
    ("select(t).where(t.c.x == 1).limit(2)", None),
    ("insert(t).values(x=1)", "row"),
    ("pg.insert(t).values(x=1).on_conflict_do_nothing()", "once-only"),
    ("t.update().where(t.c.x == 1).values(x=2)", "same-row"),
    ("delete(t)", "same-row"),
    ("text('insert into t values (1)')", "row"),
    ("t", "statement-unknown"),
]


@pytest.mark.parametrize(("statement", "twice"), CORE)
def test_a_statement_that_is_built_is_one(statement, twice, tmp_path):
    text = f"""\
        from sqlalchemy import create_engine, delete, insert, select, text
        from sqlalchemy.dialects import postgresql as pg
        engine = create_engine("u")
        def f(t):
            with engine.begin() as c:
                s = {statement}
                c.execute(s)
        """
    found, _ = seen(tmp_path, text)
    assert [s.twice for s in found] == ([twice] if twice else [])


def test_replacing_in_a_text_that_was_read_is_no_rename(tmp_path):
    text = """\
        from pathlib import Path
        page = Path("a").read_text()
        page = page.replace("x", "y")
        page = page.replace("z", "w")
        """
    assert seen(tmp_path, text)[0] == []
