import pytest

from soulguard.model import Source, Span


@pytest.mark.parametrize(
    ("span", "whole", "short"),
    [
        (Span("SOUL.md", 11, 3), "SOUL.md:11:3", "SOUL.md:11"),
        (Span("SOUL.md", 11), "SOUL.md:11", "SOUL.md:11"),
        (Span("SOUL.md", 0, 3), "SOUL.md", "SOUL.md"),
    ],
)
def test_a_span_reads_as_far_as_it_is_known(span, whole, short):
    assert (str(span), span.short) == (whole, short)


def test_a_source_reads_place_then_words():
    source = Source(Span("SOUL.md", 11, 3), "Never write twice.")
    assert str(source) == "SOUL.md:11: Never write twice."
