"""Executed by `site` in every interpreter whose PYTHONPATH names this folder.

Loads the guard from its own installation without putting that on the agent's path, then
runs the `sitecustomize` this one stands in front of, as if we were not here.
"""

import os
import sys


def _package(home: str) -> None:
    """Make `soulguard` importable from `home` alone, whatever else is installed."""
    from importlib.machinery import ModuleSpec, SourceFileLoader

    folder = os.path.join(home, "soulguard")
    path = os.path.join(folder, "__init__.py")
    loader = SourceFileLoader("soulguard", path)
    spec = ModuleSpec("soulguard", loader, origin=path, is_package=True)
    spec.submodule_search_locations = [folder]
    spec.has_location = True
    module = type(sys)("soulguard")
    module.__spec__ = spec
    module.__loader__ = loader
    module.__file__ = path
    module.__path__ = [folder]
    module.__package__ = "soulguard"
    sys.modules["soulguard"] = module
    loader.exec_module(module)


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
    if os.environ.get("SOULGUARD_SOCKET"):
        try:
            _package(os.environ["SOULGUARD_HOME"])
            from soulguard.guard import bootstrap
        except BaseException as error:  # noqa: BLE001 - the agent may not start
            message = f"soulguard: the guard could not be loaded: {error!r}\n"
            os.write(2, message.encode(errors="replace"))
            os._exit(97)
        bootstrap.start(here)
    _chain(here)


_start()
