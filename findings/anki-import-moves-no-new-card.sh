#!/usr/bin/env bash
# No import moves a new card that is there, whatever position the newer package gives it.
#
# One would guess: the position of a card that was never studied is the author's, so an update that puts a chapter in front brings its
# cards in front.
# Seen: text and tags of the note are updated, the card keeps the position it came with, and cards that come later stand among them by
# the numbers of their own package. Neither *Update notes: Always* nor importing with scheduling changes that.
# Why it matters here: a position that was published is for good. A tool that numbers notes 1, 2, 3 has no room for what comes between,
# and one that numbers anew shuffles its readers' decks; deckle leaves gaps, and never moves what was published.
#
# Needs python3 with venv, and a package registry. Prints what was seen; fails where Anki does otherwise.
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check anki==26.9.3
"$folder/venv/bin/python" - "$folder" 2>&1 <<'PYTHON' | grep -v -e 'blocked main thread' -e '^  ' -e '^$'
import pathlib
import sys

import anki.buildinfo
import anki.lang
from anki.collection import (Collection, DeckIdLimit, ExportAnkiPackageOptions, ImportAnkiPackageOptions,
                             ImportAnkiPackageRequest)
from anki.import_export_pb2 import ImportAnkiPackageUpdateCondition as Update

anki.lang.set_lang("en")
folder = pathlib.Path(sys.argv[1])
author, reader = (Collection(str(folder / f"{name}.anki2")) for name in ("author", "reader"))
deck = author.decks.id("Tea")


def add(front, position):
    note = author.new_note(author.models.by_name("Basic"))
    note["Front"], note["Back"] = front, "leaf"
    author.add_note(note, deck)
    author.db.execute("update cards set due = ? where nid = ?", position, note.id)


def publish(scheduling, **options):
    author.db.execute("update notes set mod = mod + 100")
    path = str(folder / "tea.apkg")
    kind = ExportAnkiPackageOptions(with_scheduling=scheduling, with_deck_configs=False, with_media=False, legacy=True)
    author.export_anki_package(out_path=path, options=kind, limit=DeckIdLimit(deck))
    options = ImportAnkiPackageOptions(with_scheduling=scheduling, **options)
    updated = reader.import_anki_package(ImportAnkiPackageRequest(package_path=path, options=options)).log.updated
    rows = reader.db.all("select n.flds, c.due from notes n join cards c on c.nid = n.id order by c.due, n.id")
    return len(updated), [(fields.split("\x1f")[0], due) for fields, due in rows]


add("green", 1)
add("black", 2)
print(anki.buildinfo.version, first := publish(False))
assert first == (0, [("green", 1), ("black", 2)]), first
author.db.execute("update cards set due = due + 10")
add("white", 5)
for scheduling, options in ((False, {}), (False, {"update_notes": Update.IMPORT_ANKI_PACKAGE_UPDATE_CONDITION_ALWAYS}), (True, {})):
    print(scheduling, options, seen := publish(scheduling, **options))
    assert [pair for pair in seen[1] if pair[0] != "white"] == [("green", 1), ("black", 2)], seen
    assert ("white", 5) in seen[1] and seen[0] >= 2, seen
PYTHON
echo "as found"
