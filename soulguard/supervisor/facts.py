"""Owns the facts about services: the shipped ones, and the user's own beside SOUL.md.

The shipped ones are read when the first call needs them, the user's own at the start:
a mistake there is told before the agent runs. Nothing is decided here.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from soulguard.effects.inference import Inference
    from soulguard.effects.providers import Providers
    from soulguard.effects.usage import Prices

PROVIDERS, PRICES = "soulguard.providers", "soulguard.prices"
"""Names of the user's own files beside SOUL.md, before ``.yaml`` or ``.yml``."""


class Facts:
    """Providers, inference hosts and prices of a folder of policies.

    `own` are provider files of the user; their entries go before the shipped ones and
    override them by `id`. `prices` are price lists of the user.
    """

    def __init__(
        self, folder: Path, own: tuple[Path, ...] = (), prices: tuple[Path, ...] = ()
    ) -> None:
        self._folder = folder
        self._own = own
        self._own_prices = prices

    @property
    def files(self) -> tuple[Path, ...]:
        """The user's own files."""
        return (*self._own, *self._own_prices)

    def read_own(self) -> None:
        """Read the user's own files now, where there are any.

        Raises:
            PolicySyntaxError: one has not the form, with the line it is wrong at.
        """
        if self._own:
            _ = self.providers
        if self._own_prices:
            _ = self.prices

    @cached_property
    def providers(self) -> Providers:
        """The registry of ``providers.yaml``, under the user's own.

        Raises:
            PolicySyntaxError: a file has not the form.
        """
        from soulguard.effects.provider_file import load

        return load(self._folder / "providers.yaml", *self._own)

    @cached_property
    def prices(self) -> Prices:
        """The list of ``prices.yaml``, under the user's own.

        Raises:
            PolicySyntaxError: a file has not the form.
        """
        from soulguard.effects.price_file import load

        return load(self._folder / "prices.yaml", *self._own_prices)

    @cached_property
    def inference(self) -> Inference:
        """The list of ``inference.yaml``.

        Raises:
            PolicySyntaxError: the file has not the form.
        """
        from soulguard.effects.inference import load

        return load(self._folder / "inference.yaml")


def beside(root: Path, folder: Path) -> Facts:
    """Give the facts that hold for a run: those of `folder`, under the ones in `root`.

    Raises:
        PolicySyntaxError: a file of the user has not the form.
    """
    facts = Facts(folder, _named(root, PROVIDERS), _named(root, PRICES))
    facts.read_own()
    return facts


def _named(root: Path, name: str) -> tuple[Path, ...]:
    places = (root / f"{name}{end}" for end in (".yaml", ".yml"))
    return tuple(place for place in places if place.is_file())
