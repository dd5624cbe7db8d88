"""Whether the cheat sheet is what a person would pin to the wall: few pages, type that is read, nothing stranded or lost."""

import json
import pathlib
import re
import subprocess
import time
from random import Random

import pdf
from chromium import Chromium

FONTS = pathlib.Path("/usr/share/fonts/truetype")
# The narrowest and the widest of the common families.
FONT_SETS = [[FONTS / "liberation"], [FONTS / "dejavu"], [FONTS / "noto"]]

ECS = pathlib.Path(__file__).parents[2]
MOST_PAGES = 3
# Points: of tables and code, of text, and the largest of that.
LEAST_TYPE = 7.0
LEAST_TEXT = 7.5
MOST_TEXT = 14.0
# The part of the last page that is full, unless its type is the largest.
FULL = 0.85
# The same where no script has measured the fonts.
FULL_AS_MADE = 0.8
# Margins in millimetres: at the sides and above, below, and between columns.
MARGIN, FOOT, GAP = 7.5, 10.5, 4

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


# The size of the text in points, and the columns, that the page has on paper.
LAYOUT = """
[parseFloat(getComputedStyle(document.body).fontSize) * 0.75, Number(getComputedStyle(document.querySelector(".sheet")).columnCount)]
"""

# The width of the first word of the title, in millimetres.
TITLE_WORD = """
(() => {
  const text = document.querySelector("h1").firstChild;
  const range = document.createRange();
  range.setStart(text, 0);
  range.setEnd(text, text.data.search(/\\s|$/));
  return range.getBoundingClientRect().width * 25.4 / 96;
})()
"""

# By how much the page is wider than its paper, in pixels.
STICKS_OUT = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def check_ecs(report, project):
    """The project's own notes: 3 pages of A4 at most, whatever fonts there are."""
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
            size, columns = browser.run(LAYOUT)
            report.check(size > LEAST_TEXT - 0.01, f"sheet in {name}: text of {size:.2f} pt")
            headings = browser.run("[...document.querySelectorAll('h2, h3, h4')].map((h) => h.innerText)")
            browser.print(project.folder / "sheet.pdf")
        printed = pdf.pages(project.folder / "sheet.pdf")
        report.check(len(printed) <= MOST_PAGES, f"sheet in {name}: {len(printed)} pages")
        check_pages(report, printed, columns, last_change(notes), f"sheet in {name}")
        check_headings(report, printed, columns, headings, f"sheet in {name}")
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
            report.equal(browser.run("document.querySelector('.list li').innerText"), "binpack", f"{what}: list")
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


def check_fill(report, project):
    """Sheets of all sizes fill their pages, or are set in the largest type, with scripts and without."""
    subprocess.run([project.deckle, "init", project.folder / "init"], check=True, capture_output=True)
    folder, _ = project.build(project.folder / "init", out="out-init")
    sheets = {"init": next(folder.glob("*-sheet.html"))}
    for count in (5, 20, 60, 200, 700):
        project.write(f"{count}.md", deck(count))
        folder, _ = project.build(f"{count}.md", out=f"out-{count}")
        sheets[str(count)] = next(folder.glob("*-sheet.html"))
    folder, _ = project.build(ECS, out="out-ecs")
    sheets["ecs"] = next(folder.glob("*-sheet.html"))
    for what, page in sheets.items():
        for scripts in (False, True):
            with Chromium() as browser:
                browser.open(page, scripts=scripts)
                check_filled(report, browser, project, f"sheet of {what}{'' if scripts else ' without scripts'}", FULL if scripts else FULL_AS_MADE)


def check_filled(report, browser, project, what, least):
    """The page that is open fills its pages, and is printed as large as its style says."""
    browser.on_paper()
    size, columns = browser.run(LAYOUT)
    word = browser.run(TITLE_WORD)
    headings = browser.run("[...document.querySelectorAll('h2, h3, h4')].map((h) => h.innerText)")
    browser.print(project.folder / "sheet.pdf")
    printed = pdf.pages(project.folder / "sheet.pdf")
    full = [fullness(page, columns) for page in printed]
    figures = f"{size:.2f} pt in {columns:.0f} columns, {len(printed)} pages, the last one {full[-1]:.0%} full"
    print(f"{what}: {figures}", flush=True)
    report.check(size > LEAST_TEXT - 0.01, f"{what}: {figures}")
    report.check(full[-1] >= least or size > MOST_TEXT - 0.05, f"{what}: {figures}")
    report.check(min(full) >= least or len(printed) == 1, f"{what}: pages are full to {full}")
    title = printed[0].words[0]
    scale = (title.right - title.left) / word
    report.check(abs(scale - 1) < 0.002, f"{what}: printed at {scale:.1%}")
    check_headings(report, printed, int(columns), headings, what)
    bottoms = column_bottoms(printed[-1], int(columns))
    report.check(max(bottoms) - min(bottoms) < 60, f"{what}: the last page's columns end at {bottoms}")
    for number, page in enumerate(printed, start=1):
        report.check(min(lines_of(page, int(columns))) > 1, f"{what}: page {number} has a column of a line")


def fullness(page, columns):
    """The part of a page's height down to the end of its longest column."""
    return (max(column_bottoms(page, int(columns))) - MARGIN) / (page.height - MARGIN - FOOT)


def lines_of(page, columns):
    """How many lines each column has; a page of the widest notes has none in some."""
    inside = [[word for word in page.words if left - 1 < word.left < right and word.top < page.height - 13] for left, right in column_edges(page, columns)]
    return [len({round(word.bottom) for word in words}) for words in inside if words]


def deck(count):
    """A deck of so many notes of all kinds and lengths."""
    random = Random(count)
    parts = [f"---\ndeck: Deck {count}\n---\n# Deck {count}\n\n"]
    for number in range(count):
        if count > 5 and number % 12 == 0:
            parts.append(f"# Part {number // 12 + 1} {phrase(random, 1, 2)}\n\n")
        parts.append(note(number, random))
    return "".join(parts)


def note(number, random):
    some = lambda least, most: phrase(random, least, most)
    head = f"{some(1, 7).capitalize()} {number}"
    row = lambda: f"| {some(1, 2)} | {some(1, 5)} |\n"
    kinds = [
        lambda: f"## {head}?\n\nIt is **{some(2, 3)}** with `x_{number}` and {some(4, 30)}.\n\n",
        lambda: f"## {head}\n\n{some(2, 12)}.\n\n",
        lambda: f"## {head}?\n\n" + "".join(f"- {some(1, 6)}\n" for _ in range(random.randint(2, 6))) + "\n",
        lambda: f"## {head}\n\n```python\ndef f{number}(x):\n    return [y for y in range({number})]\n```\n\n",
        lambda: f"## {head}\n\n| {some(1, 1)} | {some(1, 1)} |\n|---|--:|\n" + row() + row() + row() + "\n",
        lambda: f"## Gaps {number} {{.cloze}}\n\n{some(4, 6)} ==the {some(1, 2)}== {some(3, 15)}.\n\n",
        lambda: f"## {head}?\n\n- [x] {some(1, 3)}\n- [ ] {some(2, 4)}\n\n",
        lambda: f"## {head}\n\nThe area is $a_{{{number}}}^2 + \\frac{{{number}}}{{b}}$ {some(3, 5)}.\n\n> [!NOTE]\n> {some(3, 12)}.\n\n",
        lambda: f"## Names {number} {{.terms}}\n\n{some(2, 2)}\n: {some(3, 15)}\n\n",
        lambda: f"## {head}?\n\n{some(10, 60)}.\n\n",
    ]
    return random.choice(kinds)()


WORDS = "cluster task service agent port image volume role policy queue shard index cache token node edge graph the a of is and to with".split()


def phrase(random, least, most):
    return " ".join(random.choice(WORDS) for _ in range(random.randint(least, most)))


def check_wide(report, project):
    """Nothing sticks out, which would make Chromium print all pages smaller; what is wide has all columns."""
    project.write("picture.svg", PICTURE)
    project.write("word.mp3", "x")
    project.write("notes.md", WIDE)
    for columns in (2, 3, 4, None):
        wanted = f"sheet-columns={columns}" if columns else "sheet-paper=Letter"
        folder, _ = project.build("notes.md", "--print", wanted, out=f"out-{columns}")
        (page,) = folder.glob("*-sheet.html")
        what = f"wide in {columns or 'some'} columns"
        with Chromium() as browser:
            browser.open(page)
            browser.on_paper()
            report.equal(browser.run(STICKS_OUT), 0, f"{what}: sticks out")
            report.equal(browser.run(TOO_WIDE), [], f"{what}: notes wider than their column")
            word = browser.run(TITLE_WORD)
            aligned = "[...document.querySelectorAll('.right')].every((cell) => getComputedStyle(cell).textAlign === 'right')"
            report.check(browser.run(aligned), f"{what}: cells are not where the table wants them")
            spans = "[...document.querySelectorAll('.spans')].map((note) => note.innerText.split('\\n')[0])"
            report.check("Ten columns" in browser.run(spans), f"{what}: {browser.run(spans)} stand over all columns")
            heights = browser.run("[...document.querySelectorAll('img')].map((image) => image.getBoundingClientRect().height * 25.4 / 96)")
            report.check(len(heights) == 1 and heights[0] < 35.1, f"{what}: pictures {heights} mm high")
            browser.print(project.folder / "sheet.pdf")
        printed = pdf.pages(project.folder / "sheet.pdf")
        title = printed[0].words[0]
        scale = (title.right - title.left) / word
        report.check(abs(scale - 1) < 0.002, f"{what}: printed at {scale:.1%}")
        text = subprocess.run(["pdftotext", "-layout", project.folder / "sheet.pdf", "-"], check=True, capture_output=True, text=True).stdout
        text = re.sub(r" +", " ", text)
        report.check("word.mp3" not in text, f"{what}: the name of a sound")
        for line in ("+--------+      +--------+", "| client | ---> | server |", "├── src", "docker ps      # list containers"):
            report.check(re.sub(r" +", " ", line) in text, f"{what}: {line!r} was set in lines of its own")
        for box in ("☑ done", "☐ to do"):
            report.check(box in text, f"{what}: {box!r} is missing")


PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="900"><rect width="300" height="900" fill="#888"/></svg>'

WIDE = """---
deck: Wide
---
# Wide

## Ten columns

| Service | Instances | Memory | Network | Storage | Snapshots | Transfers | Monitoring | Retention | Price |
|---|--:|--:|---|---|--:|--:|---|---|--:|
| Development | 12 | 1,024 MiB | peered | replicated | 365 | 1,000,000 | continuous | indefinitely | 0.0416 |
| Production | 240 | 65,536 MiB | dedicated | replicated | 3650 | 900,000,000 | continuous | indefinitely | 12.0416 |

## A long word

Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaftsvertrag

## An ARN

`arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/my-load-balancer/50dc6c495c0c9188`

## An address

<https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html#container_definition_portmappings>

## A sum

$$a_1 x_1 + a_2 x_2 + a_3 x_3 + a_4 x_4 + a_5 x_5 + a_6 x_6 + a_7 x_7 + a_8 x_8 + a_9 x_9 + a_{10} x_{10} + a_{11} x_{11} + a_{12} x_{12} + a_{13} x_{13} + a_{14} x_{14} = b$$

- In a list: $a_1 x_1 + a_2 x_2 + a_3 x_3 + a_4 x_4 + a_5 x_5 + a_6 x_6 + a_7 x_7 + a_8 x_8 + a_9 x_9 + a_{10} x_{10} = b$

## A drawing

```
+--------+      +--------+
| client | ---> | server |
+--------+      +--------+
```

## A tree

```
project
├── src
│   └── main.rs
└── Cargo.toml
```

## Commands

```bash
docker ps      # list containers
docker rm x    # remove a container
```

## Long code

```
""" + "\n".join(f"line {number} = {number * number}" for number in range(120)) + """
```

## A picture

![](picture.svg)

## The same picture

And words.

![](picture.svg)

## A sound

Word ![](word.mp3)

## Tasks

- [x] done
- [ ] to do
"""


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
    """The left and right edges of the columns."""
    width = (page.width - 2 * MARGIN - GAP * (columns - 1)) / columns
    return [(MARGIN + index * (width + GAP), MARGIN + index * (width + GAP) + width) for index in range(columns)]


def column_bottoms(page, columns):
    def bottom(edge):
        words = [word.bottom for word in page.words if edge[0] - 1 < word.left < edge[1] and word.top < page.height - 13]
        return max(words, default=0)

    return [bottom(edge) for edge in column_edges(page, columns)]


def check_headings(report, printed, columns, headings, what):
    """Below each heading its column goes on."""
    found = 0
    for page in printed:
        for left, right in column_edges(page, columns):
            inside = [word for word in page.words if left - 1 < word.left < right and word.top < page.height - 13]
            lines = {}
            for word in sorted(inside, key=lambda word: word.left):
                lines.setdefault(round(word.bottom), []).append(word.text)
            last = " ".join(lines[max(lines)]) if lines else ""
            found += 1
            # A heading's last line may be a word that is one of many elsewhere.
            is_heading = any(flat(heading).endswith(flat(last)) and len(flat(last)) > 8 or flat(heading) == flat(last) for heading in headings)
            report.check(not (last and is_heading), f"{what}: the heading {last!r} is stranded")
    report.check(found >= columns, f"{what}: columns")


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
