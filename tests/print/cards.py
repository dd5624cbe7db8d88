"""Whether cut-out cards lie where they should: every preset, on both edges, with sheets that are full and not."""

import collections

import pdf
from chromium import Chromium

# Millimetres; what a person cannot see once the card is cut out.
MOST_OFF = 0.3

# Preset → cards on a sheet of A4 (of Letter for Avery), cards on a sheet to be folded, and whether it lies across.
Preset = collections.namedtuple("Preset", "cards folded across columns")
PRESETS = {
    "2": Preset(2, 1, False, 1),
    "4": Preset(4, 2, True, 2),
    "8": Preset(8, 4, False, 2),
    "10": Preset(10, 5, False, 2),
    "12": Preset(12, 6, True, 3),
    "16": Preset(16, 8, True, 4),
    "3x5": Preset(4, 2, True, 2),
    "A7": Preset(8, 4, False, 2),
    "avery-5371": Preset(10, 5, False, 2),
    "avery-5388": Preset(3, 1, False, 1),
}
A4 = (210.0, 297.0)
LETTER = (215.9, 279.4)

Deck = collections.namedtuple("Deck", "name preset duplex count")


def check_positions(report, project):
    decks = []
    for preset, facts in PRESETS.items():
        for duplex in ("long", "short", "none", "fold"):
            full = facts.folded if duplex == "fold" else facts.cards
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
    browser.open(pages / f"{deck.name.lower().replace(' ', '-')}-cards.html")
    browser.print(project.folder / "cards.pdf")
    return pdf.pages(project.folder / "cards.pdf")


def middles(page, deck):
    """Card → the middle of its word on the page."""
    start = f"c{deck:03}x"
    words = [found for found in page.words if found.text.startswith(start)]
    return {int(found.text[len(start) :]): ((found.left + found.right) / 2, (found.top + found.bottom) / 2) for found in words}


def check_deck(report, deck, number, printed):
    facts = PRESETS[deck.preset]
    width, height = LETTER if deck.preset.startswith("avery") else A4
    size = (height, width) if facts.across else (width, height)
    sizes = [(page.width, page.height) for page in printed]
    off = [max(abs(found[0] - size[0]), abs(found[1] - size[1])) for found in sizes]
    report.check(max(off, default=0) < 0.5, f"{deck.name}: pages of {size} are {sizes}")
    if deck.duplex == "fold":
        check_folded(report, deck, number, printed, facts)
        return
    report.equal(len(printed), 2 * -(-deck.count // facts.cards), f"{deck.name}: pages")
    seen = []
    for front, back in zip(printed[::2], printed[1::2]):
        fronts, backs = middles(front, number), middles(back, number)
        seen += fronts
        report.equal(sorted(backs), sorted(fronts), f"{deck.name}: backs on the page behind the fronts")
        worst = max((distance(behind(fronts[card], deck.duplex, size), backs[card]) for card in fronts if card in backs), default=99)
        report.check(worst < MOST_OFF, f"{deck.name}: a back is {worst:.2f} mm off")
    report.equal(seen, list(range(deck.count)), f"{deck.name}: cards in order")


def behind(place, duplex, size):
    """Where a point of a page is found on the page's other side."""
    x, y = place
    if duplex == "none":
        return x, y
    turns_at_an_upright_edge = (duplex == "long") == (size[0] < size[1])
    return (size[0] - x, y) if turns_at_an_upright_edge else (x, size[1] - y)


def distance(one, other):
    return max(abs(one[0] - other[0]), abs(one[1] - other[1]))


def check_folded(report, deck, number, printed, facts):
    """Both sides of a card are on one page, and on each other when it is folded in the middle between them."""
    report.equal(len(printed), -(-deck.count // facts.folded), f"{deck.name}: pages")
    places = collections.defaultdict(list)
    for index, page in enumerate(printed):
        for found in page.words:
            if found.text.startswith(f"c{number:03}x"):
                middle = ((found.left + found.right) / 2, (found.top + found.bottom) / 2)
                places[int(found.text[5:])].append((index, middle))
    report.equal(sorted(places), list(range(deck.count)), f"{deck.name}: cards")
    for card, found in places.items():
        pages = [index for index, _ in found]
        if not report.equal(len(pages), 2, f"{deck.name}: sides of card {card}") or pages[0] != pages[1]:
            report.equal(pages[:1], pages[1:], f"{deck.name}: pages of card {card}")
            continue
        (_, one), (_, other) = found
        # Columns in pairs are folded beside each other, others below.
        same = 1 if facts.columns % 2 == 0 else 0
        report.check(abs(one[same] - other[same]) < MOST_OFF, f"{deck.name}: card {card} folds from {one} to {other}")
        report.check(abs(one[1 - same] - other[1 - same]) > 20, f"{deck.name}: sides of card {card} lie on each other")
