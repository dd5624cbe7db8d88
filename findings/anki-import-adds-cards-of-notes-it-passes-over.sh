#!/usr/bin/env bash
# An import of Anki's passes a note over because it is not newer, and adds cards of it all the same.
#
# One would guess: "Update notes: If newer" decides about a note with all that belongs to it. Where the package's note has the date that the
# reader's has, nothing of it comes.
# Seen (26.9.3): the note is reported as a duplicate and its text stays the reader's; a card of it that the reader lacks is added. A card that
# the package lacks stays. Of a note that conflicts, because its note type is another one, no card comes.
# Why it matters here: what an import does has to be foretold card by card, apart from notes. A deletion that is added under the date of
# before would give readers a card whose text they do not have; deckle dates notes anew for it, and `deckle diff` counts such cards.
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
from anki.collection import Collection, DeckIdLimit, ExportAnkiPackageOptions, ImportAnkiPackageOptions, ImportAnkiPackageRequest

anki.lang.set_lang("en")
folder = pathlib.Path(sys.argv[1])
author, reader = (Collection(str(folder / f"{name}.anki2")) for name in ("author", "reader"))
deck = author.decks.id("Tea")
note = author.new_note(author.models.by_name("Cloze"))
note["Text"] = "Tea is {{c1::hot}} and wet."
author.add_note(note, deck)
date = author.db.scalar("select mod from notes")


def publish(text):
    note["Text"] = text
    author.update_note(note)
    # The date that readers know.
    author.db.execute("update notes set mod = ?", date)
    path = str(folder / "tea.apkg")
    options = ExportAnkiPackageOptions(with_scheduling=False, with_deck_configs=False, with_media=False, legacy=True)
    author.export_anki_package(out_path=path, options=options, limit=DeckIdLimit(deck))
    return path


def take(path):
    log = reader.import_anki_package(ImportAnkiPackageRequest(package_path=path, options=ImportAnkiPackageOptions())).log
    ordinals = reader.db.list("select ord from cards order by ord")
    return len(log.new), len(log.updated), len(log.duplicate), reader.db.scalar("select flds from notes").split("\x1f")[0], ordinals


first = take(publish("Tea is {{c1::hot}} and wet."))
second = take(publish("Tea is {{c1::hot}} and {{c2::wet}}."))
print(f"Anki {anki.buildinfo.version}, (new, updated, duplicate, text, ordinals): first {first}, then {second}")
assert first == (1, 0, 0, "Tea is {{c1::hot}} and wet.", [0]), first
assert second == (0, 0, 1, "Tea is {{c1::hot}} and wet.", [0, 1]), second
print("as described")
PYTHON
