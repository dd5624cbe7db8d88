"""Whether text fits its card in Chromium, and whether every card that it does not fit has its warning.

The compiler cannot know the reader's fonts, so the same pages are measured with narrow and with wide ones.
"""

import json
import pathlib
import random
import re
import sys

from chromium import Chromium
from sheet import ECS, SHAPES

FONTS = pathlib.Path("/usr/share/fonts/truetype")
# The narrowest and the widest of the common families.
FONT_SETS = [[FONTS / "liberation"], [FONTS / "dejavu"], [FONTS / "noto"]]

# The part of all warnings that may be false.
MOST_FALSE = 0.05

SIDES = 800
WORDS = (5, 110)

# English text has words of these lengths about as often: mean 4.8 letters.
LENGTHS = [1, 2, 2, 2, 3, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 6, 6, 7, 7, 8, 9, 10, 12]

# The first word of each side whose text reaches out of its place, or is set smaller than 7 pt. Below is the card's footer.
OVERFLOWS = """
[...document.querySelectorAll(".card:not(.empty)")].filter((card) => {
  const text = card.querySelector(".text");
  const range = document.createRange();
  range.selectNodeContents(text);
  const box = card.getBoundingClientRect();
  const bottom = card.querySelector("footer").getBoundingClientRect().top;
  const reachesOut = (rect) =>
    rect.left < box.left + 3 || rect.right > box.right - 3 || rect.top < box.top + 3 || rect.bottom > bottom + 1;
  return parseFloat(getComputedStyle(text).fontSize) < 9.32 || [...range.getClientRects()].some(reachesOut);
}).map((card) => card.textContent.match(/[fb]\\d{3}z/)[0])
"""


# The number and side of each card that is said to overflow, and whether it does so in the smallest type that can be read. A
# warning is false where it does so with no fonts.
SAID = """
[...document.querySelectorAll(".card:not(.empty)")].filter((card) =>
  card.matches(".over") || parseFloat(card.style.getPropertyValue("--size")) < 7
).map((card) => {
  const [size, over] = [card.style.getPropertyValue("--size"), card.matches(".over")];
  card.style.setProperty("--size", "7pt");
  card.classList.remove("over");
  const text = card.querySelector(".text");
  const style = getComputedStyle(card);
  const [height, width] = [["Top", "Bottom"], ["Left", "Right"]].map((sides, axis) => sides.reduce(
    (room, side) => room - parseFloat(style[`padding${side}`]), [card.clientHeight, card.clientWidth][axis]));
  const reachesOut = text.getBoundingClientRect().height > height + 0.1 || text.scrollWidth > width + 1;
  card.style.setProperty("--size", size);
  card.classList.toggle("over", over);
  return [`${card.querySelector(".number").textContent} ${card.matches(".front") ? "front" : "back"}`, reachesOut];
})
"""

# Of each card that overflows: its number, its side, and whether the file itself says so.
UNTOLD = """
((overflows) => overflows.map((card) => [
  card.querySelector(".number").textContent,
  card.matches(".front") ? "front" : "back",
  card.matches(".over") || parseFloat(card.style.getPropertyValue("--size")) < 7,
]))(%s)
""" % OVERFLOWS.strip().removesuffix(""".map((card) => card.textContent.match(/[fb]\\d{3}z/)[0])""")

# Cards that real notes fill, and some that they overfill.
TIGHT = ["preset=8", "preset=16", "preset=8,paper=A5", "preset=10,paper=A5", "preset=12,paper=A5", "preset=16,paper=A5"]


def check_shapes(report, project):
    """Notes with all that notes may hold: what is too much for a card was known when the file was made."""
    project.write("shapes/shapes.md", SHAPES)
    folders = {}
    for options in TIGHT:
        for source in (ECS, project.folder / "shapes"):
            name = f"{source.name}, {options}"
            folders[name], _ = project.build(source, "--print", options, out=f"out/{source.name}/{options}")
    told = 0
    said = {}
    for fonts in FONT_SETS:
        with Chromium(fonts) as browser:
            for name, folder in folders.items():
                for page in folder.glob("*-cards*.html"):
                    browser.open(page, scripts=False)
                    browser.on_paper()
                    take_said(said, name, browser)
                    found = browser.run(UNTOLD)
                    untold = [f"{number} {side}" for number, side, is_told in found if not is_told]
                    report.equal(untold, [], f"{name}, in {fonts[0].name}: cards that overflow untold")
                    told += len(found)
    report.check(told > 50, f"only {told} cards overflow")
    check_false(report, said, "shapes")


def take_said(said, name, browser):
    """Takes down which cards of the open page are said to overflow, and whether they do so with any of the fonts so far."""
    for card, reaches_out in browser.run(SAID):
        said[name, card] = said.get((name, card), False) or reaches_out


def check_false(report, said, what):
    false = sorted(card for card, overflows in said.items() if not overflows)
    wanted = f"{what}: {len(false)} of {len(said)} warnings are false: {false}"
    print(wanted, file=sys.stderr)
    report.check(len(false) <= MOST_FALSE * len(said), wanted)


def check_fit(report, project):
    notes, lines = write_notes()
    project.write("notes.md", notes)
    said = {}
    for preset in ("8", "16", "16,paper=A5"):
        folder, output = project.build("notes.md", "--print", f"preset={preset}", "--message-format", "json", out=preset)
        warned = warnings(output, lines)
        overflowing = set()
        for fonts in FONT_SETS:
            with Chromium(fonts) as browser:
                for page in sorted(folder.glob("*-cards*.html")):
                    for scripts in (True, False):
                        visit = browser.open(page, scripts)
                        browser.on_paper()
                        if not scripts:
                            take_said(said, preset, browser)
                        found = browser.run(OVERFLOWS)
                        report.equal(visit.complaints(), [], f"{page.name} in {fonts[0].name}")
                        report.equal(browser.run("document.querySelectorAll('.card:not(.empty)').length"), SIDES, "sides")
                        overflowing |= set(found)
        if preset == "8":
            report.equal(sorted(overflowing), [], "sides that overflow at 8 a page")
            report.equal(sorted(warned), [], "warnings at 8 a page")
        else:
            report.equal(sorted(overflowing - warned), [], f"sides that overflow at {preset} a page without a warning")
            report.check(len(overflowing) > 20, f"only {len(overflowing)} sides overflow at {preset} a page")
            of_preset = sum(name == preset for name, _ in said)
            report.equal(of_preset, len(warned), f"warnings at {preset} a page, and cards that say so")
    check_false(report, said, "words")


# The numbers of cards whose picture lies on the text beside it, or out of its card.
OVERLAPS = """
[...document.querySelectorAll(".beside")].filter((card) => {
  const picture = card.querySelector(".picture img").getBoundingClientRect();
  const box = card.getBoundingClientRect();
  const range = document.createRange();
  const texts = [...card.querySelectorAll(".body > p")].filter((one) => !one.querySelector("img"));
  const rects = texts.flatMap((one) => { range.selectNodeContents(one); return [...range.getClientRects()] });
  const bottom = card.querySelector("footer").getBoundingClientRect().top;
  return picture.width < 8 || picture.left < box.left + 3 || picture.top < box.top + 3 || picture.bottom > bottom + 1
    || rects.some((rect) => rect.left < picture.right);
}).map((card) => card.querySelector(".number").textContent)
"""


def check_images(report, project):
    """Icons in sentences, and pictures below them, take the room that was measured."""
    project.write("icons/i.svg", "<svg xmlns='http://www.w3.org/2000/svg' width='16' height='16'/>")
    dice = random.Random(3)
    icons = ["![](i.svg)", '<img src="i.svg" width="22">', '<img src="i.svg" width="40">']
    notes = ["---", "deck: Icons", "---"]
    for note in range(100):
        words = ["x"] + [dice.choice(icons) if dice.random() < 0.25 else word for word in text(dice).split()]
        half = len(words) // 2
        notes += [f"## Icons {note}?", "", " ".join(words), "", f"## Picture {note}?", "", " ".join(words[:half]), "", icons[2], ""]
    project.write("icons/icons.md", "\n".join(notes))
    project.write("icons/tall.svg", "<svg xmlns='http://www.w3.org/2000/svg' width='200' height='600'/>")
    for note in range(100):
        words = text(dice).split()
        half = dice.randint(0, len(words))
        notes += [f"## Tall {note}?", "", " ".join(words[:half]), "", "![](tall.svg)", "", " ".join(words[half:]), ""]
    project.write("icons/icons.md", "\n".join(notes))
    folder, _ = project.build(project.folder / "icons", "--print", "preset=8")
    said, beside = {}, 0
    for fonts in FONT_SETS:
        with Chromium(fonts) as browser:
            for page in folder.glob("*-cards*.html"):
                browser.open(page, scripts=False)
                browser.on_paper()
                take_said(said, page.name, browser)
                untold = [f"{number} {side}" for number, side, is_told in browser.run(UNTOLD) if not is_told]
                report.equal(untold, [], f"in {fonts[0].name}: cards with images that overflow untold")
                report.equal(browser.run(OVERLAPS), [], f"in {fonts[0].name}: pictures that reach into the text beside them")
                beside += browser.run("document.querySelectorAll('.beside').length")
    report.check(beside > 100, f"only {beside} cards have text beside their picture")
    check_false(report, said, "images")


def write_notes():
    """400 notes with a short front or back and a long one in turn. Returns the text, and line → the sides of its note."""
    dice = random.Random(7)
    out = ["---", "deck: Fit", "---"]
    lines = {}
    for note in range(SIDES // 2):
        lines[len(out) + 1] = note
        out += [f"## f{note:03}z {text(dice)}", "", f"b{note:03}z {text(dice)}", ""]
    return "\n".join(out), lines


def text(dice):
    words = ["".join(dice.choices("etaoinshrdlucmfwypvbgk", k=dice.choice(LENGTHS))) for _ in range(dice.randint(*WORDS) - 1)]
    return " ".join(words)


def warnings(output, lines):
    """The sides that have a warning: each names its note's line, and the sides that it means."""
    warned = set()
    for line in output.splitlines():
        if not line.startswith("{"):
            continue
        diagnostic = json.loads(line)
        if diagnostic.get("code") == "print-overflow":
            sides = [side[0] for side in ("front", "back") if re.search(rf"\b{side}\b", diagnostic["message"])]
            warned |= {f"{side}{lines[diagnostic['line']]:03}z" for side in sides}
    return warned
