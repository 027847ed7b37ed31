import pytest

from soulguard.model import Action

RUN = [
    "Before creating any output, check if it already exists for this run_id.",
    "Never write twice to the same output path in a single run.",
    "Do not create the same file twice.",
    "Every output path is written exactly once per run.",
    "Each file may be written at most once.",
    "Never generate the same report more than once.",
    "Check whether the file already exists before creating it.",
    "If the output file already exists, skip it.",
    "Don't write a file that already exists.",
    "Skip outputs that already exist.",
    "Never create duplicate reports.",
    "Outputs are write-once.",
    "Don\u2019t save the same result again.",
    "Outputs are immutable once written.",
    "Re-running must not produce duplicate outputs.",
    "Never generate a second report for the same run.",
    "Do not write an output twice within one run.",
    "A given file is created exactly one time per run.",
    "If an output for this run_id exists, reuse it instead of writing again.",
    "Check the output folder before generating anything; skip what is already there.",
    "Files that already exist are left alone.",
    "Don't recreate existing outputs.",
    "Before writing a file, verify that it does not exist yet.",
    "Each run may write a given path only once.",
    "No duplicate writes.",
    "No double writes to one path.",
    "Do not repeat a write that already succeeded.",
    "Write-once: every artifact path is final.",
]
KEEP = [
    "Never overwrite existing files — create new versions.",
    "Never overwrite, never delete prior outputs.",
    "Do not overwrite previous reports.",
    "Create new versions instead of overwriting.",
    "Every new render, mix or export goes to a new path.",
    "Never overwrite previous months.",
    "Never replace an existing file.",
]
NOT = [
    "Never ask twice.",
    "Don't repeat yourself.",
    "Never overwrite files without approval.",
    "Write clearly.",
    "Think twice before answering.",
    "Check your work once more before you finish.",
    "Say it once, say it well.",
]


@pytest.mark.parametrize("text", RUN)
def test_once_per_run_is_taken(compile_text, text: str) -> None:
    found = [r for r in compile_text(text).policy.rules if r.action is Action.ONCE]
    assert [r.family for r in found] == ["write-once"]
    assert "existing" not in found[0].params


@pytest.mark.parametrize("text", KEEP)
def test_existing_files_are_kept_where_the_sentence_says_so(compile_text, text) -> None:
    found = [r for r in compile_text(text).policy.rules if r.action is Action.ONCE]
    assert [r.params.get("existing") for r in found] == ["keep"]


@pytest.mark.parametrize("text", NOT)
def test_other_sentences_are_not(compile_text, text: str) -> None:
    found = compile_text(text).policy.rules
    assert [r for r in found if r.action is Action.ONCE] == []


def test_a_named_path_narrows_the_rule(compile_text) -> None:
    found = compile_text("Never write `out/report-YYYY-MM-DD.md` twice.")
    once = [r for r in found.policy.rules if r.action is Action.ONCE]
    assert once[0].where.paths == ("out/report-*.md",)


@pytest.mark.parametrize(
    ("text", "free"),
    [
        ("Never write twice to the same output path, except `state/`.", "state/**"),
        ("Every file is written exactly once, apart from `index.md`.", "index.md"),
        ("Never create a file twice, with the exception of `a.json`.", "a.json"),
        ("Each report is written once per run; `s.json` may be rewritten.", "s.json"),
        ("Never write twice to the same path. `s.json` may be rewritten.", "s.json"),
    ],
)
def test_what_is_excepted_is_left_out_and_written_whole(compile_text, text, free):
    policy = compile_text(f"- {text}\n").policy
    once = [r for r in policy.rules if r.family == "write-once"]
    assert [r.action.value for r in once] == ["once", "atomic"]
    assert once[0].where.paths == ("**",)
    assert free in once[0].where.except_paths
    assert once[1].where.paths == (free,)


def test_an_exception_that_names_nothing_makes_no_rule(compile_text):
    found = compile_text("- Never write twice to the same path unless it is a draft.\n")
    assert found.own == 0


def test_new_files_may_come_where_none_is_overwritten(compile_text):
    found = compile_text("- Never overwrite anything in `reports/`.\n")
    assert [r.family for r in found.policy.rules[: found.own]] == ["write-once"]
