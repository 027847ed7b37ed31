"""Write an article from each of the researcher's notes, and the edition's front page."""

import json
import os
from pathlib import Path

import openai

MODEL = os.environ.get("WRITER_MODEL", "gpt-4o")
NOTES = Path("../researcher/notes")
DRAFTS = Path("drafts")


def main():
    DRAFTS.mkdir(exist_ok=True)
    model = openai.OpenAI()
    notes = [json.loads(path.read_text()) for path in sorted(NOTES.glob("*.json"))]
    for note in notes:
        write_article(model, note)
    write_front_page(model, [note["topic"] for note in notes])
    print(f"{len(notes)} articles written")


def write_article(model, note):
    question = f"Write the article on {note['topic']}. Notes: {note['text']}"
    draft = DRAFTS / f"{note['topic'].replace(' ', '-')}.md"
    with open(draft, "w") as page:
        page.write(f"# {note['topic'].title()}\n\n")
        for words in stream(model, question):
            page.write(words)
            page.flush()
        page.write("\n")


def stream(model, question):
    messages = [{"role": "user", "content": question}]
    with model.chat.completions.create(
        model=MODEL, messages=messages, stream=True
    ) as answer:
        for chunk in answer:
            yield chunk.choices[0].delta.content or ""


def write_front_page(model, topics):
    words = "".join(stream(model, f"Introduce this edition: {', '.join(topics)}."))
    contents = "\n".join(f"- {topic}" for topic in topics)
    # readers of the shared folder should never see half a page
    spare = Path("edition.md.tmp")
    spare.write_text(f"# This week\n\n{words}\n\n{contents}\n")
    os.replace(spare, "edition.md")


if __name__ == "__main__":
    main()
