"""Makes one site of the books of all cases with real mdBook, and looks at what came out.

    tests/book/run.py MDBOOK BOOKS DECKLE

MDBOOK is the program, BOOKS a folder with a folder for each book, as tests/cases.rs lays them down. The settings are
mdBook's own, commands in chapters and smart punctuation included: a book must be right even so.

DECKLE then builds this repository's notes and what `deckle init` writes, with the settings that are there, makes sites
itself, which have to be mdBook's byte for byte, puts cards into books of authors' own, and makes books of many notes, which
are timed.
"""

import html.parser
import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]

# Pages that mdBook makes of all chapters, or of none.
MDBOOKS_OWN = ("index.html", "print.html", "404.html", "toc.html")

SETTINGS = """\
[book]
title = "All cases"
src = "src"

[build]
create-missing = false

[output.html]
"""


def main(mdbook, books, deckle):
    mdbook, deckle = Path(mdbook).resolve(), Path(deckle).resolve()
    build_all_cases(mdbook, books)
    build_projects(mdbook, deckle)
    make_sites(mdbook, deckle)
    preprocess(mdbook, deckle)
    preprocess_cases(mdbook, deckle, books)
    watch(mdbook, deckle)
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
        for case in (case for case in cases if "table-of-contents" in case.name):
            build_own_contents(mdbook, case)
        print(f"one site of {len(cases)} books: no complaints, every card once, every link leads somewhere")


def build_own_contents(mdbook, case):
    """A book with the author's own table of contents, by itself: mdBook reads parts, drafts and chapters without a number."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "book.toml").write_text(SETTINGS, "utf-8")
        shutil.copytree(case / "book", root / "src")
        build(mdbook, root)
        pages = {path.relative_to(root / "src") for path in (root / "src").rglob("*.md") if path.name != "SUMMARY.md"}
        made = {path.relative_to(root / "book").with_suffix(".md") for path in (root / "book").rglob("*.html")}
        if not pages <= made:
            sys.exit(f"{case.name}: mdBook made no pages of {pages - made}")


def build(mdbook, root, expected=()):
    """Has mdBook make a site; any complaint but those that are expected ends the test."""
    status, complaints, log = complaints_of(mdbook, root)
    if status != 0 or not complaints <= set(expected):
        sys.exit(f"mdbook has complaints (status {status}):\n{log[-8000:]}")


def complaints_of(mdbook, root):
    built = subprocess.run([mdbook, "build", root], capture_output=True, text=True, timeout=120)
    log = built.stdout + built.stderr
    return built.returncode, {line for line in log.splitlines() if re.search(r"\b(WARN|ERROR)\b|panicked", line)}, log


def build_projects(mdbook, deckle):
    """`deckle build && mdbook build`, as people are told to say, of this repository and of a new project."""
    with tempfile.TemporaryDirectory() as folder:
        ours, new = Path(folder) / "ours", Path(folder) / "new"
        shutil.copytree(REPOSITORY / "content", ours / "content")
        for name in ("book.toml", "deckle.yaml", "deckle.lock"):
            shutil.copy(REPOSITORY / name, ours)
        subprocess.run([deckle, "init", new], check=True, capture_output=True)
        build_project(mdbook, deckle, ours)
        build_project(mdbook, deckle, new)


def build_project(mdbook, deckle, root):
    """Every note is on the site once, and every page has our style and our script."""
    command = [deckle, "build", "--message-format", "json"]
    built = subprocess.run(command, cwd=root, check=True, capture_output=True, text=True)
    wanted = json.loads(built.stdout.splitlines()[-1])["notes"]
    build(mdbook, root)
    chapters = [path.relative_to(root / "dist/book") for path in (root / "dist/book").rglob("*.md")]
    pages = [root / "dist/site" / path.with_suffix(".html") for path in chapters if path.name != "SUMMARY.md"]
    notes = Counter()
    for page in pages:
        text = page.read_text("utf-8")
        notes.update(re.findall('<details class="card" id="c-([a-z2-7]+)"', text))
        if not re.search(r"deckle(-\w+)?\.css.*deckle(-\w+)?\.js", text, re.DOTALL):
            sys.exit(f"{page.name} is without our style or script")
    if len(notes) != wanted or set(notes.values()) != {1}:
        sys.exit(f"{root.name}: {wanted} notes, on the site: {notes}")
    print(f"{root.name}: {len(pages)} pages, each of {wanted} notes once")


# mdBook's own search is left out of deckle's sites.
NO_SEARCH = "\n[output.html.search]\nenable = false\n"

USUAL = """\
[book]
title = "Sites"
src = "dist/book"

[build]
use-default-preprocessors = false

[output.html]
additional-css = ["dist/book/deckle.css"]
additional-js = ["dist/book/deckle.js"]
smart-punctuation = false
"""

# What authors set: a site's settings, and files beside them.
LOOKS = {
    "usual": (USUAL + "\n[output.html.print]\nenable = false\n", {}),
    "with a page to print": (USUAL, {}),
    "of an author's own": (
        """\
[book]
title = "A \\"title\\" & <more>"
description = "d"
language = "he"
src = "./dist/book/"
authors = ["A"]

[output.html]
default-theme = "ayu"
additional-css = ["./dist/book/deckle.css", "look/own.css"]
additional-js = ["dist/book/deckle.js"]
git-repository-url = "https://example.com/x"
git-repository-icon = "fab-gitlab"
edit-url-template = "https://example.com/edit/{path}"
site-url = "/notes/"
cname = "example.com"
hash-files = false
no-section-label = true

[output.html.print]
enable = false

[output.html.fold]
enable = true
level = 1

[output.html.redirect]
"/old/page.html" = "../index.html"
"/index.html#old" = "other.html"
""",
        {"look/own.css": "p { color: red }\n", "theme/favicon.svg": "<svg/>", "theme/fonts/fonts.css": "", "theme/fonts/x.woff2": "x"},
    ),
    "with lists of contents on each page": (
        USUAL.replace("[output.html]\n", '[output.html]\ntheme = "look/theme"\n') + "\n[output.html.print]\nenable = false\n",
        {"look/theme/header.hbs": "<nav>{{#toc}}{{/toc}}</nav>\n", "look/theme/head.hbs": "<meta name=x content=\"{{ title }}\">\n"},
    ),
}


def make_sites(mdbook, deckle):
    """What deckle makes is what mdBook makes: of new sites, and of those of which a part is made again."""
    with tempfile.TemporaryDirectory() as folder:
        for name, (settings, files) in LOOKS.items():
            root = Path(folder) / name
            notes = lay_down_notes(root)
            (root / "book.toml").write_text(settings + NO_SEARCH, "utf-8")
            for path, text in files.items():
                (root / path).parent.mkdir(parents=True, exist_ok=True)
                (root / path).write_text(text, "utf-8")
            count = same_site(mdbook, deckle, root, name)
            first = root / "content/a-first.md"
            append(first, "\n## New?\n\nYes.\n")
            append(notes[len(notes) // 2], "\nMore of it.\n")
            same_site(mdbook, deckle, root, f"{name}, edited")
            first.write_text("---\ndeck: First\n---\n# Another title\n\n## Old?\n\nNo.\n", "utf-8")
            same_site(mdbook, deckle, root, f"{name}, with another title")
        (root / "book.toml").unlink()
        subprocess.run([deckle, "build", "--quiet"], cwd=root, check=True)
        subprocess.run([deckle, "init", root], check=True, capture_output=True)
        usual = re.sub("^title = .*", 'title = "Sites"', (root / "book.toml").read_text("utf-8"), flags=re.MULTILINE)
        (root / "book.toml").write_text(usual, "utf-8")
        compare_sites(mdbook, root, "without settings")
        print(f"{len(LOOKS)} looks: deckle makes the {count} files of mdBook's site")


def lay_down_notes(root):
    """A project of all cases that have no settings of their own, and more chapters than are rendered together."""
    (root / "content").mkdir(parents=True)
    (root / "deckle.yaml").write_text("id: sites\nname: Sites\ncontent: content\nbook: {title: Sites}\n", "utf-8")
    (root / "content/a-first.md").write_text("---\ndeck: First\n---\n# First\n\n## Old?\n\nNo.\n", "utf-8")
    notes = []
    for case in sorted((REPOSITORY / "tests/cases").rglob("*.md")):
        text = case.read_text("utf-8")
        if case.parent.name not in ("diagnostics", "hostile", "front-matter") and "=== " not in text:
            notes.append(root / "content" / case.parent.name / case.name)
            notes[-1].parent.mkdir(exist_ok=True)
            notes[-1].write_text(text if text.startswith("---") else f"---\ndeck: Cases\n---\n{text}", "utf-8")
    if len(notes) < 130:
        sys.exit(f"only {len(notes)} chapters")
    return notes


def same_site(mdbook, deckle, root, name):
    subprocess.run([deckle, "build", "--quiet"], cwd=root, check=True, capture_output=True)
    return compare_sites(mdbook, root, name)


def compare_sites(mdbook, root, name):
    """How many files both make; any difference ends the test."""
    theirs = root / "theirs"
    shutil.rmtree(theirs, ignore_errors=True)
    made = subprocess.run([mdbook, "build", "--dest-dir", theirs], cwd=root, capture_output=True, text=True)
    if made.returncode != 0:
        sys.exit(f"{name}: mdbook refuses:\n{made.stderr[-2000:]}")
    sites = [{path.relative_to(site): path.read_bytes() for path in site.rglob("*") if path.is_file()} for site in (root / "dist/site", theirs)]
    ours, theirs = sites
    if ours != theirs:
        paths = sorted(path for path in ours.keys() | theirs.keys() if ours.get(path) != theirs.get(path))
        sys.exit(f"{name}: mdBook's site has other files: {[path.as_posix() for path in paths][:20]}")
    return len(ours)


AUTHORS = {
    "SUMMARY.md": "# Summary\n\n[Intro](README.md)\n\n- [Plain](plain.md)\n    - [Cards](cards/ports.md)\n- [Draft]()\n",
    "README.md": '# Intro\n\n"Smart" -- a [label][l] and a note[^1].\n\n## Question?\n\nAnswer.\n\n[l]: plain.md\n[^1]: Foot.\n',
    "plain.md": "---\ntitle: x\n---\n# Plain\n\n```rust\nfn main() {}\n```\n\n{{#include plain.txt}}\n\nTerm\n: Meaning\n",
    "plain.txt": "included\n",
    "cards/_deck.yaml": "deck: Mine\n",
    "cards/ports.md": "# Ports\n\nProse[^1] -- \"x\".\n\n## What is {{#include ../plain.txt}}?\n\n```c\na\n\n\nb\n```\n\nAnd[^2].\n\n## Section {.prose}\n\nEnd.\n\n[^1]: Foot.\n[^2]: The note's.\n",
}


def preprocess(mdbook, deckle):
    """An author's book with and without the preprocessor: pages without notes are the same."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for path, text in AUTHORS.items():
            (root / "src" / path).parent.mkdir(parents=True, exist_ok=True)
            (root / "src" / path).write_text(text, "utf-8")
        mains = []
        for settings in ("", f"[preprocessor.deckle]\ncommand = \"{deckle} mdbook\"\n"):
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
        with (root / "book.toml").open("a") as settings:
            settings.write('after = ["links"]\n')
        build(mdbook, root)
        cards = (root / "book/cards/ports.html").read_text("utf-8")
        if "What is included" not in cards:
            sys.exit(f"after links, a card does not hold what it includes:\n{cards}")
        print("a book of an author's own: cards where a deck is in effect, all other pages as they were")


def preprocess_cases(mdbook, deckle, books):
    """Each case as an author's book: the cards say what those of the study site say, and mdBook complains of nothing new."""
    count = 0
    for case in sorted((REPOSITORY / "tests/cases").rglob("*.md")):
        name = f"{case.parent.name}__{case.stem}"
        files = files_of_case(case.read_text("utf-8"))
        # What a case says behind a name of how its bytes are written is the cases' own, but for these two.
        is_written_so = lambda path: re.search(" (?!(crlf|bom)$)[a-z0-9-]+$", path)
        has_own_settings = any("deckle." in path or ".." in path or is_written_so(path) for path in files)
        # In a book the table of contents is mdBook's, and never a chapter.
        has_own_settings |= "SUMMARY.md" in files
        # An author's `{{#include note.md}}` in note.md keeps mdBook busy for hours.
        has_commands = "{{#" in case.read_text("utf-8")
        if not has_own_settings and not has_commands and (books / name / "book").is_dir():
            count += preprocess_case(mdbook, deckle, name, files, books / name / "book")
    if count < 200:
        sys.exit(f"only {count} cases were compared")
    print(f"{count} cases as books of authors' own: the same cards")


def preprocess_case(mdbook, deckle, name, files, ours):
    """Whether it could be compared: mdBook itself refuses some cases."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        files = {re.sub("( (crlf|bom))+$", "", path): text for path, text in files.items()}
        for path, text in files.items():
            (root / "src" / path).parent.mkdir(parents=True, exist_ok=True)
            (root / "src" / path).write_text(text, "utf-8")
        chapters = [path for path in files if re.search(r"\.(md|markdown)$", path)]
        summary = "# Summary\n\n" + "".join(f"- [x](<{path}>)\n" for path in chapters)
        (root / "src/SUMMARY.md").write_text(summary, "utf-8")
        (root / "deckle.yaml").write_text("id: cases\nname: Cases\ndeck: Cases\ncontent: src\n", "utf-8")
        (root / "book.toml").write_text("[output.html]\n", "utf-8")
        status, complaints, log = complaints_of(mdbook, root)
        if status != 0:
            return False
        (root / "book.toml").write_text(f"[output.html]\n[preprocessor.deckle]\ncommand = '{deckle} mdbook'\n", "utf-8")
        # A note that is left out stands as it was written, and a card may have the footnote that it speaks of.
        status, found, log = complaints_of(mdbook, root)
        new = {line for line in found - complaints if "is defined but not referenced" not in line}
        if status != 0 or new:
            sys.exit(f"{name}: mdbook has complaints (status {status}): {new}\n{log[-8000:]}")
        pages = set((root / "book").rglob("*.html")) - {root / "book" / name for name in MDBOOKS_OWN}
        if any(path.lower() in ("readme.md", "index.md") for path in files):
            pages.add(root / "book/index.html")
        wanted, found = texts_of_cards(ours.rglob("*.md")), texts_of_cards(pages)
        if wanted != found:
            sys.exit(f"{name}: the preprocessor's cards are\n{found}, on the study site they are\n{wanted}")
        return True


def texts_of_cards(paths):
    """The texts of each card, without tags."""
    texts = []
    for path in paths:
        cards = (block for block in Blocks(path.read_text("utf-8")).blocks if block[0][0] == "details")
        texts += [[text for text in block if isinstance(text, str) and text[0] != "/"] for block in cards]
    return sorted(texts)


def files_of_case(text):
    """As tests/cases.rs reads them: the case's file, and those behind lines `=== path`. A link is the file that it leads to."""
    pieces = re.split(r"^=== (.*)\n", text, flags=re.MULTILINE)
    files = dict(zip(pieces[1::2], pieces[2::2]))
    links = {name: target.strip() for name, target in files.items() if name.endswith(" link")}
    for name, target in links.items():
        del files[name]
        if target in files:
            files[name.removesuffix(" link")] = files[target]
    return files if not pieces[0] and files else {"note.md": pieces[0], **files}


def watch(mdbook, deckle):
    """An edit has the site made once: neither our book nor our preprocessor writes what mdBook watches without need."""
    if subprocess.run([mdbook, "watch", "--help"], capture_output=True).returncode != 0:
        sys.exit("this mdBook cannot watch: install it with `--features search,watch`")
    with tempfile.TemporaryDirectory() as folder:
        ours, theirs = Path(folder) / "ours", Path(folder) / "theirs"
        subprocess.run([deckle, "init", ours], check=True, capture_output=True)
        note = ours / "content/first-steps.md"
        # Both would write the site.
        compile_notes = lambda: subprocess.run([deckle, "build", "--quiet", "-f", "apkg,print,book"], cwd=ours, check=True)
        compile_notes()
        watched(mdbook, ours, lambda: (append(note, "\n## New?\n\nYes.\n"), compile_notes()), compile_notes)
        (theirs / "src").mkdir(parents=True)
        (theirs / "book.toml").write_text(f"[preprocessor.deckle]\ncommand = '{deckle} mdbook'\n", "utf-8")
        (theirs / "deckle.yaml").write_text("id: mine\ndeck: Mine\ncontent: src\n", "utf-8")
        (theirs / "src/SUMMARY.md").write_text("- [A](a.md)\n", "utf-8")
        note = theirs / "src/a.md"
        append(note, "## Old?\n\nYes.\n")
        watched(mdbook, theirs, lambda: append(note, "\n## New?\n\nYes.\n"), lambda: None)
    print("mdbook watch comes to rest after an edit, of the book and with the preprocessor")


def append(path, text):
    with path.open("a", encoding="utf-8") as file:
        file.write(text)


def watched(mdbook, root, edit, rest):
    """Has mdBook make the site because of `edit`, and not because of `rest`."""
    log = root / "watch.log"
    with log.open("w") as output, subprocess.Popen([mdbook, "watch", root], stdout=output, stderr=output) as watcher:
        try:
            wait_for(log, "Watching for changes")
            # mdBook looks once a second, and the first look is what it compares with.
            time.sleep(2)
            edit()
            wait_for(log, "HTML book written")
            rest()
            time.sleep(4)
            # A look may fall between the files of one edit; a loop goes on.
            if log.read_text().count("HTML book written") > 2:
                sys.exit(f"mdbook watch does not come to rest:\n{log.read_text()}")
        finally:
            watcher.terminate()


def wait_for(log, words):
    for _ in range(600):
        if words in log.read_text():
            return
        time.sleep(0.1)
    sys.exit(f"`{words}` was not said:\n{log.read_text()}")


def measure(mdbook, deckle, notes, ours, theirs):
    """The best of three times of both steps, in seconds, for so many notes."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "content").mkdir()
        (root / "deckle.yaml").write_text("id: many\ndeck: Many\n", "utf-8")
        shutil.copy(REPOSITORY / "book.toml", root)
        for file in range(notes // 500):
            text = f"# Chapter {file}\n\n" + "".join(
                f"## Section {number}\n\n" * (number % 125 == 0)
                + f"### What is number {file}-{number} for?\n\nIt is for *{number * 7}* and `{number}` things.\n\n"
                for number in range(500)
            )
            (root / "content" / f"{file}.md").write_text(text, "utf-8")
        times = [], []
        for _ in range(3):
            shutil.rmtree(root / "dist", ignore_errors=True)
            for step, command in zip(times, ([deckle, "build", "-f", "book"], [mdbook, "build"])):
                start = time.perf_counter()
                subprocess.run(command, cwd=root, check=True, capture_output=True)
                step.append(time.perf_counter() - start)
        compile_time, build_time = min(times[0]), min(times[1])
        for chapter in (root / "dist/book").rglob("*.md"):
            if chapter.read_text("utf-8").count('<details class="card"') > 200:
                sys.exit(f"{chapter.name} has more than 200 cards")
        line = f"{notes:,} notes: deckle {compile_time:.2f} s (goal {ours}), mdbook {build_time:.2f} s (goal {theirs})"
        print(line + (": slower than it should be" if compile_time > ours or build_time > theirs else ""))


# A line of a table of contents: how deep, title and path.
LINK = re.compile(r"^( *)(?:- )?\[(.*)\]\((.*)\)$", re.MULTILINE)


def lay_down(cases, src):
    """Each book in a folder of its own, their tables of contents one behind the other."""
    lines = ["# Summary", ""]
    for case in cases:
        shutil.copytree(case / "book", src / case.name)
        text = (src / case.name / "SUMMARY.md").read_text("utf-8")
        (src / case.name / "SUMMARY.md").unlink()
        lines += [f"\n# {case.name}\n"]
        for indent, title, path in LINK.findall(text):
            # A draft has no file.
            lines.append(f"{indent}- [{title}]({case.name}/{path})" if path else f"{indent}- [{title}]()")
    (src / "SUMMARY.md").write_text("\n".join(lines) + "\n", "utf-8")


def compare(cases, root):
    """What the site lacks or has too much of."""
    mistakes = []
    pages = {}
    site = root / "book"
    # Of a book of its own, the case's folder is the outermost one.
    folders = [site, *(site / case.name for case in cases)]
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
        mistakes += changed(case, root)
    for path, page in pages.items():
        if path == "print.html":
            is_there = lambda address: any((folder / address).exists() for folder in folders)
            missing = [addresses for addresses in page.media if not any(map(is_there, addresses))]
            mistakes += [f"{path}: nothing of {addresses} is there" for addresses in missing]
        if path in MDBOOKS_OWN:
            continue
        for address in page.local_addresses:
            target, _, fragment = address.partition("#")
            file = (site / path).parent / target if target else site / path
            if not file.exists():
                mistakes.append(f"{path}: {address} is not there")
            elif fragment and file.suffix == ".html":
                other = pages.get(file.resolve().relative_to(site.resolve()).as_posix())
                if other and fragment not in other.ids:
                    mistakes.append(f"{path}: nothing at {address}")
    return mistakes


def changed(case, root):
    """Blocks and headings that mdBook shows in another way than they were written: nothing in them may mean anything to it."""
    mistakes = []
    titles = {path: title for _, title, path in LINK.findall((case / "book/SUMMARY.md").read_text("utf-8"))}
    for chapter in (case / "book").rglob("*.md"):
        name = chapter.relative_to(case / "book")
        if name.name == "SUMMARY.md":
            continue
        text = chapter.read_text("utf-8")
        lines = re.findall(r"^#+ (.*?)(?: \{#(.*)\})?$", text, re.MULTILINE)
        headings = [(Blocks(f"<h1>{line}</h1>").headings[0][0], anchor) for line, anchor in lines]
        wanted = Blocks(text)
        text = (root / "book" / case.name / name.with_suffix(".html")).read_text("utf-8")
        page = Blocks(text[text.index("<main>") : text.index("</main>")])
        # A heading without an id gets one.
        nameless = {at for at, (_, anchor) in enumerate(headings) if not anchor}
        page.headings = [(line, "" if at in nameless else anchor) for at, (line, anchor) in enumerate(page.headings)]
        title = Blocks(f"<h1>{titles[name.as_posix()]}</h1>").headings[0][0]
        page.title = " ".join(html.unescape(re.search("<title>(.*) - All cases</title>", text, re.DOTALL).group(1)).split())
        for ours, theirs in ((wanted.blocks, page.blocks), (headings, page.headings), ([title], [page.title])):
            if ours != theirs:
                first = next((pair for pair in zip(ours, theirs) if pair[0] != pair[1]), (ours[-1:], theirs[-1:]))
                mistakes.append(f"{case.name}/{name}: mdBook made\n    {first[1]} of\n    {first[0]}")
    return mistakes


class Blocks(html.parser.HTMLParser):
    """Our blocks of raw HTML, each as a list of its tags and texts, and the headings with their ids."""

    OURS = {("details", "card"), ("div", "prose"), ("ol", "footnotes")}

    def __init__(self, text):
        super().__init__()
        self.blocks, self.headings = [], []
        self.root, self.depth, self.verbatim, self.in_heading = None, 0, 0, False
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        # What mdBook may do: give a name without a value an empty one, and make pages of links to chapters.
        attributes = {name: re.sub(r"^/(.*)\.md$", r"/\1.html", value or "") for name, value in attributes}
        if not self.root and (tag, attributes.get("class")) in self.OURS:
            self.root, self.depth = tag, 0
            self.blocks.append([])
        if self.root:
            self.blocks[-1].append((tag, sorted(attributes.items())))
            self.depth += tag == self.root
            self.verbatim += tag == "pre"
        elif re.fullmatch("h[1-6]", tag):
            self.in_heading = True
            self.headings.append(("", attributes.get("id")))

    def handle_endtag(self, tag):
        if self.root:
            self.blocks[-1].append(f"/{tag}")
            self.verbatim -= tag == "pre"
            self.depth -= tag == self.root
            self.root = self.root if self.depth else None
        elif re.fullmatch("h[1-6]", tag) and self.in_heading:
            text, anchor = self.headings[-1]
            self.headings[-1] = (" ".join(text.split()), anchor)
            self.in_heading = False

    def handle_data(self, text):
        if self.root:
            text = text if self.verbatim else " ".join(text.split())
            self.blocks[-1] += [text] if text else []
        elif self.in_heading:
            self.headings[-1] = (self.headings[-1][0] + text, self.headings[-1][1])


class Page(html.parser.HTMLParser):
    """The cards, ids and links of a page."""

    def __init__(self, text):
        super().__init__()
        self.cards, self.ids, self.local_addresses, self.in_main = [], set(), [], False
        self.tag = ""
        # The local addresses of each image and player.
        self.media = []
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
        is_local = address and not re.match(r"[a-z][a-z0-9+.-]*:|/", address, re.IGNORECASE)
        if self.in_main and not is_second and is_local:
            self.local_addresses.append(address)
        if self.in_main and is_local and tag != "a":
            if is_second:
                self.media[-1].append(address)
            else:
                self.media.append([address])

    def handle_endtag(self, tag):
        if tag == "main":
            self.in_main = False


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3])
