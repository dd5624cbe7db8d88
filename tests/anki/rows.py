"""Two hundred notes that a reader has studied, and what authors do to notes, habit by habit: who loses what.

Called by run.py, and alone: `rows.py DECKLE` prints the table.
"""

import copy
import json
import pathlib
import random
import shlex
import sys
import tempfile

import histories
from histories import FIRST_BUILD, SECOND_BUILD

# So many answers does the reader give: each card one, and some several.
ANSWERS = 260

NOUNS = (
    "Hund Katze Vogel Haus Berg Fluss Baum Tisch Stuhl Fenster Garten Straße Brücke Schiff Wolke Regen Schnee Feuer Stein "
    "Brot"
).split()
MEANINGS = "dog cat bird house mountain river tree table chair window garden street bridge ship cloud rain snow fire stone bread".split()
HEADINGS = ("Definition", "Intuition", "Example")
CAPITALS = {"France": "Paris", "Italy": "Rome", "Chile": "Santiago", "Egypt": "Cairo", "Japan": "Tokyo", "Kenya": "Nairobi"}
WORDS = (
    "network traffic server client packet route address name cache memory thread process signal kernel disk block file path "
    "link index table query join lock commit branch merge tree graph node edge queue stack heap buffer stream socket port proxy "
    "token key secret hash cipher proof round leader follower log replica shard cluster zone region quota limit budget metric"
).split()
FREQUENT = "the of a is to in and which for that with by".split()


class Notes:
    """Files of (front, back), in order."""

    def __init__(self):
        self.dice = random.Random(7)
        self.files = {
            "words.md": [list(pair) for pair in zip(NOUNS, MEANINGS)],
            "chapters.md": [[heading, self.text(12)] for _ in range(10) for heading in HEADINGS],
            "lecture.md": [[f"{number // 10 + 1}.{number % 10} {self.text(3)}", self.text(14)] for number in range(40)],
            "capitals.md": [[f"What is the capital of {land}?", city] for land, city in CAPITALS.items()],
            "long.md": [[self.question(), self.text(45)] for _ in range(4)],
            **{f"topic-{number}.md": [[heading, self.text(12)] for heading in HEADINGS] for number in range(10)},
        }
        others = 200 - sum(map(len, self.files.values()))
        self.files["prose.md"] = [[self.question(), self.text(14)] for _ in range(others)]

    def text(self, count):
        return " ".join(self.dice.choice(FREQUENT if self.dice.random() < 0.3 else WORDS) for _ in range(count))

    def question(self):
        return f"{self.dice.choice(('What is', 'Which', 'Why does', 'How do you', 'When is'))} {self.text(6)}?"

    def reworded(self, text, share):
        words = [self.dice.choice(WORDS) if self.dice.random() < share else word for word in text.split()]
        return " ".join(words)

    def write(self, author):
        folder = author.folder / "content"
        for path in folder.glob("*.md") if folder.exists() else ():
            path.unlink()
        for name, notes in self.files.items():
            sections = (f"## {front}\n\n{back}\n" for front, back in notes)
            author.write(name, "---\ndeck: Rows\n---\n# File\n\n" + "\n".join(sections))


def every(notes, name, change):
    """Changes all notes of a file; gives how many."""
    for note in notes.files[name]:
        note[:] = change(*note)
    return len(notes.files[name])


def one_answer_of_a_chapter(notes):
    notes.files["chapters.md"][13][1] = notes.text(12)
    return 1, 0


def two_answers_of_a_chapter(notes):
    for number in (13, 14):
        notes.files["chapters.md"][number][1] = notes.text(12)
    return 2, 0


def one_answer_of_a_topic(notes):
    notes.files["topic-3.md"][0][1] = notes.text(12)
    return 1, 0


def words_of_a_renamed_file(notes):
    count = every(notes, "words.md", lambda front, back: (front, notes.text(3)))
    notes.files["vocabulary.md"] = notes.files.pop("words.md")
    return count, 0


def text_added_to_words(notes):
    return every(notes, "words.md", lambda front, back: (f"{front}, {notes.text(2)}", f"{back}; {notes.text(4)}")), 0


def articles(notes):
    return every(notes, "words.md", lambda front, back: (f"der {front}", f"{back} ({notes.text(1)})")), 0


def sides_swapped(notes):
    return every(notes, "words.md", lambda front, back: (back, front)), 0


def split_in_three(notes):
    front, back = notes.files["long.md"][1]
    words = back.split()
    parts = [[front.replace("?", f" {end}?"), " ".join(words[at : at + 15])] for at, end in ((0, "first"), (15, "then"), (30, "last"))]
    notes.files["long.md"][1:2] = parts
    return 1, 2


def part_moved_out(notes):
    front, back = notes.files["long.md"][1]
    words = back.split()
    notes.files["long.md"][1:2] = [[front, " ".join(words[:25])], [notes.question(), " ".join(words[25:])]]
    return 1, 1


def variant(notes):
    notes.files["words.md"][5:6] = [["Fluss", "river; flow"], ["ein Fluss", "river"]]
    return 1, 1


def capital_for_another(notes):
    notes.files["capitals.md"][2] = ["What is the capital of Spain?", "Madrid"]
    return 0, 1


def compound_for_a_word(notes):
    notes.files["words.md"][10] = ["Gartenhecken", "garden hedges"]
    return 0, 1


def newest_first(notes):
    for _ in range(5):
        notes.files["prose.md"].insert(0, [notes.question(), notes.text(14)])
    return 0, 5


def chapter_for_another(notes):
    notes.files["chapters.md"][6:9] = []
    notes.files["chapters.md"][21:21] = [[heading, notes.text(12)] for heading in HEADINGS]
    return 0, 3


def sorted_with_more(notes):
    for number in range(6):
        notes.files["words.md"].append([WORDS[number].title(), f"word {number}"])
    notes.files["words.md"].sort()
    return 0, 6


def rewritten_lecture(notes):
    count = every(notes, "lecture.md", lambda front, back: (front, notes.reworded(back, 0.35)))
    for note in notes.files["lecture.md"][::4]:
        note[0] = notes.reworded(note[0], 0.2)
    return count, 0


def renumbered(notes):
    count = 0
    for number, note in enumerate(notes.files["lecture.md"]):
        if 10 <= number < 20:
            note[0] = f"2.{number - 9} {note[0].split(' ', 1)[1]}"
            count += 1
    notes.files["lecture.md"].insert(10, [f"2.0 {notes.text(3)}", notes.text(14)])
    return count, 1


def answers_translated(notes):
    return every(notes, "prose.md", lambda front, back: (front, notes.text(14))), 0


def reflowed(notes):
    return every(notes, "prose.md", lambda front, back: (front.replace("?", " ?"), f"*{back[:20].rstrip()}* —{back[20:]}")), 0


def typos(notes):
    every(notes, "prose.md", lambda front, back: (front[:6] + front[7:], back))
    return len(notes.files["prose.md"]), 0


def terms_renamed(notes):
    for note in notes.files["lecture.md"][::3]:
        note[0] = notes.text(2)
    return len(notes.files["lecture.md"][::3]), 0


def file_split(notes):
    half = len(notes.files["prose.md"]) // 2
    notes.files["more.md"] = notes.files["prose.md"][half:]
    del notes.files["prose.md"][half:]
    return every(notes, "more.md", lambda front, back: (front, notes.reworded(back, 0.2) + " edited")), 0


def files_merged(notes):
    count = every(notes, "long.md", lambda front, back: (notes.reworded(front, 0.1), notes.reworded(back, 0.1)))
    notes.files["prose.md"] += notes.files.pop("long.md")
    return count, 0


def sorted_and_extended(notes):
    for note in notes.files["lecture.md"][::2]:
        note[1] += " " + notes.text(8)
    notes.files["lecture.md"].sort(key=lambda note: note[0].split(" ", 1)[1])
    return len(notes.files["lecture.md"][::2]), 0


def untouched_but_moved(notes):
    notes.files["elsewhere.md"] = notes.files.pop("lecture.md")
    notes.files["elsewhere.md"].reverse()
    return 0, 0


def translated(notes):
    """Asked, and answered with yes."""
    return every(notes, "long.md", lambda front, back: (notes.question(), notes.text(40))), 0


def rewritten_in_place(notes):
    """Asked, and answered with yes."""
    notes.files["prose.md"][7] = [notes.question(), notes.text(14)]
    return 1, 0


KEPT = [
    one_answer_of_a_chapter,
    two_answers_of_a_chapter,
    one_answer_of_a_topic,
    words_of_a_renamed_file,
    text_added_to_words,
    articles,
    sides_swapped,
    split_in_three,
    part_moved_out,
    variant,
    capital_for_another,
    compound_for_a_word,
    newest_first,
    chapter_for_another,
    sorted_with_more,
    rewritten_lecture,
    renumbered,
    answers_translated,
    reflowed,
    typos,
    terms_renamed,
    file_split,
    files_merged,
    sorted_and_extended,
    untouched_but_moved,
]
ASKED = [translated, rewritten_in_place]


def checks():
    """Name and function of each check; a function takes a report and an author with an empty project."""
    for edit in KEPT + ASKED:
        yield f"rows: {edit.__name__}", lambda report, author, edit=edit: check_row(report, author, edit)


def check_row(report, author, edit):
    """A reader of the old packages who has studied all takes the new ones: each note keeps what study left behind."""
    notes = Notes()
    notes.write(author)
    old = author.build(FIRST_BUILD)
    if edit in ASKED:
        # Where the review finds the old texts.
        author.run(FIRST_BUILD, "build")
    before = copy.deepcopy(notes.files)
    updated, added = edit(notes)
    notes.write(author)
    if edit in ASKED:
        author.run(SECOND_BUILD, "build")
        report.equal(answer(author, before, notes.files), updated, f"{edit.__name__}: questions")
    new = author.build(SECOND_BUILD, "--accept-loss")
    histories.check_reader(report, edit.__name__, old, new, updated, added, ANSWERS)


def answer(author, before, after):
    """Answers the questions of the last build, about notes that stand where they stood; gives how many were answered with yes."""
    truth = {(old[0], new[0]) for name in before for old, new in zip(before[name], after[name])}
    questions = [json.loads(line) for line in author.run(SECOND_BUILD, "ids", "review", "--json").splitlines()]
    right = [one for one in questions if (one["old_sides"][0], one["sides"][0]) in truth]
    for question in right:
        for command in question["command"].split(" && "):
            author.run(SECOND_BUILD, *shlex.split(command)[1:])
    return len(right)


class Table:
    """A report that prints what differs."""

    def __init__(self):
        self.problems = []

    def check(self, holds, problem):
        if not holds:
            self.problems.append(problem)

    def equal(self, actual, expected, what):
        if actual != expected:
            actual, expected = (str(value)[:300] for value in (actual, expected))
            self.problems.append(f"{what}: {actual} is not {expected}")


def main(deckle):
    failed = 0
    for name, check in checks():
        table = Table()
        with tempfile.TemporaryDirectory() as folder:
            check(table, histories.Author(deckle, pathlib.Path(folder) / "project"))
        failed += bool(table.problems)
        print(f"{name}: {'kept' if not table.problems else 'LOST'}", *table.problems, sep="\n  ", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: rows.py DECKLE")
    sys.exit(main(sys.argv[1]))
