#!/usr/bin/env python3
"""Says how each shape of notes grows: growth.py DECKLE [SHAPE[=N]…] builds a project of N and one of 4 N, and compares the
instructions that valgrind counts, which no other work on the machine changes.

Prints the exponent for each shape and command, 1.0 where four times the notes take four times the instructions, and fails
where one is over the bound. What a project of one note takes is subtracted. Needs valgrind; all shapes take minutes.
"""

import math
import os
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import corpus
from counted import instructions, run

BOUND = 1.1
COMMANDS = {
    "check": ["check"],
    "apkg": ["build", "-f", "apkg"],
    "print": ["build", "-f", "print"],
    "book": ["build", "-f", "book"],
}
# How many there are at first. Each is large enough that what does not grow is little of it.
SIZES = {
    "basic": 1000, "mixed": 600, "one-file": 1500, "files": 1000, "decks": 1000, "top-decks": 150, "headings": 1500,
    "terms": 1500, "rows": 2000, "tags": 1000, "codes": 150, "math": 1000, "deep": 100, "dead-links": 800, "near-links": 1000, "blocks": 500,
    "same-questions": 1000, "media": 500, "large-media": 8, "cloze": 120, "same-cloze": 4000, "code": 2500, "formulas": 1000,
    "links": 3000, "footnotes": 1500, "words": 20000, "table": 1500, "emphasis": 2500, "tex": 2500, "open-code": 3000,
    "brackets": 500,
}  # fmt: skip
# What happens to the basic notes of a first build before the one that is counted.
HISTORIES = {"edited": 500, "gone": 2000}


def project(deckle, shape, count, folder):
    """A project of a shape, with the lock that its history left."""
    corpus.write(shape if shape in corpus.SHAPES else "basic", count, folder)
    if shape not in HISTORIES:
        return
    quiet = [deckle, "build", "-q", "-f", "apkg"]
    run(quiet, folder)
    for path in sorted((folder / "content").rglob("*.md")):
        if shape == "edited":
            path.write_text(path.read_text().replace("It stands for value", "It stands for the value"))
        else:
            path.unlink()
    if shape == "gone":
        corpus.Project(folder / "rest").notes(10, corpus.basic)
        os.rename(folder / "rest/content/f000000.md", folder / "content/f000000.md")
        run([*quiet, "--accept-loss"], folder)


def exponents(deckle, shape, count):
    """The instructions and the exponent for each command."""
    found = {}
    for name, arguments in COMMANDS.items():
        counts = []
        for size in (1, count, 4 * count):
            with tempfile.TemporaryDirectory() as folder:
                folder = Path(folder) / "project"
                project(deckle, shape, size, folder)
                counts.append(instructions(deckle, arguments, folder))
        start, small, large = counts
        found[name] = (large, math.log(max(1, large - start) / max(1, small - start), 4))
    return found


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    deckle, sizes = os.path.abspath(sys.argv[1]), SIZES | HISTORIES
    if len(sys.argv) > 2:
        chosen = (shape.partition("=") for shape in sys.argv[2:])
        sizes = {shape: int(count or sizes[shape]) for shape, _, count in chosen}
    steep = []
    print(f"{'shape':16}{'4 N':>7}" + "".join(f"{name:>20}" for name in COMMANDS))
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for shape, found in zip(sizes, pool.map(lambda shape: exponents(deckle, shape, sizes[shape]), sizes)):
            columns = "".join(f"{large / 1e6:>10.0f} M {exponent:>7.2f}" for large, exponent in found.values())
            print(f"{shape:16}{4 * sizes[shape]:>7}{columns}", flush=True)
            steep += [f"{shape}: {name}" for name, (_, exponent) in found.items() if exponent > BOUND]
    if steep:
        sys.exit(f"steeper than {BOUND}: {', '.join(steep)}")


if __name__ == "__main__":
    main()
