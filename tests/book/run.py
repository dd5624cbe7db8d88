"""Makes one site of the books of all cases with real mdBook, and looks at what came out.

    tests/book/run.py MDBOOK BOOKS

MDBOOK is the program, BOOKS a folder with a folder for each book, as tests/cases.rs lays them down. The settings are
mdBook's own, commands in chapters and smart punctuation included: a book must be right even so.
"""

import html.parser
import re
import shutil
import subprocess
import sys
import tempfile
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

# Links that lead nowhere in the notes as well.
DEAD = {("pitfalls__links-of-all-kinds/note.html", "#anchor")}


def main(mdbook, books):
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "book.toml").write_text(SETTINGS, "utf-8")
        cases = sorted(path for path in books.iterdir() if (path / "book").is_dir())
        lay_down(cases, root / "src")
        built = subprocess.run([mdbook, "build", str(root)], capture_output=True, text=True)
        log = built.stdout + built.stderr
        complaints = [line for line in log.splitlines() if re.search(r"\b(WARN|ERROR)\b|panicked", line)]
        if built.returncode != 0 or complaints:
            sys.exit(f"mdbook has complaints (status {built.returncode}):\n{log[-8000:]}")
        mistakes = compare(cases, root)
        if mistakes:
            sys.exit("\n".join(mistakes))
        print(f"one site of {len(cases)} books: no complaints, every card once, every link leads somewhere")


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
    main(sys.argv[1], Path(sys.argv[2]))
