"""Owns the sum of money a request moves, as its fields say it.

Pure: the fields are told. An amount in cents is one where the name says so or the
service counts in them; a price is one of each. What may be spent is not decided here.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Any

from soulguard.policy.carried import Fields

_TOTALS = (
    "total", "grand_total", "order_total", "total_amount", "amount_total", "total_price",
    "totalamount", "totalprice", "ordertotal", "notional", "amount", "amount_usd", "amount_eur",
    "sum", "value", "amount_money", "quoteorderqty", "quote_size", "funds", "cost", "charge_amount",
)  # fmt: skip
"""Fields that say what all of it costs, the surest first."""
_CENTS = (
    "amount_cents",
    "total_cents",
    "amount_minor",
    "amount_in_cents",
    "price_cents",
)
_PRICES = ("limit_price", "unit_price", "price", "unitprice", "item_price")
_COUNTS = ("quantity", "qty", "size", "units", "count", "volume", "shares")
_IN_CENTS = re.compile(
    r"(?:\A|\.)(?:stripe\.com|adyen\.com|razorpay\.com|squareup\.com|gocardless\.com)\Z"
)
"""Services whose amounts are in the smallest unit of the currency."""
_NUMBER = re.compile(r"[^\d.-]")


def moved(fields: Fields | None, host: str = "") -> float | None:
    """Give the sum that a request moves, None where nobody can say."""
    if not fields:
        return None
    cents = _first(fields, _CENTS)
    if cents is not None:
        return cents / 100
    total = _first(fields, _TOTALS)
    if total is not None:
        return total / 100 if _IN_CENTS.search(host) else total
    price = _first(fields, _PRICES)
    count = _first(fields, _COUNTS)
    return None if price is None or count is None else price * count


def _first(fields: Fields, names: Sequence[str]) -> float | None:
    """Give the largest number of the first field that has one."""
    for name in names:
        numbers = [n for n in map(_number, fields.get(name, ())) if n is not None]
        if numbers:
            return max(numbers)
    return None


def _number(value: Any) -> float | None:
    if isinstance(value, bool):
        return None
    try:
        found = float(_NUMBER.sub("", value) if isinstance(value, str) else value)
    except (TypeError, ValueError):
        return None
    return abs(found) if math.isfinite(found) else None
