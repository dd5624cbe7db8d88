#!/usr/bin/env python3
"""Counts the instructions of five fixed inputs, and says how they changed: instructions.py DECKLE [--keep] compares with
instructions.txt beside it; --keep writes that anew, for the commit that changes them.

Another compiler or processor counts otherwise by some percent, so nothing fails.
"""

import os
import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import corpus
from counted import instructions

KEPT = Path(__file__).resolve().with_suffix(".txt")
HEAD = "# Instructions of a release build, in millions, on one thread: benches/instructions.py\n"


def example(folder):
    """The project's own notes."""
    root = KEPT.parent.parent
    shutil.copytree(root / "content", folder / "content", symlinks=True)
    for name in ("deckle.yaml", "deckle.lock"):
        shutil.copy(root / name, folder)


def made(shape, count):
    return lambda folder: corpus.write(shape, count, folder)


# What it is called, what is read, and what is made of it.
INPUTS = [
    ("example: check", example, ["check"]),
    ("example: build", example, ["build"]),
    ("2,000 basic notes: package", made("basic", 2_000), ["build", "-f", "apkg"]),
    ("1,000 mixed notes: all", made("mixed", 1_000), ["build"]),
    ("2,100 rows, code, formulas: all", made("blocks", 1_000), ["build"]),
]


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    deckle = os.path.abspath(sys.argv[1])
    pairs = (line.rsplit(None, 1) for line in KEPT.read_text().splitlines()[1:]) if KEPT.exists() else ()
    before = {name: float(count) for name, count in pairs}
    text = HEAD
    for name, make, arguments in INPUTS:
        with tempfile.TemporaryDirectory() as folder:
            folder = Path(folder) / "project"
            make(folder)
            count = instructions(deckle, arguments, folder) / 1e6
        change = f"{100 * (count / before[name] - 1):+6.1f} %" if name in before else "   new"
        print(f"{name:34}{count:9.1f} M {change}", flush=True)
        text += f"{name:34}{count:9.1f}\n"
    if "--keep" in sys.argv:
        KEPT.write_text(text)


if __name__ == "__main__":
    main()
