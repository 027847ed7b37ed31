"""How the property tests run: at random here, the same every time where CI is set.

A new example that fails is found by somebody at work on the code, and does not turn a
change red that has nothing to do with it.
"""

import os

from hypothesis import HealthCheck, settings

# a loaded machine says nothing about the code
_CALM = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}

settings.register_profile("here", **_CALM)
settings.register_profile("ci", derandomize=True, **_CALM)
settings.load_profile("ci" if os.environ.get("CI") else "here")
