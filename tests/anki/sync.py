"""Imports packages on two devices of one reader and asks what the devices have after a sync.

In Anki, sync, deletions and reviews go by the ids of notes and cards, whatever their GUIDs are. Each check has a server of
Anki's own, on this machine only, and two collections that sync with it. Called by run.py.
"""

import collections
import contextlib
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

from anki.sync_pb2 import SyncCollectionResponse

from conformance import Package, check_integrity, empty_collection
from histories import FIRST_BUILD, SECOND_BUILD, Author, Reader

USER, PASSWORD = "reader", "secret"

# Seconds to wait for the server, to come and to go.
PATIENCE = 20

HARBOURS = """---
deck: Harbours
---
# Harbours

## What is a quay?

A wall that ships lie at.

## Bollard {.reversed}

A post that ropes are made fast to.

## Tides {.cloze}

Two a day: {{c1::high}} water and {{c2::low}} water.

## What does a pilot do?

Guides ships through waters that the pilot knows.
"""

# Other kinds of notes in the same places: what takes the id of another note has its note type and cards as well.
TREES = """---
deck: Trees
---
# Trees

## Rings {.cloze}

One a year: {{c1::light}} wood in spring, {{c2::dark}} wood in {{c3::summer}}.

## Needles {.cloze}

The ==larch== drops them.

## Which tree has acorns?

The oak.

## Bark {.reversed}

What protects the trunk.

## Which tree is the tallest?

The redwood.
"""


def checks():
    """Name and function of each check; a function takes a report and an author with an empty project."""
    for check in (check_two_projects, check_deleted_deck, check_two_releases, check_two_packages):
        yield check.__name__, check


class Device(Reader):
    """A reader's collection that syncs."""

    def __init__(self, collection, endpoint):
        super().__init__(collection)
        self.auth = collection.sync_login(USER, PASSWORD, endpoint)

    def sync(self):
        """Syncs as Anki's button does; a sync that would replace a whole collection is an error."""
        required = self.collection.sync_collection(self.auth, sync_media=False).required
        if required != SyncCollectionResponse.NO_CHANGES:
            raise RuntimeError(f"{SyncCollectionResponse.ChangesRequired.Name(required)} is required")
        self.collection.models._clear_cache()

    def study(self):
        """Reader's, without the one-way sync that Check Database asks for where an answer fell on the turn of a second."""
        schema_changed = self.collection.db.scalar("select scm from col")
        super().study()
        self.collection.db.execute("update col set scm = ?", schema_changed)

    def replace(self, upload):
        """The first sync of all: one device fills the server, the others are filled by it."""
        self.collection.close_for_full_sync()
        self.collection.full_upload_or_download(auth=self.auth, server_usn=None, upload=upload)
        self.collection.reopen(after_full_sync=True)

    def notes(self):
        """GUID, name of the note type, and what it asks and answers."""
        rows = self.collection.db.all("select guid, mid, flds from notes")
        return [described(guid, self.collection.models.get(mid), fields) for guid, mid, fields in rows]

    def cards(self):
        """GUID and ordinal."""
        rows = self.collection.db.all("select n.guid, c.ord from cards c join notes n on n.id = c.nid")
        return [tuple(row) for row in rows]

    def reviews(self):
        """How many the cards that are there have in the review log, and how many they count themselves, by GUID and ordinal."""
        query = """select n.guid, c.ord, (select count(*) from revlog r where r.cid = c.id), c.reps
            from cards c join notes n on n.id = c.nid"""
        rows = [tuple(row) for row in self.collection.db.all(query)]
        return {(guid, ord_): counts for guid, ord_, *counts in rows if counts != [0, 0]}


@contextlib.contextmanager
def server(folder):
    """Anki's sync server on a port of its own choice; gives its address."""
    log = folder / "server.log"
    environment = {
        **os.environ,
        "SYNC_USER1": f"{USER}:{PASSWORD}",
        "SYNC_BASE": str(folder / "server"),
        "SYNC_HOST": "127.0.0.1",
        "SYNC_PORT": "0",
        "RUST_LOG": "anki=info",
    }
    with open(log, "wb") as out:
        process = subprocess.Popen([sys.executable, "-m", "anki.syncserver"], env=environment, stdout=out, stderr=out)
    try:
        yield f"http://127.0.0.1:{listening(process, log)}/"
    finally:
        process.terminate()
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(PATIENCE)


def listening(process, log):
    """The port that the server says it has."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        found = re.search(r"127\.0\.0\.1:(\d+)\S*\s", log.read_text(errors="replace"))
        if found:
            return int(found.group(1))
        time.sleep(0.01)
    raise RuntimeError(f"the sync server does not start: {log.read_text(errors='replace')}")


@contextlib.contextmanager
def two_devices():
    """Two devices of a reader that have synced once, with nothing in them."""
    with tempfile.TemporaryDirectory() as folder, server(pathlib.Path(folder)) as endpoint:
        with empty_collection() as first, empty_collection() as second:
            laptop, phone = Device(first, endpoint), Device(second, endpoint)
            laptop.replace(upload=True)
            phone.replace(upload=False)
            yield laptop, phone


def check_two_projects(report, author):
    """One deck is imported on the laptop and studied there, another one on the phone."""
    harbours, trees = project(author, "harbours", HARBOURS), project(author, "trees", TREES)
    with two_devices() as (laptop, phone):
        phone.take(trees)
        laptop.take(harbours)
        laptop.study()
        studied = laptop.reviews()
        report.check(studied, "two projects: the laptop has studied nothing")
        meet(laptop, phone)
        for name, device in (("laptop", laptop), ("phone", phone)):
            check_contents(report, f"two projects: {name}", device, harbours + trees)
            report.equal(device.reviews(), studied, f"two projects: {name}: reviews")


def check_deleted_deck(report, author):
    """A deck is studied on both devices and deleted on one; then another project's deck comes in its place."""
    harbours, trees = project(author, "harbours", HARBOURS), project(author, "trees", TREES)
    with two_devices() as (laptop, phone):
        laptop.take(harbours)
        laptop.study()
        meet(laptop, phone)
        phone.study()
        meet(phone, laptop)
        report.check(phone.reviews(), "deleted deck: nothing was studied")
        phone.collection.decks.remove([phone.collection.decks.id_for_name("Harbours")])
        phone.take(trees)
        meet(phone, laptop)
        for name, device in (("laptop", laptop), ("phone", phone)):
            check_contents(report, f"deleted deck: {name}", device, trees)
            report.equal(device.reviews(), {}, f"deleted deck: {name}: reviews")
            report.check(device.collection.db.scalar("select count(*) from revlog"), f"deleted deck: {name}: Anki keeps no reviews")


def check_two_releases(report, author):
    """The laptop has the first release and has studied it, the phone imports the second one."""
    old = project(author, "harbours", HARBOURS)
    text = HARBOURS.replace("# Harbours\n", "# Harbours\n\n## What is a jetty?\n\nA quay on piles.\n\n## Buoy\n\nA mark that floats.\n")
    text = text.replace("A wall that ships lie at.", "A wall of stone that ships lie at.")
    text = text.replace("## What does a pilot do?", "## What does a pilot do? {.reversed}")
    text = text.replace("{{c1::high}}", "{{c3::spring}} or {{c1::high}}")
    new = project(author, "harbours", text, SECOND_BUILD)
    with two_devices() as (laptop, phone):
        phone.take(new)
        # Of a card that changed on both devices Anki takes the later state; here nobody is to be the same second.
        phone.collection.db.execute("update cards set mod = mod - 60")
        laptop.take(old)
        laptop.study()
        studied = laptop.reviews()
        report.check(studied, "two releases: the laptop has studied nothing")
        meet(laptop, phone)
        for name, device in (("laptop", laptop), ("phone", phone)):
            check_contents(report, f"two releases: {name}", device, new)
            report.equal(device.reviews(), studied, f"two releases: {name}: reviews")
        counts = laptop.take(new)
        report.equal((counts["new"], counts["updated"]), (0, 0), "two releases: notes that a second import brings")


def check_two_packages(report, author):
    """The packages of one collection come to different devices; between the releases a note goes from one to the other."""
    author.write("harbours.md", HARBOURS)
    author.write("trees.md", TREES)
    old, _ = author.build(FIRST_BUILD)
    moved = author.take("harbours.md", "## What does a pilot do?")
    author.append("trees.md", moved)
    harbours, trees = author.build(SECOND_BUILD)
    for what, first in (("two packages", harbours), ("two packages, one older", old)):
        with two_devices() as (laptop, phone):
            laptop.take([first])
            phone.take([trees])
            meet(laptop, phone)
            for name, device in (("laptop", laptop), ("phone", phone)):
                check_contents(report, f"{what}: {name}", device, [harbours, trees])


def project(author, name, text, when=FIRST_BUILD):
    """The packages of a project of one file, beside those of others."""
    own = Author(author.deckle, author.folder / name)
    own.builds = when
    own.write("../deckle.yaml", f"id: {name}\nname: {name.title()}\n")
    own.write(f"{name}.md", text)
    return own.build(when)


def meet(first, second):
    """Syncs until both have what the other has."""
    for device in (first, second, first, second):
        device.sync()


def check_contents(report, name, device, packages):
    """All notes of the packages are there with all their cards, and nothing else is."""
    packed = [Package(path) for path in packages]
    notes = [described(note[0], package.models[str(note[1])], note[4]) for package in packed for note in package.notes]
    cards = [card[:2] for package in packed for card in package.cards]
    check_same(report, f"{name}: notes", device.notes(), notes)
    check_same(report, f"{name}: cards", device.cards(), cards)
    check_integrity(report, name, device.collection)


def described(guid, note_type, fields):
    """Context and Link are left out: they say where a note stands, and alone are no change that Anki is told of."""
    names = [field["name"] for field in note_type["flds"]]
    told = {name: text for name, text in zip(names, fields.split("\x1f"), strict=True) if name not in ("Context", "Link")}
    return guid, note_type["name"], repr(told)


def check_same(report, what, found, expected):
    found, expected = collections.Counter(found), collections.Counter(expected)
    report.equal(sorted((expected - found).elements()), [], f"{what} that are gone")
    report.equal(sorted((found - expected).elements()), [], f"{what} that are too many")
