"""The HTTP doors, one per client engine. `TABLE` is what is replaced."""

from __future__ import annotations

from soulguard.guard.http import (
    aiohttp,
    botocore,
    drawn,
    early_tls,
    http_client,
    httpcore,
    watch,
)

TABLE = (
    *http_client.TABLE,
    *early_tls.TABLE,
    *httpcore.TABLE,
    *aiohttp.TABLE,
    *botocore.TABLE,
    *drawn.TABLE,
    *watch.TABLE,
)
