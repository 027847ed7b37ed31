from soulguard.soul.groups import groups
from soulguard.soul.tokens import items


def made(text: str) -> list[tuple[str, list[str]]]:
    return [(g.verb, sorted(g.objs)) for g in groups(items(text))]


def test_verbs_without_objects_take_the_next_ones() -> None:
    assert made("edit or delete files") == [("edit", ["files"]), ("delete", ["files"])]


def test_a_subject_takes_the_verb_behind_it() -> None:
    found = groups(items("api keys, tokens and cookies be shared"))
    assert all("share" in g.acts for g in found if "secrets" in g.objs)


def test_a_word_that_ends_a_list_is_a_noun() -> None:
    assert made("put secrets in files or messages") == [
        ("put", ["files", "messages", "secrets"])
    ]


def test_after_an_unknown_verb_words_are_its_objects() -> None:
    found = groups(items("re-suggest changes"))
    assert [g.acts for g in found] == [frozenset()]
    assert found[0].unknown == ["re-suggest"]
