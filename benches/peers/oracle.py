#!/usr/bin/env python3
"""Compares deckle with genanki-rs: oracle.py DECKLE GENANKI-RS. A deck that both can express decodes to the same notes and
cards: fields, tags, the cards of each note and their deck.

A row of `NOTES` is a note as Markdown, and the HTML of its fields that a reader expects of it, written by hand.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import packages

# Kind, heading, text, tags; then the fields.
NOTES = [
    ("basic", "What is it?", "It is **bold**, *slanted* and `code`.", "", "What is it?", "It is <strong>bold</strong>, <em>slanted</em> and <code>code</code>."),
    ("basic", "Is 1 < 2 & 3 > 2?", "Yes: `a < b && c`.", "math", "Is 1 &lt; 2 &amp; 3 &gt; 2?", "Yes: <code>a &lt; b &amp;&amp; c</code>."),
    ("basic", "Was heißt „強調“?", "Betonung, é, 🦀.", "sprache::日本語", "Was heißt „強調“?", "Betonung, é, 🦀."),
    ("basic", 'Who said "no"?', "It's *he*.", "", 'Who said "no"?', "It's <em>he</em>."),
    ("basic", "Which are there?", "- one\n- two", "list", "Which are there?", "<ul><li>one</li><li>two</li></ul>"),
    ("basic", "How many?", "First.\n\nSecond.", "", "How many?", "<p>First.</p><p>Second.</p>"),
    ("reversed", "cluster", "a group of machines", "both", "cluster", "a group of machines"),
    ("reversed", "port **80**", "`http`", "", "port <strong>80</strong>", "<code>http</code>"),
    ("cloze", "Order", "The {{c1::first}} and the {{c2::second::hint}}.", "", '<div class="heading">Order</div>The {{c1::first}} and the {{c2::second::hint}}.', ""),
    ("cloze", "Numbers", "Twice {{c1::one}}, once {{c3::two}}, {{c1::three}}.", "t", '<div class="heading">Numbers</div>Twice {{c1::one}}, once {{c3::two}}, {{c1::three}}.', ""),
    ("cloze", "Marks", "A **{{c2::bold}}** word & {{c10::ten}}.", "", '<div class="heading">Marks</div>A <strong>{{c2::bold}}</strong> word &amp; {{c10::ten}}.', ""),
]  # fmt: skip
CLASSES = {"basic": "", "reversed": ".reversed", "cloze": ".cloze"}


def markdown(note):
    kind, heading, text, tags, *_ = note
    attributes = [CLASSES[kind]] + ([f"tags={tags}"] if tags else [])
    return f"## {heading} {{{' '.join(attributes).strip()}}}\n\n{text}\n\n".replace(" {}", "")


def made_by_deckle(deckle, folder):
    text = "".join(map(markdown, NOTES))
    (folder / "notes.md").write_text(f"---\ndeck: Bench\n---\n{text}")
    subprocess.run([deckle, "build", "-q", "-f", "apkg", "-o", folder, folder / "notes.md"], check=True)
    return folder / "bench.apkg"


def made_by_genanki_rs(program, folder):
    rows = "".join("\t".join((front, back, kind, tags)) + "\n" for kind, _, _, tags, front, back in NOTES)
    (folder / "rows.tsv").write_text(rows)
    subprocess.run([program, folder / "rows.tsv", folder / "genanki-rs.apkg"], check=True)
    return folder / "genanki-rs.apkg"


def known(package):
    """What both say of a note: the fields that both have something in, tags, cards; in the order of ids."""
    notes = packages.notes(package)
    said = ([field.replace(">\n<", "><") for field in fields[:2] if field] for fields, *_ in notes)
    return sorted((fields, sorted(tags), cards) for fields, (_, tags, cards) in zip(said, notes))


def main():
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        ours, theirs = known(made_by_deckle(sys.argv[1], folder)), known(made_by_genanki_rs(sys.argv[2], folder))
    for name, notes, others in [("deckle", ours, theirs), ("genanki-rs", theirs, ours)]:
        for note in notes:
            if note not in others:
                print(f"only {name} has {note}")
    failed = sum(note not in theirs for note in ours) + abs(len(ours) - len(theirs))
    print(f"{len(ours) - failed} passed, {failed} failed")
    sys.exit(failed > 0 or len(ours) != len(NOTES))


if __name__ == "__main__":
    main()
