import os
import re
from html.parser import HTMLParser

import pytest

from soulguard.model import EventType
from soulguard.postmortem import account
from soulguard.postmortem.account import account_of
from soulguard.postmortem.page import page
from soulguard.supervisor.lease import owner_of
from tests.tui.stories import BROKEN, NOW, SECOND, Story


@pytest.fixture
def html(story):
    return page(account_of(story.ledger, SECOND, NOW))


class Outline(HTMLParser):
    """Collect what a page asks to be loaded, and its visible text."""

    def __init__(self):
        super().__init__()
        self.loads, self.text = [], []

    def handle_starttag(self, tag, attrs):
        asked = [v for k, v in attrs if k in {"src", "href", "srcset", "data"}]
        self.loads += asked
        assert tag not in {"script", "iframe", "img", "link"}

    def handle_data(self, data):
        self.text.append(data)


def read(html):
    outline = Outline()
    outline.feed(html)
    return outline


def test_the_page_loads_nothing_from_anywhere(html):
    assert read(html).loads == []
    assert "url(" not in html
    assert "default-src 'none'" in html


@pytest.mark.parametrize(
    "said",
    [
        "invoices-tuesday", "○ resumable", "python agent.py", "What happened",
        "“Never write twice to the same output path in a run.”", "SOUL.md:4",
        '+api_key = "sk-test"', "1,200 tokens, $0.50", "--happened | --did-not",
        "ended with status 1", "The rules in force", "Be kind and careful.",
    ],
)  # fmt: skip
def test_the_page_tells_the_whole_story_in_words(html, said):
    assert said in "".join(read(html).text)


def test_every_attempt_is_a_bar_with_its_marks_inside_the_picture(html):
    assert len(re.findall("<rect class=", html)) == 2
    places = [float(x) for x in re.findall(r'<text class="\w+" x="([\d.]+)"', html)]
    assert places
    assert all(0 <= x <= 1000 for x in places)


def test_nothing_an_agent_names_can_break_out_of_the_page(path):
    story = Story(path, root="/home/<b>")
    story.start("<script>alert(1)</script>", command=("<img src=x>",))
    story.denied('out/"><script>alert(2)</script>.md')
    html = page(account_of(story.ledger, "<script>alert(1)</script>", NOW))
    story.close()
    read(html)
    assert "<script" not in html


def test_what_was_left_out_and_what_was_not_taken_over_is_said(story, monkeypatch):
    story.event(EventType.POLICY_REJECTED, data={"diagnostics": [BROKEN.to_json()]})
    monkeypatch.setattr(account, "MOST", 1)
    words = "".join(read(page(account_of(story.ledger, SECOND, NOW))).text)
    assert "older events are left out" in words
    assert "the newest 1 here" in words
    assert "an edit was not taken over: SOUL.md:11:3: no effect named" in words


def test_a_run_that_goes_on_or_waits_for_approval_is_told_so(story):
    story.start(SECOND, owner=owner_of(os.getpid()))
    asked = story.ask()
    words = "".join(read(page(account_of(story.ledger, SECOND, NOW))).text)
    assert "goes on" in words
    assert f"soulguard approve {asked} | soulguard deny {asked}" in words


def test_a_run_in_which_nothing_happened_has_a_page(path):
    story = Story(path)
    story.start("quiet")
    words = "".join(read(page(account_of(story.ledger, "quiet", NOW))).text)
    story.close()
    assert "Nothing but what was simply done." in words
    assert "was cut off" in words
