import pytest

from soulguard.audit.values import readable
from tests.audit.sources import seen

TARGETS = [
    ("Path('a').with_suffix('.tmp').write_text('x')", "a.tmp"),
    ("Path('a/b').with_name('c').write_text('x')", "a/c"),
    ("Path('a/b').parent.joinpath('c').write_text('x')", "a/c"),
    ("(Path.home() / 'a').write_text('x')", "~/a"),
    ("(Path.cwd() / 'a').write_text('x')", "./a"),
    ("Path().joinpath('a').write_text('x')", "./a"),
    ("open(os.path.join(os.path.dirname('a/b'), 'c'), 'w')", "a/c"),
    ("open(str(Path('a')), 'w')", "a"),
    ("[p.write_text('x') for p in Path('a').glob('*')]", "a/…"),
    ("open(os.path.abspath('a'), 'w')", "a"),
    ("open('a-{}.md'.format(n), 'w')", "a-….md"),
    ("open(getattr(names, 'x'), 'w')", ""),
    ("next(iter([Path('a')])).write_text('x')", "a"),
    ("open(cast(str, 'a'), 'w')", "a"),
]


@pytest.mark.parametrize(("line", "target"), TARGETS)
def test_a_path_is_known_through_the_standard_library(line, target, tmp_path):
    text = f"import os\nfrom pathlib import Path\nfrom typing import cast\n{line}\n"
    (found,), _ = seen(tmp_path, text)
    assert readable(found.target or "") == target


def test_a_name_in_a_text_is_followed(tmp_path):
    found, _ = seen(
        tmp_path,
        "import requests, importlib, functools\n"
        "getattr(requests, 'post')('u')\n"
        "importlib.import_module('requests').post('u')\n"
        "functools.partial(requests.post, 'u')()\n",
    )
    assert [s.signature.id for s in found] == ["http.post"] * 3


def test_a_method_that_is_only_named_alike_makes_no_path(tmp_path):
    found, _ = seen(tmp_path, "def f(page): page.home().write_text('x')")
    assert [s.target for s in found] == [None]
