"""Mail this week's edition to everybody who has a receipt."""

import json
import os
import smtplib
from email.message import EmailMessage
from pathlib import Path

EDITION = Path("../writer/edition.md")
RECEIPTS = Path("../biller/receipts")
SENDER = "Mila <edition@lantern.example>"


def main():
    host, port = os.environ.get("SMTP_SERVER", "localhost:25").split(":")
    edition = EDITION.read_text()
    readers = [json.loads(path.read_text()) for path in sorted(RECEIPTS.iterdir())]
    with smtplib.SMTP(host, int(port)) as server:
        for reader in readers:
            server.send_message(letter(reader, edition))
            with open("sent.jsonl", "a") as log:
                log.write(json.dumps({"number": reader["number"]}) + "\n")
    print(f"{len(readers)} editions mailed")


def letter(reader, edition):
    mail = EmailMessage()
    mail["From"] = SENDER
    mail["To"] = reader["email"]
    mail["Subject"] = "This week in the Lantern"
    mail.set_content(f"Dear {reader['name']},\n\n{edition}\nYours, Mila\n")
    return mail


if __name__ == "__main__":
    main()
