"""Rows of HTML to a package with ankiforge: ankiforge_package.py ROWS.tsv OUT.apkg"""

import sys

from ankiforge import BuildOptions, Note, Project

rows, out = sys.argv[1:]
project = Project("bench", default_deck="Bench")
with open(rows) as lines:
    for number, line in enumerate(lines):
        project.add(f"note:{number}", Note.basic(*line.rstrip("\n").split("\t")))
project.build(BuildOptions.to(out))
