#!/usr/bin/env bash
# Check Database folds the positions of new cards from 2,000,000 on into the second million, so decks that stood apart mingle.
#
# One would guess: a position is any whole number; or one that is too large is reported, set to the largest that is allowed, or moved so
# that the order stays.
# Seen: an import takes any position. Check Database says "consider repositioning them", and has already done so: of each position all
# but the last six digits is replaced by one million. Cards at 1,500,000, 2,000,001 and 3,000,000 come back as 1,500,000, 1,000,001 and
# 1,000,000. The position for the reader's own next note follows the highest one.
# Why it matters here: a tool that numbers a deck's chapters by millions, or leaves wide gaps, loses its order on a reader's first check.
# deckle stays below 1,000,000.
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
POSITIONS = [999_999, 1_500_000, 2_000_001, 3_000_000]


def add(front):
    note = collection.new_note(collection.models.by_name("Basic"))
    note["Front"] = front
    collection.add_note(note, 1)
    return note.cards()[0].id


for position in POSITIONS:
    collection.db.execute("update cards set due = ? where id = ?", position, add(str(position)))
said = collection.fix_integrity()[0].replace("\u2068", "").replace("\u2069", "").splitlines()[0]
seen = collection.db.list("select due from cards order by id")
own = collection.db.scalar("select due from cards where id = ?", add("own"))
print(anki.buildinfo.version, said, seen, own)
assert seen == [999_999, 1_500_000, 1_000_001, 1_000_000], seen
assert own == 1_500_001, own
PYTHON
echo "as found"
