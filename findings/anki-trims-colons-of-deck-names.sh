#!/usr/bin/env bash
# A deck whose name ends in a colon is another deck: Anki takes colons off both ends of each part of a name, without a word.
#
# One would guess: `::` parts a deck from its sub-deck, a single colon is a character like any other, and two names that differ
# are two decks.
# Seen: "Ports:" is the deck "Ports", "A:::B" is "A::B", and ":" is "blank"; within a part colons stay. Notes that were to be in
# two decks are in one.
# Why it matters here: headings and file names become decks. deckle gives a deck the name that Anki gives it, has both names mean
# one deck, and says so.
#
# Needs python3 with venv, and a package registry. Prints what was seen; fails where Anki does otherwise.
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check anki==26.9.3
"$folder/venv/bin/python" - "$folder" <<'PYTHON'
import sys

import anki.buildinfo
import anki.lang
from anki.collection import Collection

anki.lang.set_lang("en")
collection = Collection(f"{sys.argv[1]}/collection.anki2")
print(f"anki {anki.buildinfo.version}")
seen = {}
for name in ["Ports", "Ports:", "A:::B", ":", "a:b::c: d"]:
    seen[name] = collection.decks.name(collection.decks.id(name))
    print(f"{name!r} is {seen[name]!r}")
same = collection.decks.id("Ports") == collection.decks.id("Ports:")
print(f"both are one deck: {same}")
wanted = {"Ports": "Ports", "Ports:": "Ports", "A:::B": "A::B", ":": "blank", "a:b::c: d": "a:b::c: d"}
assert same and seen == wanted, "Anki names decks otherwise now: the finding is out of date"
PYTHON
echo "as found"
