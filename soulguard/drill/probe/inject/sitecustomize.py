"""Executed by `site` in every interpreter of a drill, after the guard's own.

Loads the probe from its own installation, then runs the `sitecustomize` that this one
stands in front of.
"""

import os
import sys


def _load(home: str) -> None:
    sys.path.insert(0, home)
    try:
        from soulguard.drill.probe import start
    finally:
        sys.path.remove(home)
    start.start()


def _chain(here: str) -> None:
    """Run the sitecustomize that the agent's own environment has, if any."""
    from importlib.machinery import PathFinder

    sys.path[:] = [p for p in sys.path if os.path.abspath(p) != here]
    spec = PathFinder.find_spec("sitecustomize", sys.path)
    if spec is None or spec.loader is None:
        return
    module = type(sys)("sitecustomize")
    module.__spec__ = spec
    module.__loader__ = spec.loader
    module.__file__ = spec.origin
    sys.modules["sitecustomize"] = module
    spec.loader.exec_module(module)


def _start() -> None:
    here = os.path.dirname(os.path.abspath(__file__))
    if os.environ.get("SOULGUARD_DRILL"):
        try:
            _load(os.environ["SOULGUARD_DRILL_HOME"])
        except BaseException as error:  # noqa: BLE001 - the agent may not start
            message = f"soulguard: the drill's probe could not be loaded: {error!r}\n"
            os.write(2, message.encode(errors="replace"))
            os._exit(97)
    _chain(here)


_start()
