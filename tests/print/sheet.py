"""Whether the cheat sheet is what a person would pin to the wall: few pages, type that is read, nothing stranded or lost."""

import json
import pathlib
import re
import subprocess
import time

import pdf
from chromium import Chromium

FONTS = pathlib.Path("/usr/share/fonts/truetype")
# The narrowest and the widest of the common families.
FONT_SETS = [[FONTS / "liberation"], [FONTS / "dejavu"], [FONTS / "noto"]]

ECS = pathlib.Path(__file__).parents[2]
MOST_PAGES = 4
# Points.
LEAST_TYPE = 7.0

# Text that is smaller than it may be; what is set in MathML, or raised or lowered, is small because of what it means.
SMALLEST_TYPE = """
(() => {
  const walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  let least = Infinity;
  for (let node; (node = walker.nextNode()); ) {
    const parent = node.parentElement;
    if (node.data.trim() && !parent.closest("math, sup, sub") && parent.getClientRects().length) {
      least = Math.min(least, parseFloat(getComputedStyle(parent).fontSize));
    }
  }
  return least * 0.75;
})()
"""

# Notes whose content is wider than their column.
TOO_WIDE = """
[...document.querySelectorAll(".note")].filter((note) => {
  const range = document.createRange();
  range.selectNodeContents(note);
  const box = note.getBoundingClientRect();
  return [...range.getClientRects()].some((rect) => rect.left < box.left - 1 && rect.right > box.right + 1);
}).map((note) => note.textContent.trim().slice(0, 40))
"""


def check_ecs(report, project):
    """The project's own notes: 4 pages of A4 at most, whatever fonts there are."""
    folder, _ = project.build(ECS)
    (page,) = folder.glob("*-sheet.html")
    notes = read_notes(project)
    for fonts in FONT_SETS:
        name = fonts[0].name
        with Chromium(fonts) as browser:
            browser.open(page)
            browser.on_paper()
            least = browser.run(SMALLEST_TYPE)
            report.check(least > LEAST_TYPE - 0.01, f"sheet in {name}: type of {least:.2f} pt")
            report.equal(browser.run(TOO_WIDE), [], f"sheet in {name}: notes wider than their column")
            headings = browser.run("[...document.querySelectorAll('h2, h3, h4')].map((h) => h.innerText)")
            browser.print(project.folder / "sheet.pdf")
        printed = pdf.pages(project.folder / "sheet.pdf")
        report.check(len(printed) <= MOST_PAGES, f"sheet in {name}: {len(printed)} pages")
        check_pages(report, printed, 3, last_change(notes), f"sheet in {name}")
        check_headings(report, printed, headings, f"sheet in {name}")
        check_text(report, project, notes, f"sheet in {name}")


def check_shapes(report, project):
    """What notes may hold: scripts of all directions, long names, tables, code, raw HTML."""
    project.write("notes.md", SHAPES)
    for columns, paper, size in ((2, "A5", (148, 210)), (3, "A4", (210, 297)), (4, "Letter", (215.9, 279.4))):
        folder, _ = project.build("notes.md", "--print", f"sheet-columns={columns},sheet-paper={paper}", out=f"out-{columns}")
        (page,) = folder.glob("*-sheet.html")
        what = f"shapes in {columns} columns"
        with Chromium() as browser:
            visit = browser.open(page)
            browser.on_paper()
            report.equal(browser.run(TOO_WIDE), [], f"{what}: notes wider than their column")
            report.equal(browser.run("document.querySelectorAll('table').length"), 3, f"{what}: tables")
            report.equal(browser.run("document.querySelectorAll('math').length"), 2, f"{what}: formulas")
            report.equal(browser.run("document.querySelector('.in-line li').innerText"), "binpack", f"{what}: list in a line")
            browser.print(project.folder / "sheet.pdf")
            report.equal(visit.requests() + visit.complaints(), [], f"{what}: requests and complaints")
        printed = pdf.pages(project.folder / "sheet.pdf")
        report.check(abs(printed[0].width - size[0]) < 0.5 and abs(printed[0].height - size[1]) < 0.5, f"{what}: paper")
        text = flat(raw_text(project.folder / "sheet.pdf"))
        for wanted in ("東京です", "alpha", "third", "Supercalifragilistic", "SecondMeaning", "foldedaway"):
            report.check(wanted in text, f"{what}: {wanted} is missing")
        for lost in ("thinkoftowers", "{{c1", "alert(1)"):
            report.check(lost not in text, f"{what}: {lost} is there")
        words = [word for page in printed for word in page.words]
        # A paragraph from right to left starts at its column's right edge.
        hebrew = [word for word in words if re.search("[\u05d0-\u05ea]", word.text)]
        edges = column_edges(printed[0], columns)
        rights = {round(min(edge[1] - word.right for edge in edges if edge[1] > word.right - 0.5)) for word in hebrew}
        report.check(0 in rights, f"{what}: Hebrew ends {rights} mm before its column does")
        # A box in place of a letter is the glyph without a name.
        report.check(all("\ufffd" not in word.text for word in words), f"{what}: letters without a font")


def read_notes(project):
    out = project.folder / "json"
    subprocess.run([project.deckle, "build", ECS, "-f", "json", "-o", out], check=True, capture_output=True)
    return json.loads((out / "deckle.json").read_text(encoding="utf-8"))["notes"]


def last_change(notes):
    """The day of the newest note, which the sheet is dated by: the lock has it, so no clock is asked."""
    return time.strftime("%Y-%m-%d", time.gmtime(max(note["modified"] for note in notes)))


def check_pages(report, printed, columns, date, what):
    """Every page says which one it is, and no column of any page is empty."""
    for number, page in enumerate(printed, start=1):
        line = " ".join(word.text for word in page.words if word.top > page.height - 14)
        report.check(f"page {number} of {len(printed)}" in line, f"{what}: page {number} says {line!r}")
        report.check(date in line, f"{what}: page {number} has no date: {line!r}")
        bottoms = column_bottoms(page, columns)
        report.check(min(bottoms) > 20, f"{what}: page {number} has columns down to {bottoms}")
    # The last page is balanced: its columns end near each other, where a note of some lines allows it.
    bottoms = column_bottoms(printed[-1], columns)
    report.check(max(bottoms) - min(bottoms) < 60, f"{what}: the last page's columns end at {bottoms}")


def column_edges(page, columns):
    """The left and right edges of the columns: margins of 9 mm, and gaps of 5 mm."""
    width = (page.width - 18 - 5 * (columns - 1)) / columns
    return [(9 + index * (width + 5), 9 + index * (width + 5) + width) for index in range(columns)]


def column_bottoms(page, columns):
    def bottom(edge):
        words = [word.bottom for word in page.words if edge[0] - 1 < word.left < edge[1] and word.top < page.height - 13]
        return max(words, default=0)

    return [bottom(edge) for edge in column_edges(page, columns)]


def check_headings(report, printed, headings, what):
    """Below each heading its column goes on."""
    found = 0
    for page in printed:
        for left, right in column_edges(page, 3):
            inside = [word for word in page.words if left - 1 < word.left < right and word.top < page.height - 13]
            lines = {}
            for word in sorted(inside, key=lambda word: word.left):
                lines.setdefault(round(word.bottom), []).append(word.text)
            last = " ".join(lines[max(lines)]) if lines else ""
            found += 1
            is_heading = any(flat(heading).endswith(flat(last)) for heading in headings)
            report.check(not (last and is_heading), f"{what}: the heading {last!r} is stranded")
    report.check(found >= 3, f"{what}: columns")


def check_text(report, project, notes, what):
    """The start of every question is there."""
    text = flat(raw_text(project.folder / "sheet.pdf"))
    for note in notes:
        body = note["body"]
        blocks = body.get("front") or body.get("heading") or body["text"]
        pieces = (blocks[-1] if note["kind"] == "row" else blocks[0]).get("content", [])
        front = next((piece["text"] for piece in pieces if piece["type"] == "text"), "")
        start = flat(front)[:12]
        report.check(start in text, f"{what}: the note {front!r} is missing")


def raw_text(path):
    return subprocess.run(["pdftotext", "-raw", str(path), "-"], check=True, capture_output=True, text=True).stdout


def flat(text):
    """Without white space and soft hyphens, so that line ends do not count."""
    return re.sub(r"[\s\u00ad]", "", text)


SHAPES = """---
deck: Shapes
---
# Shapes

## Is $E = mc^2$ right?

$$\\int_0^1 x\\,dx = \\frac{1}{2}$$

> [!TIP]
> think of towers

## מהי בירת צרפת?

פריז היא העיר הגדולה ביותר בצרפת, והיא גם **הבירה** שלה.

## ما هي عاصمة مصر؟

القاهرة، وهي أكبر مدينة في مصر.

## 日本の首都はどこですか？

**東京**です。

## Which strategies are there? {.list}

- `binpack`
- `random`
- `spread`

## Code

```rust
/* over
   lines */
fn main() {
    let names: std::collections::HashMap<String, Vec<Option<Box<dyn Fn(u8) -> u8>>>> = Default::default();
}
```

## Table

| a | b |
|---|---|
| alpha | Supercalifragilisticexpialidociousandmorewordswithoutanybreakatallinthem |

## Rows {.rows}

| | `x` | y |
|-|---|---|
| first | 1 | 2 |
| second | 3 | |
| third | | 4 |

| k | v |
|-|---|
| a | b |

## Deletions {.cloze}

- The ==first== thing
- `x={{c2::3}}`

## Names {.terms}

Supercalifragilisticexpialidociousandmorewordswithoutanybreakatallinthem
: A word.
: Second Meaning.

## Raw

<div>raw <b>html</b></div>

<details><summary>More</summary>

folded away

</details>

<script>alert(1)</script>
"""
