"""How much later a page of 5,000 cards is painted where 20,000 cards have records than where none have.

    python paint.py TEMPLATES

Both in one sitting, in turns; milliseconds from the script's start to the first frame with its figures, the median of ROUNDS. Prints
both and their ratio, and fails where it is over MOST.
"""

import random
import statistics
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

import run

CARDS, RECORDS, REVIEWS = 5000, 20_000, 10
ROUNDS = 11
MOST = 2.0


def main(templates):
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "deckle.js").write_text(run.script(templates))
        Path(folder, "deckle.css").write_text((templates / "deckle.css").read_text())
        Path(folder, "big.html").write_text(page())
        Path(folder, "empty.html").write_text("<title>x</title>")
        with run.serve(folder) as server, sync_playwright() as playwright:
            address = f"http://127.0.0.1:{server.server_address[1]}/"
            browser = playwright.chromium.launch(executable_path=run.CHROMIUM, args=["--no-sandbox"])
            contexts = [browser.new_context(), browser.new_context()]
            fill(contexts[1], address)
            times = [[], []]
            for _ in range(ROUNDS + 1):
                for number, context in enumerate(contexts):
                    times[number].append(measure(context, address))
            browser.close()
            server.shutdown()
    none, full = [[statistics.median(part) for part in zip(*rounds[1:])] for rounds in times]
    print(f"first frame: {none[0]:.0f} ms without records, {full[0]:.0f} ms with, {full[0] / none[0]:.2f} times")
    print(f"the script: {none[1]:.0f} ms without records, {full[1]:.0f} ms with")
    return 0 if full[0] <= MOST * none[0] else 1


def page():
    text = (run.HERE / "start.html").read_text()
    rows = "".join(
        f'<li><a href="p{deck}.html">Deck {deck}</a> <span class="deck-size">100 cards</span> <span class="deckle-deck">'
        f'<span data-page="p{deck}.html" data-keys="{" ".join(key(deck * 100 + at) for at in range(100))}"></span></span></li>'
        for deck in range(CARDS // 100)
    )
    text = text[: text.index("<ul>")] + f"<ul>{rows}</ul>" + text[text.index("</main>") :]
    text = text.replace('<script src="deckle.js">', "<script>window.began = performance.now()</script><script src=\"deckle.js\">")
    frame = "requestAnimationFrame(() => setTimeout(() => (window.painted = performance.now())))"
    return text.replace("</body>", f"<script>window.ran = performance.now(); {frame}</script></body>")


def key(number):
    return f"n{number:012x}:0"


def fill(context, address):
    chance = random.Random(6)
    page = context.new_page()
    page.goto(address + "empty.html")
    now = page.evaluate("Date.now() / 1000 | 0")
    records = {}
    for number in range(RECORDS):
        steps = ".".join([run.base36(4 * (now - chance.randrange(9_000_000, 20_000_000)))] + [run.base36(4 * chance.randrange(60, 800_000)) for _ in range(REVIEWS - 1)])
        last = now - chance.randrange(1, 900_000)
        records[f"deckle:test:{key(number)}"] = f"[{chance.uniform(1, 90):.6f},{chance.uniform(1, 10):.7f},-1,{last},{last + chance.randrange(86_400, 2_000_000)},\"{steps}\"]"
    page.evaluate("(records) => { for (const [key, value] of Object.entries(records)) localStorage[key] = value; }", records)
    size = page.evaluate("Object.entries(localStorage).reduce((sum, pair) => sum + pair.join('').length, 0)")
    print(f"{RECORDS} records of {REVIEWS} reviews take {size} characters")
    page.close()


def measure(context, address):
    """Milliseconds from the script's start to the first frame behind it, and to its end."""
    page = context.new_page()
    page.goto(address + "big.html")
    page.wait_for_function("window.painted")
    assert page.locator(".panel .counts b").count() == 3
    times = page.evaluate("[window.painted - window.began, window.ran - window.began]")
    paint = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0")
    page.close()
    return [*times, paint]


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
