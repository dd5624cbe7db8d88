"""Asks real Anki whether an import does what `deckle diff` foretells.

For each history of histories.py, and for packages that another program could have made, a reader imports the old packages and
then the new ones. What Anki reports, and what each note, card, deck and note type is afterwards, has to be what the JSON of
the difference says. Called by run.py.
"""

import contextlib
import functools
import json
import pathlib
import sqlite3
import subprocess
import tempfile
import zipfile

import histories
from conformance import empty_collection, import_package
from histories import FIRST_BUILD, SECOND_BUILD

KINDS = ("added", "updated", "held_back", "conflicting", "gone")


def checks():
    """Name and function of each check; a function takes a report and an author with an empty project."""
    for history, *_ in histories.HISTORIES:
        yield f"diff: {history.__name__}", functools.partial(check_history, history=history)
    for change in CHANGES:
        yield f"diff: {change.__name__}", functools.partial(check_change, change=change)


def check_history(report, author, history):
    histories.first_project(author)
    old = author.build(FIRST_BUILD)
    history(author)
    new = author.build(SECOND_BUILD, "--accept-loss")
    check_foretold(report, author, f"diff: {history.__name__}", old[0].parent, new[0].parent)


def check_change(report, author, change):
    """What a program other than deckle could make of a package."""
    histories.first_project(author)
    (old,) = author.build(FIRST_BUILD)
    new = old.parent.with_name("changed") / old.name
    new.parent.mkdir()
    edit_package(old, new, change)
    check_foretold(report, author, f"diff: {change.__name__}", old.parent, new.parent)


def edit_package(old, new, change):
    """Writes a package whose database was changed."""
    with zipfile.ZipFile(old) as archive, zipfile.ZipFile(new, "w") as changed, tempfile.TemporaryDirectory() as folder:
        for name in archive.namelist():
            data = archive.read(name)
            if name == "collection.anki2":
                path = pathlib.Path(folder) / name
                path.write_bytes(data)
                with contextlib.closing(sqlite3.connect(path)) as connection:
                    change(connection)
                    connection.commit()
                data = path.read_bytes()
            changed.writestr(name, data)


def edit_note_types(connection, edit):
    models = json.loads(connection.execute("select models from col").fetchone()[0])
    for model in models.values():
        edit(model)
    connection.execute("update col set models = ?", (json.dumps({str(model["id"]): model for model in models.values()}),))


def text_of_the_same_date(connection):
    connection.execute("update notes set flds = replace(flds, 'dynamic', 'changed')")


def text_of_an_earlier_date(connection):
    text_of_the_same_date(connection)
    connection.execute("update notes set mod = mod - 100")


def later_date_alone(connection):
    connection.execute("update notes set mod = mod + 100")


def one_more_field(connection):
    later_date_alone(connection)

    def edit(model):
        model["flds"].append({**model["flds"][0], "id": 7, "name": "More", "ord": len(model["flds"])})
        model["mod"] += 100

    edit_note_types(connection, edit)
    connection.execute("update notes set flds = flds || char(31) || 'more'")


def fields_in_another_order(connection):
    later_date_alone(connection)

    def edit(model):
        fields = model["flds"]
        fields[-1], fields[-2] = {**fields[-2], "ord": len(fields) - 1}, {**fields[-1], "ord": len(fields) - 2}
        model["mod"] += 100

    edit_note_types(connection, edit)


def renamed_field(connection):
    def edit(model):
        model["flds"][2]["name"] = "Clue"
        for template in model["tmpls"]:
            for side in ("qfmt", "afmt"):
                template[side] = template[side].replace("Hint}}", "Clue}}")
        model["mod"] += 100

    edit_note_types(connection, edit)


def style_of_the_same_date(connection):
    edit_note_types(connection, lambda model: model.update(css="p {}"))


def style_of_a_later_date(connection):
    edit_note_types(connection, lambda model: model.update(css="p {}", mod=model["mod"] + 100))


def another_note_type(connection):
    later_date_alone(connection)
    models = json.loads(connection.execute("select models from col").fetchone()[0])
    first = min(models)
    models["4711"] = {**models.pop(first), "id": 4711, "name": "Other"}
    connection.execute("update col set models = ?", (json.dumps(models),))
    connection.execute("update notes set mid = 4711 where mid = ?", (int(first),))


def another_description(connection):
    decks = json.loads(connection.execute("select decks from col").fetchone()[0])
    for deck in decks.values():
        deck["desc"] = "described"
    connection.execute("update col set decks = ?", (json.dumps(decks),))


def tags_of_a_later_date(connection):
    connection.execute("update notes set tags = ' more ', mod = mod + 100 where id in (select id from notes limit 3)")


def one_more_card(connection):
    """Of a note that is not newer: an import looks at cards by themselves."""
    columns = "nid, did, ord + 1, mod, usn, type, queue, due, ivl, factor, reps, lapses, left, odue, odid, flags, data"
    notes = "nid in (select nid from cards group by nid having count() = 1)"
    connection.execute(f"insert into cards select 4711, {columns} from cards where {notes} limit 1")


def one_more_card_of_another_note_type(connection):
    one_more_card(connection)
    another_note_type(connection)


def one_card_less(connection):
    connection.execute("delete from cards where ord > 0")


CHANGES = (
    one_more_card,
    one_more_card_of_another_note_type,
    one_card_less,
    text_of_the_same_date,
    text_of_an_earlier_date,
    later_date_alone,
    one_more_field,
    fields_in_another_order,
    renamed_field,
    style_of_the_same_date,
    style_of_a_later_date,
    another_note_type,
    another_description,
    tags_of_a_later_date,
)


class State:
    """What a reader has."""

    def __init__(self, collection):
        rows = collection.db.all("select guid, flds, tags, mid from notes")
        self.fields = {guid: fields.split("\x1f") for guid, fields, _, _ in rows}
        self.tags = {guid: sorted(tags.split()) for guid, _, tags, _ in rows}
        self.types = {guid: mid for guid, _, _, mid in rows}
        cards = collection.db.all("select n.guid, c.ord, c.did from cards c join notes n on n.id = c.nid")
        self.cards, self.decks = {}, {}
        for guid, ordinal, deck in cards:
            self.cards.setdefault(guid, set()).add(ordinal)
            self.decks[guid, ordinal] = collection.decks.name(deck)
        self.note_types = {model["name"]: model["css"] for model in collection.models.all()}
        self.deck_names = {deck.name for deck in collection.decks.all_names_and_ids()}
        self.descriptions = {deck["name"]: deck["desc"] for deck in collection.decks.all()}


def check_foretold(report, author, name, old, new):
    told = json.loads(foretell(author, old, new))
    with empty_collection() as collection:
        for package in sorted(old.glob("*.apkg")):
            import_package(collection, package)
        before = State(collection)
        logs = [import_package(collection, package) for package in sorted(new.glob("*.apkg"))]
        after = State(collection)
    counts = told["counts"]
    for kind, expected in (
        ("new", counts["added"]),
        ("updated", counts["updated"] + counts["dated"]),
        ("conflicting", counts["conflicting"]),
        ("duplicate", counts["held_back"] + counts["same"]),
    ):
        report.equal(sum(len(getattr(log, kind)) for log in logs), expected, f"{name}: notes that Anki calls {kind}")
    notes = {note["guid"]: note for note in told["notes"]}
    for kind in KINDS:
        report.equal(sum(note["kind"] == kind for note in notes.values()), counts[kind], f"{name}: notes told to be {kind}")
    wrong = [guid for guid, note in notes.items() if not is_as_told(note, before, after)]
    report.equal(wrong, [], f"{name}: notes that are not as told")
    others = [guid for guid in before.fields if guid not in notes]
    moved = [guid for guid in others if (before.fields[guid], before.tags[guid]) != (after.fields[guid], after.tags[guid])]
    report.equal(moved, [], f"{name}: notes that changed and were not told")
    report.equal([key for key in before.decks if before.decks[key] != after.decks[key]], [], f"{name}: cards that moved")
    check_names(report, name, told, before, after)


def is_as_told(note, before, after):
    guid, kind = note["guid"], note["kind"]
    if kind == "added":
        decks = {after.decks[guid, ordinal] for ordinal in note["cards"]}
        return guid not in before.fields and after.cards[guid] == set(note["cards"]) and decks == {note["deck"]}
    gained = set() if kind in ("conflicting", "gone") else set(note.get("cards_gained", ()))
    has_cards = after.cards[guid] == before.cards[guid] | gained
    if kind != "updated":
        return has_cards and (before.fields[guid], before.tags[guid]) == (after.fields[guid], after.tags[guid])
    changed = [pair["new"] for pair in note.get("fields", ())]
    old = [pair["old"] for pair in note.get("fields", ())]
    pairs = [(one, other) for one, other in zip(before.fields[guid], after.fields[guid]) if one != other]
    tags = note.get("tags")
    has_tags = after.tags[guid] == sorted(tags[1]) if tags else after.tags[guid] == before.tags[guid]
    return has_cards and has_tags and pairs == list(zip(old, changed))


def check_names(report, name, told, before, after):
    """Decks and note types that come, and styles that change."""
    decks = {one.get("name", one.get("to")) for one in told["decks"] if one["kind"] != "described"}
    report.equal(after.deck_names - before.deck_names - decks, set(), f"{name}: decks that come and were not told")
    described = {one["name"]: one["new"] for one in told["decks"] if one["kind"] == "described"}
    report.equal({deck: after.descriptions[deck] for deck in described}, described, f"{name}: descriptions")
    kinds = {one["name"]: one["kind"] for one in told["note_types"]}
    come = {one for one, kind in kinds.items() if kind == "added"} | {f"{one}+" for one, kind in kinds.items() if kind == "doubled"}
    report.equal(after.note_types.keys() - before.note_types.keys(), come, f"{name}: note types that come")
    restyled = {one for one in before.note_types if before.note_types[one] != after.note_types[one]}
    told_style = {one["name"] for one in told["note_types"] if one["kind"] == "updated" and "style" in one.get("parts", ())}
    report.equal(restyled, told_style, f"{name}: note types with another style")


def foretell(author, old, new):
    command = [author.deckle, "diff", old, new, "--format", "json"]
    run = subprocess.run(command, cwd=author.folder, capture_output=True, text=True)
    if run.returncode not in (0, 1) or run.stderr:
        raise RuntimeError(f"deckle ended with {run.returncode}: {run.stdout}{run.stderr}")
    return run.stdout
