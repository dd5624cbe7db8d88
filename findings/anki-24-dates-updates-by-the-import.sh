#!/usr/bin/env bash
# Anki up to 24.11 dates a note that an import updates by its own clock; later versions take the package's date.
#
# One would guess: `mod` of a note is part of what is imported, as it is for a note that is new, so that of two packages the one whose
# note is newer wins, in whatever order the author built them.
# Seen: in 24.11 a new note keeps the package's date, an updated one gets the time of the import. A package whose note is newer than the
# first two, but older than that import, is passed over. In 25.9.5 and 26.9.3 all three have the date of their package.
# Why it matters here: a mistake that is published and taken back must not be dated as before it, nor by the last change of the text:
# readers of 24.11 would keep the mistake. deckle dates it by the clock of the build.
#
# Needs python3 with venv, and a package registry. Prints what was seen; fails where Anki does otherwise.
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
for version in 24.11 25.9.5 26.9.3; do
    python3 -m venv "$folder/$version"
    "$folder/$version/bin/pip" install --quiet --disable-pip-version-check "anki==$version"
    "$folder/$version/bin/python" - "$folder" 2>&1 <<'PYTHON' | grep -v -e 'blocked main thread' -e '^  ' -e '^$'
import pathlib
import sys
import tempfile

import anki.buildinfo
import anki.lang
from anki.collection import (Collection, DeckIdLimit, ExportAnkiPackageOptions, ImportAnkiPackageOptions,
                             ImportAnkiPackageRequest)

anki.lang.set_lang("en")
folder = pathlib.Path(tempfile.mkdtemp(dir=sys.argv[1]))
author, reader = (Collection(str(folder / f"{name}.anki2")) for name in ("author", "reader"))
deck = author.decks.id("Tea")
note = author.new_note(author.models.by_name("Basic"))
note["Front"], note["Back"] = "Which leaf?", "green"
author.add_note(note, deck)


def publish(answer, date):
    author.db.execute("update notes set mod = ?, flds = ?", date, f"Which leaf?\x1f{answer}")
    path = str(folder / "tea.apkg")
    options = ExportAnkiPackageOptions(with_scheduling=False, with_deck_configs=False, with_media=False, legacy=True)
    author.export_anki_package(out_path=path, options=options, limit=DeckIdLimit(deck))
    reader.import_anki_package(ImportAnkiPackageRequest(package_path=path, options=ImportAnkiPackageOptions()))
    date, fields = reader.db.first("select mod, flds from notes")
    return date, fields.split("\x1f")[1]


seen = [publish(answer, date) for answer, date in (("green", 1_700_000_000), ("red", 1_700_000_100), ("black", 1_700_000_200))]
dates = [date if date < 1_750_000_000 else "the import's" for date, _ in seen]
texts = [text for _, text in seen]
print(anki.buildinfo.version, dates, texts)
if anki.buildinfo.version.startswith("24."):
    assert (dates, texts) == ([1_700_000_000, "the import's", "the import's"], ["green", "red", "red"]), seen
else:
    assert (dates, texts) == ([1_700_000_000, 1_700_000_100, 1_700_000_200], ["green", "red", "black"]), seen
PYTHON
done
echo "as found"
