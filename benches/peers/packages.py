"""Turns a package into its notes and cards: packages.py PACKAGE prints how many there are of each.

Reads what Anki 2.1 and older wrote, which every program here can; of others only that there is a package.
"""

import json
import sqlite3
import sys
import tempfile
import zipfile

# The newest first: the older one beside it tells old versions of Anki that they are too old.
COLLECTIONS = ["collection.anki21", "collection.anki2"]


def database(package, folder):
    """The collection of a package as a database, or nothing where it is compressed by Zstandard."""
    with zipfile.ZipFile(package) as members:
        names = members.namelist()
        if "collection.anki21b" in names:
            return None
        return sqlite3.connect(members.extract(next(name for name in COLLECTIONS if name in names), folder))


def notes(package):
    """Each note: its fields, its tags, and its cards as (number, deck)."""
    with tempfile.TemporaryDirectory() as folder:
        rows = database(package, folder)
        decks = {int(key): deck["name"] for key, deck in json.loads(rows.execute("select decks from col").fetchone()[0]).items()}
        cards = {}
        for note, number, deck in rows.execute("select nid, ord, did from cards order by nid, ord"):
            cards.setdefault(note, []).append((number, decks[deck]))
        found = rows.execute("select id, flds, tags from notes order by id").fetchall()
        rows.close()
        return [(fields.split("\x1f"), tags.split(), cards.get(note, [])) for note, fields, tags in found]


def counts(package):
    with tempfile.TemporaryDirectory() as folder:
        rows = database(package, folder)
        if rows is None:
            return None
        found = rows.execute("select (select count(*) from notes), (select count(*) from cards)").fetchone()
        rows.close()
        return found


if __name__ == "__main__":
    print(*(counts(sys.argv[1]) or ["?"]))
