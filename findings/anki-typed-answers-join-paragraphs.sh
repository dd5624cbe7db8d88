#!/usr/bin/env bash
# What a reader has to type for two paragraphs is one word.
#
# One would guess: `{{type:Back}}` compares with the text that the reader sees, in which paragraphs, items and cells stand apart.
# Seen: `<br>` and `<div>` part words, `<p>`, `<li>` and `<td>` do not: for `<p>red</p><p>green</p>`, "red green" is wrong and
# "redgreen" is right. A line end between the tags, which no reader can see, makes it two words.
# Why it matters here: the fields of a Markdown note are made of just these tags, so deckle asks to type one paragraph only.
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

RIGHT = {
    "red<br>green": "red green",
    "<div>red</div><div>green</div>": "red green",
    "<p>red</p>\n<p>green</p>": "red green",
    "<p>red</p><p>green</p>": "redgreen",
    "<ul><li>red</li><li>green</li></ul>": "redgreen",
    "<table><tr><td>red</td><td>green</td></tr></table>": "redgreen",
}

anki.lang.set_lang("en")
collection = Collection(f"{sys.argv[1]}/collection.anki2")
print(f"anki {anki.buildinfo.version}")
seen = {}
for field in RIGHT:
    marks = {typed: collection.compare_answer(field, typed) for typed in ("red green", "redgreen")}
    seen[field] = " or ".join(typed for typed, html in marks.items() if "typeBad" not in html and "typeMissed" not in html)
    print(f"{field!r:54} {seen[field]}")
assert seen == RIGHT, "Anki compares otherwise now: the finding is out of date"
PYTHON
echo "as found"
