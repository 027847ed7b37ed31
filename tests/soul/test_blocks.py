from soulguard.soul.blocks import blocks, introduces


def kinds(text: str) -> list[tuple[str, str]]:
    return [(b.kind, b.text) for b in blocks(text)]


def test_every_kind_of_block_is_told_apart() -> None:
    text = (
        "---\nname: x\n---\n# Title\n\nWords.\n\n- item\n\n> quote\n\n```sh\nls\n```\n\n"
        "<div>\n\n| a | b |\n|---|---|\n| c | d |\n"
    )
    assert kinds(text) == [
        ("front-matter", "name: x"), ("heading", "Title"), ("para", "Words."),
        ("list", "item"), ("quote", "quote"), ("code", "ls"), ("html", "<div>"),
        ("table", "| a | b |"), ("table", "| c | d |"),
    ]  # fmt: skip


def test_a_row_knows_its_cells_and_the_head_of_its_table() -> None:
    row = list(blocks("| a | b |\n|---|---|\n| c | d |\n"))[1]
    assert row.cells == ("c", "d")
    assert row.head == ("a", "b")


def test_a_block_knows_the_headings_above_it() -> None:
    found = list(blocks("# A\n\n## B\n\nx\n\n# C\n\ny\n"))
    assert [b.headings for b in found if b.kind == "para"] == [("A", "B"), ("C",)]


def test_a_list_knows_what_introduces_it_and_the_next_one_does_not() -> None:
    found = list(blocks("Never:\n\n- a\n\nA sentence.\n\n- b\n"))
    assert [b.leads for b in found if b.kind == "list"] == [("Never:",), ()]


def test_a_fence_in_a_list_keeps_its_column() -> None:
    found = list(blocks("- x\n\n  ```soulguard\n  a: 1\n  ```\n"))
    code = next(b for b in found if b.kind == "code")
    assert code.info == "soulguard"
    assert (code.lines[0].line, code.lines[0].column) == (4, 3)


def test_titles_introduce_and_sentences_do_not() -> None:
    assert introduces("**Never do**")
    assert introduces("You may:")
    assert introduces("High risk")
    assert not introduces("This is a sentence.")
