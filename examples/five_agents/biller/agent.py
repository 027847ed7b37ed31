"""Charge every subscriber whose plan is due, leave a receipt, and keep the book."""

import csv
import json
import os
from pathlib import Path

import stripe

RECEIPTS = Path("receipts")
BOOK = Path("book.csv")

stripe.api_key = os.environ["STRIPE_API_KEY"]
stripe.api_base = os.environ.get("STRIPE_API_BASE", stripe.api_base)


def main():
    RECEIPTS.mkdir(exist_ok=True)
    with open("subscribers.csv", newline="") as file:
        subscribers = list(csv.DictReader(file))
    for subscriber in subscribers:
        charge = pay(subscriber)
        receipt = {**subscriber, "charge": charge.id, "paid": charge.amount}
        with open(RECEIPTS / f"{subscriber['number']}.json", "w") as file:
            json.dump(receipt, file, indent=2)
            file.write("\n")
        enter(subscriber["number"], charge)
    print(f"{len(subscribers)} subscribers billed")


def pay(subscriber):
    return stripe.Charge.create(
        amount=int(subscriber["price"]),
        currency="eur",
        source=subscriber["card"],
        description=f"{subscriber['plan']} plan, {subscriber['number']}",
    )


def enter(number, charge):
    with open(BOOK, "a", newline="") as file:
        book = csv.writer(file)
        if file.tell() == 0:
            book.writerow(["subscriber", "charge", "cents"])
        book.writerow([number, charge.id, charge.amount])


if __name__ == "__main__":
    main()
