#!/usr/bin/env python3
"""Turns a shape and a size into a project of that size, the same bytes each time: corpus.py SHAPE N FOLDER.

`SHAPES` lists the shapes; what N counts stands in each one's line. Knows nothing of who reads the project.
"""

import hashlib
import os
import random
import struct
import sys
import zlib
from pathlib import Path

WORDS = "cluster task service agent port image volume role policy queue shard index cache token node edge graph".split()


def number(seed):
    """A number of 16 bits that nothing can foresee, and that is the same in each run."""
    return int(hashlib.sha256(str(seed).encode()).hexdigest()[:4], 16)


def words(seed, count):
    chance = random.Random(seed)
    return " ".join(chance.choice(WORDS) for _ in range(count))


def question(i):
    return f"What does term {i:06d} stand for in **topic {i % 17}**?"


def answer(i):
    return f"It stands for value {number(i)} with `code_{i:06d}` inside."


def basic(i):
    return f"## {question(i)}\n\n{answer(i)}\n\n"


CODE = {
    "rust": "fn f{i}(x: u32) -> Option<u32> {{\n    let y = x.checked_mul({n})?;\n    println!(\"{{y}} and {{}}\", \"{w}\");\n"
    "    Some(y + 1) // {w}\n}}",
    "python": "def f{i}(x):\n    \"\"\"{w}\"\"\"\n    return [y * {n} for y in range(x) if y % 2 == 0]  # {w}",
    "bash": "for f in *.txt; do\n  echo \"$f\" | sed 's/{n}/x/g' > \"out-{i}.txt\"\ndone",
    "json": "{{\"id\": {i}, \"name\": \"{w}\", \"ok\": true, \"list\": [1, 2, {n}]}}",
    "yaml": "job-{i}:\n  name: {w}\n  steps:\n    - run: echo {n}\n    - uses: a/b@v{i}",
}


def code(i, blocks):
    language = list(CODE)[i % len(CODE)]
    text = "\n".join(CODE[language].format(i=at, n=number(at), w=words(at, 3)) for at in range(i, i + blocks))
    return f"```{language}\n{text}\n```\n\n"


def mixed(i):
    """Twelve kinds of notes in turn."""
    head = f"## Note {i:06d} about {words(i, 4)}"
    picture = f"![{words(i, 2)}](img/p{i % 100}.png)"
    table = f"| Name | Value |\n|---|--:|\n| {words(i, 1)} | {number(i)} |\n| `b{i}` | **{i}** |\n\n"
    nested = f"1. {words(i, 4)}\n2. {words(i + 1, 5)}\n   - {words(i + 2, 3)}\n   - {words(i + 3, 3)}\n3. {words(i + 4, 4)}\n\n"
    alerts = f"> [!TIP]\n> {words(i + 1, 6)}?\n\n> [!NOTE]\n> {words(i + 2, 10)}.\n\n> [!WARNING]\n> {words(i + 3, 8)}.\n\n"
    sum_ = f"$$\\sum_{{k=1}}^{{{i}}} \\sqrt{{x_k^2 + {number(i)}}} \\le \\int_0^1 f(t)\\,dt$$\n\n"
    kinds = [
        lambda: f"{head}?\n\nIt is **{words(i + 1, 6)}** and `x_{i}` with {words(i + 2, 20)}.\n\n",
        lambda: f"{head} in code?\n\n{code(i // 12, 1)}",
        lambda: f"{head}?\n\nThe area is $a_{{{i}}}^2 + \\frac{{{number(i)}}}{{b}}$ and\n\n{sum_}",
        lambda: f"{head}?\n\n{table}",
        lambda: f"{head} {{.cloze}}\n\nThe =={words(i, 2)}== is {words(i + 1, 5)}, the ==`c{i}`== is {words(i + 2, 3)}.\n\n",
        lambda: f"{head}?\n\n{picture}\n\nSee {words(i, 8)}.\n\n",
        lambda: f"{head} {{.reversed tags=t{i % 50}}}\n\n{nested}",
        lambda: f"{head}?\n\nRead [the {words(i, 2)}](https://example.com/{i}?a=1&b=2), *{words(i, 4)}*, ~~{words(i + 1, 2)}~~.\n\n",
        lambda: f"{head}?\n\n{words(i, 12)}.[^s{i}]\n\n[^s{i}]: {words(i + 1, 6)}, page {number(i)}\n\n",
        lambda: f"{head}?\n\n{words(i, 12)}.\n\n{alerts}",
        lambda: f"{head} {{.list}}\n\n1. {words(i, 4)} one\n2. {words(i + 1, 4)} two\n3. {words(i + 2, 4)} three\n\n",
        lambda: f"{head}\n\nTasks run on {{{{c1::{words(i, 1)}}}}} or {{{{c2::{words(i + 1, 2)}::hint {i}}}}} with {words(i + 2, 8)}.\n\n",
    ]
    return kinds[i % 12]()


def picture(i):
    """A small PNG that no other number has."""
    line = hashlib.sha256(f"png{i}".encode()).digest() * 2
    raw = b"".join(b"\0" + line[(y * 7) % 16 :][:48] for y in range(16))

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", 16, 16, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(raw)) + chunk(b"IEND", b"")


class Project:
    """A folder with settings, to write files into."""

    def __init__(self, folder):
        self.content = Path(folder) / "content"
        self.content.mkdir(parents=True)
        (Path(folder) / "deckle.yaml").write_text("id: speed-test-1\nname: Speed\ncontent: content\nout: dist\n")

    def notes(self, count, note, in_file=1000):
        """Notes in files of so many each, a thousand files a folder."""
        for at, start in enumerate(range(0, count, in_file)):
            folder = self.content / f"d{at // 1000:03d}" if count > 1000 * in_file else self.content
            folder.mkdir(exist_ok=True)
            text = "".join(note(i) for i in range(start, min(count, start + in_file)))
            head = f"---\ndeck: Bench\ntags: [bench]\n---\n# Chapter {at}\n\n"
            (folder / f"f{at:06d}.md").write_text(head + text)

    def one(self, text):
        (self.content / "one.md").write_text("---\ndeck: Bench\n---\n# Chapter\n\n" + text)

    def media(self, count, name, write):
        (self.content / "img").mkdir()
        for i in range(count):
            with open(self.content / "img" / name(i), "wb") as file:
                write(file, i)


def with_pictures(project, count):
    project.media(100, lambda i: f"p{i}.png", lambda file, i: file.write(picture(i)))
    project.notes(count, mixed)


def media(project, count):
    project.media(count, lambda i: f"p{i}.png", lambda file, i: file.write(picture(i)))
    project.notes(count, lambda i: f"## What shows picture {i:06d}?\n\n![pic](img/p{i}.png)\n\n", 100)


def large_media(project, count):
    def write(file, i):
        file.write(b"\xff\xd8\xff\xe0" + struct.pack(">I", i))
        file.truncate(1 << 20)

    project.media(count, lambda i: f"p{i}.jpg", write)
    project.notes(count, lambda i: f"## What shows picture {i:06d}?\n\n![pic](img/p{i}.jpg)\n\n", 100)


def code_block(project, count):
    lines = "".join(
        f"    let x_{i} = foo({number(i)}, \"{words(i, 2)}\").unwrap_or({i}); // {words(i + 1, 3)}\n" for i in range(count)
    )
    project.one(f"## Code?\n\n```rust\nfn main() {{\n{lines}}}\n```\n")


def blocks(project, count):
    """Rows, code and formulas, a tenth of the notes with code."""
    project.one(table_of_rows(count))
    project.notes(count // 10, lambda i: f"## What does snippet {i:06d} do?\n\n{code(i, 4)}")
    (project.content / "math.md").write_text("---\ndeck: Bench\n---\n# Formulas\n\n" + lines(count, mathematical))


def table_of_rows(count):
    head = "## Table {.rows}\n\n| Type | A | B |\n|---|---|---|\n"
    return head + lines(count, lambda i: f"| row {i:06d} {words(i, 2)} | {number(i)} | `c{i}` |\n")


def list_deep(i):
    return f"## Deep {i:06d}?\n\n" + "".join("  " * at + f"- {words(i * 20 + at, 2)}\n" for at in range(20)) + "\n"


def mathematical(i):
    return f"## What is $x_{{{i}}}$ here?\n\nIt is $a_{{{i}}}^2 + \\frac{{{number(i)}}}{{b_{{{i}}}}}$ inside.\n\n"


def lines(count, line):
    return "".join(line(i) for i in range(count))


SHAPES = {
    # Files and notes.
    "basic": lambda project, count: project.notes(count, basic),
    "mixed": with_pictures,
    "one-file": lambda project, count: project.notes(count, basic, count),
    "files": lambda project, count: project.notes(count, basic, 1),
    "decks": lambda project, count: project.one(
        lines(count, lambda i: f"## Term {i:06d} of deck? {{deck=Bench::D{i:06d}}}\n\nValue {number(i)}.\n\n")
    ),
    "top-decks": lambda project, count: project.one(
        lines(count, lambda i: f"## Term {i:06d} of deck? {{deck=D{i:06d}}}\n\nValue {number(i)}.\n\n")
    ),
    "headings": lambda project, count: project.one(
        lines(count, lambda i: f"{'#' * (i % 5 + 2)} Heading {i:06d} {words(i, 3)}\n\n{words(i, 5)}\n\n")
    ),
    "terms": lambda project, count: project.one(lines(count, lambda i: f"term {i:06d} {words(i, 2)}\n: {words(i, 4)}\n\n")),
    "rows": lambda project, count: project.one(table_of_rows(count)),
    "blocks": blocks,
    "tags": lambda project, count: project.notes(
        count, lambda i: f"## Term {i:06d} with tag? {{tags=tag-{i:06d}}}\n\nValue {number(i)}.\n\n"
    ),
    "codes": lambda project, count: project.notes(count, lambda i: f"## What does snippet {i:06d} do?\n\n{code(i, 4)}"),
    "math": lambda project, count: project.notes(count, mathematical),
    "deep": lambda project, count: project.one(lines(count, list_deep)),
    "dead-links": lambda project, count: project.notes(
        count, lambda i: f"## Where leads {i:06d}?\n\nTo [there](missing-{i}.md) and ![here](img/none-{i}.png).\n\n"
    ),
    "near-links": lambda project, count: project.notes(
        count, lambda i: f"## Term {i:06d} {words(i, 2)}?\n\nAs [before](#term-{max(i - 1, 0):06d}-{i}).\n\n", count
    ),
    "same-questions": lambda project, count: project.notes(
        count, lambda i: f"## What is it?\n\nThe answer {i:06d} of {words(i, 3)}.\n\n"
    ),
    # Media.
    "media": media,
    "large-media": large_media,
    # One note.
    "cloze": lambda project, count: project.one(
        "## Many {.cloze}\n\n" + lines(count, lambda i: f"The =={words(i, 1)}{i}== is {words(i + 1, 2)}.\n")
    ),
    "same-cloze": lambda project, count: project.one(
        "## Long\n\n" + lines(count, lambda i: f"The {{{{c{i % 40 + 1}::{words(i, 1)} {i}}}}} is {words(i + 1, 2)}.\n")
    ),
    "code": code_block,
    "formulas": lambda project, count: project.one(
        "## Formulas?\n\n" + lines(count, lambda i: f"Line {i}: $a_{{{i}}}^2 + \\frac{{{number(i)}}}{{b}}$ here.\n")
    ),
    "links": lambda project, count: project.one(
        "## Links?\n\n" + lines(count, lambda i: f"See [{words(i, 1)}](https://example.com/{i}) now.\n")
    ),
    "footnotes": lambda project, count: project.one(
        "## Foot?\n\n" + lines(count, lambda i: f"Word {i}.[^f{i}]\n") + "\n" + lines(count, lambda i: f"[^f{i}]: {words(i, 3)} {i}\n")
    ),
    "words": lambda project, count: project.one("## Long?\n\n" + " ".join(f"{WORDS[i % 17]}{i}" for i in range(count)) + "\n"),
    "table": lambda project, count: project.one(
        "## Wide?\n\n| A | B |\n|---|---|\n" + lines(count, lambda i: f"| {words(i, 2)} | {number(i)} |\n")
    ),
    # What looks for an end that does not come.
    "emphasis": lambda project, count: project.one("## これは何？\n\n" + "これは**「強調」**です\n" * count),
    "tex": lambda project, count: project.one("## TeX?\n\n" + "a \\frac{ b \\alpha\n" * count),
    "open-code": lambda project, count: project.one("## Open?\n\n```js\n" + "`${ a\n" * count + "```\n"),
    "brackets": lambda project, count: project.one("## Open?\n\n" + "[a](b [[c ![d {{c1:: ==\n" * count),
}


def write(shape, count, folder):
    """Writes a project into a folder that is not there yet."""
    SHAPES[shape](Project(folder), count)


if __name__ == "__main__":
    if len(sys.argv) != 4 or sys.argv[1] not in SHAPES:
        sys.exit(f"{__doc__}\nshapes: {' '.join(SHAPES)}")
    write(sys.argv[1], int(sys.argv[2]), os.path.abspath(sys.argv[3]))
