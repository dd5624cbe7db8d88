"""Builds small projects with deckle and asks real Anki whether their packages are what was meant.

    run.py DECKLE

DECKLE is the program to run. Prints each failure and "N passed, N failed"; exits 1 where one failed.
"""

import html
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import anki.lang

import conformance
import differences
import histories
import rows
import sync
from conformance import Report, empty_collection, import_package, render

# Builds are dated, so that a second one is later than the first and neither is in the future.
FIRST_BUILD = 1_700_000_000
SECOND_BUILD = 1_700_086_400

CLOZES = """---
deck: Clozes
---
# Clozes

## Nested {.cloze}
{{c1::outer {{c2::inner}} rest}} end

## Several
{{c1::one}}, {{c2::two::number}}, {{c1::three}}

## Code
Call `{{c1::Vec::new()}}` and `{{c2::a }}` first.

## Marks {.cloze}
The ==first== and the ==second==.

## Block {.cloze}
```rust
let x = {{c1::HashMap::<u8, u8>::new()}};
```

## Shared
{{c1,2::both}} and {{c2::second}}

## Math
The sum is ${{c1::a_{1}}} + \\frac{b}{ {{c2::c}} }$.

## Table
| {{c1::key}} | value |
|---|---|
| `{{c2::{"a": {"b": 1}}}}` | {{c3::x < y}} |

## Only a heading: {{c1::here}}

## List {.list}
1. alpha
2. beta
"""

# Note's heading → for each card the text of its question and its answer, as they stand in the field.
CLOZE_CARDS = {
    "Nested": [("[...] end", "outer inner rest end"), ("outer [...] rest end", "outer inner rest end")],
    "Several": [("[...], two, [...]", "one, two, three"), ("one, [number], three", "one, two, three")],
    "Code": [("Call [...] and a first.", "Call Vec::new() and a first."), ("Call Vec::new() and [...] first.", "Call Vec::new() and a first.")],
    "Marks": [("The [...] and the second.", "The first and the second."), ("The first and the [...].", "The first and the second.")],
    "Block": [("let x = [...];", "let x = HashMap::<u8, u8>::new();")],
    "Shared": [("[...] and second", "both and second"), ("[...] and [...]", "both and second")],
    "Math": [
        (r"The sum is \([...] + \frac{b}{ c }\).", r"The sum is \(a_{1} + \frac{b}{ c }\)."),
        (r"The sum is \(a_{1} + \frac{b}{ [...] }\).", r"The sum is \(a_{1} + \frac{b}{ c }\)."),
    ],
    "Table": [
        ('[...] value {"a": {"b": 1}} x < y', 'key value {"a": {"b": 1}} x < y'),
        ("key value [...] x < y", 'key value {"a": {"b": 1}} x < y'),
        ('key value {"a": {"b": 1}} [...]', 'key value {"a": {"b": 1}} x < y'),
    ],
    # The heading itself is asked, so it is not taken away as the others are.
    "Only a heading: {{c1::here}}": [("Only a heading: [...]", "Only a heading: here")],
    "List": [("[...] beta", "alpha beta"), ("alpha [...]", "alpha beta")],
}

# Headings that Markdown parsers and note tools like to shorten.
HEADINGS = [
    "set {a, b}",
    "arn:aws:ecs:{region}",
    'JSON {"a": 1}',
    "A cost of $5-$10",
    "Vec::new()",
    "Helm: {{ .Values.name }}",
    "a == b and c == d",
    "Is 1 < 2 & 3 > 2?",
]

SWITCH = """---
deck: Switch
---
# Switch

## ECS cluster{attributes}
A logical grouping of tasks
"""


PACKED = """---
deck: {deck}::Deep
---
# {deck}

## What of {deck}? {{.reversed}}

{answer} of {deck}

## More of {deck} {{deck={deck}}}

{answer}: {{{{c1::one}}}}, {{{{c2::two}}}}, {{{{c3::three}}}}
"""


def main(deckle):
    anki.lang.set_lang("en")
    report = Report()
    checks = (check_clozes, check_headings, check_switches, check_edit, check_media, check_bytes, check_sizes, check_packing)
    own = [(check.__name__, check, Project) for check in checks]
    told = [(name, check, histories.Author) for name, check in (*histories.checks(), *differences.checks(), *rows.checks(), *sync.checks())]
    for name, check, project in own + told:
        with tempfile.TemporaryDirectory() as folder:
            try:
                check(report, project(deckle, pathlib.Path(folder)))
            except Exception as error:  # one broken case must not hide the others
                report.check(False, f"{name}: {type(error).__name__}: {error}")
    return report.finish()


class Project:
    """A folder with one note file."""

    def __init__(self, deckle, folder):
        self.deckle = pathlib.Path(deckle).absolute()
        self.folder = folder
        self.builds = 0

    def build(self, text, when=FIRST_BUILD, **environment):
        """Builds `text` and gives the paths of the packages."""
        (self.folder / "notes.md").write_text(text, encoding="utf-8")
        self.builds += 1
        out = self.folder / f"out-{self.builds}"
        command = [self.deckle, "build", "notes.md", "-f", "apkg", "-o", out]
        environment = {**os.environ, "SOURCE_DATE_EPOCH": str(when), **environment}
        run = subprocess.run(command, cwd=self.folder, env=environment, capture_output=True, text=True)
        if run.returncode != 0:
            raise RuntimeError(f"deckle ended with {run.returncode}: {run.stdout}{run.stderr}")
        return sorted(out.glob("*.apkg"))

    def build_project(self, packing, when):
        """Builds what is in `content` and gives the paths of the packages that are there then."""
        (self.folder / "deckle.yaml").write_text(f"id: packed\nname: All\npackages: {packing}\n", encoding="utf-8")
        environment = {**os.environ, "SOURCE_DATE_EPOCH": str(when)}
        run = subprocess.run([self.deckle, "build", "-f", "apkg"], cwd=self.folder, env=environment, capture_output=True, text=True)
        if run.returncode != 0:
            raise RuntimeError(f"deckle ended with {run.returncode}: {run.stdout}{run.stderr}")
        return sorted((self.folder / "dist").glob("*.apkg"))

    def build_one(self, text, when=FIRST_BUILD, **environment):
        (package,) = self.build(text, when, **environment)
        return package


def check_clozes(report, project):
    package = project.build_one(CLOZES)
    conformance.check_package(report, package)
    with empty_collection() as collection:
        import_package(collection, package)
        show_only_text(collection)
        found = {}
        for note_id in collection.db.list("select id from notes"):
            note = collection.get_note(note_id)
            heading = re.match(r'<div class="heading">.*?</div>', note["Text"], re.S).group()
            sides = [render(collection, card.id) for card in note.cards()]
            found[plain(heading)] = [tuple(plain(side.replace(heading, "")) for side in pair) for pair in sides]
    for heading, expected in CLOZE_CARDS.items():
        report.equal(found.get(heading), expected, f"cards of the note {heading}")
    report.equal(sorted(found), sorted(CLOZE_CARDS), "cloze notes")


def show_only_text(collection):
    """Takes everything but the text from the cloze cards, so that it can be compared whole."""
    for note_type in collection.models.all():
        if note_type["name"].startswith("Cloze ("):
            note_type["css"] = ""
            note_type["tmpls"][0].update(qfmt="{{cloze:Text}}", afmt="{{cloze:Text}}")
            collection.models.update_dict(note_type)


def check_headings(report, project):
    sections = "".join(f"## {heading}\n\nAnswer {number}\n\n" for number, heading in enumerate(HEADINGS))
    package = project.build_one(f"---\ndeck: Headings\n---\n# Headings\n\n{sections}")
    conformance.check_package(report, package)
    with empty_collection() as collection:
        import_package(collection, package)
        in_order = "select distinct nid from cards order by due"
        notes = [collection.get_note(note_id) for note_id in collection.db.list(in_order)]
        report.equal([plain(note["Front"]) for note in notes], HEADINGS, "headings as fronts")
        for heading, note in zip(HEADINGS, notes):
            (card,) = note.cards()
            question, _ = render(collection, card.id)
            report.check(heading in plain(question), f"the question of {heading!r} shows {plain(question)!r}")


def check_switches(report, project):
    """Switches are fields, so that a note that gets one is updated and not taken for another one."""
    old = project.build_one(SWITCH.format(attributes=""))
    for attributes, ordinals in ((" {.reversed}", [0, 1]), (" {.typed}", [0]), (" {.reversed .typed}", [0, 1])):
        new = project.build_one(SWITCH.format(attributes=attributes), SECOND_BUILD)
        conformance.check_package(report, new)
        conformance.check_update(report, old, new, updated=1, added=0)
        report.equal([card[1] for card in conformance.Package(new).cards], ordinals, f"cards of a note with{attributes}")
        with empty_collection() as collection:
            import_package(collection, old)
            import_package(collection, new)
            first = collection.db.scalar("select id from cards where ord = 0")
            typed = "[[type:" in render(collection, first)[0]
            report.equal(typed, ".typed" in attributes, f"a box to type into on a note with{attributes}")
    report.equal(guids(project.build_one(SWITCH.format(attributes=""), SECOND_BUILD)), guids(old), "GUIDs of two builds")


def check_edit(report, project):
    """An edited answer arrives in the studied note; a new note is new."""
    heading = "---\ndeck: Edit\n---\n# Edit\n\n"
    old = project.build_one(f"{heading}## Asked\n\nold answer\n")
    new = project.build_one(f"{heading}## New\n\nbefore it\n\n## Asked {{tags=later}}\n\nnew answer\n", SECOND_BUILD)
    conformance.check_update(report, old, new, updated=1, added=1)
    report.equal(guids(new)[1], guids(old)[0], "GUID of an edited note")


def check_media(report, project):
    (project.folder / "img").mkdir()
    picture = '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20"><rect width="20" height="{}"/></svg>'
    for height, name in enumerate(("two words & ä.svg", "raw.svg", "unused.svg"), start=1):
        (project.folder / "img" / name).write_text(picture.format(height), encoding="utf-8")
    text = (
        "---\ndeck: Media\n---\n# Media\n\n## Which shape?\n\n![a square](<img/two words & ä.svg>)\n\n"
        '## Which one is raw?\n\n<img src="img/raw.svg" alt="raw">\n'
    )
    package = project.build_one(text)
    conformance.check_package(report, package)
    report.equal(len(conformance.Package(package).media), 2, "media of two pictures")


def check_bytes(report, project):
    text = numbered(3000) + "\n## Last {.cloze}\n\n{{c1::this}}\n"
    packages = [project.build_one(text, RAYON_NUM_THREADS=threads).read_bytes() for threads in ("1", "4", "4")]
    report.check(packages[0] == packages[1], "packages of one thread and of four differ")
    report.check(packages[1] == packages[2], "packages of two builds differ")


def check_sizes(report, project):
    for count in (10_000, 100_001):
        package = project.build_one(numbered(count))
        with empty_collection() as collection:
            import_package(collection, package)
            before = order(collection)
            report.equal(before, [f"Question {number}" for number in range(count)], f"order of {count} notes")
            problems, holds = collection.fix_integrity()
            report.check(holds, f"Check Database on {count} notes: {problems}")
            report.check(order(collection) == before, f"Check Database changes the order of {count} notes")


def check_packing(report, project):
    """From a package for each deck to one for all and back: readers keep their notes, cards, decks and reviews."""
    content = project.folder / "content"
    content.mkdir()
    write = lambda deck, answer: (content / f"{deck}.md").write_text(PACKED.format(deck=deck, answer=answer), encoding="utf-8")
    for deck in ("Sea", "Land", "Air"):
        write(deck, "first")
    per_deck = project.build_project("per-deck", FIRST_BUILD)
    report.equal([path.name for path in per_deck], ["air.apkg", "land.apkg", "sea.apkg"], "packages, one a deck")
    with empty_collection() as collection:
        for package in per_deck:
            conformance.check_package(report, package)
            import_package(collection, package)
        collection.db.execute("update cards set type = 2, queue = 2, due = 30 + ord, ivl = 17, factor = 2300, reps = 5, flags = 3")
        collection.db.execute("insert into revlog select id, id, -1, 3, 17, 9, 2300, 4000, 1 from cards")
        # What reviews written by hand lack, Anki adds.
        collection.fix_integrity()
        learnt = "select c.id, c.nid, n.guid, c.did, c.ord, type, queue, due, ivl, factor, reps, c.flags from cards c join notes n on n.id = c.nid order by c.id"
        before = collection.db.all(learnt), collection.db.all("select * from revlog order by id"), decks(collection)
        report.equal(len(before[0]), 15, "cards of all decks")
        for packing, answer, when in (("one", "second", SECOND_BUILD), ("per-deck", "third", SECOND_BUILD + 86_400)):
            write("Land", answer)
            packages = project.build_project(packing, when)
            names = ["all.apkg"] if packing == "one" else ["air.apkg", "land.apkg", "sea.apkg"]
            report.equal([path.name for path in packages], names, f"packages, {packing}")
            updated = 0
            for package in packages:
                conformance.check_package(report, package)
                log = import_package(collection, package)
                updated += len(log.updated)
                report.equal([len(log.new), len(log.conflicting)], [0, 0], f"{package.name}: new and conflicting notes")
            report.equal(updated, 2, f"notes that are updated, {packing}")
            after = collection.db.all(learnt), collection.db.all("select * from revlog order by id"), decks(collection)
            report.check(after == before, f"{packing}: cards, reviews or decks of readers differ")
            texts = collection.db.list("select flds from notes")
            report.equal(sum(answer in text for text in texts), 2, f"notes with the new answer, {packing}")
            conformance.check_integrity(report, packing, collection)


def decks(collection):
    return collection.db.all("select id, name from decks order by id")


def order(collection):
    """First fields in the order in which Anki gathers new cards: by position."""
    return collection.db.list("select n.sfld from cards c join notes n on n.id = c.nid order by c.due, c.ord")


def numbered(count):
    notes = "".join(f"## Question {number}\n\nAnswer {number}\n\n" for number in range(count))
    return f"---\ndeck: Numbered\n---\n# Numbered\n\n{notes}"


def guids(package):
    return [note[0] for note in conformance.Package(package).notes]


def plain(markup):
    """HTML as its reader sees it: tags away, entities resolved, white space collapsed."""
    without_style = re.sub(r"<(style|script)\b.*?</\1>", "", markup, flags=re.S)
    spaced = re.sub(r"</?(p|div|li|ol|ul|br|hr|pre|tr|td|th)\b[^>]*>", " ", without_style)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", spaced)).split())


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: run.py DECKLE")
    sys.exit(main(sys.argv[1]))
