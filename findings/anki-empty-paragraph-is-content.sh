#!/usr/bin/env bash
# An empty paragraph in a field is content for Anki, an empty `<div>` is none.
#
# One would guess: `{{#Extra}}` asks whether a field shows anything, so that all markup without text counts alike.
# Seen: white space, `<br>` and `<div>` in any number and order are nothing; `<p></p>`, `<b></b>`, a comment, `&nbsp;` and any
# other tag are content, and the section is shown with nothing in it.
# Why it matters here: fields of Markdown are paragraphs. One that is left empty after something was taken out of it puts a
# heading on the card with nothing below, so deckle writes no field rather than an empty paragraph.
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

IS_CONTENT = {
    " \n": False,
    "<br>": False,
    "<br />": False,
    "<div></div>": False,
    "<div><br></div>": False,
    "<p></p>": True,
    "<p><br></p>": True,
    "<b></b>": True,
    "<ul><li></li></ul>": True,
    "<!-- later -->": True,
    "&nbsp;": True,
}

anki.lang.set_lang("en")
collection = Collection(f"{sys.argv[1]}/collection.anki2")
kind = collection.models.copy(collection.models.by_name("Basic"))
collection.models.add_field(kind, collection.models.new_field("Extra"))
kind["tmpls"][0]["afmt"] = "{{Back}}{{#Extra}}shown{{/Extra}}"
collection.models.update_dict(kind)
print(f"anki {anki.buildinfo.version}")
seen = {}
for field in IS_CONTENT:
    note = collection.new_note(kind)
    note["Front"], note["Back"], note["Extra"] = "question", "answer", field
    collection.add_note(note, 1)
    seen[field] = "shown" in note.cards()[0].answer()
    print(f"{field!r:22} {'content' if seen[field] else 'nothing'}")
assert seen == IS_CONTENT, "Anki takes other fields for empty now: the finding is out of date"
PYTHON
echo "as found"
