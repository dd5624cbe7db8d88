"""Edits notes as their author does, and asks real Anki what a reader who has studied them loses.

Each history is a function that edits a project. The reader imports its first build, studies, flags, suspends and edits;
then imports the build after the edits with the options of a fresh profile. Called by run.py.
"""

import collections
import contextlib
import functools
import os
import pathlib
import re
import subprocess

from conformance import TEMPLATE_ERROR, Package, check_integrity, empty_collection, import_package, render, scheduled

# Unix seconds of builds. The reader's own edits lie between the first and the second one: were notes dated anew that
# nobody edited, Anki would overwrite what the reader wrote into them.
FIRST_BUILD = 1_700_000_000
READERS_EDITS = FIRST_BUILD + 3_600
SECOND_BUILD = FIRST_BUILD + 86_400
THIRD_BUILD = SECOND_BUILD + 86_400

# So many answers does a reader give in a package; more than there are cards, so that some are answered twice.
ANSWERS = 60
AGAIN, HARD, GOOD, EASY = 1, 2, 3, 4

PORTS = """---
deck: Cloud::Ports
tags: [aws]
---
# Networks

## Ports

Host port
: The port on the instance that traffic is sent to.

Container port
: The port in the container that a process listens on.

### Which port does a bridge-mode task need when several copies run on one instance?

Only `containerPort`: leave `hostPort` out, and the agent picks a free ephemeral port.

### Which network mode gives each task an interface of its own?

`awsvpc`, and the task has its own security groups.

### Where does an Application Load Balancer send traffic for tasks in bridge mode?

To the instance, on the port that the agent registered in the target group.

### What does the port 0 mean in a port mapping?

A dynamic port.
"""

ROLES = """---
deck: Cloud::Roles
tags: [aws]
---
# Roles

## Which role pulls images from a private registry?

The task execution role, which the agent uses.

## Which role do containers use to call other services?

The task role; its credentials are served by the agent.

## Instance role {.reversed}

What a container instance registers itself with.

## Which service principal may take a task role? {.typed}

ecs-tasks.amazonaws.com

## Trust {.rows}

| Role | Trusted service |
|---|---|
| Task role | ecs-tasks.amazonaws.com |
| Container instance role | ec2.amazonaws.com |
"""

PLACEMENT = """---
deck: Cloud::Placement
tags: [aws]
---
# Placement

## Strategies {.cloze}

Tasks are placed by ==binpack==, by ==random choice== or by ==spread over zones==.

## Steps of task placement {.list}

1. Instances that satisfy CPU, memory and ports
2. Instances that satisfy the constraints
3. Select

## What does the constraint distinctInstance ask for?

That each task runs on another instance.

## Which shape stands for a cluster?

![A square](square.svg)
"""

SQUARE = '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20"><rect width="20" height="{}"/></svg>'


class Author:
    """A project whose notes somebody writes."""

    def __init__(self, deckle, folder):
        self.deckle = pathlib.Path(deckle).absolute()
        self.folder = pathlib.Path(folder)
        self.builds = 0
        self.write("../deckle.yaml", "id: study\nname: Study\n")

    def path(self, name):
        return self.folder / "content" / name

    def read(self, name):
        return self.path(name).read_text(encoding="utf-8")

    def write(self, name, text):
        path = pathlib.Path(os.path.normpath(self.path(name)))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def replace(self, name, *pairs):
        """Replaces texts that stand in a file once."""
        text = self.read(name)
        for old, new in pairs:
            if text.count(old) != 1:
                raise ValueError(f"{old!r} stands {text.count(old)} times in {name}")
            text = text.replace(old, new)
        self.write(name, text)

    def take(self, name, heading):
        """Takes the section of a heading out of a file and gives it."""
        text = self.read(name)
        level = heading.split(" ")[0]
        start = text.index(heading)
        end = re.compile(rf"^#{{1,{len(level)}}} ", re.M).search(text, start + len(heading))
        end = end.start() if end else len(text)
        self.write(name, text[:start] + text[end:])
        return text[start:end].rstrip("\n") + "\n"

    def append(self, name, section):
        self.write(name, self.read(name).rstrip("\n") + "\n\n" + section)

    def move(self, old, new):
        self.path(new).parent.mkdir(parents=True, exist_ok=True)
        self.path(old).rename(self.path(new))

    def delete(self, name):
        self.path(name).unlink()

    def build(self, when, *options):
        """Gives the packages, in a folder of their own."""
        self.builds += 1
        out = self.folder / f"out-{self.builds}"
        self.run(when, "build", "-o", out, *options)
        return sorted(out.glob("*.apkg"))

    def run(self, when, *arguments):
        environment = {**os.environ, "SOURCE_DATE_EPOCH": str(when)}
        command = [self.deckle, *arguments]
        run = subprocess.run(command, cwd=self.folder, env=environment, capture_output=True, text=True)
        if run.returncode != 0:
            raise RuntimeError(f"deckle ended with {run.returncode}: {run.stdout}{run.stderr}")
        return run.stdout


class Reader:
    """Somebody who studies packages in Anki."""

    def __init__(self, collection):
        self.collection = collection
        # GUID → fields and tags as the reader left them.
        self.own = {}

    def take(self, packages):
        """Imports packages; gives how many notes Anki calls what."""
        counts = collections.Counter()
        for package in packages:
            log = import_package(self.collection, package)
            kinds = ("new", "updated", "conflicting", "missing_notetype", "missing_deck", "empty_first_field")
            counts.update({kind: len(getattr(log, kind)) for kind in kinds})
        return counts

    def study(self, answers=ANSWERS):
        """Answers cards with the scheduler, in every way; flags some and suspends others."""
        preset = self.collection.decks.get_config(1)
        preset["new"]["perDay"] = 9999
        preset["new"]["bury"] = False
        self.collection.decks.update_config(preset)
        names = {deck.name.split("::")[0] for deck in self.collection.decks.all_names_and_ids()} - {"Default"}
        for name in sorted(names):
            self.collection.decks.set_current(self.collection.decks.id_for_name(name))
            for number in range(answers):
                card = self.collection.sched.getCard()
                if card is None:
                    break
                card.start_timer()
                self.collection.sched.answerCard(card, (EASY, GOOD, EASY, AGAIN, HARD)[number % 5])
        cards = self.collection.db.list("select id from cards order by id")
        self.collection.set_user_flag_for_cards(3, cards[::4])
        self.collection.sched.suspend_cards(cards[1::5])
        # Nobody answers within milliseconds; Check Database completes what Anki then leaves out, here and not in the end.
        self.collection.fix_integrity()

    def edit(self, guids):
        """Writes into notes and tags them, at a time between two builds."""
        for guid in guids:
            note = self.collection.get_note(self.collection.db.scalar("select id from notes where guid = ?", guid))
            note["Extra"] = "what the reader adds"
            note.add_tag("mine")
            self.collection.update_note(note)
            self.collection.db.execute("update notes set mod = ? where guid = ?", READERS_EDITS, guid)
        self.own = {guid: self.texts()[guid] for guid in guids}

    def texts(self):
        rows = self.collection.db.all("select guid, flds, tags from notes")
        return {guid: (fields, tags) for guid, fields, tags in rows}

    def memory(self):
        """All that study leaves behind: every column of every card but for its sync state, and the review log."""
        columns = "id, nid, did, ord, type, queue, due, ivl, factor, reps, lapses, left, odue, odid, flags, data"
        cards = {row[0]: tuple(row) for row in self.collection.db.all(f"select {columns} from cards")}
        return cards, self.collection.db.all("select * from revlog order by id")

    def count(self):
        return self.collection.note_count()


@contextlib.contextmanager
def reader():
    with empty_collection() as collection:
        yield Reader(collection)


def typo(author):
    author.replace("roles.md", ("Which role pulls images", "Which role pulls the images"))
    author.replace("ports.md", ("Host port\n", "Host ports\n"))


def reworded(author):
    """Front, back, and both."""
    author.replace(
        "roles.md",
        ("Which role do containers use to call other services?", "Whose rights has a program in a container?"),
        ("The task execution role, which the agent uses.", "That of execution: what happens before and around the containers."),
    )
    author.replace(
        "ports.md",
        ("Which network mode gives each task an interface of its own?", "Which network mode gives every task its own interface?"),
        ("`awsvpc`, and the task has its own security groups.", "`awsvpc`; then the task has security groups of its own."),
    )


def renamed_files(author):
    author.move("ports.md", "network/ports.md")
    author.move("roles.md", "who may do what.md")


def renamed_folder(author):
    renamed_files(author)
    author.build(SECOND_BUILD)
    (author.folder / "content" / "network").rename(author.folder / "content" / "net")


def moved(author):
    """Between files, and so between decks."""
    author.append("roles.md", author.take("ports.md", "### What does the port 0").replace("### ", "## "))
    author.append("placement.md", author.take("roles.md", "## Which role pulls images"))
    author.append("placement.md", author.take("roles.md", "## Instance role"))


def moved_to_another_package(author):
    author.replace("placement.md", ("deck: Cloud::Placement", "deck: Elsewhere::Placement"))


def reordered(author):
    author.append("roles.md", author.take("roles.md", "## Which role pulls images"))
    author.append("ports.md", author.take("ports.md", "### Which port does a bridge-mode"))


def renamed_deck(author):
    author.replace("roles.md", ("deck: Cloud::Roles", "deck: Cloud::IAM"))


def renamed_parents(author):
    author.replace("ports.md", ("## Ports\n", "## Ports and load balancing\n"), ("# Networks", "# Networks and ports"))


def split(author):
    author.replace(
        "ports.md",
        (
            "Only `containerPort`: leave `hostPort` out, and the agent picks a free ephemeral port.",
            "Only `containerPort`: leave `hostPort` out.\n\n### Who picks a port where none is given?\n\nThe agent: a free ephemeral port.",
        ),
    )


def merged(author):
    author.take("roles.md", "## Which role do containers use")
    author.replace(
        "roles.md",
        ("The task execution role, which the agent uses.", "The task execution role, which the agent uses. Containers use the task role."),
    )


def copied(author):
    section = author.take("roles.md", "## Which role pulls images")
    author.append("roles.md", section)
    author.append("placement.md", section)


def tagged(author):
    author.replace("roles.md", ("tags: [aws]", "tags: [aws, iam]"))


def switched_on(author):
    author.replace(
        "roles.md",
        ("## Which role pulls images from a private registry?", "## Which role pulls images from a private registry? {.reversed}"),
        ("## Instance role {.reversed}", "## Instance role {.reversed .typed}"),
    )


def switched_off(author):
    author.replace("roles.md", ("## Instance role {.reversed}", "## Instance role"), ("? {.typed}", "?"))


def to_cloze(author):
    author.replace("placement.md", ("That each task runs on another instance.", "That each task runs on {{c1::another}} instance."))


def deletions(author):
    author.replace("placement.md", ("==binpack==, by ==random choice==", "==random choice=="), ("Tasks are", "==Tasks== are"))
    author.replace("placement.md", ("3. Select", "3. Instances that satisfy the strategies\n4. Select"))


def edited_rows(author):
    author.replace("roles.md", ("| Task role |", "| Task role of ECS |"))
    author.replace("roles.md", ("| Container instance role | ec2.amazonaws.com |", "| Agent role | nobody |\n| Container instance role | EC2 |"))
    author.replace("ports.md", ("that a process listens on", "that one of its processes listens on"))


def another_picture(author):
    author.write("square.svg", SQUARE.format(19))


def ids(author):
    author.replace("ports.md", ("### What does the port 0 mean in a port mapping?", "### What does the port 0 mean in a port mapping? {#zero}"))
    author.build(SECOND_BUILD)
    author.replace("ports.md", ("### What does the port 0 mean in a port mapping?", "### Zero"), ("A dynamic port.", "The agent chooses."))


def stamped(author):
    author.run(SECOND_BUILD, "ids", "stamp")


def restyled(author):
    author.write("../deckle.yaml", "id: study\nname: Study\ntemplates: templates\n")
    author.write("../templates/anki/style.css", ".card { color: rebeccapurple; }\n")
    author.write("../templates/anki/cloze-front.html", "<p>restyled</p>{{cloze:Text}}\n")


def all_at_once(author):
    typo(author)
    reworded_back = ("The task role; its credentials are served by the agent.", "The task role. The agent serves its credentials.")
    author.replace("roles.md", reworded_back)
    author.append("placement.md", author.take("ports.md", "### What does the port 0").replace("### ", "## "))
    deletions(author)
    another_picture(author)
    author.append("ports.md", "### What is a target group?\n\nThe addresses that a load balancer chooses from.\n")
    author.take("roles.md", "## Which service principal")
    author.move("ports.md", "network/ports.md")


# History, notes that Anki updates, notes that it adds.
HISTORIES = [
    (typo, 2, 0),
    (reworded, 3, 0),
    (renamed_files, 0, 0),
    (renamed_folder, 0, 0),
    (moved, 0, 0),
    (moved_to_another_package, 0, 0),
    (reordered, 0, 0),
    (renamed_deck, 0, 0),
    (renamed_parents, 0, 0),
    (split, 1, 1),
    (merged, 1, 0),
    (copied, 0, 1),
    (tagged, 6, 0),
    (switched_on, 2, 0),
    (switched_off, 2, 0),
    (to_cloze, 0, 1),
    (deletions, 2, 0),
    (edited_rows, 3, 1),
    (another_picture, 1, 0),
    (ids, 1, 0),
    (stamped, 0, 0),
    (restyled, 0, 0),
    (all_at_once, 6, 1),
]


def checks():
    """Name and function of each check; a function takes a report and an author with an empty project."""
    for history, updated, added in HISTORIES:
        yield history.__name__, functools.partial(check_history, history=history, updated=updated, added=added)
    for check in (check_pasted_back, check_lost_lock, check_style, check_twenty_of_two_hundred, check_inserted, check_own_edits):
        yield check.__name__, check


def first_project(author):
    author.write("ports.md", PORTS)
    author.write("roles.md", ROLES)
    author.write("placement.md", PLACEMENT)
    author.write("square.svg", SQUARE.format(20))


def check_history(report, author, history, updated, added):
    first_project(author)
    old = author.build(FIRST_BUILD)
    history(author)
    new = author.build(SECOND_BUILD, "--accept-loss")
    check_reader(report, history.__name__, old, new, updated, added)
    again = author.build(THIRD_BUILD)
    report.equal(contents(again), contents(new), f"{history.__name__}: bytes of a rebuild")


def check_reader(report, name, old, new, updated, added, answers=ANSWERS):
    """A reader of the old packages takes the new ones, twice."""
    with reader() as one:
        one.take(old)
        one.study(answers)
        report.check(one.collection.db.scalar("select count() from revlog") > 5, f"{name}: the reader studied")
        one.edit(untouched(old, new)[::2])
        cards, log = one.memory()
        notes = one.count()
        deletions_before = deletions_of(one)
        counts = one.take(new)
        expected = {"updated": updated, "new": added, "conflicting": 0, "missing_notetype": 0, "missing_deck": 0, "empty_first_field": 0}
        report.equal(dict(counts), expected, f"{name}: what Anki calls the notes")
        report.equal(one.count(), notes + added, f"{name}: notes in the collection")
        now, log_now = one.memory()
        report.equal({key: now.get(key) for key in cards}, cards, f"{name}: scheduling, flags and suspension")
        report.equal(log_now, log, f"{name}: review log")
        check_texts(report, name, one, old, new)
        report.equal(renumbered(deletions_before, deletions_of(one)), [], f"{name}: deletions with another number")
        names = [model["name"] for model in one.collection.models.all()]
        report.equal([one for one in names if one.endswith("+")], [], f"{name}: note types that were doubled")
        texts = one.texts()
        second = one.take(new)
        report.equal((second["updated"], second["new"], second["conflicting"]), (0, 0, 0), f"{name}: second import")
        report.equal(one.texts(), texts, f"{name}: texts after a second import")
        check_integrity(report, name, one.collection)
        check_shown(report, name, one.collection)


def check_shown(report, name, collection):
    """Every card shows something, but for those that Anki's *Empty Cards* would take away, as after a switch was taken out."""
    empty = {card for note in collection.get_empty_cards().notes for card in note.card_ids}
    cards = [card for card in collection.db.list("select id from cards") if card not in empty]
    faulty = [card for card in cards if any(TEMPLATE_ERROR in side for side in render(collection, card))]
    report.equal(faulty, [], f"{name}: cards with template errors")


def check_texts(report, name, one, old, new):
    """What changed has arrived, cards included; what the reader wrote elsewhere is there."""
    texts = one.texts()
    report.equal({guid: texts.get(guid) for guid in one.own}, one.own, f"{name}: the reader's own edits")
    before = notes_of(old)
    cards = {tuple(row) for row in one.collection.db.all("select n.guid, c.ord from cards c join notes n on n.id = c.nid")}
    for package in map(Package, new):
        changed = {note[0]: note[4] for note in package.notes if note[0] not in before or note[2] > before[note[0]][2]}
        stale = [guid for guid, fields in changed.items() if texts.get(guid, ("",))[0] != fields]
        report.equal(stale, [], f"{name}: notes whose text is not the new one")
        report.equal([card[:2] for card in package.cards if card[:2] not in cards], [], f"{name}: missing cards")
        files = set(os.listdir(one.collection.media.dir()))
        report.equal(sorted(set(package.media.values()) - files), [], f"{name}: missing media")


def notes_of(packages):
    return {note[0]: note for package in map(Package, packages) for note in package.notes}


def untouched(old, new):
    """GUIDs of notes that both builds hold with the same time, in order."""
    new = notes_of(new)
    return [guid for guid, note in notes_of(old).items() if guid in new and new[guid][2] == note[2]]


def contents(packages):
    return {package.name: package.read_bytes() for package in packages}


def deletions_of(one):
    """(GUID, text of a deletion) → its number."""
    found = {}
    for guid, (fields, _) in one.texts().items():
        for number, text in re.findall(r"\{\{c(\d+)::(.*?)\}\}", fields):
            found[guid, text] = number
    return found


def renumbered(before, after):
    return [key for key, number in before.items() if after.get(key, number) != number]


def check_pasted_back(report, author):
    """A note that was away for a build comes back to the reader's cards; one who imports in between loses nothing."""
    first_project(author)
    old = author.build(FIRST_BUILD)
    section = author.take("roles.md", "## Which role pulls images")
    without = author.build(SECOND_BUILD)
    author.append("ports.md", "#" + section.replace("The task execution role", "The execution role of the task"))
    back = author.build(THIRD_BUILD)
    with reader() as one:
        one.take(old)
        one.study()
        cards, log = one.memory()
        for packages, updated in ((without, 0), (back, 1)):
            counts = one.take(packages)
            report.equal((counts["updated"], counts["new"], counts["conflicting"]), (updated, 0, 0), "pasted back: notes")
        now, log_now = one.memory()
        report.equal((now, log_now), (cards, log), "pasted back: cards and review log")


def check_lost_lock(report, author):
    """Without its lock, a project is dated anew; who is who holds where no front was edited."""
    first_project(author)
    old = author.build(FIRST_BUILD)
    (author.folder / "deckle.lock").unlink()
    new = author.build(SECOND_BUILD)
    with reader() as one:
        one.take(old)
        one.study()
        memory = one.memory()
        counts = one.take(new)
        report.equal((counts["new"], counts["conflicting"]), (0, 0), "lost lock: notes")
        report.equal(one.memory(), memory, "lost lock: cards and review log")


def check_style(report, author):
    """A project's own style and templates reach a collection that has the note types already."""
    first_project(author)
    old = author.build(FIRST_BUILD)
    restyled(author)
    new = author.build(SECOND_BUILD)
    with reader() as one:
        one.take(old)
        one.take(new)
        models = {model["name"]: model for model in one.collection.models.all()}
        for name in ("Basic (Study)", "Cloze (Study)"):
            report.equal(models[name]["css"], ".card { color: rebeccapurple; }\n", f"style of {name}")
        report.check("restyled" in models["Cloze (Study)"]["tmpls"][0]["qfmt"], "restyled: template of the cloze notes")


def check_twenty_of_two_hundred(report, author):
    """Every tenth front is edited."""
    sections = [f"## {question(number)}\n\n{answer(number)}\n" for number in range(200)]
    author.write("many.md", "---\ndeck: Many\n---\n# Many\n\n" + "\n".join(sections))
    old = author.build(FIRST_BUILD)
    text = author.read("many.md")
    for number in range(0, 200, 10):
        text = text.replace(f"## {question(number)}\n", f"## {question(number).replace('What do you get', 'What does one get')}\n")
    author.write("many.md", text)
    new = author.build(SECOND_BUILD)
    check_reader(report, "20 of 200 fronts", old, new, updated=20, added=0)


def question(number):
    return f"What do you get when {number} is multiplied by {number + 7}?"


def answer(number):
    return f"The product of the two is {number * (number + 7)}."


def check_inserted(report, author):
    """Three notes in front come before the others, in order, for a new reader and for an old one."""
    header = "---\ndeck: Order\n---\n# Order\n\n"
    notes = [f"## Which number follows {number}?\n\n{number + 1}\n" for number in range(3, 30)]
    author.write("order.md", header + "\n".join(notes))
    old = author.build(FIRST_BUILD)
    inserted = [f"## Which number follows {number}?\n\n{number + 1}\n" for number in range(3)]
    author.write("order.md", header + "\n".join(inserted + notes))
    new = author.build(SECOND_BUILD)
    wanted = [f"Which number follows {number}?" for number in range(30)]
    with reader() as fresh:
        fresh.take(new)
        report.equal(new_fronts(fresh), wanted, "inserted in front: order of a new reader")
    with reader() as one:
        one.take(old)
        report.equal(new_fronts(one), wanted[3:], "inserted in front: order before")
        counts = one.take(new)
        report.equal((counts["updated"], counts["new"]), (0, 3), "inserted in front: notes")
        report.equal(new_fronts(one), wanted, "inserted in front: order of an old reader")
        check_integrity(report, "inserted in front", one.collection)
        report.equal(new_fronts(one), wanted, "inserted in front: order after Check Database")
    with reader() as one:
        one.take(old)
        one.study(answers=5)
        left = new_fronts(one)
        report.check(0 < len(left) < len(wanted) - 3, "inserted in front: a reader has studied some")
        one.take(new)
        report.equal(new_fronts(one), wanted[:3] + left, "inserted in front: order of a reader who has studied some")


def new_fronts(one):
    """The fronts of new cards in the order in which the scheduler asks them."""
    cards = scheduled(one.collection, one.collection.decks.id_for_name("Order"))
    fields = {guid: texts[0].split("\x1f")[0] for guid, texts in one.texts().items()}
    return [re.sub(r"<[^>]*>", "", fields[guid]) for guid, _ in cards]


def check_own_edits(report, author):
    """What readers wrote stays where the author changed nothing; where the author did, fields and tags are the author's."""
    first_project(author)
    old = author.build(FIRST_BUILD)
    typo(author)
    new = author.build(SECOND_BUILD)
    with reader() as one:
        one.take(old)
        one.edit(list(notes_of(old)))
        own = dict(one.own)
        one.take(new)
        texts = one.texts()
        changed = [guid for guid in own if texts[guid] != own[guid]]
        report.equal(len(changed), 2, "own edits: notes that the author's edit overwrote")
        report.check(all("mine" not in texts[guid][1] for guid in changed), "own edits: tags of an updated note are replaced")
