"""The HTTP doors, one per client engine. `TABLE` is what is replaced."""

from __future__ import annotations

from soulguard.guard.http import drawn, http_client, httpcore

TABLE = (*http_client.TABLE, *httpcore.TABLE, *drawn.TABLE)
