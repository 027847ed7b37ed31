"""Read up on the topics of the week and leave a note on each for the writer."""

import json
import os
from pathlib import Path

import httpx

MODEL = os.environ.get("RESEARCH_MODEL", "gpt-4o")
BASE_URL = os.environ.get("OPENAI_BASE_URL", "https://api.openai.com/v1")
NOTES = Path("notes")


def main():
    NOTES.mkdir(exist_ok=True)
    headers = {"Authorization": f"Bearer {os.environ['OPENAI_API_KEY']}"}
    topics = Path("topics.txt").read_text().splitlines()
    with httpx.Client(base_url=BASE_URL, headers=headers, timeout=60) as client:
        for topic in topics:
            note = study(client, topic)
            slug = topic.replace(" ", "-")
            (NOTES / f"{slug}.json").write_text(json.dumps(note, indent=2) + "\n")
            with open("reading-list.jsonl", "a") as log:
                log.write(json.dumps({"slug": slug, "words": note["words"]}) + "\n")
    print(f"{len(topics)} topics studied")


def study(client, topic):
    question = f"What should a home owner know about {topic}? Facts, uses, price."
    request = {"model": MODEL, "messages": [{"role": "user", "content": question}]}
    answer = client.post("/chat/completions", json=request)
    answer.raise_for_status()
    text = answer.json()["choices"][0]["message"]["content"]
    return {"topic": topic, "words": len(text.split()), "text": text}


if __name__ == "__main__":
    main()
