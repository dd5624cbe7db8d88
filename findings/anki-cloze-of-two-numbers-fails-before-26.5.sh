#!/usr/bin/env bash
# `{{c1,2::x}}`, a deletion of two numbers, is plain text in Anki before 26.5, answer and all.
#
# One would guess: what the importer and the editor of today's Anki take, older ones take too, as it is only text in a field; at worst
# they would see the first number.
# Seen: 26.9.3 makes the cards 1 and 2 of it. 25.9.5 sees no deletion at all: beside another deletion, that one's card shows
# `{{c1,2::x}}` on its question. Nested deletions, `{{c1::{{c2::x}}}}`, make the same two cards with the same answers in both.
# Why it matters here: packages are read by people with older desktops and phones, so deckle writes several numbers as nested deletions.
#
# Needs python3 with venv, and a package registry. Prints what was seen; fails where Anki does otherwise.
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
for version in 25.9.5 26.9.3; do
    python3 -m venv "$folder/$version"
    "$folder/$version/bin/pip" install --quiet --disable-pip-version-check "anki==$version"
    "$folder/$version/bin/python" - "$folder" "$version" <<'PYTHON'
import sys

import anki.lang
from anki.collection import Collection
from anki.utils import strip_html

# For each text the numbers of its cards, and of those whose question shows what is hidden.
EXPECTED = {
    "25.9.5": {"{{c1,2::secret}} {{c3::other}}": ([3], [3]), "{{c1::{{c2::secret}}}} {{c3::other}}": ([1, 2, 3], [3])},
    "26.9.3": {"{{c1,2::secret}} {{c3::other}}": ([1, 2, 3], [3]), "{{c1::{{c2::secret}}}} {{c3::other}}": ([1, 2, 3], [3])},
}

folder, version = sys.argv[1:]
anki.lang.set_lang("en")
collection = Collection(f"{folder}/{version}.anki2")
print(f"anki {version}")
seen, raw = {}, {}
for text in EXPECTED[version]:
    note = collection.new_note(collection.models.by_name("Cloze"))
    note["Text"] = text
    collection.add_note(note, 1)
    shown = {card.ord + 1: strip_html(card.question()) for card in note.cards()}
    seen[text] = sorted(shown), [number for number, question in sorted(shown.items()) if "secret" in question]
    raw[text] = "{{" in shown[3]
    print(f"{text}: cards {sorted(shown)}, question 3: {shown[3].strip()}")
assert seen == EXPECTED[version], "Anki reads numbers otherwise now: the finding is out of date"
assert list(raw.values()) == [version == "25.9.5", False], "braces are shown elsewhere now: the finding is out of date"
PYTHON
done
echo "as found"
