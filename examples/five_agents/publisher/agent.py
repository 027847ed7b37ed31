"""Publish the writer's articles at the press and keep a copy of every page."""

import html
import json
import os
from pathlib import Path

import requests

PRESS = os.environ.get("PRESS_URL", "https://press.lantern.example")
DRAFTS = Path("../writer/drafts")
SITE = Path("site")


def main():
    SITE.mkdir(exist_ok=True)
    session = requests.Session()
    drafts = sorted(DRAFTS.glob("*.md"))
    for draft in drafts:
        publish(session, draft.stem, draft.read_text())
    print(f"{len(drafts)} articles published")


def publish(session, slug, text):
    post = {"slug": slug, "text": text}
    answer = session.post(f"{PRESS}/v1/posts", json=post, timeout=60)
    answer.raise_for_status()
    number = answer.json()["id"]
    page = f"<!doctype html>\n<title>{slug}</title>\n<pre>{html.escape(text)}</pre>\n"
    (SITE / f"{slug}.html").write_text(page)
    with open(SITE / "feed.jsonl", "a") as feed:
        feed.write(json.dumps({"slug": slug, "post": number}) + "\n")


if __name__ == "__main__":
    main()
