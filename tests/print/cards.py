"""Whether cut-out cards lie where they should: every preset, on both edges, with sheets that are full and not."""

import collections

import pdf
from chromium import Chromium

# Millimetres; what a person cannot see once the card is cut out.
MOST_OFF = 0.3

A4 = (210.0, 297.0)
LETTER = (215.9, 279.4)
INDEX = (127.0, 76.2)

# Preset → its paper as it is read, columns and rows, and the size of its cards where that is not the paper's share. The
# grid lies in the middle of the paper.
Preset = collections.namedtuple("Preset", "paper columns rows card", defaults=[None])
PRESETS = {
    "2": Preset(A4, 1, 2),
    "4": Preset(A4[::-1], 2, 2),
    "8": Preset(A4, 2, 4),
    "10": Preset(A4, 2, 5),
    "12": Preset(A4[::-1], 3, 4),
    "16": Preset(A4[::-1], 4, 4),
    "3x5": Preset(A4[::-1], 2, 2, INDEX),
    "A7": Preset(A4, 2, 4, (105.0, 74.0)),
    "avery-5371": Preset(LETTER, 2, 5, (88.9, 50.8)),
    "avery-5388": Preset(LETTER, 1, 3, INDEX),
}

Deck = collections.namedtuple("Deck", "name preset duplex count")


def check_positions(report, project):
    decks = []
    for preset, facts in PRESETS.items():
        for duplex in ("long", "short", "none", "fold"):
            full = len(cells(facts, duplex))
            counts = {1, full - 1, full, full + 1, 2 * full + 1} - {0}
            decks += [Deck(f"{preset} {duplex} {count}", preset, duplex, count) for count in sorted(counts)]
    pages = build(project, decks, lambda deck: f"preset: {deck.preset}, duplex: {deck.duplex}")
    with Chromium() as browser:
        for number, deck in enumerate(decks):
            printed = print_cards(browser, pages, deck, project)
            check_deck(report, deck, number, printed)


def check_offset(report, project):
    """Backs, and only backs, move by the offset."""
    decks = [Deck("still", "8", "long", 9), Deck("moved", "8", "long", 9)]
    offsets = {"still": "0 0", "moved": "1.5 -2"}
    pages = build(project, decks, lambda deck: f'preset: 8, back-offset: "{offsets[deck.name]}"')
    with Chromium() as browser:
        still, moved = (print_cards(browser, pages, deck, project) for deck in decks)
    report.equal(len(moved), 4, "pages of cards with an offset")
    for index, expected in ((0, (0, 0)), (1, (1.5, -2)), (2, (0, 0)), (3, (1.5, -2))):
        for card, (x, y) in middles(still[index], 0).items():
            found = middles(moved[index], 1).get(card)
            off = found and (found[0] - x - expected[0], found[1] - y - expected[1])
            report.check(off and max(map(abs, off)) < MOST_OFF, f"card {card} on page {index + 1} with an offset: {off}")


def check_front_only(report, project):
    decks = [Deck("fronts", "10", "long", 11)]
    pages = build(project, decks, lambda _: "preset: 10, front-only: true")
    with Chromium() as browser:
        printed = print_cards(browser, pages, decks[0], project)
    report.equal(len(printed), 2, "pages of fronts alone")
    found = [card for page in printed for card in middles(page, 0)]
    report.equal(sorted(found), list(range(11)), "fronts alone")


# What stuck out of the sheet once: browsers print the whole document smaller then, and all cards with it.
WIDE = [
    "`arn:aws:ecs:eu-central-1:123456789012:task-definition/my-service:42`",
    "abcdefghijklmnopqrstuvwxyz" * 3 + "ab",
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html#container_definition_environment",
    "`org.springframework.context.annotation.AnnotationConfigApplicationContextFactoryBeanInitializer`",
    "$$" + " + ".join(f"a_{{{term}}}x_{{{term}}}" for term in range(16)) + " = 0$$",
    "$" + " + ".join(f"\\frac{{a_{{{term}}}}}{{b_{{{term}}}}}" for term in range(24)) + "$",
    "- " * 3 + "`" + "x" * 300 + "`",
    "> > > " + "quoted" * 40,
    "| " + " | ".join(f"column{n}" for n in range(12)) + " |\n" + "|---" * 12 + "|\n" + "| valuevalue " * 12 + "|",
    "| " + " | ".join("h" for _ in range(30)) + " |\n" + "|---" * 30 + "|\n" + "| v " * 30 + "|",
    "| a | b |\n|---|---|\n| " + "w" * 200 + " | $" + "x+" * 60 + "x$ |",
    "```\n" + "y" * 400 + "\n```",
    "```rust\n" + "    " * 60 + "let x = 1;\n```",
    "![" + "alt" * 80 + "](https://example.org/" + "p" * 200 + ".png)",
    "[" + "link" * 60 + "](https://example.org)",
    "`" + "漢字" * 120 + "`",
    "ש" * 200,
    "&nbsp;".join(["kept"] * 60),
    "\u2060".join(["joined"] * 60),
    "<table><tr>" + "<td>cell</td>" * 40 + "</tr></table>",
    "<img src='wide.svg' width='3000'>",
    "![](wide.svg)",
    "<dl><dt>" + "term" * 70 + "</dt><dd>" + "meaning" * 50 + "</dd></dl>",
    "- [ ] " + "task" * 70,
    "**" + "bold" * 60 + "** <kbd>" + "key" * 60 + "</kbd>",
    "A~" + "B~" * 200,
    "$$\\begin{pmatrix}" + " & ".join("a" * 4 for _ in range(20)) + "\\end{pmatrix}$$",
]


def check_wide(report, project):
    """However wide an answer is, the cards are printed at their size, and so are they with the answers in a key."""
    project.write("content/wide.svg", "<svg xmlns='http://www.w3.org/2000/svg' width='4000' height='100'/>")
    decks = [Deck(f"plain {preset}", preset, "long", 3) for preset in ("8", "12")]
    decks += [Deck(f"wide {preset} {number}", preset, "long", 3) for preset in ("8", "12") for number in range(len(WIDE))]
    settings = "".join(f"  {deck.name}:\n    print: {{ preset: {deck.preset}, key: {'wide' in deck.name} }}\n" for deck in decks)
    project.write("deckle.yaml", f"id: abcdefghij\nname: Wide\ndecks:\n{settings}".replace("True", "true").replace("False", "false"))
    for index, deck in enumerate(decks):
        answer = WIDE[int(deck.name.split()[-1])] if "wide" in deck.name else "plain"
        notes = "".join(f"## {word(0, card)}\n\n{answer if card == 2 else 'plain'}\n\n" for card in range(3))
        project.write(f"content/{index:03}.md", f"---\ndeck: {deck.name}\n---\n{notes}")
    pages = project.build()[0]
    with Chromium() as browser:
        printed = {deck.name: print_cards(browser, pages, deck, project) for deck in decks}
    for deck in decks:
        expected, found = (middles(printed[name][0], 0) for name in (f"plain {deck.preset}", deck.name))
        scale = (found[1][0] - found[0][0]) / (expected[1][0] - expected[0][0])
        report.check(abs(scale - 1) < 0.001, f"{deck.name}: printed at {100 * scale:.2f} %: {WIDE[int(deck.name.split()[-1]) % len(WIDE)][:60]}")
        off = max(abs(found[card][axis] - expected[card][axis]) for card in range(3) for axis in (0, 1))
        report.check(off < MOST_OFF, f"{deck.name}: fronts are {off:.2f} mm off")


def build(project, decks, options):
    """A project with a top-level deck for each of `decks`. Each side of a card holds one and the same word."""
    settings = "".join(f"  {deck.name}:\n    print: {{ {options(deck)} }}\n" for deck in decks)
    project.write("deckle.yaml", f"id: abcdefghij\nname: Positions\ndecks:\n{settings}")
    for number, deck in enumerate(decks):
        notes = "".join(f"## {word(number, card)}\n\n{word(number, card)}\n\n" for card in range(deck.count))
        project.write(f"content/{number:03}.md", f"---\ndeck: {deck.name}\n---\n{notes}")
    return project.build()[0]


def word(deck, card):
    """As wide for one card as for another."""
    return f"c{deck:03}x{card:03}"


def print_cards(browser, pages, deck, project):
    browser.print_page(pages / f"{deck.name.lower().replace(' ', '-')}-cards.html", project.folder / "cards.pdf")
    return pdf.pages(project.folder / "cards.pdf")


def middles(page, deck):
    """Card → the middle of its word on the page; of a page to be folded, of the first of its words."""
    found = {}
    for card, place in words(page, deck):
        found.setdefault(card, place)
    return found


def words(page, deck):
    start = f"c{deck:03}x"
    found = [word for word in page.words if word.text.startswith(start)]
    return [(int(word.text[len(start) :]), ((word.left + word.right) / 2, (word.top + word.bottom) / 2)) for word in found]


def check_deck(report, deck, number, printed, most_off=MOST_OFF):
    facts = PRESETS[deck.preset]
    sides = 1 if deck.duplex == "fold" else 2
    places = cells(facts, deck.duplex)
    sheets = -(-deck.count // len(places))
    report.equal(len(printed), sides * sheets, f"{deck.name}: pages")
    off = [max(abs(page.width - facts.paper[0]), abs(page.height - facts.paper[1])) for page in printed]
    report.check(max(off, default=99) < 0.5, f"{deck.name}: pages of {facts.paper} are {off} mm off")
    for sheet in range(sheets):
        first = sheet * len(places)
        expected = list(range(first, min(first + len(places), deck.count)))
        front = printed[sheet * sides]
        if deck.duplex == "fold":
            pairs = words(front, number)
        else:
            pairs = words(front, number) + words(printed[sheet * sides + 1], number)
        report.equal(sorted(card for card, _ in pairs), sorted(expected * 2), f"{deck.name}: cards of sheet {sheet + 1}")
        for card in expected:
            found = [place for other, place in pairs if other == card]
            if len(found) == 2:
                worst = misplacement(facts, found, places[card - first], deck.duplex)
                report.check(worst < most_off, f"{deck.name}: the sides of card {card} are {worst:.2f} mm off")


def misplacement(facts, found, places, duplex):
    """How far the back lies from where the front is, seen through the paper or folded over.

    Text need not stand in the middle of its card, but it must stand off it alike on both sides.
    """
    front_cell, (back_cell, turned) = places
    options = []
    # Of a page to be folded it is not known which is which.
    for front, back in (found, found[::-1]) if duplex == "fold" else (found,):
        one = from_middle(facts, front, front_cell)
        other = from_middle(facts, back, back_cell)
        sign = -1 if turned else 1
        in_cell = max(abs(one[0]) - card_size(facts)[0] / 2, abs(one[1]) - card_size(facts)[1] / 2, 0)
        options.append(max(abs(one[0] - sign * other[0]), abs(one[1] - sign * other[1]), in_cell))
    return min(options)


def card_size(facts):
    return facts.card or (facts.paper[0] / facts.columns, facts.paper[1] / facts.rows)


def from_middle(facts, place, cell):
    """Where a point lies, seen from the middle of a cell: (column, row)."""
    size, grid = card_size(facts), (facts.columns, facts.rows)
    middle = [facts.paper[axis] / 2 + (cell[axis] - (grid[axis] - 1) / 2) * size[axis] for axis in (0, 1)]
    return place[0] - middle[0], place[1] - middle[1]


def cells(facts, duplex):
    """For each card of a sheet the cell of its front, and that of its back with whether it stands upside down."""
    fronts = [(column, row) for row in range(facts.rows) for column in range(facts.columns)]
    if duplex == "none":
        return [(cell, (cell, False)) for cell in fronts]
    if duplex == "fold" and facts.columns % 2 == 0:
        return [((column, row), ((column + 1, row), False)) for column, row in fronts if column % 2 == 0]
    if duplex == "fold":
        pairs = [((column, row), ((column, row + 1), True)) for column, row in fronts if row % 2 == 0]
        return [pair for pair in pairs if pair[0][1] + 1 < facts.rows]
    # Turned at an edge that stands upright, left and right change; else above and below.
    if (duplex == "long") == (facts.paper[0] < facts.paper[1]):
        return [((column, row), ((facts.columns - 1 - column, row), False)) for column, row in fronts]
    return [((column, row), ((column, facts.rows - 1 - row), False)) for column, row in fronts]
