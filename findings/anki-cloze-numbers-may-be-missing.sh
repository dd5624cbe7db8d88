#!/usr/bin/env bash
# `{{c,1::x}}` is a deletion for Anki, and makes card 1.
#
# One would guess: several numbers in a deletion are written `{{c1,2::x}}`, and a list with nothing before, between or behind its
# commas is text, as `{{c::x}}` and `{{c1, 2::x}}` are.
# Seen: numbers that are missing are passed over as long as one is there: `{{c,1::x}}`, `{{c1,::x}}` and `{{c,,2::x}}` make the cards of
# what is left. White space, a letter or no number at all make it text.
# Why it matters here: who escapes what Anki would take for a deletion by looking for `{{c` and a digit leaves these in, and the
# reader gets a card that nobody wrote.
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

EXPECTED = {
    "{{c1,2::x}}": [1, 2],
    "{{c,1::x}}": [1],
    "{{c1,::x}}": [1],
    "{{c,,2::x}}": [2],
    "{{c,::x}}": [],
    "{{c::x}}": [],
    "{{c1, 2::x}}": [],
    "{{c1,a::x}}": [],
}

anki.lang.set_lang("en")
collection = Collection(f"{sys.argv[1]}/collection.anki2")
cloze = collection.models.by_name("Cloze")
print(f"anki {anki.buildinfo.version}")
seen = {}
for text in EXPECTED:
    note = collection.new_note(cloze)
    # A deletion beside it, without which Anki would make a card of an empty note.
    note["Text"] = f"{text} {{{{c9::y}}}}"
    collection.add_note(note, 1)
    seen[text] = sorted(card.ord + 1 for card in note.cards() if card.ord != 8)
    print(f"{text:14} cards {seen[text]}")
assert seen == EXPECTED, "Anki reads numbers otherwise now: the finding is out of date"
PYTHON
echo "as found"
