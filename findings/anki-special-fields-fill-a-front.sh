#!/usr/bin/env bash
# `{{Tags}}` outside a template's condition makes a second card of every note, in new versions of Anki only.
#
# One would guess: a card whose front is `{{#Reverse}}…{{/Reverse}}` is made where the field Reverse is filled, whatever small print
# stands beside the condition: plain text beside it changes nothing, and special fields are no fields of the note.
# Seen: in 25.9.5 that is so. In 26.9.3 `{{Tags}}`, `{{Deck}}`, `{{Card}}`, `{{Type}}`, `{{Subdeck}}` and `{{CardFlag}}` count as filled
# (`{{Tags}}` where the note has a tag), and the card is made.
# Why it matters here: a template of the author's own with the deck's name in its corner doubles every reader's deck after they
# update Anki, so deckle refuses it.
#
# Needs python3 with venv, and a package registry. Prints what was seen; fails where Anki does otherwise.
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
for version in 25.9.5 26.9.3; do
    python3 -m venv "$folder/$version"
    "$folder/$version/bin/pip" install --quiet --disable-pip-version-check "anki==$version"
    "$folder/$version/bin/python" - "$folder" "$version" 2>/dev/null <<'PYTHON'
import sys

import anki.lang
from anki.collection import Collection

SPECIAL = ["Tags", "Deck", "Card", "Type", "Subdeck", "CardFlag"]
EXPECTED = {"25.9.5": 1, "26.9.3": 2}

folder, version = sys.argv[1:]
anki.lang.set_lang("en")
collection = Collection(f"{folder}/{version}.anki2")
print(f"anki {version}")


def cards(beside):
    """How many cards a note without Reverse has, with this beside the condition."""
    kind = collection.models.copy(collection.models.by_name("Basic"))
    kind["name"] = f"Beside {beside.strip('{}')}"
    collection.models.add_field(kind, collection.models.new_field("Reverse"))
    template = collection.models.new_template("Back first")
    template["qfmt"] = "{{#Reverse}}{{Back}}{{/Reverse}}<small>" + beside + "</small>"
    template["afmt"] = "{{Front}}"
    collection.models.add_template(kind, template)
    collection.models.update_dict(kind)
    note = collection.new_note(kind)
    note["Front"], note["Back"] = "question", "answer"
    note.tags = ["leaf"]
    collection.add_note(note, 1)
    print(f"{beside:12} {len(note.cards())} cards")
    return len(note.cards())


seen = {beside: cards(beside) for beside in ["plain text", *(f"{{{{{name}}}}}" for name in SPECIAL)]}
assert seen.pop("plain text") == 1, "plain text makes a card now: the finding is out of date"
assert set(seen.values()) == {EXPECTED[version]}, "Anki makes other cards now: the finding is out of date"
PYTHON
done
echo "as found"
