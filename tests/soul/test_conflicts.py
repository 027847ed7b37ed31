def messages(found) -> list[str]:
    return [d.message for d in found.diagnostics]


def test_a_permission_that_never_comes_true_is_a_warning(compile_text) -> None:
    found = compile_text("- Never write `out/`.\n- Save drafts to `out/drafts.md`.\n")
    assert messages(found) == ["permits what SOUL.md:1 forbids"]
    assert found.errors == ()


def test_a_rule_said_twice_far_apart_is_a_warning(compile_text) -> None:
    found = compile_text("Never use sudo.\n\n\n\n\nDo not use sudo.\n")
    assert messages(found) == ["says the same as SOUL.md:1"]


def test_the_articles_two_sentences_are_no_accident(compile_text) -> None:
    found = compile_text(
        "Before creating any output, check if it already exists for this run_id.\n"
        "Never write twice to the same output path in a single run.\n"
    )
    assert found.diagnostics == ()


def test_different_places_do_not_conflict(compile_text) -> None:
    found = compile_text("- Never write `out/`.\n- Save drafts to `drafts/a.md`.\n")
    assert found.diagnostics == ()
