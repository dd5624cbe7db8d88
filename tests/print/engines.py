"""Prints what deckle makes with other browsers than Chromium: Firefox, and WebKitGTK.

    engines.py DECKLE

DECKLE is the program to run. Prints each failure and "N passed, N failed"; exits 1 where one failed.
"""

import pathlib
import subprocess
import sys
import tempfile

import cards
import pdf
import wild
from chromium import Chromium
from firefox import Firefox
from report import Project, Report
from webkit import WebKit

ENGINES = [Firefox, WebKit]

# WebKit has lines of text begin at whole pixels, however their cards lie: so much is a word off its place in its card.
PIXEL = 25.4 / 96
OFF = {"firefox": cards.MOST_OFF, "webkit": cards.MOST_OFF + PIXEL}

# Millimetres between a word in one browser and in another; their fonts are set in pixels of their own.
MOST_APART = 0.6

# Dots an inch at which lines are looked for: 0.1 mm is a dot and a half.
DPI = 400


def check_decks(report, project):
    """Every preset, turned at both edges and folded: pages, and fronts on backs."""
    decks = []
    for preset, facts in cards.PRESETS.items():
        for duplex in ("long", "short", "fold"):
            count = len(cards.cells(facts, duplex)) + 1
            decks.append(cards.Deck(f"{preset} {duplex} {count}", preset, duplex, count))
    pages = cards.build(project, decks, lambda deck: f"preset: {deck.preset}, duplex: {deck.duplex}")
    with Chromium() as chromium:
        expected = [cards.print_cards(chromium, pages, deck, project) for deck in decks]
    for engine in ENGINES:
        with engine() as browser:
            for number, deck in enumerate(decks):
                printed = cards.print_cards(browser, pages, deck, project)
                named = deck._replace(name=f"{engine.name}, {deck.name}")
                report.equal(len(printed), len(expected[number]), f"{named.name}: pages")
                cards.check_deck(report, named, number, printed, OFF[engine.name])
                check_places(report, named, number, printed, expected[number])


def check_places(report, deck, number, printed, expected):
    """The same word in the same place as in Chromium."""
    for index, (page, other) in enumerate(zip(printed, expected), start=1):
        places, known = cards.middles(page, number), cards.middles(other, number)
        report.equal(places.keys(), known.keys(), f"{deck.name}: cards of page {index}")
        apart = [max(abs(places[card][axis] - known[card][axis]) for axis in (0, 1)) for card in places.keys() & known]
        report.check(max(apart, default=0) < MOST_APART, f"{deck.name}: page {index} is {max(apart, default=0):.2f} mm off")


def check_lines(report, project):
    """The lines to cut at are on paper, thin, and where cards meet; and so is the ruler, 50 mm long."""
    presets = ("8", "10", "12", "16", "3x5")
    decks = [cards.Deck(f"lines {preset}", preset, "long", 1) for preset in presets]
    pages = cards.build(project, decks, lambda deck: f"preset: {deck.preset}")
    for engine in (Chromium, *ENGINES):
        with engine() as browser:
            for deck in decks:
                cards.print_cards(browser, pages, deck, project)
                sheet = Sheet(project.folder / "cards.pdf", project.folder)
                facts = cards.PRESETS[deck.preset]
                for axis, at in cuts(facts):
                    share, width = sheet.line(axis, at)
                    what = f"{engine.name}, {deck.name}: the line at {at:.1f} mm {'down across'.split()[axis]}"
                    report.check(share > 0.9, f"{what} is drawn over {share:.0%} of the sheet's cards")
                    report.check(0.03 < width < 0.2, f"{what} is {width:.2f} mm wide")
                words = [word for page in pdf.pages(project.folder / "cards.pdf") for word in page.words]
                report.check("printed" in [word.text for word in words], f"{engine.name}, {deck.name}: the ruler's words")


def cuts(facts):
    """(axis, millimetres from the sheet's left or upper edge) of each line within the sheet."""
    size, counts = cards.card_size(facts), (facts.columns, facts.rows)
    for axis in (0, 1):
        start = (facts.paper[axis] - counts[axis] * size[axis]) / 2
        for index in range(counts[axis] + 1):
            at = start + index * size[axis]
            if 0.1 < at < facts.paper[axis] - 0.1:
                yield axis, at


class Sheet:
    """The first page of a PDF file as dots, grey."""

    def __init__(self, path, folder):
        command = ["pdftoppm", "-r", str(DPI), "-gray", "-f", "1", "-l", "1", "-singlefile", str(path), str(folder / "sheet")]
        subprocess.run(command, check=True)
        data = (folder / "sheet.pgm").read_bytes()
        _, width, height, _ = data.split(maxsplit=4)[:4]
        self.size = int(width), int(height)
        self.dots = memoryview(data)[-self.size[0] * self.size[1] :]

    def line(self, axis, at):
        """Over which share of the middle of the page there is a line within 0.3 mm, and how wide it is in millimetres."""
        dot = 25.4 / DPI
        near = range(int((at - 0.3) / dot), int((at + 0.3) / dot) + 1)
        along = self.size[1 - axis]
        # Away from the ends, where crop marks are, at places that are no cell's middle.
        places = [along * part // 200 for part in range(40, 160, 7)]
        ink = [sum(255 - self.dot(axis, across, place) for across in near) for place in places]
        # A line is #888: so much of the light is gone where it covers a dot.
        return sum(one > 30 for one in ink) / len(ink), sum(ink) / len(ink) / (255 - 0x88) * dot

    def dot(self, axis, across, along):
        column, row = (across, along) if axis == 0 else (along, across)
        return self.dots[row * self.size[0] + column]


def check_wild(report, project):
    pages = wild.build(project)
    for engine in ENGINES:
        with engine() as browser:
            wild.check(report, project, browser, pages)


def main(deckle, wanted):
    report = Report()
    for check in (check_lines, check_decks, check_wild):
        if wanted and check.__name__ not in wanted:
            continue
        with tempfile.TemporaryDirectory() as folder:
            check(report, Project(deckle, pathlib.Path(folder)))
    return report.finish()


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("usage: engines.py DECKLE [CHECK...]")
    sys.exit(main(sys.argv[1], sys.argv[2:]))
