"""Owns for whom a request is, as its fields say it: a phone number, a chat, a customer.

Pure: the fields are told. What counts for each of them is not decided here.
"""

from __future__ import annotations

from soulguard.policy.carried import Fields

_PEOPLE = (
    "to", "recipient", "recipients", "to_number", "phone", "phone_number", "msisdn", "chat_id",
    "email", "to_email", "contact", "contact_id", "user_id", "customer", "customer_id", "channel",
    "channel_id", "conversation_id", "username",
)  # fmt: skip
"""Fields by which services name who gets a message, the surest first."""
_ENDINGS = ("", "_id", "id", "_number", "_no", "_name", "_email", "_phone", "_key")


def named(fields: Fields | None, noun: str, *, person: bool) -> tuple[str, ...]:
    """Give the values of the field that names a thing, or who gets a message.

    The field is called like the noun; a person may be addressed by another name. Empty
    where no field names it.
    """
    if not fields:
        return ()
    stem = noun.replace(" ", "_")
    names = [f"{stem}{ending}" for ending in _ENDINGS]
    if person:
        names = [*names, *_PEOPLE]
    found = next((fields[name] for name in names if fields.get(name)), ())
    said = (str(value).strip().lower() for value in found if value not in (None, ""))
    return tuple(dict.fromkeys(said))
