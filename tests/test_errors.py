import inspect
import re
from pathlib import Path

import pytest

from soulguard import errors

PAGE = (Path(__file__).parents[1] / "docs" / "errors.md").read_text()
CLASSES = [
    cls
    for cls in vars(errors).values()
    if inspect.isclass(cls) and cls.__module__ == errors.__name__
]
REFUSALS = [cls for cls in CLASSES if issubclass(cls, errors._Refusal)]


def sections():
    parts = re.split(r"^## (.+)$", PAGE, flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


def test_the_page_has_one_heading_per_slug_and_no_other():
    assert sorted(sections()) == sorted(cls.slug for cls in CLASSES)


@pytest.mark.parametrize("slug", [cls.slug for cls in CLASSES])
def test_every_slug_is_explained_with_cause_and_cure(slug):
    text = sections()[slug]
    assert re.search(r"^Cause: \S", text, re.MULTILINE)
    assert re.search(r"^Cure: \S", text, re.MULTILINE)


@pytest.mark.parametrize("cls", CLASSES)
def test_every_class_is_drawn_in_the_tree(cls):
    assert errors.__doc__ is not None
    drawn = re.findall(r"\b([A-Z]\w+)\b", errors.__doc__)
    assert cls is errors._Refusal or cls.__name__ in drawn


@pytest.mark.parametrize("cls", CLASSES)
def test_every_class_is_named_an_error_or_is_a_documented_state(cls):
    assert cls.__name__.endswith("Error") or cls in {
        errors._Refusal,
        errors.GuardUnavailable,
    }


@pytest.mark.parametrize(
    ("where", "expected"),
    [("SOUL.md:3:1", "SOUL.md:3:1: no such effect"), ("", "no such effect")],
)
def test_an_error_reads_where_then_what(where, expected):
    error = errors.PolicySyntaxError("no such effect", where=where, hint="see check")
    assert str(error) == expected
    assert error.hint == "see check"


@pytest.mark.parametrize("cls", [c for c in REFUSALS if c is not errors._Refusal])
def test_a_refusal_is_a_class_the_agent_already_handles(cls):
    assert issubclass(cls, (OSError, RuntimeError))
    assert not issubclass(cls, errors.SoulguardError)
