"""Makes one site of the books of all cases with real mdBook, and looks at what came out.

    tests/book/run.py MDBOOK BOOKS DECKLE

MDBOOK is the program, BOOKS a folder with a folder for each book, as tests/cases.rs lays them down. The settings are
mdBook's own, commands in chapters and smart punctuation included: a book must be right even so.

Then DECKLE puts cards into an author's book, and makes books of many notes, which are timed.
"""

import html.parser
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

SETTINGS = """\
[book]
title = "All cases"
src = "src"

[build]
create-missing = false

[output.html]
"""

OWN_SETTINGS = """\
[book]
title = "Many"
src = "dist/book"

[build]
build-dir = "dist/site"
create-missing = false
use-default-preprocessors = false

[output.html]
additional-css = ["dist/book/deckle.css"]
additional-js = ["dist/book/deckle.js"]
smart-punctuation = false
"""

# Links that lead nowhere in the notes as well.
DEAD = {("pitfalls__links-of-all-kinds/note.html", "#anchor")}


def main(mdbook, books, deckle):
    build_all_cases(mdbook, books)
    preprocess(mdbook, deckle)
    for notes, ours, theirs in ((1_000, 0.1, 0.3), (10_000, 2.0, 2.0)):
        measure(mdbook, deckle, notes, ours, theirs)


def build_all_cases(mdbook, books):
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "book.toml").write_text(SETTINGS, "utf-8")
        cases = sorted(path for path in books.iterdir() if (path / "book").is_dir())
        lay_down(cases, root / "src")
        build(mdbook, root)
        mistakes = compare(cases, root)
        if mistakes:
            sys.exit("\n".join(mistakes))
        print(f"one site of {len(cases)} books: no complaints, every card once, every link leads somewhere")


def build(mdbook, root):
    """Has mdBook make a site; any complaint ends the test."""
    built = subprocess.run([mdbook, "build", str(root)], capture_output=True, text=True)
    log = built.stdout + built.stderr
    complaints = [line for line in log.splitlines() if re.search(r"\b(WARN|ERROR)\b|panicked", line)]
    if built.returncode != 0 or complaints:
        sys.exit(f"mdbook has complaints (status {built.returncode}):\n{log[-8000:]}")


AUTHORS = {
    "SUMMARY.md": "# Summary\n\n[Intro](README.md)\n\n- [Plain](plain.md)\n    - [Cards](cards/ports.md)\n- [Draft]()\n",
    "README.md": '# Intro\n\n"Smart" -- a [label][l] and a note[^1].\n\n## Question?\n\nAnswer.\n\n[l]: plain.md\n[^1]: Foot.\n',
    "plain.md": "---\ntitle: x\n---\n# Plain\n\n```rust\nfn main() {}\n```\n\n{{#include plain.txt}}\n\nTerm\n: Meaning\n",
    "plain.txt": "included\n",
    "cards/_deck.yaml": "deck: Mine\n",
    "cards/ports.md": "# Ports\n\nProse[^1] -- \"x\".\n\n## What is {{#include ../plain.txt}}?\n\n```c\na\n\n\nb\n```\n\n[^1]: Foot.\n",
}


def preprocess(mdbook, deckle):
    """An author's book with and without the preprocessor: pages without notes are the same."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for path, text in AUTHORS.items():
            (root / "src" / path).parent.mkdir(parents=True, exist_ok=True)
            (root / "src" / path).write_text(text, "utf-8")
        mains = []
        for settings in ("", f"[preprocessor.deckle]\ncommand = \"{Path(deckle).resolve()} mdbook\"\n"):
            (root / "book.toml").write_text('[book]\ntitle = "Mine"\n' + settings, "utf-8")
            build(mdbook, root)
            pages = {path.name: path.read_text("utf-8") for path in (root / "book").rglob("*.html")}
            mains.append({name: re.search("<main>.*</main>", page, re.DOTALL) for name, page in pages.items()})
        without, made = ({name: main and main.group() for name, main in pages.items()} for pages in mains)
        for name in ("index.html", "plain.html"):
            if without[name] != made[name]:
                sys.exit(f"the preprocessor changed {name}")
        cards = made["ports.html"]
        if cards.count('<details class="card"') != 1 or "include ../plain.txt" not in cards or "fr-1-1" not in cards:
            sys.exit(f"the preprocessor lost something:\n{cards}")
        print("a book of an author's own: cards where a deck is in effect, all other pages as they were")


def measure(mdbook, deckle, notes, ours, theirs):
    """The best of three times of both steps, in seconds, for so many notes."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "content").mkdir()
        (root / "deckle.yaml").write_text("id: many\ndeck: Many\n", "utf-8")
        (root / "book.toml").write_text(OWN_SETTINGS, "utf-8")
        for file in range(notes // 100):
            text = f"# Chapter {file}\n\n" + "".join(
                f"## What is number {file}-{number} for?\n\nIt is for *{number * 7}* and `{number}` things.\n\n"
                for number in range(100)
            )
            (root / "content" / f"{file}.md").write_text(text, "utf-8")
        times = [], []
        for _ in range(3):
            shutil.rmtree(root / "dist", ignore_errors=True)
            for step, command in zip(times, ([deckle, "build", "-f", "book"], [mdbook, "build"])):
                start = time.perf_counter()
                subprocess.run([str(Path(command[0]).resolve()), *command[1:]], cwd=root, check=True, capture_output=True)
                step.append(time.perf_counter() - start)
        compile_time, build_time = min(times[0]), min(times[1])
        for chapter in (root / "dist/book").rglob("*.md"):
            if chapter.read_text("utf-8").count('<details class="card"') > 200:
                sys.exit(f"{chapter.name} has more than 200 cards")
        line = f"{notes:,} notes: deckle {compile_time:.2f} s (goal {ours}), mdbook {build_time:.2f} s (goal {theirs})"
        print(line + (": slower than it should be" if compile_time > ours or build_time > theirs else ""))


def lay_down(cases, src):
    """Each book in a folder of its own, their tables of contents one behind the other."""
    lines = ["# Summary", ""]
    for case in cases:
        shutil.copytree(case / "book", src / case.name)
        text = (src / case.name / "SUMMARY.md").read_text("utf-8")
        (src / case.name / "SUMMARY.md").unlink()
        lines += [f"\n# {case.name}\n"]
        for indent, title, path in re.findall(r"^( *)(?:- )?\[(.*)\]\((.*)\)$", text, re.MULTILINE):
            lines.append(f"{indent}- [{title}]({case.name}/{path})")
    (src / "SUMMARY.md").write_text("\n".join(lines) + "\n", "utf-8")


def compare(cases, root):
    """What the site lacks or has too much of."""
    mistakes = []
    pages = {}
    site = root / "book"
    for path in sorted(site.rglob("*.html")):
        pages[path.relative_to(site).as_posix()] = Page(path.read_text("utf-8"))
    for case in cases:
        wanted = Counter()
        for chapter in (case / "book").rglob("*.md"):
            wanted.update(re.findall(r'^<details class="card" id="(c-[^"]+)"', chapter.read_text("utf-8"), re.MULTILINE))
        found = Counter()
        for path, page in pages.items():
            if path.startswith(f"{case.name}/"):
                found.update(page.cards)
        if wanted != found:
            mistakes.append(f"{case.name}: cards differ: {wanted - found} are missing, {found - wanted} too many")
        if len(wanted) != sum(wanted.values()):
            mistakes.append(f"{case.name}: a card is there twice")
    for path, page in pages.items():
        if path in ("index.html", "print.html", "404.html", "toc.html"):
            continue
        for address in page.local_addresses:
            target, _, fragment = address.partition("#")
            file = (site / path).parent / target if target else site / path
            if not file.exists():
                mistakes.append(f"{path}: {address} is not there")
            elif fragment and file.suffix == ".html":
                other = pages.get(file.resolve().relative_to(site.resolve()).as_posix())
                if other and fragment not in other.ids and (path, address) not in DEAD:
                    mistakes.append(f"{path}: nothing at {address}")
    return mistakes


class Page(html.parser.HTMLParser):
    """The cards, ids and links of a page."""

    def __init__(self, text):
        super().__init__()
        self.cards, self.ids, self.local_addresses, self.in_main = [], set(), [], False
        self.tag = ""
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "main":
            self.in_main = True
        if "id" in attributes:
            self.ids.add(attributes["id"])
        if tag == "details" and attributes.get("class") == "card":
            self.cards.append(attributes["id"])
        # Of a player's sources, the second one is for the page of all pages.
        is_second, self.tag = tag == "source" == self.tag, tag
        address = attributes.get("href") if tag == "a" else attributes.get("src")
        if self.in_main and not is_second and address and not re.match(r"[a-z][a-z0-9+.-]*:|/", address, re.IGNORECASE):
            self.local_addresses.append(address)

    def handle_endtag(self, tag):
        if tag == "main":
            self.in_main = False


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3])
