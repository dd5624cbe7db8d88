"""Rows of HTML to a package with genanki: genanki_package.py ROWS.tsv OUT.apkg"""

import sys

import genanki

rows, out = sys.argv[1:]
deck = genanki.Deck(1700000000001, "Bench")
with open(rows) as lines:
    for line in lines:
        deck.add_note(genanki.Note(model=genanki.BASIC_MODEL, fields=line.rstrip("\n").split("\t")))
genanki.Package(deck).write_to_file(out)
