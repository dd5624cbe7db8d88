"""Whether the pages stand by themselves: no request leaves them, scripts are not needed, and nothing is lost."""

import collections
import pathlib
import re
import sys
import time

import pdf
from chromium import Chromium

ECS = pathlib.Path(__file__).parents[2]

# Seconds to open and print a file of a thousand notes, on a quiet machine.
GOAL = 8

# What makes a browser ask for something when it is not a link to follow.
RESOURCE = re.compile(r"""(?:\b(?:src|srcset|poster|data|background)\s*=\s*["']?|\burl\(\s*["']?|@import\s+["']?)((?:https?:)?//[^"')\s]*)""", re.I)

NETWORK = """---
deck: Network
---
# Network

## Image ![alt](https://example.com/a.png)

![](//example.com/b.png) ![](https://example.com/c.mp3) ![](https://example.com/d.mp4)

## Raw

<img src="https://example.com/e.png" srcset="https://example.com/f.png 2x"> <img src='https://example.com/g.png'>
<video src="https://example.com/h.mp4" poster="https://example.com/i.png"></video>
<audio src=https://example.com/j.mp3></audio>
<picture><source srcset="https://example.com/k.png"><img alt="x"></picture>

<iframe src="https://example.com/l"></iframe>
<link rel="stylesheet" href="https://example.com/m.css">
<script src="https://example.com/n.js"></script>
<object data="https://example.com/o"></object>
<div style="background: url(https://example.com/p.png)">styled</div>

## Links

[a link](https://example.com/q), <https://example.com/r>
"""

# Their authors may do more, but paper has no network either.
TRUSTED = NETWORK.replace("deck: Network", "deck: Trusted\nhtml: trust")


def check_nothing_leaves(report, project):
    project.write("content/network.md", NETWORK)
    project.write("content/trusted.md", TRUSTED)
    project.write("deckle.yaml", "id: abcdefghij\nname: Network\n")
    folder, _ = project.build()
    pages = sorted(folder.glob("*.html")) + sorted(project.build(ECS, out="ecs")[0].glob("*.html"))
    report.check(len(pages) >= 6, f"only {len(pages)} pages")
    with Chromium() as browser:
        for page in pages:
            visit = browser.open(page)
            browser.print(project.folder / "page.pdf")
            report.equal(visit.requests(), [], f"{page.name}: requests")
            # A page that forbids itself to ask complains of what it was kept from.
            complaints = [text for text in visit.complaints() if "Content Security Policy" not in text]
            report.equal(complaints, [], f"{page.name}: console")
            if not page.name.startswith("trusted"):
                found = RESOURCE.findall(page.read_text(encoding="utf-8"))
                report.equal(found, [], f"{page.name}: addresses on the network")


def check_scripts(report, project):
    """With scripts off there are as many pages, with every word on the same one; a sheet's script sets another size, and so
    parts its pages elsewhere."""
    folder, _ = project.build(ECS)
    with Chromium() as browser:
        for page in sorted(folder.glob("*.html")):
            printed = []
            for scripts in (True, False):
                browser.open(page, scripts)
                browser.print(project.folder / "page.pdf")
                printed.append(pdf.pages(project.folder / "page.pdf"))
            on, off = printed
            report.equal(len(off), len(on), f"{page.name}: pages without scripts")
            texts = [[[word.text for word in one.words] for one in pages] for pages in printed]
            if page.name.endswith("-sheet.html"):
                texts = [[[word for words in pages for word in words]] for pages in texts]
            for number, (one, other) in enumerate(zip(*texts), start=1):
                lost = collections.Counter(one) - collections.Counter(other)
                report.equal(sum(lost.values()) <= len(one) / 50, True, f"{page.name}: words of page {number}")


def check_many(report, project):
    """10,000 notes go into files that a browser can print, and none is lost."""
    count = 10_000
    notes = "".join(f"## f{number:05}z\n\nb{number:05}z\n\n" for number in range(count))
    project.write("notes.md", f"---\ndeck: Many\n---\n{notes}")
    folder, _ = project.build("notes.md")
    files = sorted(folder.glob("many-cards*.html"), key=file_number)
    report.check(10 <= len(files) <= 12, f"{count} cards are in {len(files)} files")
    texts = [path.read_text(encoding="utf-8") for path in files]
    for side in "fb":
        found = [int(number) for text in texts for number in sorted(re.findall(rf">\s*{side}(\d{{5}})z\s*<", text))]
        report.equal(found, list(range(count)), f"sides {side} of {count} notes")
    sheets = sorted(folder.glob("many-sheet*.html"), key=file_number)
    report.check(10 <= len(sheets) <= 12, f"{count} notes are in {len(sheets)} sheets")
    found = [int(number) for sheet in sheets for number in re.findall(r"b(\d{5})z", sheet.read_text(encoding="utf-8"))]
    report.equal(found, list(range(count)), "answers of the sheets")
    with Chromium() as browser:
        for page in (files[0], sheets[0]):
            started = time.monotonic()
            browser.open(page)
            browser.print(project.folder / "first.pdf")
            print(f"{page.name}: {time.monotonic() - started:.1f} s (goal {GOAL})", file=sys.stderr)
        browser.open(files[-1])
        browser.print(project.folder / "last.pdf")
    printed = [word.text for page in pdf.pages(project.folder / "last.pdf") for word in page.words]
    expected = sorted(re.findall(r"[fb]\d{5}z", texts[-1]))
    found = sorted(word for word in printed if re.fullmatch(r"[fb]\d{5}z", word))
    report.equal(found, expected, "cards of the last file on paper")


def file_number(path):
    return int(re.search(r"(\d*)\.html", path.name)[1] or 1)
