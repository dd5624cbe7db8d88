"""Turns a command into the number of instructions that it takes, as valgrind counts them: the same whatever else the machine
does, but for a thousandth. Waiting for the disk and work of the kernel are not in it.
"""

import os
import re
import subprocess
import sys


def environment():
    """What makes it the same each time: one thread, a fixed time, no language."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return kept | {"RAYON_NUM_THREADS": "1", "SOURCE_DATE_EPOCH": "1750000000", "LC_ALL": "C", "NO_COLOR": "1"}


def run(command, folder):
    """Runs what may find mistakes in notes, but no others."""
    done = subprocess.run(command, cwd=folder, env=environment(), capture_output=True, text=True)
    if done.returncode not in (0, 1):
        sys.exit(f"{' '.join(map(str, command))} in {folder}: {done.returncode}\n{done.stderr[-2000:]}")
    return done.stderr


def instructions(deckle, arguments, folder):
    """How many a run of deckle takes."""
    counted = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", deckle, *arguments]
    refs = re.search(r"I\s+refs:\s+([\d,]+)", run(counted, folder))
    return int(refs[1].replace(",", ""))
