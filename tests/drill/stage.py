"""One walk in a process of its own, for tests: a walk changes its process for good.

python stage.py FOLDER < {"agent": ..., "recording": ..., "guarded": ..., "stop": ...}
"""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOUL = "# A\n\nNever write twice to the same output path in a single run.\n"


@dataclass(frozen=True)
class Walked:
    """What a walk did, what the agent said, and where it was."""

    walk: object
    said: str
    workspace: Path

    def named(self):
        """Give the points as (moment, effect)."""
        return [(p.moment, p.effect) for p in self.walk.points]


def walked(
    folder, agent, *, exchanges=(), guarded=True, stop=None, files=(), reference=None,
    path="", **setting,
):  # fmt: skip
    """Let an agent walk in a copy of a workspace that holds it, a SOUL.md and files."""
    from soulguard.drill.results import Walk

    shop = Path(folder) / "shop"
    shop.mkdir(parents=True)
    for name, text in {"SOUL.md": SOUL, "agent.py": agent, **dict(files)}.items():
        (shop / name).parent.mkdir(parents=True, exist_ok=True)
        (shop / name).write_text(text)
    asked = {
        "exchanges": [e.to_json() for e in exchanges], "guarded": guarded,
        "stop": stop.to_json() if stop else None, "setting": setting,
        "reference": str(reference) if reference else None,
    }  # fmt: skip
    env = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{path}"}
    done = subprocess.run(
        [sys.executable, __file__, str(folder)], input=json.dumps(asked), env=env,
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    place = Path(folder) / "walk"
    said = place / "said.txt"
    return Walked(
        Walk.from_json(json.loads(done.stdout)),
        said.read_text() if said.exists() else "", place / "workspace",
    )  # fmt: skip


def main():
    from soulguard.drill import copying, isolation, pool
    from soulguard.drill.recording import Exchange, Recording
    from soulguard.drill.results import Point
    from soulguard.drill.walking import Setting
    from soulguard.soul import shipped
    from soulguard.supervisor.facts import beside

    folder, asked = Path(sys.argv[1]), json.load(sys.stdin)
    shop, pristine = folder / "shop", folder / "pristine"
    copying.take(shop, pristine)
    setting = Setting(
        command=(sys.executable, "agent.py"), soul=(), pristine=pristine, real=shop,
        rules=".", guarded=asked["guarded"],
        facts=beside(shop, shipped.folder()),
        recording=Recording(tuple(map(Exchange.from_json, asked["exchanges"]))),
        **{
            "below": ".", "walled": isolation.available(), "commands": True, "seconds": 40,
            **asked["setting"],
        },
    )  # fmt: skip
    stop = Point.from_json(asked["stop"]) if asked["stop"] else None
    reference = Path(asked["reference"]) if asked["reference"] else None
    walk, _ = pool.one(setting, folder / "walk", stop, reference)
    print(json.dumps(walk.to_json()))


if __name__ == "__main__":
    main()
