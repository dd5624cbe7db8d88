"""Imports packages into real Anki and reports everything that is not as it should be.

    conformance.py PACKAGE...
    conformance.py update OLD NEW --updated N --new N

A plain import says little: Anki makes cards that a package forgot, shows template errors only on the card, and takes two
notes with the same GUID without a word. So every package is also compared with what Anki made of it, before and after
Check Database, and every card is rendered. Prints each failure and "N passed, N failed"; exits 1 where one failed.
"""

import argparse
import collections
import contextlib
import html
import json
import pathlib
import re
import sqlite3
import sys
import tempfile
import zipfile

import anki.lang
from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest
from anki.import_export_pb2 import ImportAnkiPackageUpdateCondition as Update

# Every message that Anki puts on a card instead of its content links to this page.
TEMPLATE_ERROR = "docs.ankiweb.net/templates/errors.html"

# How an answer of ours begins: the question, without its sounds.
REPEATED_QUESTION = '{{FrontSide}}\n<div class="sheet answer">'

# By which the link of `{{hint:Field}}` finds its text.
HINT_ID = r"hint[0-9a-f]{16}"

# How many cards of a deck the scheduler is asked for.
STUDIED = 500


class Report:
    """Counts what holds and prints what does not."""

    def __init__(self):
        self.passed = 0
        self.failed = 0

    def check(self, holds, what):
        if holds:
            self.passed += 1
        else:
            self.failed += 1
            print(f"FAILED {what}")
        return bool(holds)

    def equal(self, found, expected, what):
        return self.check(found == expected, f"{what}: expected {shorten(expected)}, found {shorten(found)}")

    def finish(self):
        print(f"{self.passed} passed, {self.failed} failed")
        return 1 if self.failed else 0


class Package:
    """What a legacy package says of itself, read without Anki."""

    def __init__(self, path):
        with zipfile.ZipFile(path) as archive:
            self.members = archive.namelist()
            self.media = json.loads(archive.read("media"))
            database = archive.read("collection.anki2")
        with tempfile.NamedTemporaryFile(suffix=".anki2") as file:
            file.write(database)
            file.flush()
            with contextlib.closing(sqlite3.connect(file.name)) as connection:
                self.read(connection)

    def read(self, connection):
        # In source order, which positions say and ids do not.
        position = "(select min(due) from cards where nid = notes.id)"
        self.notes = connection.execute(f"select guid, mid, mod, tags, flds, sfld, csum from notes order by {position}").fetchall()
        self.cards = connection.execute(
            "select n.guid, c.ord, c.due, c.did from cards c join notes n on n.id = c.nid order by c.due, c.ord"
        ).fetchall()
        models, decks = connection.execute("select models, decks from col").fetchone()
        self.models = json.loads(models)
        self.decks = {int(key): deck for key, deck in json.loads(decks).items()}


@contextlib.contextmanager
def empty_collection():
    """A new collection in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        collection = Collection(str(pathlib.Path(folder) / "collection.anki2"))
        try:
            yield collection
        finally:
            collection.close()


def import_package(collection, path):
    """Imports with the options that Anki's window has in a fresh profile; gives the log."""
    options = ImportAnkiPackageOptions(
        merge_notetypes=False,
        update_notes=Update.IMPORT_ANKI_PACKAGE_UPDATE_CONDITION_IF_NEWER,
        update_notetypes=Update.IMPORT_ANKI_PACKAGE_UPDATE_CONDITION_IF_NEWER,
        with_scheduling=False,
        with_deck_configs=False,
    )
    request = ImportAnkiPackageRequest(package_path=str(pathlib.Path(path).absolute()), options=options)
    log = collection.import_anki_package(request).log
    # An import leaves Python's cache of note types as it was.
    collection.models._clear_cache()
    return log


def render(collection, card_id):
    """Question and answer of a card as HTML."""
    output = collection.get_card(card_id).render_output(reload=True)
    return output.question_text, output.answer_text


def cards_of(collection):
    return collection.db.all("select nid, ord, due, did from cards order by nid, ord")


def check_package(report, path):
    """All that holds for any package, in an empty collection."""
    name = pathlib.Path(path).name
    package = Package(path)
    report.check(name != "collection.apkg", f"{name}: Anki takes this name for a whole collection")
    duplicates = [guid for guid, count in collections.Counter(note[0] for note in package.notes).items() if count > 1]
    report.equal(duplicates, [], f"{name}: duplicate GUIDs")
    with empty_collection() as collection:
        log = import_package(collection, path)
        check_log(report, name, package, log)
        check_contents(report, name, package, collection)
        check_order(report, f"{name}: after import", package, collection)
        check_integrity(report, name, collection)
        check_order(report, f"{name}: after Check Database", package, collection)
        check_media(report, name, package, collection)
        check_cards(report, name, collection)
        check_sounds(report, name, collection)
        shown = pathlib.Path(path).with_name(f"{name.rsplit('__', 1)[0]}.cards.json")
        if shown.exists():
            check_shown(report, name, collection, json.loads(shown.read_text()))


def check_log(report, name, package, log):
    report.equal(len(log.new), len(package.notes), f"{name}: notes that Anki calls new")
    for kind in ("updated", "duplicate", "conflicting", "first_field_match", "missing_notetype", "missing_deck", "empty_first_field"):
        report.equal(len(getattr(log, kind)), 0, f"{name}: notes that Anki calls {kind}")


def check_contents(report, name, package, collection):
    report.equal(collection.note_count(), len(package.notes), f"{name}: notes")
    report.equal(collection.card_count(), len(package.cards), f"{name}: cards")
    note = "select n.guid, n.mod, n.tags, n.flds, n.sfld, n.csum from notes n order by n.guid"
    found = [tuple(row) for row in collection.db.all(note)]
    expected = sorted(
        (guid, mod, in_ankis_order(tags), fields, sort, sum_)
        for guid, _, mod, tags, fields, sort, sum_ in package.notes
    )
    columns = ("guid", "mod", "tags", "fields", "sort field", "checksum")
    for column, (ours, theirs) in zip(columns, zip(zip(*expected), zip(*found))):
        different = [(one, other) for one, other in zip(ours, theirs) if one != other]
        report.equal(different, [], f"{name}: {column} as packed and as imported")
    cards = "select n.guid, c.ord, c.due, c.did from cards c join notes n on n.id = c.nid order by 1, 2"
    found = [(guid, ord_, due, collection.decks.name(did)) for guid, ord_, due, did in collection.db.all(cards)]
    expected = sorted((guid, ord_, due, package.decks[did]["name"]) for guid, ord_, due, did in package.cards)
    report.equal(found, expected, f"{name}: card, position and deck")
    for model in package.models.values():
        theirs = collection.models.by_name(model["name"])
        if report.check(theirs, f"{name}: note type {model['name']} is missing"):
            check_note_type(report, name, model, theirs)
    for deck in package.decks.values():
        theirs = collection.decks.by_name(deck["name"])
        if deck["id"] != 1 and report.check(theirs, f"{name}: deck {deck['name']} is missing"):
            report.equal(theirs["desc"], deck["desc"], f"{name}: description of {deck['name']}")


def in_ankis_order(tags):
    """Anki sorts a note's tags when it imports it, without regard to case."""
    words = sorted(tags.split(), key=str.casefold)
    return f" {' '.join(words)} " if words else ""


def check_note_type(report, name, ours, theirs):
    what = f"{name}: note type {ours['name']}:"
    for key in ("id", "type", "css", "sortf"):
        report.equal(theirs[key], ours[key], f"{what} {key}")
    report.equal([(f["id"], f["name"]) for f in theirs["flds"]], [(f["id"], f["name"]) for f in ours["flds"]], f"{what} fields")
    keys = ("id", "name", "qfmt", "afmt")
    templates = [[tuple(t[key] for key in keys) for t in one["tmpls"]] for one in (theirs, ours)]
    report.equal(templates[0], templates[1], f"{what} templates")


def check_order(report, what, package, collection):
    """New cards come as the source has them: by position in the table, and from the scheduler's own queue."""
    by_deck = collections.defaultdict(list)
    for guid, ord_, _, did in package.cards:
        by_deck[package.decks[did]["name"]].append((guid, ord_))
    # A position that is not strictly rising from note to note is an order that an insertion can upset. Top-level decks have
    # positions of their own, and one package may hold several.
    places = collection.db.all("select distinct did, due from cards")
    positions = {(collection.decks.name(did).split("::")[0], due) for did, due in places}
    report.equal(len(positions), len(package.notes), f"{what}: positions")
    for deck, expected in by_deck.items():
        did = collection.decks.id_for_name(deck)
        query = "select n.guid, c.ord from cards c join notes n on n.id = c.nid where c.did = ? order by c.due, c.ord"
        found = [tuple(row) for row in collection.db.all(query, did)]
        report.equal(found, expected, f"{what}: order in {deck} by position")
        queued = scheduled(collection, did)
        # Anki shows siblings by template: the first cards of all notes, then the second ones.
        by_template = sorted(expected, key=lambda card: card[1])
        report.equal(queued, by_template[: len(queued)], f"{what}: order in {deck} as studied")
        report.check(len(queued) >= min(len(expected), STUDIED), f"{what}: {deck} shows {len(queued)} cards")


def scheduled(collection, did):
    """The first new cards of a deck, without its subdecks', as Anki would show them today."""
    preset = collection.decks.get_config(1)
    # The limit of reviews caps new cards as well.
    preset["new"]["perDay"] = preset["rev"]["perDay"] = 9999
    collection.decks.update_config(preset)
    collection.decks.set_current(did)
    queue = collection.sched.get_queued_cards(fetch_limit=STUDIED).cards
    cards = [collection.get_card(entry.card.id) for entry in queue if entry.card.deck_id == did]
    return [(card.note().guid, card.ord) for card in cards]


def check_integrity(report, name, collection):
    before = cards_of(collection)
    problems, holds = collection.fix_integrity()
    report.check(holds, f"{name}: Check Database: {problems}")
    report.equal(cards_of(collection), before, f"{name}: cards before and after Check Database")


def check_media(report, name, package, collection):
    media = collection.media.check()
    report.equal(list(media.missing), [], f"{name}: missing media")
    report.equal(list(media.unused), [], f"{name}: unused media")
    report.equal(list(media.missing_media_notes), [], f"{name}: notes with missing media")
    folder = pathlib.Path(collection.media.dir())
    report.equal(sorted(path.name for path in folder.iterdir()), sorted(package.media.values()), f"{name}: media folder")


def check_cards(report, name, collection):
    report.equal([note.note_id for note in collection.get_empty_cards().notes], [], f"{name}: empty cards")
    faulty = []
    for card_id in collection.db.list("select id from cards"):
        for side in render(collection, card_id):
            if TEMPLATE_ERROR in side:
                faulty.append((card_id, side))
    report.equal(faulty, [], f"{name}: cards with template errors")


def check_sounds(report, name, collection):
    """The answer plays what stands on it, and not the question once more; templates of a project's own may do as they like."""
    for card_id in collection.db.list("select id from cards"):
        card = collection.get_card(card_id)
        template = card.template()
        if not template["afmt"].startswith(REPEATED_QUESTION):
            continue
        output = card.render_output(reload=True)
        fields = dict(card.note().items())
        asks, answers = ("Front", "Back") if card.ord == 0 else ("Back", "Front")
        for side, tags, shown in (
            ("question", output.question_av_tags, [asks] + ["Hint"] * (card.ord == 0)),
            ("answer", output.answer_av_tags, [answers, "Extra", "Source"]),
        ):
            sounds = [html.unescape(sound) for field in shown for sound in re.findall(r"\[sound:(.*?)\]", fields[field])]
            report.equal([tag.filename for tag in tags], sounds, f"{name}: what the {side} of {asks} {fields[asks]!r} plays")


def check_shown(report, name, collection, cards):
    """How deckle shows cards without Anki: formulas and buttons aside, the same HTML. `cards` has documents by GUID/ordinal."""
    for card_id in collection.db.list("select id from cards"):
        card = collection.get_card(card_id)
        note = card.note()
        ours = cards.get(f"{note.guid}/{card.ord}")
        if not report.check(ours, f"{name}: no card {card.ord} of {note.guid} is shown"):
            continue
        for side, document, theirs in zip(("question", "answer"), ours, render(collection, card_id)):
            expected = re.sub(HINT_ID, "hint", with_marks(reviewed(collection, card, theirs, side)))
            report.equal(unfinished(document), expected, f"{name}: the {side} {card.ord} of {note.guid} as deckle shows it")


def reviewed(collection, card, text, side):
    """A side with what Anki's reviewer puts where one types; nothing was typed."""
    fields = dict(card.note().items())
    pattern = r"\[\[type:(.+?)\]\]"

    def wanted(name):
        if name.startswith("cloze:"):
            return collection._backend.extract_cloze_for_typing(text=fields[name.removeprefix("cloze:")], ordinal=card.ord + 1)
        return fields.get(name.removeprefix("nc:"))

    # The line above the answer goes along only where something is to be typed.
    first = re.search(pattern, text)
    ruled = side == "answer" and first and wanted(first[1]) and "<hr id=answer>" in text
    if ruled:
        text = text.replace("<hr id=answer>", "")

    def box(match):
        expected = wanted(match[1])
        if not expected:
            return ""
        if side == "question":
            return "[type]"
        answer = collection.compare_answer(expected, "")
        return ("<hr id=answer>" if ruled else "") + f"<div style=\"font-family: 'Arial'; font-size: 20px\">{answer}</div>"

    return re.sub(pattern, box, text)


def with_marks(text):
    """HTML with a mark for each formula that MathJax finds."""
    passed_over = r"(<!--.*?-->|<(?:script|style|pre|code|textarea)\b.*?</(?:script|style|pre|code|textarea)>|<[a-zA-Z/!?][^>]*>)"
    pieces = re.split(passed_over, text, flags=re.S)
    pieces[::2] = [re.sub(r"\\\(.*?\\\)|\\\[.*?\\\]", "[formula]", piece, flags=re.S) for piece in pieces[::2]]
    return "".join(pieces)


def unfinished(document):
    """What a document of deckle's shows, with marks for what its own finish puts in."""
    shown = document.split("</style>", 2)[2].rsplit("</div>\n</body>", 1)[0]
    shown = re.sub(r"<math\b.*?</math>|<code class=\"tex\">.*?</code>", "[formula]", shown, flags=re.S)
    shown = re.sub(r"<a class=\"replay-button[^>]* data-play=\"(.*?)\".*?</a>", r"[anki:play:\1]", shown, flags=re.S)
    shown = re.sub(HINT_ID, "hint", shown)
    return re.sub(r"<center><input type=\"text\" id=\"typeans\".*?</center>", "[type]", shown)


def check_update(report, old, new, updated, added):
    """A reader who has studied `old` imports `new`: what changed arrives, and nothing that they learnt is lost."""
    name = f"{pathlib.Path(old).name} → {pathlib.Path(new).name}"
    with empty_collection() as collection:
        import_package(collection, old)
        study = "update cards set type = 2, queue = 2, due = 30 + ord, ivl = 17, factor = 2300, reps = 5, lapses = 1, flags = 3"
        collection.db.execute(study)
        scheduling = "select nid, ord, id, did, type, queue, due, ivl, factor, reps, lapses, flags from cards where reps > 0 order by id"
        before = collection.db.all(scheduling)
        log = import_package(collection, new)
        for kind, expected in (("updated", updated), ("new", added), ("conflicting", 0), ("missing_notetype", 0), ("missing_deck", 0)):
            report.equal(len(getattr(log, kind)), expected, f"{name}: notes that Anki calls {kind}")
        report.equal(collection.db.all(scheduling), before, f"{name}: scheduling")
        package = Package(new)
        fields = dict(collection.db.all("select guid, flds from notes"))
        stale = [note[0] for note in package.notes if fields.get(note[0]) != note[4]]
        report.equal(stale, [], f"{name}: notes whose text is not the new one")
        cards = {tuple(row) for row in collection.db.all("select n.guid, c.ord from cards c join notes n on n.id = c.nid")}
        report.equal([card[:2] for card in package.cards if card[:2] not in cards], [], f"{name}: missing cards")
        names = [model["name"] for model in collection.models.all()]
        report.equal([one for one in names if one.endswith("+")], [], f"{name}: note types that were doubled")
        check_integrity(report, name, collection)
        check_cards_without_errors(report, name, collection)


def check_cards_without_errors(report, name, collection):
    """As [`check_cards`], for collections that may rightly hold empty cards."""
    ids = collection.db.list("select id from cards")
    faulty = [card_id for card_id in ids if any(TEMPLATE_ERROR in side for side in render(collection, card_id))]
    report.equal(faulty, [], f"{name}: cards with template errors")


def shorten(value):
    text = repr(value)
    return text if len(text) <= 400 else f"{text[:400]}… ({len(text)} characters)"


def main(arguments):
    anki.lang.set_lang("en")
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    if arguments[:1] == ["update"]:
        parser.add_argument("old")
        parser.add_argument("new")
        parser.add_argument("--updated", type=int, required=True, metavar="N")
        parser.add_argument("--new", dest="added", type=int, required=True, metavar="N")
        options = parser.parse_args(arguments[1:])
        report = Report()
        check_update(report, options.old, options.new, options.updated, options.added)
        return report.finish()
    parser.add_argument("packages", nargs="+", metavar="PACKAGE")
    options = parser.parse_args(arguments)
    report = Report()
    for path in options.packages:
        check_package(report, path)
    return report.finish()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
