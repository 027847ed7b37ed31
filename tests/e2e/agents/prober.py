"""Do what stdin says, one effect a line, and tell how it went.

write PATH    try once; tells `done` or what the refusal says
until PATH    try again and again until it is refused; tells the moment (monotonic)
overwrite PATH   try every way of changing a file; tells `done` if one worked
"""

import os
import sys
import time


def write(path, text="x"):
    try:
        with open(path, "w") as file:
            file.write(text)
    except OSError as error:
        return f"refused {error}".replace("\n", " ")
    return "done"


def until(path):
    while write(path) == "done":
        time.sleep(0.0005)
    return repr(time.monotonic())


def overwrite(path):
    """Try every way of changing a file that a program has."""
    told = [write(path, "# Anything goes\n")]
    spare = path + ".new"
    for way in (os.replace, os.rename, os.link):
        try:
            with open(spare, "w") as file:
                file.write("# Anything goes\n")
            way(spare, path)
        except OSError as error:
            told.append(f"refused {error}")
        else:
            told.append("done")
    for way in (os.unlink, lambda p: os.truncate(p, 0)):
        try:
            way(path)
        except OSError as error:
            told.append(f"refused {error}")
        else:
            told.append("done")
    return "done" if "done" in told else "refused"


WORDS = {"write": write, "until": until, "overwrite": overwrite}

for line in sys.stdin:
    word, path = line.split()
    print(WORDS[word](path), flush=True)
