import re
import time
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soulguard.errors import UsageError
from soulguard.supervisor import runid

moments = st.floats(min_value=0, max_value=2**37)  # 48 bits of milliseconds
names = st.from_regex(r"\A[A-Za-z0-9][A-Za-z0-9._:@+-]{0,80}\Z")


@given(moments)
def test_a_generated_id_is_a_version_7_uuid_of_its_moment(now):
    text = runid.generate(now)
    made = uuid.UUID(text)
    assert str(made) == text
    assert made.version == 7
    assert made.variant == uuid.RFC_4122
    assert made.int >> 80 == int(now * 1000)


@given(moments, moments)
def test_ids_sort_by_the_time_they_were_made(one, two):
    if int(one * 1000) < int(two * 1000):
        assert runid.generate(one) < runid.generate(two)


def test_two_ids_of_one_moment_differ():
    assert len({runid.generate(1.0) for _ in range(100)}) == 100


@given(names)
def test_a_name_without_holes_is_itself(name):
    assert runid.expand(name) == name


@given(names, st.floats(min_value=0, max_value=2**32))
def test_holes_are_filled_with_the_local_time(name, now):
    local = time.localtime(now)
    expected = name + time.strftime("%Y-%m-%d.%H", local)
    assert runid.expand(name + "{date}.{hour}", now) == expected


@pytest.mark.parametrize(
    "template",
    ["", "a b", "a/b", "../x", "a\n", "{date", "~2", "a~2", "a" * 121, "-a", "ä"],
)
def test_what_cannot_be_an_id_is_refused(template):
    with pytest.raises(UsageError, match="is not usable"):
        runid.expand(template)


@pytest.mark.parametrize("template", ["{dat}", "x-{}", "{date:%Y}"])
def test_an_unknown_hole_is_named(template):
    hole = re.search(r"\{.*\}", template)[0]
    with pytest.raises(UsageError, match=re.escape(f"`{hole}`")) as refused:
        runid.expand(template)
    assert "{date}" in refused.value.hint


def test_generations_of_a_name_are_numbered_from_the_second():
    assert runid.next_generation("daily", 1) == "daily"
    assert runid.next_generation("daily", 3) == "daily~3"
