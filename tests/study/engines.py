"""Studies with other browsers than Chromium: Firefox, and WebKitGTK. The same flow, from the first card to the end.

    engines.py TEMPLATES

TEMPLATES is the folder of deckle.js' parts and deckle.css. Prints each failure and "N passed, N failed"; exits 1 where one failed.
"""

import sys
import tempfile
import time
import traceback
from pathlib import Path

import run
from scripted_webkit import WebKit

sys.path.insert(0, str(Path(__file__).parent.parent / "print"))
from firefox import Firefox as Printer  # noqa: E402


class Firefox(Printer):
    """A browser that is told where to go and what to run, and prints nothing."""

    def go(self, address):
        self._call("WebDriver:Navigate", {"url": address})

    def run(self, script):
        return self._call("WebDriver:ExecuteScript", {"script": script, "args": [], "sandbox": None})["value"]


# Seconds.
PATIENCE = 20
COUNTS = "return [...document.querySelectorAll('.panel .counts b')].map((one) => +one.textContent)"
SIDE = "return document.querySelector('dialog').dataset.side"
# As mdBook's own keys are looked out for: on the element that has the focus.
KEY = "document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {{ key: {!r}, bubbles: true, cancelable: true }}))"


def flow(browser, address):
    browser.go(address + "page.html")
    run.equal(browser.run(COUNTS), [0, 6, 6])
    told = browser.run("return document.querySelector('.lack').textContent")
    # Which engine it is says what it wipes.
    run.equal("7 days" in told, browser.name == "webkit")
    browser.run("document.querySelector('.panel .start').click()")
    run.equal(browser.run("return document.querySelector('.stage > .question').textContent.startsWith('What is basic?')"), True)
    places = "return ['.question', '.foot', 'header'].map((one) => document.querySelector(`.study ${one}`).getBoundingClientRect().y)"
    before = browser.run(places)
    press(browser, " ")
    run.equal((browser.run(SIDE), browser.run(places)), ("Answer", before))
    press(browser, "1")
    for number in range(6):
        run.equal((number, browser.run(SIDE)), (number, "Question"))
        press(browser, "Enter", "4")
    run.equal(browser.run(SIDE), "End")
    text = browser.run("return document.querySelector('.stage').textContent")
    for words in ["7 reviews of 6 cards", "Missed: 1", "Next: 1 card in 2 days", "6 reviews in 30 days"]:
        assert words in text, (words, text)
    press(browser, "u", "Enter", "4")
    kept = "return Object.keys(localStorage).filter((key) => /:\\d+$/.test(key)).length"
    run.equal(browser.run(kept), 6)
    # It is there when the page is left and opened again, and from the start page, which fetches its cards.
    browser.go(address + "page.html")
    run.equal(browser.run(COUNTS), [0, 0, 6])
    browser.go(address + "start.html")
    run.equal(browser.run(COUNTS), [0, 6, 12])
    browser.run("document.querySelector('.panel .start').click()")
    wait(browser, "return document.querySelector('dialog').open")
    run.equal(browser.run("return document.querySelector('.left').textContent"), "6 left")
    press(browser, " ", "4")
    run.equal(browser.run(kept), 7)
    scheduling(browser, address)


def scheduling(browser, address):
    """Other engines reckon with other last digits."""
    browser.go(address + "page.html")
    found = browser.run("""let memory = null;
        return [[3, 0], [3, 0], [3, 2], [1, 9], [3, 0], [2, 4], [4, 8]].map(([grade, days]) => (memory = deckle.review(memory, grade, days)).s)""")
    wanted = run.reference.stabilities([(3, 0), (3, 0), (3, 2), (1, 9), (3, 0), (2, 4), (4, 8)])
    for one, other in zip(found, wanted, strict=True):
        assert abs(one - other) < 1e-4 * max(1, other), (found, wanted)


def press(browser, *keys):
    for key in keys:
        browser.run(KEY.format(key))


def wait(browser, script):
    end = time.monotonic() + PATIENCE
    while not browser.run(script):
        assert time.monotonic() < end, script
        time.sleep(0.1)


def main(templates):
    failures = 0
    with tempfile.TemporaryDirectory() as folder:
        run.put(templates, folder)
        with run.serve(folder) as server:
            for engine in [Firefox, WebKit]:
                try:
                    with engine() as browser:
                        flow(browser, f"http://127.0.0.1:{server.server_address[1]}/")
                except Exception:  # noqa: BLE001: an engine that breaks is one that fails
                    print(f"{engine.name}: {traceback.format_exc(limit=-2)}", file=sys.stderr)
                    failures += 1
            server.shutdown()
    print(f"{2 - failures} passed, {failures} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
