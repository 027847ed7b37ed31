"""What happened: the durable record of runs, attempts, effects and events.

Nothing here decides. SQL stays inside this package; `sqlite3` is imported only once a
ledger is opened.
"""

from __future__ import annotations

from soulguard.ledger.opening import open_ledger
from soulguard.ledger.protocol import ChainReport, Ledger

__all__ = ["ChainReport", "Ledger", "open_ledger"]
