"""Whether PDFs are what people print: their pages, what programs read of them, and that nothing leaves the machine."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time

import pdf
from cards import A4, LETTER, word

NOTES = """---
deck: {deck}
---
"""

# Asks for all that a script can ask for. Only an author who is trusted with scripts gets so far.
ASKING = """---
deck: Asking
html: trust
---
## Front

<img src="http://127.0.0.1:{tcp}/image"><script>
fetch("http://127.0.0.1:{tcp}/fetch").catch(() => 0)
navigator.sendBeacon("http://localhost:{tcp}/beacon", "x")
try {{ new WebSocket("ws://127.0.0.1:{tcp}/socket") }} catch {{}}
const peer = new RTCPeerConnection({{ iceServers: [{{ urls: "stun:127.0.0.1:{udp}" }}] }})
peer.createDataChannel("x")
peer.createOffer().then((offer) => peer.setLocalDescription(offer))
setTimeout(() => {{ location.href = "http://127.0.0.1:{tcp}/page" }}, 50)
</script>
"""


def check_what_programs_read(report, project):
    """Title, language, tags, bookmarks, the size of pages, and that scripts and fonts came to rest."""
    project.write("deckle.yaml", "id: abcdefghij\nname: Printed\nprint: {key: true}\ndecks:\n  Letter: {print: {preset: avery-5371}}\n")
    notes = "".join(f"## Wie heißt die {number}. Frage und warum?\n\nDas ist die Antwort auf Frage {number}.\n\n" for number in range(9))
    project.write("content/a.md", NOTES.format(deck="Deutsch") + notes)
    project.write("content/b.md", NOTES.format(deck="Letter") + notes)
    folder = build(project)
    for name, size, title in (("deutsch-cards", A4, "Deutsch · cards"), ("letter-cards", LETTER, "Letter · cards"), ("letter-sheet", A4, "Letter · cheat sheet")):
        path = folder / f"{name}.pdf"
        info = subprocess.run(["pdfinfo", str(path)], check=True, capture_output=True, text=True).stdout
        report.equal(field(info, "Title"), title, f"{name}: title")
        report.equal(field(info, "Tagged"), "yes", f"{name}: tags")
        report.check(field(info, "Creator").startswith("deckle "), f"{name}: creator {field(info, 'Creator')}")
        report.check(b"/Lang (de)" in path.read_bytes(), f"{name}: no language")
        off = [max(abs(page.width - size[0]), abs(page.height - size[1])) for page in pdf.pages(path)]
        report.check(max(off) < 0.3, f"{name}: pages are {max(off):.2f} mm off")
        report.check(len(bookmarks(path)) >= 2, f"{name}: bookmarks {bookmarks(path)}")
    found = [text for text, _ in bookmarks(folder / "deutsch-cards.pdf")]
    report.equal(found[:3], ["Cards 1 to 8", "Card 9", "Deutsch"], "bookmarks of cards")


def check_manual(report, project):
    """All fronts, then all backs, each behind its front where sheets are turned at the long edge."""
    presets = {"eight": ("8", A4), "four": ("4", A4[::-1])}
    decks = "".join(f"  {name}: {{print: {{preset: {preset}, duplex: manual}}}}\n" for name, (preset, _) in presets.items())
    project.write("deckle.yaml", f"id: abcdefghij\nname: Manual\ndecks:\n{decks}")
    for number, name in enumerate(presets):
        notes = "".join(f"## {word(number, card)}\n\n{word(number, card)}\n\n" for card in range(19))
        project.write(f"content/{name}.md", NOTES.format(deck=name) + notes)
    folder = build(project)
    for number, (name, (preset, paper)) in enumerate(presets.items()):
        pages = pdf.pages(folder / f"{name}-cards.pdf")
        sheets = -(-19 // int(preset))
        report.equal(len(pages), 2 * sheets, f"{name}: pages")
        for sheet in range(sheets):
            front, back = (places(page, number) for page in (pages[sheet], pages[sheets + sheet]))
            first = sheet * int(preset)
            report.equal(sorted(front), list(range(first, min(first + int(preset), 19))), f"{name}: fronts of sheet {sheet}")
            report.equal(sorted(back), sorted(front), f"{name}: backs of sheet {sheet}")
            for card, (x, y) in front.items():
                # Text stands above the middle of its card on both sides; another card is 74 mm away at least.
                # At the long edge: left and right of upright pages, above and below of others.
                x, y = (paper[0] - x, y) if paper[0] < paper[1] else (x, paper[1] - y)
                off = max(abs(x - back[card][0]), abs(y - back[card][1]))
                report.check(off < 15, f"{name}: back of card {card} is {off:.1f} mm from behind its front")
        names = [text for text, _ in bookmarks(folder / f"{name}-cards.pdf")]
        report.check(names[0].startswith("Questions: print page") and any(text.startswith("Answers: then") for text in names), f"{names}")


def check_print_test(report, project):
    """The crosses of the back lie on the points of the front, and rulers are as long as they say."""
    for options, paper, sideways in (("preset=8", A4, True), ("preset=4", A4[::-1], False), ("preset=8,duplex=short", A4, False), ("preset=4,duplex=short", A4[::-1], True)):
        run = [project.deckle, "print-test", "--pdf", "--print", options]
        subprocess.run(run, cwd=project.folder, check=True, capture_output=True)
        strokes = [lines(project.folder / "print-test.pdf", page) for page in (1, 2)]
        found = pdf.pages(project.folder / "print-test.pdf")
        report.equal(len(found), 2, f"{options}: pages")
        report.check(max(abs(found[0].width - paper[0]), abs(found[0].height - paper[1])) < 0.3, f"{options}: size")
        # Longer ones go around the page.
        sides = [[x1 - x0 for x0, y0, x1, y1 in strokes[0] if y0 == y1], [y1 - y0 for x0, y0, x1, y1 in strokes[0] if x0 == x1]]
        for lengths in sides:
            length = max((abs(length) for length in lengths if abs(length) < 140), default=0)
            report.check(abs(length - 100) < 0.1, f"{options}: a ruler is {length:.2f} mm long")
        # Where the first number is 5, on the front, and what lies there seen through the paper.
        texts = [(one.text, (one.left + one.right) / 2, one.bottom) for one in found[0].words if one.text == "5"]
        middle = [x for _, x, y in texts if abs(y - paper[1] / 2 - 14) < 3 and abs(x - paper[0] / 2) < 7]
        expected = paper[0] / 2 + (5 if sideways else -5)
        report.check(middle and abs(middle[0] - expected) < 0.3, f"{options}: 5 stands at {middle}, not {expected}")
        crosses = sorted({(round((x0 + x1) / 2), round(y0)) for x0, y0, x1, y1 in strokes[1] if y0 == y1})
        wanted = [(round(paper[0] / 2), round(paper[1] / 2))] + [(round(x), round(y)) for x in (18, paper[0] - 18) for y in (18, paper[1] - 18)]
        near = [min(abs(x - a) + abs(y - b) for a, b in crosses) for x, y in wanted]
        report.check(max(near) <= 1, f"{options}: crosses at {crosses}, not {wanted}")


def check_no_network(report, project):
    """Whatever a page asks for, nobody is asked."""
    asked = []
    with socket.socket() as tcp, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        tcp.bind(("127.0.0.1", 0))
        tcp.listen()
        udp.bind(("127.0.0.1", 0))
        udp.settimeout(0.2)

        def listen():
            while True:
                try:
                    connection, _ = tcp.accept()
                except OSError:
                    return
                asked.append("a connection")
                connection.close()

        threading.Thread(target=listen, daemon=True).start()
        project.write("deckle.yaml", "id: abcdefghij\nname: Asking\ntemplates: templates\n")
        text = ASKING.format(tcp=tcp.getsockname()[1], udp=udp.getsockname()[1])
        project.write("content/a.md", text)
        # A page of an author's own design has no policy that keeps it from asking.
        project.write("templates/print/cards.html.hbs", f"<title>x</title>{text.split('---')[-1]}")
        folder = build(project)
        own = (folder / "asking-cards.html").read_text(encoding="utf-8")
        report.check("RTCPeerConnection" in own and "Content-Security" not in own, "the page has a policy, or no script")
        try:
            asked.append(udp.recv(100))
        except TimeoutError:
            pass
        report.equal(asked, [], "what was asked for")
        report.check((folder / "asking-cards.pdf").exists(), "no PDF")


def check_interrupt(report, project):
    """An interrupt leaves no browser behind, nor its profile."""
    project.write("deckle.yaml", "id: abcdefghij\nname: Long\n")
    notes = "".join(f"## f{number}\n\nb{number}\n\n" for number in range(3000))
    project.write("content/a.md", NOTES.format(deck="Long") + notes)
    room = project.folder / "tmp"
    room.mkdir()
    command = [project.deckle, "build", "-f", "pdf"]
    running = subprocess.Popen(command, cwd=project.folder, env={**os.environ, "TMPDIR": str(room)}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait(lambda: any(room.glob("deckle-browser-*/profile/*")))
    report.check(browsers(room), "no browser runs")
    running.send_signal(signal.SIGINT)
    report.equal(running.wait(30), -signal.SIGINT, "status")
    report.check(wait(lambda: not browsers(room)), f"left: {browsers(room)}")
    report.equal(sorted(path.name for path in room.glob("deckle-browser-*")), [], "profiles")
    report.equal(sorted(path.name for path in (project.folder / "dist/print").glob(".*")), [], "half files")


def check_time(report, project):
    """1,000 cards: told, not held, since machines are busy; no slower than the browser alone is what is wanted."""
    project.write("deckle.yaml", "id: abcdefghij\nname: Many\n")
    notes = "".join(f"## What is the answer to question {number}?\n\nIt is **{number}**, as everybody knows.\n\n" for number in range(1000))
    project.write("content/a.md", NOTES.format(deck="Many") + notes)
    started = time.monotonic()
    folder = build(project)
    print(f"1,000 cards and their sheet: {time.monotonic() - started:.1f} s", file=sys.stderr)
    report.equal(pdf.count(folder / "many-cards.pdf"), 250, "pages of 1,000 cards")


def build(project):
    return project.build("-f", "pdf")[0]


def field(info, name):
    found = re.search(rf"^{name}:\s*(.*)$", info, re.M)
    return found[1] if found else ""


def bookmarks(path):
    """Text and page of each bookmark, in their order."""
    xml = subprocess.run(["pdftohtml", "-xml", "-i", "-stdout", str(path)], check=True, capture_output=True, text=True).stdout
    return [(text, int(page)) for page, text in re.findall(r'<item page="(\d+)">(.*?)</item>', xml)]


def places(page, deck):
    start = f"c{deck:03}x"
    found = [one for one in page.words if one.text.startswith(start)]
    return {int(one.text[len(start) :]): ((one.left + one.right) / 2, (one.top + one.bottom) / 2) for one in found}


def lines(path, page):
    """Straight strokes of a page in millimetres, as poppler's drawing has them."""
    svg = subprocess.run(["pdftocairo", "-svg", "-f", str(page), "-l", str(page), str(path), "-"], check=True, capture_output=True, text=True).stdout
    found = []
    for attributes in re.findall(r"<path ([^>]*)/>", svg):
        data = re.search(r' d="([^"]*)"', " " + attributes)
        matrix = re.search(r'transform="matrix\(([^)]*)\)"', attributes)
        a, b, c, d, e, f = (float(number) for number in re.split("[, ]+", matrix[1])) if matrix else (1, 0, 0, 1, 0, 0)
        for x0, y0, x1, y1 in re.findall(r"M ([-\d.]+) ([-\d.]+) L ([-\d.]+) ([-\d.]+)", data[1] if data else ""):
            ends = [(float(x) * a + float(y) * c + e, float(x) * b + float(y) * d + f) for x, y in ((x0, y0), (x1, y1))]
            found.append(tuple(round(value * pdf.POINT, 2) for end in ends for value in end))
    return found


def browsers(room):
    """The processes that use a folder."""
    found = subprocess.run(["ps", "-eo", "pid=,stat=,args="], check=True, capture_output=True, text=True).stdout
    return [line for line in found.splitlines() if str(room) in line and line.split()[1][0] != "Z"]


def wait(there, seconds=30):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if there():
            return True
        time.sleep(0.05)
    return False
