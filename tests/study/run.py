"""Clicks through study mode in Chromium, and compares its scheduling with the reference implementation of FSRS-6.

    python run.py TEMPLATES [SITE [CHECK…]]

TEMPLATES is the folder of deckle.js and deckle.css; SITE one that mdBook built of content/. A CHECK is one of the
functions below; without any, all are run. Prints 'N passed, N failed'.
"""

import itertools
import json
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import traceback
from datetime import datetime, timezone
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import axe_playwright_python
from playwright.sync_api import sync_playwright

import reference

HERE = Path(__file__).parent
CHROMIUM = "/usr/bin/chromium"
# Bytes.
MOST = 12_288
MORNING = datetime(2026, 3, 2, 9, tzinfo=timezone.utc)
# Milliseconds.
PATIENCE = 10_000
# In seconds, as records have it.
NINE = int(MORNING.timestamp())
START = "site/index.html"
CHAPTER = "site/07-iam-roles.html"
# With typed answers, alerts and code.
CHAPTERS = ["site/01-basics.html", "site/06-ports.html", "site/08-ecr.html"]
PHONE = {"viewport": {"width": 390, "height": 780}, "has_touch": True, "is_mobile": True}
tests = []
site_tests = []


def main():
    templates = Path(sys.argv[1])
    site = Path(sys.argv[2]) if len(sys.argv) > 2 and sys.argv[2] else None
    names = sys.argv[3:]
    chosen = [test for test in tests + (site_tests if site else []) if not names or test.__name__ in names]
    with tempfile.TemporaryDirectory() as folder:
        put(templates, folder)
        if site:
            shutil.copytree(site, Path(folder, "site"))
        with serve(folder) as server, sync_playwright() as playwright:
            address = f"http://127.0.0.1:{server.server_address[1]}/"
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            failures = sum(not run(test, browser, address) for test in chosen)
            browser.close()
            server.shutdown()
    print(f"{len(chosen) - failures} passed, {failures} failed")
    return 1 if failures else 0


def put(templates, folder):
    """The pages of tests, their script and their style."""
    for file in [templates / "deckle.css", *HERE.glob("*.html")]:
        shutil.copy(file, folder)
    Path(folder, "deckle.js").write_text(script(templates))
    page = (HERE / "page.html").read_text()
    edited = page.replace("What is basic?", "What was edited?").replace("cards of each kind", "edited")
    Path(folder, "edited.html").write_text(edited)
    other = page.replace('id="c-', 'id="c-other-').replace('id="a-', 'id="a-other-').replace("deckle.", "../deckle.")
    Path(folder, "sub").mkdir()
    Path(folder, "sub", "other.html").write_text(other)
    start = re.sub('<span data-page="sub/.*?</span>', "", (HERE / "start.html").read_text())
    start = start.replace('data-page="', 'data-page="../').replace("deckle.", "../deckle.")
    Path(folder, "sub", "start.html").write_text(start)


def script(templates):
    """Its parts as src/site/book/script.rs joins them."""
    parts = [file.read_text() for file in sorted((templates / "deckle").glob("*.js"))]
    lines = [line for part in parts for line in part.splitlines() if line and not line.lstrip().startswith("//")]
    return "\n".join(['"use strict";', "(() => {", *lines, "})();", ""])


def serve(folder):
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    # A browser that is closed, or goes on, stops listening.
    class Server(ThreadingHTTPServer):
        def handle_error(self, *_):
            pass

    server = Server(("127.0.0.1", 0), partial(Quiet, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def run(test, browser, address):
    reader = Reader(browser, address)
    try:
        test(reader)
        assert not reader.complaints, f"the console says {reader.complaints}"
        return True
    except Exception:  # noqa: BLE001: a test that breaks is a test that fails
        print(f"{test.__name__}: {traceback.format_exc(limit=-2)}", file=sys.stderr)
        return False
    finally:
        reader.close()


class Reader:
    """Somebody with a browser of their own, on a Monday morning."""

    def __init__(self, browser, address):
        self.browser, self.address = browser, address
        self.complaints = []
        self.context = None

    def open(self, path="page.html", prepare="", **options):
        self.close()
        self.context = self.browser.new_context(timezone_id="UTC", reduced_motion="reduce", **options)
        self.context.set_default_timeout(PATIENCE)
        self.context.add_init_script(prepare)
        return self.tab(path)

    def altered(self, path, *changes, at="page.html"):
        """Opens a page while one has other text in it."""
        text = (HERE / path).read_text()
        for old, new in changes:
            assert old in text, old
            text = text.replace(old, new)
        page = self.open("about:blank")
        page.route(f"**/{path}", lambda route: route.fulfill(body=text, content_type="text/html"))
        page.goto(self.address + at)
        return page

    def tab(self, path="page.html"):
        page = self.context.new_page()
        page.on("console", lambda message: message.type in ("error", "warning") and self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.clock.set_fixed_time(MORNING)
        page.goto(path if path.startswith("about:") else self.address + path)
        return page

    def close(self):
        if self.context:
            self.context.close()
        self.context = None


def test(function):
    tests.append(function)
    return function


def site_test(function):
    site_tests.append(function)
    return function


def study(page):
    page.click(".panel .start")
    page.wait_for_selector("dialog.study[open]")


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def leave(page):
    press(page, "Escape")
    settle(page)


def settle(page):
    page.wait_for_selector("dialog.study", state="hidden")
    # The event that tells of it comes a task later.
    page.evaluate("new Promise((resolve) => setTimeout(resolve, 20))")


def question(page):
    return page.locator(".stage > .question").inner_text()


def answer(page):
    return page.locator(".stage > .answer").inner_text()


def side(page):
    return page.locator("dialog.study").get_attribute("data-side")


def counts(page):
    return [int(text) for text in page.locator(".panel .counts b").all_inner_texts()]


def progress(page):
    script = "Object.fromEntries(Object.entries(localStorage).filter(([key]) => /^deckle:test:.*:\\d+$/.test(key)))"
    return {key.removeprefix("deckle:test:"): json.loads(value) for key, value in page.evaluate(script).items()}


def record(page, key):
    """What is kept of a card, by name; the log as pairs of a second and a grade."""
    s, d, step, last, due, log, *base = progress(page)[key]
    sums = list(itertools.accumulate(int(part, 36) for part in log.split(".") if part))
    reviews = [(one // 4, one % 4 + 1) for one in sums]
    return {"s": s, "d": d, "step": step, "last": last, "due": due, "log": reviews, "base": base}


def equal(found, wanted):
    assert found == wanted, f"{found!r} is not {wanted!r}"


@test
def the_script_is_small(reader):
    file = script(Path(sys.argv[1])).encode()
    size = len(subprocess.run(["gzip", "-9"], input=file, capture_output=True, check=True).stdout)
    assert size <= MOST, f"{size} bytes"


@test
def code_has_the_colours_that_it_has_in_anki(reader):
    colours = {}
    for name, colour in re.findall(r"--deckle-([a-z]+): (#[0-9a-f]{6});", Path(sys.argv[1], "..", "anki", "style.css").read_text()):
        colours.setdefault(name, []).append(colour)
    ours = re.findall(r"--([a-z]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);", Path(sys.argv[1], "deckle.css").read_text())
    same = {name: [light, dark] for name, light, dark in ours if name in colours}
    equal(sorted(same), ["attribute", "comment", "function", "keyword", "mark", "number", "operator", "string", "type", "variable"])
    equal(same, {name: colours[name] for name in same})


@test
def scheduling_is_that_of_the_reference(reader):
    page = reader.open()
    histories = reference.histories()
    ours = page.evaluate(
        """(histories) => histories.map((reviews) => {
            let memory = null;
            return reviews.map(({ grade, days }) => (memory = deckle.review(memory, grade, days)));
        })""",
        [[{"grade": one["grade"], "days": one["days"]} for one in reviews] for reviews in histories],
    )
    equal(len(ours), reference.HISTORIES)
    for mine, theirs in zip(ours, histories):
        for one, other in zip(mine, theirs, strict=True):
            for name in ("s", "d"):
                error = abs(one[name] - other[name]) / max(1, abs(other[name]))
                assert error <= 1e-4, f"{name}: {one} is not {other}"
            for name in ("step", "lapsed", "wait"):
                assert one[name] == other[name], f"{name}: {one} is not {other}"


@test
def space_and_enter_flip(reader):
    page = reader.open()
    study(page)
    assert question(page).startswith("What is basic?")
    equal(side(page), "Question")
    press(page, "Space")
    equal((side(page), answer(page).split("\n")[0]), ("Answer", "The answer"))
    press(page, "Enter")
    equal(side(page), "Question")
    equal(page.locator(".stage [id]").count(), 0)


@test
def grades_schedule_and_survive_a_reload(reader):
    page = reader.open()
    equal(counts(page), [0, 6, 6])
    study(page)
    press(page, "3")
    equal(progress(page), {})
    press(page, "Space", "4", "Space", "3")
    kept = progress(page)
    equal(sorted(kept), ["basic:0", "both:0"])
    easy, good = record(page, "basic:0"), record(page, "both:0")
    equal((easy["step"], good["step"]), (-1, 1))
    equal((easy["due"] - easy["last"]) / 86_400, 8)
    equal((easy["log"], good["log"]), ([(NINE, 4)], [(NINE, 3)]))
    page.reload()
    equal(counts(page), [1, 4, 6])
    equal(progress(page), kept)


@test
def what_is_due_comes_back_on_its_day(reader):
    page = reader.open()
    study(page)
    press(page, "Space", "4")
    leave(page)
    equal(counts(page), [0, 5, 6])
    page.clock.set_fixed_time(datetime(2026, 3, 10, 3, tzinfo=timezone.utc))
    page.reload()
    equal(counts(page), [0, 5, 6])
    # The day of study begins at four.
    page.clock.set_fixed_time(datetime(2026, 3, 10, 5, tzinfo=timezone.utc))
    page.reload()
    equal(counts(page), [1, 5, 6])
    study(page)
    assert question(page).startswith("What is basic?")
    press(page, "Space", "3")
    kept = record(page, "basic:0")
    equal((kept["step"], [grade for _, grade in kept["log"]]), (-1, [4, 3]))
    assert kept["s"] > 8.3


@test
def an_edited_note_keeps_its_progress(reader):
    page = reader.open()
    study(page)
    press(page, "Space", "4")
    page.goto(reader.address + "edited.html")
    equal(page.locator("#c-basic > summary").inner_text(), "What was edited?")
    equal(counts(page), [0, 5, 6])


@test
def a_sitting_ends_when_all_is_learned(reader):
    page = reader.open()
    study(page)
    press(page, "Space", "4", "Space", "4", "Space", "1")
    equal(page.locator(".left").inner_text(), "4 left")
    press(page, "Enter", "4", "Space", "4")
    assert "first" in question(page) and "third" not in question(page)
    press(page, "Space", "4")
    assert "first" not in question(page) and "third" in question(page)
    press(page, "Space", "4")
    equal(side(page), "End")
    equal(page.evaluate("document.querySelector('progress').position"), 1)
    assert "7 reviews" in page.locator(".stage").inner_text()
    press(page, "Space", "ArrowRight", "1")
    equal(side(page), "End")
    page.locator(".foot .close").click()
    settle(page)
    equal((counts(page), page.locator(".start").inner_text()), ([0, 0, 6], "Study again"))


@test
def undo_takes_back_grades(reader):
    page = reader.open()
    study(page)
    assert page.locator(".undo").is_disabled()
    press(page, "Space", "4", "Space", "1", "u")
    equal((sorted(progress(page)), question(page)), (["basic:0"], "Term"))
    page.locator(".undo").click()
    equal(progress(page), {})
    assert question(page).startswith("What is basic?") and page.locator(".undo").is_disabled()


@test
def arrow_keys_move_and_stay(reader):
    page = reader.open()
    study(page)
    press(page, "ArrowRight")
    equal(question(page), "Term")
    press(page, "Space", "ArrowRight")
    equal((question(page), side(page)), ("Definition", "Question"))
    press(page, "ArrowLeft", "ArrowLeft", "ArrowLeft")
    equal(question(page), "Which key?")
    page.locator("dialog .scroll").click(position={"x": 3, "y": 3})
    press(page, "ArrowRight")
    page.evaluate("document.activeElement.blur()")
    press(page, "ArrowRight", "ArrowLeft")
    equal(page.evaluate("window.turned ?? 0"), 0)
    leave(page)
    equal(page.locator("dialog[open]").count(), 0)
    press(page, "ArrowRight")
    equal(page.evaluate("window.turned"), 1)


@test
def cloze_numbers_are_studied_one_by_one(reader):
    page = reader.open()
    study(page)
    press(page, "ArrowRight", "ArrowRight", "ArrowRight")
    equal(question(page).split(), "Heading One […] and third, again […]".split())
    press(page, "Space")
    equal(answer(page).split(), "Heading One first and third, again both Source".split())
    equal(page.locator(".stage .cloze").all_inner_texts(), ["first", "both"])
    press(page, "4", "ArrowLeft")
    equal(question(page).split(), "Heading One first and [number], again […]".split())
    equal(sorted(progress(page)), ["gaps:0"])
    # The second number is no way back.
    page = reader.altered("page.html", ('data-ords="0 2"', 'data-ords="1"'), ('data-n="3"', 'data-n="2"'))
    study(page)
    press(page, "ArrowRight", "ArrowRight", "ArrowRight")
    equal(question(page).split(), "Heading One first and [number], again both".split())


@test
def a_reversed_card_is_its_own(reader):
    page = reader.open()
    study(page)
    press(page, "ArrowRight", "ArrowRight", "Space")
    equal((question(page), answer(page)), ("Definition", "Term"))
    press(page, "4")
    equal(sorted(progress(page)), ["both:1"])


@test
def a_reversed_card_gives_no_hint_and_no_source_away(reader):
    shared = '<details class="hint"><summary>Hint</summary>Of</details><div id="a-both" class="answer">Definition'
    ends = '<div class="extra">More</div><div class="source">Book</div>'
    page = reader.altered(
        "page.html",
        ('<div id="a-both" class="answer">Definition', shared + ends),
        ('data-kind="basic" data-deck="Root::One" data-tags="a" data', 'data-kind="typed" data-answer="x" data-deck="" data-tags="" data'),
    )
    study(page)
    press(page, "ArrowRight")
    equal((question(page).split(), page.locator(".typing").is_visible()), (["Term", "Hint"], True))
    press(page, "Enter")
    equal(answer(page).split(), ["Definition", "More", "Book"])
    page.locator(".flip, .grade").first.evaluate("() => document.activeElement.blur()")
    press(page, "ArrowRight")
    equal((question(page), page.locator(".typing").is_visible()), ("Definition", False))
    press(page, "Space")
    equal(answer(page).split(), ["Term", "More", "Book"])


@test
def marks_cover_nothing_beside_them(reader):
    page = reader.open()
    margin = "(mark) => parseFloat(getComputedStyle(mark).marginInlineEnd)"
    equal(page.locator("#a-basic mark").evaluate(margin), 0)


@test
def questions_leave_room_for_what_opens_them(reader):
    for direction, sides in [("ltr", ["Right", "Left"]), ("rtl", ["Left", "Right"])]:
        page = reader.altered("page.html", ("<html lang=\"en\"", f"<html dir=\"{direction}\""))
        paddings = "(summary, sides) => sides.map((side) => parseFloat(getComputedStyle(summary)[`padding${side}`]))"
        arrow, text = page.locator("#c-basic > summary").evaluate(paddings, sides)
        assert arrow > 40 > text, f"{direction}: {arrow}, {text}"


@test
def links_to_each_side_of_a_reversed_card_lead_to_it(reader):
    for prepare in [True, False]:
        page = reader.open("about:blank", java_script_enabled=prepare)
        for anchor, is_open in [("c-both", False), ("c-both-2", False), ("a-both", True), ("a-both-2", True)]:
            page.goto("about:blank")
            page.goto(f"{reader.address}page.html#{anchor}")
            equal((anchor, page.locator("#c-both").get_attribute("open") is not None), (anchor, is_open))


@test
def what_is_typed_is_compared(reader):
    page = reader.open()
    study(page)
    press(page, "ArrowLeft")
    press(page, "ArrowRight", "ArrowLeft")
    equal(question(page), "Which key?")
    page.keyboard.type("task1RolArn 4")
    press(page, "Enter")
    equal(page.locator(".compared code").all_inner_texts(), ["task1RolArn 4", "taskRoleArn"])
    equal(page.locator(".typed-bad").all_inner_texts(), ["1", " ", "4"])
    equal(page.locator(".typed-missed").all_inner_texts(), ["e"])
    press(page, "Enter")
    equal(page.locator(".typing input").input_value(), "")
    page.keyboard.type(" taskRoleArn")
    press(page, "Enter")
    equal(page.locator(".compared.right code:visible").all_inner_texts(), ["taskRoleArn"])
    # To mdBook's style, what is right floats.
    for selector in [".compared.right", ".stage td.right"]:
        equal(page.locator(selector).evaluate("(part) => getComputedStyle(part).float"), "none")
    press(page, "3")
    equal(sorted(progress(page)), ["typed:0"])


@test
def decks_and_tags_filter(reader):
    page = reader.open()
    page.click(".options > summary")
    equal(page.locator("[name=deck] option").all_inner_texts(), ["All", "Root › One (3)", "Root › Two (3)"])
    equal(page.locator("[name=tag] option").all_inner_texts(), ["All", "a (3)", "a › b (1)", "c (1)"])
    page.select_option("[name=deck]", "Root::Two")
    equal(counts(page), [0, 3, 3])
    page.select_option("[name=tag]", "c")
    equal(counts(page), [0, 1, 1])
    page.select_option("[name=deck]", "")
    page.select_option("[name=tag]", "a")
    equal(counts(page), [0, 3, 3])


@test
def a_tag_may_have_any_name(reader):
    page = reader.altered("page.html", ('data-tags="c"', 'data-tags="constructor __proto__"'))
    page.click(".options > summary")
    names = ["All", "__proto__ (1)", "a (3)", "a › b (1)", "constructor (1)"]
    equal(page.locator("[name=tag] option").all_inner_texts(), names)


@test
def all_cards_can_be_studied_and_shuffled(reader):
    page = reader.open()
    study(page)
    press(page, "Space", "4")
    leave(page)
    equal(page.locator(".start").inner_text(), "Study 5 cards")
    page.click(".options > summary")
    page.select_option("[name=which]", "all")
    equal(page.locator(".start").inner_text(), "Study 6 cards")
    page.select_option("[name=order]", "shuffled")
    firsts = set()
    for _ in range(40):
        study(page)
        firsts.add(question(page))
        leave(page)
    assert len(firsts) > 2, firsts


@test
def each_card_comes_where_all_are_too_many(reader):
    card = re.search('<details class="card" id="c-both" .*', (HERE / "page.html").read_text())[0]
    one_way = card.replace('data-ords="0 1"', 'data-ord="0"')
    many = "".join(one_way.replace("-both", f"-n{at}").replace("Term", f"Term {at}") for at in range(206))
    page = reader.altered("page.html", (card, many))
    page.click(".options > summary")
    page.select_option("[name=which]", "all")
    study(page)
    equal(page.locator(".left").inner_text(), "200 left")
    seen = set()
    for _ in range(200):
        seen.add(question(page))
        press(page, "Enter", "4")
    page.clock.set_fixed_time(datetime(2026, 3, 2, 10, tzinfo=timezone.utc))
    leave(page)
    study(page)
    # The rest, then those that were seen first.
    firsts = []
    for _ in range(12):
        firsts.append(question(page))
        press(page, "ArrowRight")
    assert not seen & set(firsts[:10]), firsts
    assert firsts[10].startswith("What is basic?"), firsts


@test
def progress_is_exported_and_imported(reader):
    page = reader.open()
    study(page)
    press(page, "Space", "4", "Space", "1")
    leave(page)
    page.click(".options > summary")
    with page.expect_download() as download:
        page.click(".export")
    text = Path(download.value.path()).read_text()
    file = json.loads(text)
    equal((file["deckle"], file["collection"], file["cards"]), (2, "test", progress(page)))
    page = reader.open()
    load(page, text)
    equal((counts(page), progress(page)), ([1, 4, 6], file["cards"]))
    assert "2 cards" in page.locator(".message").inner_text()
    # What is here already is nothing new, and what is not progress is left out.
    load(page, text)
    assert "new" in page.locator(".message").inner_text()
    wrong = {"both:1": {"s": "x"}, "c:0": None, "options": [5, 5, -1, NINE, NINE, "1"], "__proto__": 1, "gaps:0": []}
    logs = ["-1", "1..2", "x y", ".", 5, None, "", "zzzzzzzzzz"]
    wrong |= {f"gaps:{at}": [5, 5, -1, NINE, NINE, log] for at, log in enumerate(logs)}
    wrong |= {"typed:0": [0, 5, -1, NINE, NINE, "1"], "typed:1": [5, 5, 7, NINE, NINE, "1"], "typed:2": [5, 5, -1, NINE, "1", "1"]}
    load(page, json.dumps({**file, "cards": wrong}))
    equal(progress(page), file["cards"])
    equal(sorted(page.evaluate("Object.keys(JSON.parse(localStorage['deckle:test:options']))")), ["begun"])
    foreign = {**file, "collection": "another"}
    for wrong in ["[]", "no", "null", "", "\x00", '{"deckle":1,"collection":"test"}', json.dumps(foreign)]:
        load(page, wrong)
        assert "This file" in page.locator(".message").inner_text()
    equal(progress(page), file["cards"])


def load(page, text):
    page.evaluate("document.querySelector('.message').textContent = ''")
    page.set_input_files("[type=file]", {"name": "p.json", "mimeType": "application/json", "buffer": text.encode()})
    page.wait_for_function("document.querySelector('.message').textContent")


def exported(page, key, log, base=None):
    """A file with one card of those reviews: second and grade."""
    numbers = [time * 4 + grade - 1 for time, grade in log]
    steps = [number - before for before, number in zip([0, *numbers], numbers)]
    text = ".".join(base36(step) for step in steps)
    card = [5, 5, -1, NINE, NINE + 86_400, text, *([base] if base else [])]
    return json.dumps({"deckle": 2, "collection": "test", "cards": {key: card}})


def base36(number):
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    return (base36(number // 36) if number >= 36 else "") + digits[number % 36]


DAY = 86_400


@test
def exports_unite_in_any_order(reader):
    logs = [
        [(NINE - 40 * DAY, 3), (NINE - 40 * DAY + 600, 3), (NINE - 30 * DAY, 1), (NINE - 30 * DAY + 700, 3)],
        [(NINE - 40 * DAY, 3), (NINE - 35 * DAY, 2), (NINE - 2 * DAY, 4)],
        [(NINE - 34 * DAY, 4)],
    ]
    together = sorted({review for log in logs for review in log})
    kept = []
    for order in [(0, 1, 2), (2, 1, 0), (1, 0, 2, 1, 1), (2, 0, 1, 0)]:
        page = reader.open()
        for at in order:
            load(page, exported(page, "basic:0", logs[at]))
        kept.append(record(page, "basic:0"))
    equal(kept[0]["log"], together)
    assert all(one == kept[0] for one in kept), kept
    # What they come to is what the reference makes of all of them.
    memory = reference.memory(together)
    for name in "sd":
        assert abs(kept[0][name] - memory[name]) < 1e-4 * memory[name], (name, kept[0], memory)
    equal((kept[0]["last"], kept[0]["step"]), (NINE - 2 * DAY, -1))
    # A review here is one more.
    page.click(".options > summary")
    page.select_option("[name=which]", "all")
    study(page)
    press(page, "Space", "1")
    equal(record(page, "basic:0")["log"], [*together, (NINE, 1)])
    load(page, exported(page, "basic:0", logs[0]))
    equal(record(page, "basic:0")["log"], [*together, (NINE, 1)])
    equal(record(page, "basic:0")["step"], 2)


OLD = {"s": 5.5, "d": 4.25, "step": None, "lapsed": False, "last": (NINE - 5 * DAY) * 1000, "due": (NINE + DAY) * 1000 + 7}


@test
def progress_without_a_log_is_read(reader):
    page = reader.open(prepare=f"localStorage['deckle:test:basic:0'] ??= '{json.dumps(OLD)}'")
    equal(counts(page), [0, 5, 6])
    page.clock.set_fixed_time(datetime(2026, 3, 3, 9, tzinfo=timezone.utc))
    page.reload()
    equal(counts(page), [1, 5, 6])
    study(page)
    press(page, "Space", "3")
    kept = record(page, "basic:0")
    base = [5.5, 4.25, -1, NINE - 5 * DAY, NINE + DAY]
    equal((kept["log"], kept["base"]), ([(NINE + DAY, 3)], [base]))
    memory = reference.memory([(NINE + DAY, 3)], (5.5, 4.25, NINE - 5 * DAY))
    assert abs(kept["s"] - memory["s"]) < 1e-4 * memory["s"], (kept, memory)
    # As a file, too, and later reviews are not beaten, nor is one that came before it counted.
    text = json.dumps({"deckle": 1, "collection": "test", "cards": {"basic:0": OLD, "both:0": {**OLD, "step": 0, "lapsed": True}}})
    leave(page)
    load(page, text)
    equal((record(page, "basic:0"), record(page, "both:0")["step"]), (kept, 2))
    load(page, exported(page, "basic:0", [(NINE - 6 * DAY, 1)]))
    after = record(page, "basic:0")
    equal(({**after, "log": 0}, after["log"]), ({**kept, "log": 0}, [(NINE - 6 * DAY, 1), (NINE + DAY, 3)]))
    # Of two without a log the later one holds.
    for order in [1, -1]:
        page = reader.open()
        for days in [1, 3][::order]:
            newer = {**OLD, "d": 4.25 + days, "last": (NINE - days * DAY) * 1000, "due": (NINE + DAY) * 1000}
            load(page, json.dumps({"deckle": 1, "collection": "test", "cards": {"basic:0": newer}}))
        equal(record(page, "basic:0")["d"], 5.25)


@test
def a_date_in_the_future_counts_as_now(reader):
    for ahead in [2 * DAY, 400 * DAY, 9_000_000_000]:
        future = {**OLD, "last": (NINE + ahead) * 1000, "due": (NINE + ahead + 3 * DAY) * 1000}
        page = reader.open(prepare=f"localStorage['deckle:test:basic:0'] ??= '{json.dumps(future)}'")
        kept = record(page, "basic:0")
        equal((ahead, kept["last"], kept["due"]), (ahead, NINE, NINE + 3 * DAY))
        page.clock.set_fixed_time(datetime(2026, 3, 5, 9, tzinfo=timezone.utc))
        page.reload()
        equal(counts(page), [1, 5, 6])
        # Reviews as well; and what comes in never beats what was studied here.
        page = reader.open()
        load(page, exported(page, "basic:0", [(NINE + ahead, 4), (NINE + ahead + DAY, 4)]))
        equal((ahead, record(page, "basic:0")["last"], counts(page)), (ahead, NINE, [0, 5, 6]))
        page.click(".options > summary")
        page.select_option("[name=which]", "all")
        study(page)
        press(page, "Space", "1")
        kept = record(page, "basic:0")
        equal((kept["step"], kept["log"][-1]), (2, (NINE + 1, 1)))
        leave(page)
        for file in [exported(page, "basic:0", [(NINE + ahead, 4), (NINE + ahead + DAY, 4)]), json.dumps({"deckle": 1, "collection": "test", "cards": {"basic:0": future}})]:
            load(page, file)
            equal((ahead, record(page, "basic:0")["step"], record(page, "basic:0")["last"]), (ahead, 2, NINE + 1))
    # A date of due that cannot be.
    page = reader.open(prepare=f"localStorage['deckle:test:basic:0'] = '{json.dumps({**OLD, 'due': 9e15})}'")
    equal(counts(page), [1, 5, 6])


@test
def grades_are_a_day_apart(reader):
    # As Anki 26.9.3 gives them, without chance: stability, difficulty, days, and Hard, Good and Easy.
    for s, d, days, wanted in [(0.3, 9, 1, [1, 2, 3]), (1, 9, 1, [2, 3, 4]), (3, 9.9, 1, [3, 4, 5]), (0.1, 10, 1, [1, 2, 3]), (30, 9.9, 1, [30, 31, 32])]:
        state = json.dumps({**OLD, "s": s, "d": d, "last": (NINE - days * DAY) * 1000, "due": NINE * 1000})
        page = reader.open(prepare=f"localStorage['deckle:test:basic:0'] = '{state}'")
        study(page)
        press(page, "Space")
        labels = page.locator(".grade small").all_inner_texts()
        equal((s, labels[1:]), (s, [f"{number} d" for number in wanted]))
    press(page, "3")
    kept = record(page, "basic:0")
    equal(kept["due"] - kept["last"], 31 * DAY)
    # In learning, Easy is a day more than Good would be.
    page = reader.open(prepare=f"localStorage['deckle:test:basic:0'] = '{json.dumps({**OLD, 's': 0.2, 'd': 9, 'step': 1, 'last': NINE * 1000 - 6e5, 'due': NINE * 1000})}'")
    study(page)
    press(page, "Space")
    equal(page.locator(".grade small").all_inner_texts(), ["1 min", "10 min", "1 d", "2 d"])


def many(reader, number, kind='data-ord="0"', **options):
    """A page of so many cards."""
    card = re.search('<details class="card" id="c-both" .*', (HERE / "page.html").read_text())[0]
    one_way = card.replace('data-ords="0 1"', kind)
    cards = "".join(one_way.replace("-both", f"-n{at}").replace("Term", f"Term {at}") for at in range(number))
    text = (HERE / "page.html").read_text()
    text = text[: text.index("<details")] + cards + text[text.index("</main>") :]
    page = reader.open("about:blank", **options)
    page.context.route("**/page.html", lambda route: route.fulfill(body=text, content_type="text/html"))
    page.goto(reader.address + "page.html")
    return page


@test
def new_cards_come_in_portions(reader):
    page = many(reader, 50)
    equal((counts(page), page.locator(".start").inner_text()), ([0, 20, 50], "Study 20 cards"))
    study(page)
    press(page, *["Enter", "4"] * 3)
    leave(page)
    equal(counts(page), [0, 17, 50])
    study(page)
    press(page, "Enter", "4", "u")
    leave(page)
    equal(counts(page), [0, 17, 50])
    page.reload()
    study(page)
    press(page, *["Enter", "4"] * 17)
    equal((side(page), page.locator(".again").inner_text()), ("End", "Study 20 more"))
    assert "Next: 20 cards in 8 days." in page.locator(".stage").inner_text()
    leave(page)
    equal((counts(page), page.locator(".start").inner_text()), ([0, 0, 50], "Study 20 more"))
    equal(page.locator(".panel .coming").inner_text(), "Next: 20 cards in 8 days.")
    # More, if one wants.
    study(page)
    press(page, *["Enter", "4"] * 20)
    page.locator(".again").click()
    equal((side(page), page.locator(".left").inner_text()), ("Question", "10 left"))
    press(page, *["Enter", "4"] * 10)
    equal(page.locator(".again").inner_text(), "Study again")
    leave(page)
    # A card is new once.
    page = many(reader, 50)
    study(page)
    press(page, "Enter", "1", "ArrowLeft", "Enter", "1", "ArrowLeft", "Enter", "2")
    leave(page)
    equal((counts(page), len(progress(page))), ([1, 19, 50], 1))
    # The next day has a portion of its own.
    page = many(reader, 50)
    study(page)
    press(page, *["Enter", "4"] * 5)
    leave(page)
    page.clock.set_fixed_time(datetime(2026, 3, 3, 9, tzinfo=timezone.utc))
    page.reload()
    equal(counts(page), [0, 20, 50])


@test
def the_portion_is_the_readers(reader):
    page = many(reader, 50)
    page.click(".options > summary")
    for value, wanted, shown in [("7", 7, "7"), ("0", 0, "0"), ("-3", 0, "0"), ("1e9", 50, "9999"), ("2.6", 3, "3"), ("", 20, "20")]:
        page.fill("[name=portion]", value)
        page.locator("[name=portion]").blur()
        equal((value, counts(page)[1], page.input_value("[name=portion]")), (value, wanted, shown))
    page.fill("[name=portion]", "9")
    page.locator("[name=portion]").blur()
    page.reload()
    equal(counts(page), [0, 9, 50])
    equal(progress(page), {})
    # Its page's own number, until the reader has one.
    for number, new in [("0", 0), ("3", 3)]:
        page = reader.altered("page.html", ('data-collection="test"', f'data-collection="test" data-new="{number}"'))
        equal(counts(page), [0, new, 6])
        equal(page.locator(".start").inner_text(), ["Study 6 more", "Study 3 cards"][new > 0])
    # What another browser began today is in the portion.
    page = many(reader, 50)
    load(page, exported(page, "n0:0", [(NINE - 60, 3), (NINE, 4)]))
    load(page, exported(page, "n1:0", [(NINE - DAY, 4)]))
    equal(counts(page), [0, 19, 50])


@test
def the_end_tells_what_was_missed_and_what_comes(reader):
    page = reader.open()
    study(page)
    press(page, "Space", "1")
    for _ in range(6):
        press(page, "Enter", "4")
    equal(side(page), "End")
    text = page.locator(".stage").inner_text()
    assert "7 reviews of 6 cards" in text and "Missed: 1" in text, text
    page.locator(".missed summary").click()
    assert "The answer" in page.locator(".missed").inner_text()
    equal(page.locator(".missed > li").count(), 1)
    assert "Next: 1 card in 2 days." in text, text
    assert "6 reviews in 30 days, 0 today, 0 tomorrow; 5 on the fullest day" in text, text
    bars = page.locator(".forecast rect").evaluate_all("(bars) => bars.map((bar) => bar.height.baseVal.value)")
    equal([(day, height) for day, height in enumerate(bars) if height], [(2, 18), (8, 90)])
    status = page.locator(".status").inner_text()
    assert "All done: 7 reviews" in status and "in 2 days" in status, status
    press(page, "u")
    equal((side(page), page.locator(".left").inner_text()), ("Question", "1 left"))
    leave(page)
    page.locator(".ahead summary").click()
    page.wait_for_selector(".ahead .forecast")
    text = page.locator(".ahead").inner_text()
    assert "5 reviews" in text, text


@test
def what_is_due_is_not_what_comes_next(reader):
    page = reader.open()
    study(page)
    press(page, *["Enter", "4"] * 5)
    # As another tab might.
    page.evaluate("localStorage['deckle:test:both:0'] = localStorage['deckle:test:both:0'].replace(/,17\\d+,17\\d+/, ',1771000000,1771900000')")
    press(page, "Enter", "4")
    text = page.locator(".stage").inner_text()
    assert "Next: 5 cards in 8 days." in text, text
    equal(page.locator(".again").inner_text(), "Study 1 card")


@test
def a_forecast_of_nothing_is_none(reader):
    page = reader.open()
    page.locator(".ahead summary").click()
    page.wait_for_function("document.querySelector('.ahead').innerText.includes('Nothing is due')")


# Plays are told of, and end at once.
PLAYED = """window.played = [];
HTMLMediaElement.prototype.play = function () {
    window.played.push(this.src.split("/").pop());
    setTimeout(() => this.dispatchEvent(new Event("ended")));
    return window.forbid ? Promise.reject(new DOMException("no", "NotAllowedError")) : Promise.resolve();
};"""


def sounding(reader, prepare=PLAYED, more=""):
    sound = '<audio controls preload="none" src="{}.mp3"></audio>'.format
    page = reader.altered(
        "page.html",
        ("What is basic?", "What is basic?" + sound("q")),
        ("The <b", sound("a") + sound("b") + "The <b"),
        ('<div class="source">Source', sound("c") + '<div class="source">' + sound("d") + "Source"),
        ('data-collection="test"', f'data-collection="test"{more}'),
    )
    page.add_init_script(prepare)
    page.goto(reader.address + "page.html")
    return page


def played(page):
    page.wait_for_timeout(60)
    return [name.removesuffix(".mp3") for name in page.evaluate("window.played.splice(0)")]


@test
def a_card_that_turns_is_heard(reader):
    page = sounding(reader)
    equal(played(page), [])
    study(page)
    equal(played(page), ["q"])
    press(page, "Space")
    equal(played(page), ["a", "b"])
    press(page, "r")
    equal(played(page), ["q", "a", "b"])
    # What a deletion's card has on both sides is heard once.
    press(page, "ArrowRight", "ArrowRight", "ArrowRight")
    played(page)
    assert "first" not in question(page)
    press(page, "r")
    equal(played(page), ["c"])
    press(page, "Space")
    equal(played(page), ["d"])
    leave(page)
    page.click(".options > summary")
    page.uncheck("[name=sound]")
    page.reload()
    study(page)
    press(page, "Space")
    equal(played(page), [])
    # The page's own wish, until the reader has one; and a browser that forbids it.
    page = sounding(reader, more=' data-sound="off"')
    study(page)
    equal(played(page), [])
    page = sounding(reader, prepare=f"{PLAYED} window.forbid = true")
    study(page)
    equal(played(page), ["q"])


@test
def nothing_moves_when_a_card_turns(reader):
    for size in [PHONE, {"viewport": {"width": 1100, "height": 700}}]:
        page = reader.open(**size)
        study(page)
        for _ in range(5):
            before = places(page)
            press(page, "Enter")
            after = places(page)
            equal(after, {**before, "question": after["question"]})
            assert before["question"] == after["question"] or after["question"] is None, (before, after)
            page.evaluate("document.activeElement.blur()")
            press(page, "ArrowRight")


def places(page):
    return page.evaluate("""() => {
        const box = (selector) => {
            const found = document.querySelector(selector)?.getBoundingClientRect();
            return found ? [found.x, found.y, found.width, selector === ".question" ? 0 : found.height] : null;
        };
        return Object.fromEntries(["header", ".foot", ".scroll", ".where", "progress"].map((name) => [name, box(name)])
            .concat([["question", box(".stage > .question")]]));
    }""")


@test
def a_long_answer_keeps_its_question_in_sight(reader):
    long = "".join(f"<p>Line {at}</p>" for at in range(80))
    for size in [PHONE, {"viewport": {"width": 1100, "height": 700}}]:
        page = reader.altered("page.html", ("Definition</div>", long + "</div>"), ("What is basic?", long))
        page.set_viewport_size(size["viewport"])
        study(page)
        press(page, "ArrowRight")
        before = places(page)["question"]
        press(page, "Space")
        equal(places(page)["question"], before)
        assert seen(page, ".stage > .answer p:nth-child(2)")
        page.locator(".stage .answer p").last.scroll_into_view_if_needed()
        assert seen(page, ".stage > .question") and seen(page, ".stage .answer p:last-child")
        # The question is above what is scrolled below it.
        top = "({x, y, width, height}) => document.elementFromPoint(x + 4, y + height / 2).closest('.question') !== null"
        assert page.evaluate(top, page.locator(".stage > .question").bounding_box())
        # Where the question is long, the answer is not out of sight.
        press(page, "3", "ArrowLeft")
        while not question(page).startswith("Line 0"):
            press(page, "ArrowLeft")
        press(page, "Space")
        assert seen(page, ".stage > .answer")
        assert page.evaluate("document.querySelector('.scroll').scrollTop") > 0
        press(page, "Space")
        equal((side(page), page.evaluate("document.querySelector('.scroll').scrollTop")), ("Question", 0))


def seen(page, selector):
    return page.evaluate("""(selector) => {
        const [box, frame] = [selector, ".scroll"].map((one) => document.querySelector(one).getBoundingClientRect());
        return box.top < frame.bottom - 10 && box.bottom > frame.top + 10;
    }""", selector)


# What browsers before 2024 lack; and, by its style, before light-dark().
OLDER = "delete Map.groupBy; delete Object.groupBy; delete Promise.withResolvers; delete Set.prototype.union;"


def older(reader, path="page.html", prepare=OLDER, **options):
    page = reader.open("about:blank", prepare=prepare, **options)
    style = Path(sys.argv[1], "deckle.css").read_text()
    page.route("**/deckle*.css", lambda route: route.fulfill(body=style.replace("light-dark(", "unknown("), content_type="text/css"))
    page.goto(reader.address + path)
    return page


@test
def an_older_browser_studies(reader):
    page = older(reader)
    equal(page.evaluate("[typeof Map.groupBy, typeof Object.groupBy]"), ["undefined"] * 2)
    equal((counts(page), page.locator("[name=deck] option").count()), ([0, 6, 6], 3))
    study(page)
    press(page, *["Enter", "4"] * 6)
    equal(side(page), "End")


@test
def an_older_browser_has_the_same_colours(reader):
    style = Path(sys.argv[1], "deckle.css").read_text()
    pairs = re.findall(r"(--[a-z]+): light-dark\(((?:[^()]|\([^()]*(?:\([^()]*\))*[^()]*\))*)\);", style)
    assert len(pairs) > 12
    older = style[style.index("@supports not (color: light-dark") :]
    for name, both in pairs:
        light, dark = re.fullmatch(r"(.*?(?:\(.*?(?:\(.*?\))*.*?\))?), ([#c].*)", both).groups()
        assert f"{name}: {light};" in older and f"{name}: {dark};" in older, (name, light, dark)


@test
def a_panel_is_never_empty(reader):
    for prepare in ["HTMLDialogElement.prototype.showModal = undefined", "Array.prototype.flatMap = undefined"]:
        page = reader.open(prepare=prepare)
        assert "browser of 2022" in page.locator(".deckle-study").inner_text(), prepare
        page.click("#c-both > summary")
        assert page.locator("#a-both").is_visible()
        assert reader.complaints
        reader.complaints = []
    # Where no script runs, and where it does not come, a while later.
    page = reader.open(java_script_enabled=False)
    said = "Study mode needs a script"
    assert said not in shown(page)
    for _ in range(40):
        # Frames are drawn where they are looked at.
        page.screenshot()
        if said in shown(page):
            break
        page.wait_for_timeout(200)
    assert said in shown(page), shown(page)
    # A page without cards has none.
    page = reader.altered("page.html", ("<details class=\"card\"", "<details class=\"other\""))
    equal(page.locator(".panel").count(), 0)
    assert not page.locator(".deckle-study").is_visible()


def shown(page):
    nodes = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    return " ".join(node.get("name", {}).get("value", "") for node in nodes)


@test
def safari_is_told_of_its_seven_days(reader):
    apple = "Object.defineProperty(Navigator.prototype, 'vendor', { get: () => 'Apple Computer, Inc.' });"
    page = reader.open(prepare=apple)
    assert "7 days" in page.locator(".lack").inner_text()
    study(page)
    press(page, "Space", "4", "Space", "4", "u")
    leave(page)
    assert "1 review since" in page.locator(".lack").inner_text()
    page.click(".options > summary")
    with page.expect_download():
        page.click(".export")
    assert "since" not in page.locator(".lack").inner_text()
    page = reader.open(prepare=f"{apple} Object.defineProperty(Navigator.prototype, 'standalone', {{ get: () => true }})")
    equal(page.locator(".lack").inner_text(), "")
    page = reader.open()
    equal(page.locator(".lack").inner_text(), "")


@test
def progress_is_reset_when_it_is_meant(reader):
    page = reader.open(prepare="localStorage['deckle:test2:basic:0'] ??= 'theirs'")
    page.click(".options > summary")
    page.click(".reset")
    assert "no progress" in page.locator(".message").inner_text() and not page.locator(".ask").is_visible()
    study(page)
    press(page, "Space", "4", "Space", "4")
    leave(page)
    kept = progress(page)
    assert not page.locator(".ask").is_visible()
    page.click(".reset")
    assert "2 cards" in page.locator(".ask").inner_text()
    equal(page.evaluate("document.activeElement.className"), "keep")
    press(page, "Enter")
    assert not page.locator(".ask").is_visible()
    equal((progress(page), page.evaluate("document.activeElement.className")), (kept, "reset"))
    page.click(".reset")
    with page.expect_download() as download:
        page.click(".save")
    page.click(".delete")
    equal((progress(page), counts(page)), ({}, [0, 6, 6]))
    assert "deleted" in page.locator(".message").inner_text()
    equal(page.evaluate("localStorage['deckle:test2:basic:0']"), "theirs")
    load(page, Path(download.value.path()).read_text())
    equal(progress(page), kept)


@test
def the_options_say_how_cards_are_scheduled(reader):
    page = reader.open()
    page.click(".options > summary")
    text = page.locator(".about").inner_text()
    for word in ["FSRS-6", "default weights", "90 %", "no fuzz", "4:00", "private window"]:
        assert word in text, text


@test
def neighbours_keep_theirs(reader):
    page = reader.open(prepare="localStorage['deckle:test2:basic:0'] ??= 'theirs'; localStorage.theme = 'x'")
    study(page)
    press(page, "Space", "4")
    leave(page)
    equal(sorted(progress(page)), ["basic:0"])
    equal(page.evaluate("[localStorage['deckle:test2:basic:0'], localStorage.theme]"), ["theirs", "x"])


@test
def damaged_progress_is_a_new_card(reader):
    damaged = "for (const [key, value] of [['basic:0', '{'], ['both:0', '7'], ['gaps:0', '{\"s\":null}']])"
    page = reader.open(prepare=f"{damaged} localStorage['deckle:test:' + key] = value")
    equal(counts(page), [0, 6, 6])


@test
def a_browser_that_keeps_nothing_can_study(reader):
    forbidden = "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError') } })"
    page = reader.open(prepare=forbidden)
    keeps_nothing(page)
    page = reader.open()
    page.evaluate(FILL)
    page.reload()
    keeps_nothing(page)


# Takes the last byte of the browser's store.
FILL = """for (let size = 2 ** 24; size >= 1; size /= 2) {
    for (const name of "abc") try { localStorage[name + size] = "x".repeat(size); } catch {}
}"""


def keeps_nothing(page):
    assert "keeps no progress" in page.locator(".lack").inner_text()
    study(page)
    press(page, "Space", "4")
    leave(page)
    equal(counts(page), [0, 5, 6])
    assert "no longer keeps" in page.locator(".lack").inner_text()
    with page.expect_download() as download:
        page.click(".options > summary")
        page.click(".export")
    equal(list(json.loads(Path(download.value.path()).read_text())["cards"]), ["basic:0"])


@test
def what_is_not_kept_is_told_of_until_it_is(reader):
    page = reader.open()
    page.evaluate(FILL)
    study(page)
    press(page, "Space", "4")
    page.evaluate("Object.keys(localStorage).filter((key) => key[0] !== 'd').forEach((key) => delete localStorage[key])")
    press(page, "Space", "4")
    leave(page)
    equal(sorted(progress(page)), ["both:0"])
    assert "Export" in page.locator(".lack").inner_text()


@test
def siblings_come_apart(reader):
    page = reader.open()
    seen = []
    study(page)
    for _ in range(6):
        page.wait_for_function("document.querySelector('.status').textContent.includes('left')")
        seen.append(question(page))
        press(page, "Enter", "4")
    equal([text.split("\n")[0] for text in seen], ["What is basic?", "Term", "Heading", "Which key?", "Definition", "Heading"])
    # What is still being learned parts them as well, and undo brings back what was.
    page = reader.open()
    study(page)
    press(page, "ArrowRight", "Space", "3", "u")
    equal(question(page), "Term")


@test
def a_start_page_counts_all_pages(reader):
    page = reader.open("start.html")
    equal((counts(page), rows(page)), ([0, 12, 12], [[0, 3], [0, 9]]))
    page.goto(reader.address + "sub/other.html")
    study(page)
    press(page, "Space", "1", "Space", "4")
    page.goto(reader.address + "start.html")
    equal((counts(page), rows(page)), ([1, 10, 12], [[0, 3], [1, 7]]))
    # Progress of what is not listed counts nowhere.
    page.evaluate("localStorage['deckle:test:gone:0'] = localStorage['deckle:test:other-basic:0']")
    page.reload()
    equal((counts(page), rows(page)), ([1, 10, 12], [[0, 3], [1, 7]]))


def rows(page):
    return [[int(figure) for figure in row.locator("b:visible").all_inner_texts()] for row in page.locator(".deckle-deck").all()]


@test
def a_card_that_is_listed_twice_counts_once(reader):
    text = (HERE / "start.html").read_text()
    decks = re.search("<ul>.*</ul>", text, re.DOTALL)[0]
    page = reader.altered("start.html", (decks, decks * 2), at="start.html")
    equal((counts(page), rows(page)), ([0, 12, 12], [[0, 3], [0, 9]] * 2))


@test
def a_start_page_studies_all_pages(reader):
    page = reader.open("start.html")
    study(page)
    asked = set()
    for _ in range(12):
        asked.add(question(page))
        press(page, "Enter", "4")
    equal(side(page), "End")
    # Two pages of equal questions.
    equal((len(asked), len(progress(page))), (6, 12))
    leave(page)
    equal((rows(page), page.locator(".panel .start").inner_text()), ([[0, 0], [0, 0]], "Study again"))


@test
def a_deck_is_studied_from_the_start_page(reader):
    page = reader.open("start.html")
    page.locator(".deckle-deck button").nth(1).click()
    page.wait_for_selector("dialog.study[open]")
    equal(page.locator(".left").inner_text(), "9 left")
    press(page, "Enter", "4", "ArrowRight")
    assert question(page).startswith("What is basic?")
    press(page, "Space")
    # What a card refers to lies beside its own page.
    equal(page.locator(".stage .extra a").evaluate("(link) => link.href"), reader.address + "sub/near.html")
    press(page, "4")
    equal(sorted(progress(page)), ["gaps:0", "other-basic:0"])
    leave(page)
    equal(rows(page), [[0, 3], [0, 7]])


@test
def pages_that_cannot_be_read_are_opened(reader):
    page = reader.open("start.html")
    page.route("**/*.html", lambda route: route.continue_() if route.request.is_navigation_request() else route.abort())
    page.click(".panel .start")
    page.wait_for_url("**/page.html#study")
    page.wait_for_selector("dialog.study[open]")
    equal(page.locator(".left").inner_text(), "6 left")
    # What can be read is studied.
    page = reader.open("start.html")
    page.route("**/page.html", lambda route: route.abort())
    study(page)
    equal(page.locator(".left").inner_text(), "6 left")
    press(page, "Space", "4")
    equal(sorted(progress(page)), ["other-basic:0"])
    reader.complaints = [line for line in reader.complaints if "ERR_FAILED" not in line]


@test
def a_start_page_studies_its_own_cards(reader):
    card = '<details class="card" id="c-own" data-kind="basic" data-deck="Own" data-tags="" data-ord="0">'
    own = f'{card}<summary>Own?</summary><div id="a-own" class="answer">Own</div></details>'
    row = '<li><span class="deckle-deck"><span data-page="start.html" data-keys="own:0"></span></span></li></ul>'
    page = reader.altered("start.html", ("</h1>", "</h1>" + own), ("</ul>", row), at="start.html")
    page.route("**/*r*.html", lambda route: route.abort())
    page.route("**/page.html", lambda route: route.abort())
    equal(counts(page), [0, 13, 13])
    study(page)
    equal((page.locator(".left").inner_text(), question(page)), ("1 left", "Own?"))
    leave(page)
    page.locator(".deckle-deck .start").last.click()
    equal((page.locator(".left").inner_text(), question(page)), ("1 left", "Own?"))
    reader.complaints = [line for line in reader.complaints if "ERR_FAILED" not in line]


@test
def a_bad_address_ends_nothing(reader):
    links = '<a href="http://[bad">bad</a><svg><a href="near.html"></a><use href="#inner"></use></svg><a href="near.html">'
    page = reader.altered("page.html", ('<a href="near.html">', links), at="sub/start.html")
    study(page)
    equal(page.locator(".left").inner_text(), "6 left")
    press(page, "Space")
    found = page.locator(".stage .extra a").evaluate_all("(links) => links.map((link) => link.getAttribute('href'))")
    equal(found, ["http://[bad", reader.address + "near.html", reader.address + "near.html"])


@test
def details_of_the_author_are_no_cards(reader):
    own = '<details class="card" id="c-1"><summary>Mine</summary>Yours</details>'
    page = reader.altered("page.html", ("</h1>", "</h1>" + own))
    equal(counts(page), [0, 6, 6])


@test
def tabs_leave_each_other_alone(reader):
    one = reader.open()
    other = reader.tab()
    study(one)
    study(other)
    press(one, "Space", "4", "Space", "4")
    press(other, "ArrowRight", "ArrowRight", "Space", "4")
    equal(sorted(progress(other)), ["basic:0", "both:0", "both:1"])
    # The other one undoes its own grade only, and knows of what happened here.
    press(other, "u")
    equal(sorted(progress(one)), ["basic:0", "both:0"])
    leave(other)
    equal(counts(other), [0, 4, 6])


@test
def screen_readers_are_told(reader):
    page = reader.open()
    study(page)
    status = page.locator(".status[role=status]")
    equal(" ".join(status.inner_text().split()), "Question, 6 left: What is basic? Hint")
    equal(page.evaluate("document.activeElement.className"), "stage")
    press(page, "Space")
    assert status.inner_text().startswith("Answer: The answer")
    press(page, "4")
    assert status.inner_text().startswith("Again in 8 d. Question, 5 left")
    names = page.locator("dialog button:visible").all_inner_texts()
    assert len(names) == 3 and all(name.strip() for name in names), names
    press(page, "ArrowLeft")
    assert page.get_by_label("Type the answer").is_visible()
    leave(page)
    equal(page.evaluate("document.activeElement.classList.contains('start')"), True)


@test
def the_accessibility_tree_is_whole(reader):
    page = reader.open()
    equal([name for role, name in tree(page) if role == "region"], ["Study"])
    study(page)
    found = tree(page)
    equal([name for role, name in found if role == "dialog"], ["Study"])
    equal([name for role, name in found if role == "progressbar"], ["Progress"])
    assert ("group", "Question") in found and not any(role == "heading" for role, _ in found)
    equal({name for role, name in found if role == "button"}, {"Close Esc", "Show answer Space"})
    press(page, "Space")
    found = tree(page)
    assert ("group", "Answer") in found
    equal({name.split()[0] for role, name in found if role == "button"}, {"Close", "Again", "Hard", "Good", "Easy"})
    # Tab goes round in the dialog, in the order of the eye.
    stops = []
    for _ in range(8):
        press(page, "Tab")
        stops.append(page.evaluate("(document.activeElement.innerText ?? '').split(/\\s/)[0]"))
    assert [stop for stop in stops if stop][:6] == ["Hint", "near", "Again", "Hard", "Good", "Easy"], stops


def tree(page):
    """Role and name of what a screen reader meets; behind a dialog there is nothing."""
    nodes = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    kept = [node for node in nodes if not node["ignored"] and not disabled(node)]
    return [(node["role"]["value"], node.get("name", {}).get("value", "")) for node in kept]


def disabled(node):
    return any(one["name"] == "disabled" and one["value"]["value"] for one in node.get("properties", []))


@test
def buttons_take_keys_for_themselves(reader):
    page = reader.open()
    study(page)
    page.locator(".stage .hint > summary").focus()
    press(page, "Space")
    equal(side(page), "Question")
    assert page.locator(".stage .hint[open]").count() == 1
    page.locator(".flip").focus()
    press(page, "Enter")
    equal(side(page), "Answer")
    page.locator(".grade").last.focus()
    press(page, "Enter")
    equal(sorted(progress(page)), ["basic:0"])


@test
def a_phone_flips_by_a_tap(reader):
    page = reader.open(**PHONE)
    page.tap(".panel .start")
    page.tap(".stage .question")
    equal(side(page), "Answer")
    fits(page)
    for button in page.locator("dialog button:visible").all():
        box = button.bounding_box()
        assert box["height"] >= 40 and box["width"] >= 44, box
    page.locator(".grade").nth(3).tap()
    equal(sorted(progress(page)), ["basic:0"])


def fits(page):
    wide = page.evaluate("[document.documentElement, document.querySelector('.scroll')].map((e) => e.scrollWidth - e.clientWidth)")
    assert all(by <= 0 for by in wide), wide


@test
def print_shows_answers(reader):
    page = reader.open()
    equal(page.evaluate(ALL_SHOWN), False)
    page.emulate_media(media="print")
    page.wait_for_function(ALL_SHOWN, timeout=2000)
    assert not page.locator(".panel").is_visible()


@test
def browsers_that_cannot_style_what_is_closed_print_answers(reader):
    style = Path(sys.argv[1], "deckle.css").read_text()
    without = style.replace("::details-content", "::unknown")
    assert without != style
    page = reader.open("about:blank")
    page.route("**/deckle.css", lambda route: route.fulfill(body=without, content_type="text/css"))
    page.goto(reader.address + "page.html")
    page.click("#c-both > summary")
    equal([text for text in PRINTED if text not in printed(page)], [])
    equal(page.evaluate("[...document.querySelectorAll('details[open]')].map(({ id }) => id)"), ["c-both"])


PRINTED = ["The answer", "A hint", "Definition", "third", "taskRoleArn"]


def printed(page):
    return subprocess.run(["pdftotext", "-", "-"], input=page.pdf(), capture_output=True, check=True).stdout.decode()


# Chromium lays out what a style opens only with the next frame.
ALL_SHOWN = """() => [...document.querySelectorAll("details.card > .answer, details.card > .hint > summary")]
    .every((part) => part.checkVisibility({ contentVisibilityAuto: true }))"""


@test
def cards_open_without_the_script(reader):
    page = reader.open(java_script_enabled=False)
    assert not page.locator("#a-basic").is_visible()
    page.locator("#c-basic > summary").click()
    assert page.locator("#a-basic").is_visible()
    assert not page.locator(".panel").is_visible()


@site_test
def the_site_is_studied(reader):
    page = reader.open(CHAPTER)
    address = page.url
    all_at_once(page)
    before = counts(page)
    assert before[1] == before[2] > 10, before
    study(page)
    first = page.locator(".stage").inner_text()
    press(page, "ArrowRight", "ArrowLeft")
    page.locator("dialog .scroll").click(position={"x": 3, "y": 3})
    press(page, "ArrowRight", "ArrowLeft", "s", "?", "Space", "Space")
    assert page.url == address and page.locator("dialog[open]").count() == 1
    assert first.split("\n")[0] in page.locator(".stage").inner_text()
    equal(page.locator("#mdbook-search-wrapper:not(.hidden)").count(), 0)
    for _ in range(before[1]):
        press(page, "Enter", "4")
    equal(side(page), "End")
    page.reload()
    equal(counts(page), [0, 0, before[2]])


def all_at_once(page):
    page.click(".options > summary")
    page.fill("[name=portion]", "9999")
    page.locator("[name=portion]").blur()
    page.click(".options > summary")


@site_test
def the_site_is_studied_from_its_start(reader):
    page = reader.open(START)
    before = counts(page)
    equal(before[:2], [0, 20])
    all_at_once(page)
    before = counts(page)
    assert before[1] == before[2] > 200, before
    equal(sum(new for _, new in rows(page)), before[1])
    study(page)
    pictures = 0
    for _ in range(200):
        press(page, "Enter")
        for picture in page.locator(".stage img").all():
            picture.evaluate("(picture) => picture.decode()")
            pictures += 1
        press(page, "4")
    equal(side(page), "End")
    assert pictures, "no picture was seen"
    leave(page)
    equal(counts(page), [0, before[1] - 200, before[2]])
    page.click(".panel .start")
    page.wait_for_selector("dialog.study[open]")
    equal(page.locator(".left").inner_text(), f"{before[1] - 200} left")


@site_test
def each_page_of_the_site_is_quiet(reader):
    page = reader.open("site/index.html")
    pages = page.evaluate("[...new Set([...document.querySelectorAll('#mdbook-sidebar a')].map((a) => a.href.split('#')[0]))]")
    assert len(pages) > 5
    seen = set()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    for address in pages:
        page.goto(address)
        for card in page.locator("details.card").evaluate_all("(cards) => cards.map((card) => card.id)"):
            assert card not in seen, f"{card} is there twice"
            seen.add(card)
        if page.locator(".start").count():
            study(page)
            for _ in range(counts(page)[1]):
                assert page.locator(".stage > .question").inner_text().strip()
                press(page, "Enter")
                assert page.locator(".stage > .answer").inner_text().strip() or page.locator(".answer img").count()
                press(page, "ArrowRight")
    assert len(seen) > 100
    elsewhere = [url for url in asked if not url.startswith((reader.address, "data:"))]
    assert len(asked) > 100 and not elsewhere, elsewhere


@site_test
def files_are_studied_without_a_server(reader):
    page = reader.open("about:blank")
    page.goto(Path(sys.argv[2], "index.html").absolute().as_uri())
    before = counts(page)
    page.locator(".deckle-deck button").nth(1).click()
    page.wait_for_selector("dialog.study[open]")
    assert "#study" in page.url, page.url
    press(page, "Space", "4")
    page.goto(Path(sys.argv[2], "index.html").absolute().as_uri())
    equal(counts(page), [0, before[1] - 1, before[2]])
    reader.complaints = [line for line in reader.complaints if "file://" not in line and "ERR_FAILED" not in line]


@site_test
def every_theme_can_be_read(reader):
    for theme in ["light", "rust", "coal", "navy", "ayu"]:
        prepare = f"localStorage['mdbook-theme'] = '{theme}'"
        page = reader.open(START, prepare=prepare)
        equal(page.evaluate(f"document.documentElement.classList.contains('{theme}')"), True)
        page.click(".options > summary")
        poor = [(START, text, ratio) for text, ratio in page.evaluate(CONTRASTS, "main") if ratio < 4.5]
        for path in CHAPTERS:
            page = reader.open(path, prepare=prepare)
            page.evaluate("document.querySelectorAll('main details').forEach((details) => (details.open = true))")
            poor += [(path, text, ratio) for text, ratio in page.evaluate(CONTRASTS, "main .card, main .panel") if ratio < 4.5]
            study(page)
            for _ in range(page.locator("main .card").count()):
                press(page, "Enter")
                poor += [(path, text, ratio) for text, ratio in page.evaluate(CONTRASTS, "dialog.study") if ratio < 4.5]
                press(page, "ArrowRight")
        assert not poor, f"{theme}: {poor[:20]}"


@site_test
def axe_finds_nothing_of_ours(reader):
    for theme in ["light", "rust", "coal", "navy", "ayu"]:
        prepare = f"localStorage['mdbook-theme'] = '{theme}'"
        page = reader.open(START, prepare=prepare)
        page.click(".options > summary")
        page.locator(".ahead > summary").click()
        violations(page, theme, "start")
        page.fill("[name=portion]", "2")
        page.locator("[name=portion]").blur()
        study(page)
        violations(page, theme, "question", "dialog.study")
        press(page, "Enter")
        violations(page, theme, "answer", "dialog.study")
        press(page, "1", "Enter", "4", "Enter", "4")
        equal(side(page), "End")
        page.locator(".missed summary").click()
        violations(page, theme, "end", "dialog.study")
        leave(page)
        page.click(".reset")
        violations(page, theme, "reset")
        page = reader.open(CHAPTERS[1], prepare=prepare)
        page.evaluate("document.querySelectorAll('main details.card').forEach((details) => (details.open = true))")
        violations(page, theme, "chapter")
        all_at_once(page)
        study(page)
        press(page, *["ArrowRight"] * [card.get_attribute("data-kind") for card in page.locator("main .card").all()].index("typed"))
        press(page, "Enter")
        violations(page, theme, "typed", "dialog.study")


# The rules of WCAG 2 at the levels A and AA, and of good practice; what is mdBook's alone is its own.
AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")


def violations(page, theme, name, root="main"):
    page.evaluate(AXE.read_text())
    found = page.evaluate("(root) => axe.run(root, { resultTypes: ['violations'] })", root)["violations"]
    lines = [(one["id"], node["target"], node["any"][0]["message"] if node["any"] else "") for one in found for node in one["nodes"]]
    # A page's title is mdBook's, above `main`; links in a text have the theme's own colour, and so has code.
    lines = [line for line in lines if not (line[0] == "color-contrast" and is_themes(page, line[1]))]
    assert not lines, f"{theme}, {name}: {lines[:8]}"


def is_themes(page, target):
    return len(target) == 1 and page.evaluate("(target) => !!document.querySelector(target)?.closest('a:not(.downloads a, ul a), :not(pre) > code')", target[0])


# Between the text in some elements and what is behind it, as in WCAG 2. Links in a text have the theme's own colour, and
# so has code; what cannot be pressed need not be read.
CONTRASTS = """(roots) => {
    const context = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    const paint = (colour) => {
        context.clearRect(0, 0, 1, 1);
        context.fillStyle = colour;
        context.fillRect(0, 0, 1, 1);
        return [...context.getImageData(0, 0, 1, 1).data];
    };
    const light = ([...rgb]) => {
        const [r, g, b] = rgb.map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const isOwn = (element) => !element.closest("a:not(.downloads a, ul a), :not(pre) > code, :disabled, option");
    const hasText = (element) => [...element.childNodes].some((child) => child.nodeType === 3 && child.data.trim());
    const elements = [...document.querySelectorAll(roots)].flatMap((root) => [...root.querySelectorAll("*")]);
    return elements.filter((element) => hasText(element) && isOwn(element) && element.checkVisibility()).map((element) => {
        let behind = element;
        while (paint(getComputedStyle(behind).backgroundColor)[3] < 255) behind = behind.parentElement;
        const colours = [getComputedStyle(element).color, getComputedStyle(behind).backgroundColor];
        const [one, other] = colours.map((colour) => light(paint(colour)));
        const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
        return [`${element.localName}.${element.className}: ${element.textContent.trim().slice(0, 30)}`, ratio];
    });
}"""


@site_test
def the_site_fits_a_phone(reader):
    page = reader.open(CHAPTER, **PHONE)
    page.evaluate("document.querySelectorAll('details').forEach((details) => (details.open = true))")
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, wide
    page.tap(".panel .start")
    for _ in range(counts(page)[1]):
        page.tap(".flip")
        fits(page)
        press(page, "ArrowRight")


@site_test
def the_site_prints_answers(reader):
    page = reader.open(CHAPTER, prepare="localStorage['mdbook-theme'] = 'coal'")
    page.emulate_media(media="print")
    page.wait_for_function(ALL_SHOWN, timeout=2000)
    # In ink, whatever the theme.
    poor = [(text, ratio) for text, ratio in page.evaluate(CONTRASTS, "main .card") if ratio < 4.5]
    equal(poor, [])
    equal(page.evaluate("getComputedStyle(document.querySelector('.card')).backgroundColor"), "rgb(255, 255, 255)")


if __name__ == "__main__":
    sys.exit(main())
