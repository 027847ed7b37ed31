"""Mail this week's edition to everybody who has a receipt."""

import json
from pathlib import Path

import resend  # takes RESEND_API_KEY from the environment

EDITION = Path("../writer/edition.md")
RECEIPTS = Path("../biller/receipts")
SENDER = "Mila <edition@lantern.example>"


def main():
    edition = EDITION.read_text()
    readers = [json.loads(path.read_text()) for path in sorted(RECEIPTS.iterdir())]
    for reader in readers:
        mail = resend.Emails.send(letter(reader, edition))
        with open("sent.jsonl", "a") as log:
            log.write(
                json.dumps({"number": reader["number"], "mail": mail["id"]}) + "\n"
            )
    print(f"{len(readers)} editions mailed")


def letter(reader, edition):
    return {
        "from": SENDER,
        "to": [reader["email"]],
        "subject": "This week in the Lantern",
        "text": f"Dear {reader['name']},\n\n{edition}\nYours, Mila\n",
    }


if __name__ == "__main__":
    main()
