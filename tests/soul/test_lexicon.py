from soulguard.soul import lexicon


def tags(text: str) -> tuple[int, frozenset[str]]:
    return lexicon.tags_at(text.split(), 0)


def test_verbs_are_known_in_all_their_forms() -> None:
    for word in ("delete", "deletes", "deleting", "deleted"):
        assert "act:delete" in tags(word)[1], word
    for word in ("write", "writes", "writing", "wrote", "written"):
        assert "act:write" in tags(word)[1], word


def test_the_longest_phrase_wins() -> None:
    size, found = tags("force push to main")
    assert size == 2
    assert "act:force-push" in found


def test_what_nobody_knows_has_no_tags() -> None:
    assert tags("flibbertigibbet") == (0, frozenset())


def test_every_file_of_the_lexicon_is_read() -> None:
    assert set(lexicon.classes()) == {"paths", "commands", "hosts", "services"}
    assert "save" in lexicon.imperatives()
