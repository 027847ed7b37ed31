import pytest

from soulguard.soul.approval import of_condition
from soulguard.soul.modality import Modality
from soulguard.soul.polarity import view
from soulguard.soul.tokens import items
from soulguard.soul.views import say

ASKED = [
    ("Never deploy without my approval", "deploy"),
    ("Ask before deleting files", "deleting files"),
    ("Before deleting files, get my okay", "deleting files"),
    ("Deployments require sign-off", "deployments"),
    ("Charges must be approved", "charges"),
    ("Wait for approval before sending mail", "sending mail"),
    ("Confirm deletions", "deletions"),
    ("Do not send mail before I approve", "send mail"),
    ("Files may only be changed with my approval", "files"),
    ("If it means sending mail, ask first", "sending mail"),
    ("When you need to delete a file, stop and ask", "delete a file"),
    ("Show me the draft before you send mail", "you send mail"),
]


@pytest.mark.parametrize(("text", "what"), ASKED)
def test_a_person_is_asked_for_what_the_sentence_names(text: str, what: str) -> None:
    seen = view(tuple(items(text)), Modality.NONE)
    assert seen.modality is Modality.ASK
    assert what in say(seen.core)


@pytest.mark.parametrize(
    "text",
    ["Do not ask permission", "No approval needed to read files", "Never ask first"],
)
def test_asking_that_is_waived_allows_and_never_loosens(text: str) -> None:
    seen = view(tuple(items(text)), Modality.NONE)
    assert seen.modality is Modality.ALLOW
    assert seen.counter


@pytest.mark.parametrize(
    "text",
    [
        "When in doubt, ask first",
        "If a file is missing, ask for the right name",
        "If you cannot read a file, ask the user",
    ],
)
def test_a_condition_that_names_nothing_to_do_is_not_asked_for(text: str) -> None:
    every = items(text)
    comma = [w.text for w in every].index(",")
    assert of_condition(every[comma + 1 :], every) == []
