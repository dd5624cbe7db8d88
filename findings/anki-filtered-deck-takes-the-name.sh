#!/usr/bin/env bash
# Where a reader has a filtered deck of a package's name, each import leaves one more deck beside it.
#
# One would guess: the import of an update that has nothing new changes nothing, whatever decks the reader has made.
# Seen: a deck that is in the package cannot be the filtered one, so a deck "Tea 1796035392" (the seconds of the import) is made
# for its cards; the next import of the same package makes another one, empty, and so on. Check Database removes none of them.
# Why it matters here: people who cram for an exam name a filtered deck like the deck. deckle's documentation tells them to
# choose another name; no package can prevent it.
#
# Needs python3 with venv, and a package registry. Prints what was seen; fails where Anki does otherwise.
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check anki==26.9.3
"$folder/venv/bin/python" - "$folder" <<'PYTHON'
import pathlib
import sys
import time

import anki.buildinfo
import anki.lang
from anki.collection import Collection, DeckIdLimit, ExportAnkiPackageOptions, ImportAnkiPackageOptions
from anki.collection import ImportAnkiPackageRequest

anki.lang.set_lang("en")
folder = pathlib.Path(sys.argv[1])
path = str(folder / "tea.apkg")


def collection(name):
    (folder / name).mkdir()
    return Collection(str(folder / name / "collection.anki2"))


author = collection("author")
note = author.new_note(author.models.by_name("Basic"))
note["Front"], note["Back"] = "Which leaf?", "Camellia sinensis"
deck = author.decks.id("Tea")
author.add_note(note, deck)
options = ExportAnkiPackageOptions(with_scheduling=False, with_deck_configs=False, with_media=False, legacy=True)
author.export_anki_package(out_path=path, options=options, limit=DeckIdLimit(deck))

reader = collection("reader")
reader.decks.new_filtered("Tea")
print(f"anki {anki.buildinfo.version}")
counts, new = [], []
for _ in range(3):
    log = reader.import_anki_package(ImportAnkiPackageRequest(package_path=path, options=ImportAnkiPackageOptions())).log
    decks = [deck.name for deck in reader.decks.all_names_and_ids() if deck.name.startswith("Tea")]
    counts.append(len(decks))
    new.append(len(log.new))
    print(f"{len(log.new)} new, {len(log.duplicate)} known; decks: {', '.join(decks)}")
    time.sleep(1.1)
reader.fix_integrity()
left = sum(deck.name.startswith("Tea") for deck in reader.decks.all_names_and_ids())
print(f"decks after Check Database: {left}")
assert (counts, new, left) == ([2, 3, 4], [1, 0, 0], 4), "Anki imports otherwise now: the finding is out of date"
PYTHON
echo "as found"
