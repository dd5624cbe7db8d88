"""Clicks through the page of `deckle serve` in Chromium while files are edited.

    python run.py DECKLE [--pictures FOLDER] [CHECK…]
    python run.py DECKLE --measure PROJECT

DECKLE is the program to run. A CHECK is one of the functions below; without any, all are run. Prints 'N passed, N failed'.
`--measure` edits fifty notes of a copy of a project and prints how long each takes into the page, and from there to the
card, in milliseconds.
"""

import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import traceback
from pathlib import Path

import axe_playwright_python
from playwright.sync_api import sync_playwright

CHROMIUM = "/usr/bin/chromium"
AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text()
# Milliseconds.
PATIENCE = 5_000
SETTINGS = "id: served\nname: Served\ncontent: content\nlink: vscode://file/{path}:{line}\n"
PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
FIRST = """---
deck: Served::First
tags: [one]
---
# First chapter

## What is a port? {.reversed}

A number, 0.

## Area of a circle?

$\\pi r^2$ and ![](dot.png)

## Capital of France? {.typed}

Paris

## Gaps {.cloze}

The ==first== and the ==second==.
"""
SECOND = "---\ndeck: Served::Second\ntags: [two]\n---\n# Second chapter\n\n" + "\n".join(
    f"## Question {number}?\n\nAnswer {number}.\n" for number in range(1, 61)
)
# Tells a page around it what a script of a card gets to see.
HOSTILE = """---
deck: Served::Trusted
html: trust
---
# Trusted

## Does a script run?

<p id="told">no</p>
<script>
document.getElementById("told").textContent = "ran";
fetch("/api/state").then((answer) => answer.text()).then((text) => { document.getElementById("told").textContent = "read " + text.length }, () => { document.getElementById("told").textContent = "ran, refused" });
</script>
"""
checks = []


def check(function):
    checks.append(function)
    return function


def main():
    arguments = sys.argv[1:]
    program = Path(arguments.pop(0)).absolute()
    pictures = measured = None
    if arguments[:1] == ["--pictures"]:
        pictures = Path(arguments[1])
        pictures.mkdir(parents=True, exist_ok=True)
        arguments = arguments[2:]
    elif arguments[:1] == ["--measure"]:
        measured = Path(arguments[1])
        arguments = arguments[2:]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        if measured:
            return measure(browser, program, measured)
        chosen = [one for one in checks if not arguments or one.__name__ in arguments]
        failures = sum(not passes(one, browser, program, pictures) for one in chosen)
        browser.close()
    print(f"{len(chosen) - failures} passed, {failures} failed")
    return 1 if failures else 0


def passes(function, browser, program, pictures):
    with tempfile.TemporaryDirectory() as folder, Served(program, Path(folder), browser, pictures) as served:
        try:
            function(served)
            assert not served.faults, f"errors of scripts: {served.faults}"
        except Exception:
            print(f"FAILED {function.__name__}")
            traceback.print_exc(file=sys.stdout)
            return False
    return True


class Served:
    """A project that is served, and pages of it."""

    def __init__(self, program, folder, browser, pictures):
        self.program, self.folder, self.browser, self.pictures = program, folder, browser, pictures
        self.faults = []
        self.contexts = []
        self.process = None

    def __enter__(self):
        content = self.folder / "content"
        content.mkdir()
        (self.folder / "deckle.yaml").write_text(SETTINGS)
        (content / "1.md").write_text(FIRST)
        (content / "2.md").write_text(SECOND)
        (content / "dot.png").write_bytes(PICTURE)
        subprocess.run([self.program, "build", "--quiet", "--format", "apkg"], cwd=self.folder, check=True)
        self.start()
        return self

    def __exit__(self, *_):
        for context in self.contexts:
            context.close()
        self.stop()

    def start(self, port=0):
        port = ["--port", str(port)] if port else []
        self.process = subprocess.Popen([self.program, "serve", *port], cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        said = []
        for line in self.process.stdout:
            said.append(line)
            if found := re.search(r"http://127\.0\.0\.1:(\d+)/", line):
                self.port = int(found[1])
                self.address = found[0]
                return
        raise AssertionError("".join(said))

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        self.process.stdout.close()
        return self.process.wait(timeout=5)

    def open(self, start="", width=1280, height=860, scheme="light"):
        # The page's own rules forbid the script of axe.
        context = self.browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme, bypass_csp=True)
        self.contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.goto(self.address + start)
        page.wait_for_selector(".row")
        page.evaluate("window.isTheSame = true")
        return page

    def picture(self, page, name):
        if self.pictures:
            page.wait_for_timeout(300)
            page.screenshot(path=self.pictures / f"{name}.png")

    def edit(self, name, old, new):
        path = self.folder / name
        text = path.read_text()
        assert old in text, f"{old!r} is not in {name}"
        write(path, text.replace(old, new, 1))


def write(path, text):
    """As an editor does: another file takes the place."""
    beside = path.with_name(f".{path.name}.part")
    beside.write_text(text)
    os.replace(beside, path)


def equal(found, wanted):
    assert found == wanted, f"{found!r} is not {wanted!r}"


def choose(page, title):
    page.locator(".row", has=page.get_by_text(title, exact=True)).first.click()
    page.wait_for_function("(title) => document.querySelector('.note h2')?.textContent === title", arg=title)


def face(page, ordinal, side):
    """The document of a side of the chosen note's card."""
    selector = f"[id^='card-'][id$='-{ordinal}-{side}'] iframe"
    page.wait_for_selector(selector)
    return page.frame_locator(selector)


def shows(page, ordinal, side, text):
    face(page, ordinal, side).locator("#qa").get_by_text(text).first.wait_for()


def mark(document):
    document.locator("#qa").evaluate("(place) => { window.marked = place.firstChild.marked = true }")


def marks(document):
    """Whether it is the document that was marked, and whether what it shows was not put in since."""
    place = document.locator("#qa")
    return place.evaluate("() => window.marked === true"), place.evaluate("(place) => place.firstChild.marked === true")


def until(page, script, argument=None):
    page.wait_for_function(script, arg=argument)


def stayed(page):
    assert page.evaluate("window.isTheSame === true"), "the page was loaded anew"


@check
def notes_and_their_cards_are_shown(served):
    page = served.open()
    equal(page.inner_text("#project"), "Served")
    equal(page.inner_text("#counts").split(" · ")[:2], ["64 notes", "66 cards"])
    choose(page, "What is a port?")
    shows(page, 0, "question", "What is a port?")
    shows(page, 0, "answer", "A number, 0.")
    shows(page, 1, "question", "A number, 0.")
    equal(page.locator(".card-shown > h3").all_inner_texts(), ["Card 1", "Card 2"])
    equal(page.locator(".editor").get_attribute("href").startswith("vscode://file/"), True)
    choose(page, "Area of a circle?")
    shows(page, 0, "answer", "and")
    answer = face(page, 0, "answer")
    equal(answer.locator("math").count(), 1)
    until(page, "!document.querySelector('.said').hidden")
    equal(answer.locator("img").evaluate("(image) => image.decode().then(() => image.naturalWidth)"), 1)
    choose(page, "Capital of France?")
    equal(face(page, 0, "question").locator("#typeans").count(), 1)
    equal(face(page, 0, "answer").locator("#typeans").inner_text(), "Paris")
    page.click("summary")
    assert "Capital of France? {.typed}" in page.inner_text(".source pre")


@check
def night_and_phone_are_those_of_anki(served):
    page = served.open()
    choose(page, "What is a port?")
    face(page, 0, "question").locator("body.card1:not(.nightMode)").wait_for()
    page.click("[data-choice=night]")
    face(page, 0, "question").locator("body.card1.nightMode").wait_for()
    page.click("[data-choice=phone]")
    page.wait_for_function("document.querySelector('.frames').clientWidth === 360")
    served.picture(page, "night-phone")
    page.reload()
    face(page, 0, "question").locator("body.nightMode").wait_for()


@check
def an_edit_replaces_its_card_and_nothing_else(served):
    page = served.open()
    page.fill("#search", "question 4")
    choose(page, "Question 41?")
    shows(page, 0, "answer", "Answer 41.")
    for side in ["question", "answer"]:
        mark(face(page, 0, side))
    chosen = page.get_attribute(".card-shown", "id")
    served.edit("content/2.md", "Answer 41.", "Another 41.")
    shows(page, 0, "answer", "Another 41.")
    stayed(page)
    equal(page.get_attribute(".card-shown", "id"), chosen)
    equal([marks(face(page, 0, side)) for side in ["question", "answer"]], [(True, True), (True, False)])
    equal(page.input_value("#search"), "question 4")
    equal(page.inner_text("#found"), "15 of 64 notes")
    equal(page.locator(".row[aria-selected=true] .edited").count(), 1)


@check
def frames_are_given_the_next_note(served):
    page = served.open()
    choose(page, "What is a port?")
    shows(page, 1, "question", "A number, 0.")
    mark(face(page, 0, "answer"))
    choose(page, "Question 1?")
    shows(page, 0, "answer", "Answer 1.")
    equal(marks(face(page, 0, "answer")), (True, False))
    equal(page.locator(".card-shown").count(), 1)
    choose(page, "What is a port?")
    shows(page, 1, "answer", "What is a port?")
    equal(page.locator(".card-shown > h3").all_inner_texts(), ["Card 1", "Card 2"])
    # The script of the templates sets what is put in, too.
    choose(page, "Capital of France?")
    face(page, 0, "question").locator("#typeans").wait_for()
    # One whose scripts may run on is given nothing else.
    (served.folder / "content" / "3.md").write_text(HOSTILE)
    choose(page, "Does a script run?")
    shows(page, 0, "answer", "ran, refused")
    mark(face(page, 0, "answer"))
    served.edit("content/3.md", "<p id", "Some words.\n\n<p id")
    face(page, 0, "answer").get_by_text("Some words.").first.wait_for()
    shows(page, 0, "answer", "ran, refused")
    equal(marks(face(page, 0, "answer")), (True, False))
    choose(page, "Question 60?")
    shows(page, 0, "answer", "Answer 60.")
    equal(marks(face(page, 0, "answer"))[0], False)


@check
def a_card_that_goes_elsewhere_is_shown_again(served):
    page = served.open()
    choose(page, "Question 1?")
    shows(page, 0, "answer", "Answer 1.")
    face(page, 0, "answer").locator("body").evaluate("() => { location.href = 'about:blank' }")
    page.wait_for_timeout(300)
    served.edit("content/2.md", "Answer 1.", "Another 1.")
    shows(page, 0, "answer", "Another 1.")


@check
def the_page_goes_to_the_note_that_is_edited(served):
    page = served.open()
    choose(page, "What is a port?")
    served.edit("content/2.md", "Answer 57.", "Followed.")
    shows(page, 0, "answer", "Followed.")
    equal(page.inner_text(".note h2"), "Question 57?")
    assert page.locator(".row[aria-selected=true]").is_visible()
    page.uncheck("#follow")
    served.edit("content/2.md", "## Question 3?", "## Question three?")
    page.fill("#search", "three")
    page.get_by_text("Question three?").wait_for()
    equal(page.inner_text(".note h2"), "Question 57?")
    page.fill("#search", "")
    # One that comes, and one that goes.
    page.check("#follow")
    served.edit("content/1.md", "## Capital", "## New here?\n\nYes.\n\n## Capital")
    until(page, "document.querySelector('.note h2').textContent === 'New here?'")
    equal(page.locator(".row[aria-selected=true] .new").count(), 1)
    served.edit("content/1.md", "## New here?\n\nYes.\n\n", "")
    until(page, "document.querySelector('.note h2').textContent !== 'New here?'")
    equal(page.inner_text("#counts").split(" · ")[0], "64 notes")
    stayed(page)


@check
def fifty_edits_come_one_after_the_other(served):
    page = served.open()
    for number in range(1, 51):
        served.edit("content/2.md", f"Answer {number}.", f"Edit {number} came.")
        shows(page, 0, "answer", f"Edit {number} came.")
        equal(page.inner_text(".note h2"), f"Question {number}?")
    stayed(page)
    equal(page.locator(".frames iframe").count(), 2)


@check
def what_is_wrong_is_said_and_the_last_good_state_stays(served):
    page = served.open()
    choose(page, "What is a port?")
    served.edit("deckle.yaml", "name: Served", "name: [")
    page.wait_for_selector("#stop:not([hidden])")
    served.picture(page, "stop")
    shows(page, 0, "question", "What is a port?")
    equal(page.locator(".row").count() > 3, True)
    served.edit("deckle.yaml", "name: [", "name: Mended")
    page.wait_for_selector("#stop", state="hidden")
    stayed(page)


@check
def a_problem_is_mended_by_its_button_alone(served):
    page = served.open()
    served.edit("content/1.md", "(dot.png)", "(Dot.png)")
    page.locator(".row .problems").first.wait_for()
    page.click("#only-problems")
    page.locator(".row").first.click()
    problem = page.locator(".problem").first
    problem.wait_for()
    served.picture(page, "problem")
    before = (served.folder / "content/1.md").read_text()
    assert "(Dot.png)" in before
    problem.locator(".mend").click()
    page.wait_for_selector(".problem", state="detached")
    equal((served.folder / "content/1.md").read_text(), before.replace("Dot.png", "dot.png"))
    # One that leaves its note out is of no note.
    served.edit("content/1.md", "{.typed}", "{.tiped}")
    page.click("#outside")
    page.locator(".problem").get_by_text(".tiped").first.wait_for()
    served.picture(page, "outside")
    page.click(".mend")
    page.wait_for_selector("#outside", state="hidden")
    assert "{.typed}" in (served.folder / "content/1.md").read_text()
    stayed(page)


@check
def notes_are_found_and_chosen_by_keys(served):
    page = served.open()
    page.keyboard.press("/")
    page.keyboard.type("second chapter")
    page.keyboard.press("Control+a")
    page.keyboard.type("question 5")
    until(page, "document.getElementById('found').textContent === '15 of 64 notes'")
    page.keyboard.press("Enter")
    until(page, "document.querySelector('.note h2').textContent === 'Question 5?'")
    equal(page.evaluate("document.activeElement.id"), "note")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    until(page, "document.querySelector('.note h2').textContent === 'Question 15?'")
    # Keys in a card are the page's too.
    face(page, 0, "question").locator("body").click()
    page.keyboard.press("j")
    until(page, "document.querySelector('.note h2').textContent === 'Question 25?'")
    page.click("#clear")
    page.select_option("#deck", "Served::First")
    equal(page.locator(".row").count(), 4)
    page.select_option("#deck", "Served")
    page.select_option("#tag", "two")
    equal(page.inner_text("#found"), "60 of 64 notes")
    page.select_option("#file", "content/1.md")
    equal(page.locator(".nothing").count(), 1)
    page.click("#clear")
    page.click("#only-changed")
    equal(page.locator(".row").count(), 0)


@check
def a_script_of_a_card_reads_no_notes(served):
    (served.folder / "content/3.md").write_text(HOSTILE)
    page = served.open()
    page.fill("#search", "script")
    choose(page, "Does a script run?")
    face(page, 0, "answer").get_by_text("ran, refused").wait_for()


@check
def a_lost_connection_is_said_and_found_again(served):
    page = served.open()
    until(page, "document.getElementById('live').dataset.state === 'on'")
    served.stop()
    until(page, "document.getElementById('live').dataset.state === 'off'")
    with socket.socket() as port:
        port.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        port.bind(("127.0.0.1", served.port))
    served.edit("content/2.md", "## Question 1?", "## Question one?")
    served.start(served.port)
    until(page, "document.getElementById('live').dataset.state === 'on'")
    page.get_by_text("Question one?").first.wait_for()
    stayed(page)


@check
def pages_to_print_and_the_site_are_shown(served):
    page = served.open()
    page.click(".tabs [data-tab=print]")
    inner = page.frame_locator("#page-frame iframe").frame_locator("iframe")
    printed = inner
    printed.get_by_text("What is a port?").first.wait_for()
    served.picture(page, "print")
    page.click(".tabs [data-tab=site]")
    inner.get_by_text("First chapter").first.wait_for()
    served.picture(page, "site")
    served.edit("content/1.md", "# First chapter", "# Chapter one")
    inner.get_by_text("Chapter one").first.wait_for()
    page.click(".tabs [data-tab=cards]")
    choose(page, "What is a port?")
    stayed(page)


@check
def a_phone_has_the_list_and_the_note_by_turns(served):
    page = served.open(width=360, height=740)
    served.picture(page, "phone-list")
    assert not page.locator("#note").is_visible()
    page.locator(".row", has_text="What is a port?").click()
    shows(page, 0, "question", "What is a port?")
    assert not page.locator("#list").is_visible()
    served.picture(page, "phone-note")
    equal(page.evaluate("document.documentElement.scrollWidth"), 360)
    page.click("#back")
    assert page.locator("#list").is_visible()


@check
def axe_finds_nothing(served):
    served.edit("content/1.md", "(dot.png)", "(Dot.png)")
    for scheme in ["light", "dark"]:
        for width in [1280, 360]:
            page = served.open(width=width, scheme=scheme)
            page.locator(".row .problems").first.wait_for()
            clean(page, f"{scheme}, {width}: list")
            page.locator(".row", has=page.locator(".problems")).first.click()
            page.wait_for_selector(".problem")
            shows(page, 0, "question", "Area")
            clean(page, f"{scheme}, {width}: note")
            served.picture(page, f"{scheme}-{width}")


def clean(page, name):
    page.evaluate(AXE)
    # Cards have styles of their own, which other tests look at.
    found = page.evaluate("axe.run(document, { resultTypes: ['violations'], iframes: false })")["violations"]
    lines = [(one["id"], node["target"], (node["any"] or node["all"] or node["none"])[0]["message"]) for one in found for node in one["nodes"]]
    assert not lines, f"{name}: {lines[:8]}"


def measure(browser, program, project):
    """Into the page: from the save to the change that the page is told of; to the card: until its text is in the frame."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(project, folder, dirs_exist_ok=True)
        served = Served(program, Path(folder), browser, None)
        began = time.monotonic()
        served.start()
        print(f"serves after {time.monotonic() - began:.2f} s")
        page = served.open()
        page.evaluate("""() => {
            window.told = 0
            new EventSource("/events").addEventListener("change", () => { window.told = Date.now() })
        }""")
        page.wait_for_timeout(500)
        files = sorted(Path(folder, "content").rglob("*.md"))
        into, onto = [], []
        for number in range(50):
            path = files[number * len(files) // 50]
            lines = path.read_text().split("\n")
            place = next(place for place, line in enumerate(lines) if line.startswith("## ")) + 2
            lines[place] = f"Measured {number}."
            write(path, "\n".join(lines))
            saved = time.time() * 1000
            shows(page, 0, "answer", f"Measured {number}.")
            onto.append(time.time() * 1000 - saved)
            into.append(page.evaluate("window.told") - saved)
            page.wait_for_timeout(100)
        stayed(page)
        memory = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{served.process.pid}/status").read_text())[1]
        for name, times in [("told", into), ("card", onto)]:
            times.sort()
            print(f"{name}: median {statistics.median(times):.0f} ms, p95 {times[47]:.0f} ms, most {times[-1]:.0f} ms")
        print(f"{int(memory) // 1024} MiB")
        served.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
