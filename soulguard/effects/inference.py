"""Owns knowing a call that only thinks: model inference, harmless to send again.

The list is data (``inference.yaml``); reading it is the only file this module touches,
when the first call is made.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from soulguard.effects.providers import host_pattern, path_pattern
from soulguard.errors import PolicySyntaxError
from soulguard.model.call import Call

_HOSTS_KEPT = 1024
_LOOPBACK = re.compile(r"localhost|127(\.\d+){3}|::1|.*\.localhost")


class Inference:
    """The hosts and paths of model inference, ready to be asked."""

    def __init__(self, entries: list[dict[str, list[str]]]) -> None:
        self._hosts: list[tuple[re.Pattern[str], list[re.Pattern[str]]]] = []
        self._known: dict[str, re.Pattern[str]] = {}
        for entry in entries:
            paths = [path_pattern(p) for p in entry["paths"]]
            for host in entry["hosts"]:
                pattern = _LOOPBACK if host == "loopback" else host_pattern(host)
                self._hosts.append((pattern, paths))

    def owns(self, call: Call) -> bool:
        """Whether the call is model inference.

        INVARIANT: on this machine anything may listen (a chat bridge has `/v1/messages`
        too), so there the body has to name a model.
        """
        if call.method != "POST":
            return False
        known = self._known.get(call.host)
        if known is None:
            known = self._at(call.host)
        if known.fullmatch(call.path) is None:
            return False
        return not loopback(call.host) or _names_a_model(call.body)

    def _at(self, host: str) -> re.Pattern[str]:
        """Find the paths of a host as one pattern, and keep it for the next call."""
        found = [p for h, paths in self._hosts if h.fullmatch(host) for p in paths]
        if len(self._known) >= _HOSTS_KEPT:
            self._known.clear()
        pattern = "|".join(f"(?:{p.pattern})" for p in found) or "(?!)"
        self._known[host] = known = re.compile(pattern)
        return known


def load(file: Path) -> Inference:
    """Read the list.

    Raises:
        PolicySyntaxError: it cannot be read or has not the form.
    """
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        data = yaml.load(file.read_text(encoding="utf-8"), Loader=loader)
        return Inference(data["inference"])
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise PolicySyntaxError(f"cannot read it: {error}", where=str(file)) from None
    except (KeyError, TypeError, AttributeError) as error:
        raise PolicySyntaxError(
            f"an entry needs `hosts` and `paths`: {error}", where=f"{file}:1"
        ) from None


def _names_a_model(body: bytes) -> bool:
    if b'"model"' not in body:
        return False
    try:
        asked = json.loads(body)
    except ValueError:
        return False
    return isinstance(asked, dict) and isinstance(asked.get("model"), str)


def loopback(host: str) -> bool:
    """Whether a host is this machine."""
    return bool(_LOOPBACK.fullmatch(host))
