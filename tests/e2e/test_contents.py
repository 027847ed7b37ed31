"""What was blocked or discarded, to be looked at beside what is there."""

from soulguard.model import EventType
from soulguard.postmortem.contents import difference

SECRET = "sk-live-4eC39HqLyjWDarjtT1zdp7dc"


def told(workshop, type_):
    """Give the difference that the newest event of a type speaks of."""
    with workshop.ledger() as ledger:
        run = ledger.runs()[0].run_id
        event = next(ledger.events(run, types=[type_.value], newest_first=True))
        return difference(ledger, event)


def test_a_skipped_write_that_differs_is_shown_beside_what_stands_there(workshop):
    agent = """
        attempt = os.environ["SOULGUARD_ATTEMPT"]
        pathlib.Path("out.md").write_text(f"first\\nof attempt {attempt}\\n")
        sys.exit(int(attempt == "1"))
    """
    workshop.tell(agent)
    workshop.tell(agent).ok()
    found = told(workshop, EventType.CONTENT_DIFFERS)
    assert found.lines == (" first", "-of attempt 1", "+of attempt 2")
    (workshop / "out.md").write_text("changed since\n")
    assert told(workshop, EventType.CONTENT_DIFFERS) == found


def test_secrets_are_hidden_in_what_is_shown(workshop):
    agent = """
        attempt = os.environ["SOULGUARD_ATTEMPT"]
        pathlib.Path("out.md").write_text(f"{os.environ['API_KEY']} {attempt}\\n")
        sys.exit(int(attempt == "1"))
    """
    workshop.agent(agent)
    for _ in range(2):
        workshop.run(env={"API_KEY": SECRET})
    lines = told(workshop, EventType.CONTENT_DIFFERS).lines
    assert lines == ("-[the value of `API_KEY`] 1", "+[the value of `API_KEY`] 2")


def test_a_refused_write_is_shown_with_its_secret_hidden(workshop):
    workshop.soul("# The clerk\n\n## Boundaries\nNever put API keys in any file.\n")
    agent = """
        pathlib.Path("out.md").write_text(f"model = 1\\nkey = {os.environ['API_KEY']}\\n")
    """
    workshop.agent(agent)
    assert workshop.run(env={"API_KEY": SECRET}).status != 0
    found = told(workshop, EventType.DENIED)
    assert "nothing is committed" in found.title
    assert SECRET not in "\n".join(found.lines)
    assert any("key = [" in line for line in found.lines)
