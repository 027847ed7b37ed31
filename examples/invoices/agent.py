"""Bill the orders of the day.

For every order in orders.csv: have the model write a few sentences, charge the card,
write the invoice, note it in the journal. At the end, write a summary for the owner.

    OPENAI_API_KEY=... STRIPE_API_KEY=... python agent.py

OPENAI_BASE_URL and STRIPE_API_BASE point it at other services.
"""

import csv
import json
import os
from datetime import datetime, timezone
from pathlib import Path

import openai
import stripe

MODEL = os.environ.get("INVOICE_MODEL", "gpt-4o-mini")
VOICE = "You are Mira, bookkeeper of a furniture workshop. Write warm, plain sentences."

OUT = Path("out")
INVOICES = OUT / "invoices"
JOURNAL = OUT / "journal.jsonl"
SUMMARY = OUT / "summary.md"

stripe.api_key = os.environ["STRIPE_API_KEY"]
stripe.api_base = os.environ.get("STRIPE_API_BASE", stripe.api_base)


def main():
    model = openai.OpenAI()
    INVOICES.mkdir(parents=True, exist_ok=True)
    orders = read_orders(Path("orders.csv"))
    invoices = [bill(model, order) for order in orders]
    write_summary(model, invoices)
    print(f"{len(invoices)} orders billed, {money(sum(i['total'] for i in invoices))}")


def read_orders(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def bill(model, order):
    """Take one order from the list to the journal."""
    total = int(order["quantity"]) * int(order["unit_price"])
    text = ask(
        model, f"Write the text of an invoice for {goods(order)}, {money(total)}."
    )
    charge = pay(order, total)
    invoice = {
        "order": order["order"],
        "customer": order["customer"],
        "item": goods(order),
        "total": total,
        "currency": order["currency"],
        "charge": charge.id,
        "paid_at": moment(charge.created),
        "text": text,
    }
    write_invoice(invoice, order)
    append_journal(invoice)
    print(f"billed order {order['order']} for {order['customer']}")
    return invoice


def ask(model, question):
    answer = model.chat.completions.create(
        model=MODEL,
        messages=[
            {"role": "system", "content": VOICE},
            {"role": "user", "content": question},
        ],
    )
    return answer.choices[0].message.content


def pay(order, total):
    return stripe.Charge.create(
        amount=total,
        currency=order["currency"],
        source=order["card"],
        description=goods(order),
    )


def write_invoice(invoice, order):
    with open(INVOICES / f"{invoice['order']}.md", "w") as page:
        page.write(f"# Invoice {invoice['order']}\n\n")
        page.write(f"For {invoice['customer']} <{order['email']}>\n\n")
        page.write(f"{invoice['text']}\n\n")
        page.write("| item | total |\n|---|---:|\n")
        page.write(f"| {invoice['item']} | {money(invoice['total'])} |\n\n")
        page.write(
            f"Paid in full on {invoice['paid_at']}, charge {invoice['charge']}.\n"
        )
    with open(INVOICES / f"{invoice['order']}.json", "w") as file:
        json.dump(invoice, file, indent=2)
        file.write("\n")


def append_journal(invoice):
    line = {name: invoice[name] for name in ("order", "total", "charge", "paid_at")}
    with open(JOURNAL, "a") as journal:
        journal.write(json.dumps(line) + "\n")


def write_summary(model, invoices):
    total = money(sum(invoice["total"] for invoice in invoices))
    with open(SUMMARY, "w") as page:
        page.write("# Billed today\n\n")
        for invoice in invoices:
            page.write(f"## {invoice['order']}, {invoice['customer']}\n\n")
            page.write(f"{invoice['item']}, {money(invoice['total'])}\n\n")
            page.write(f"> {invoice['text']}\n\n")
        page.write(ask(model, f"Close a report on {len(invoices)} orders, {total}."))
        page.write(f"\n\nTotal of the day: {total}.\n")


def goods(order):
    return f"{order['quantity']} x {order['item']}"


def money(cents):
    return f"{cents / 100:,.2f} EUR"


def moment(seconds):
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%d %H:%M")


if __name__ == "__main__":
    main()
