"""Owns the shipped facts about services, read when the first call needs them."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

from soulguard.effects.inference import Inference
from soulguard.effects.providers import Providers
from soulguard.effects.usage import Prices


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

    @cached_property
    def providers(self) -> Providers:
        """The registry of ``providers.yaml``.

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
        from soulguard.effects.usage import load

        return load(self._folder / "prices.yaml", *self._own_prices)

    @cached_property
    def inference(self) -> Inference:
        """The list of ``inference.yaml``.

        Raises:
            PolicySyntaxError: the file has not the form.
        """
        from soulguard.effects.inference import load

        return load(self._folder / "inference.yaml")
