"""Turns an Anki package into pictures of its cards, as Anki itself renders them.

    look.py PACKAGE OUT [--only TEXT] [--height PIXELS] [--chromium PATH]

One picture a card, `OUT/NNN.png`: question and answer on a phone, light and night (there with the hint opened), and below
them the answer on a desktop.
Needs the `anki` wheel and Chromium. MathJax is not run: formulas stay TeX.
"""

import argparse
import html
import os
import re
import subprocess
import tempfile
from pathlib import Path

from anki.collection import Collection, ImportAnkiPackageRequest

# What Anki's reviewer brings along besides the note type's style.
REVIEWER_STYLE = """
body { margin: 20px; overflow-wrap: break-word; background-color: #f5f5f5; }
body.nightMode { background-color: #2c2c2c; }
img { max-width: 100%; max-height: 95vh; }
li { text-align: start; }
pre { text-align: left; }
#typeans { width: 100%; box-sizing: border-box; line-height: 1.75; }
.typeGood { background: #afa; color: black; }
.typeBad { background: #faa; color: black; }
.typeMissed { background: #ccc; color: black; }
"""

PHONE, DESKTOP = 390, 780
LIGHT, NIGHT = "", "nightMode night_mode"

# Frames at least as high as a small screen, so that what is sized by the screen is seen as it is.
SHEET = """<!doctype html><meta charset="utf-8"><style>body {{ margin: 0; background: #888; }} iframe {{ border: 0; float: left; }}</style>
{frames}
<script>onload = () => {{ for (const frame of document.querySelectorAll("iframe"))
frame.height = frame.contentDocument.documentElement.scrollHeight }}</script>
"""


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("package", type=Path)
    arguments.add_argument("out", type=Path)
    arguments.add_argument("--only", help="cards whose question holds this text")
    arguments.add_argument("--height", type=int, default=1600, help="of a picture, in pixels")
    arguments.add_argument("--chromium", default="chromium")
    options = arguments.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        collection = Collection(os.path.join(folder, "collection.anki2"))
        try:
            collection.import_anki_package(ImportAnkiPackageRequest(package_path=str(options.package.resolve())))
            base = Path(collection.media.dir()).as_uri() + "/"
            for name, question, answer, classes in render(collection, options.only):
                page = Path(folder) / f"{name}.html"
                page.write_text(sheet(question, answer, classes, base), encoding="utf-8")
                picture(options.chromium, page, options.out / f"{name}.png", options.height)
        finally:
            collection.close()


def render(collection, only):
    """Yields name, question, answer and class of each card, in the order of study."""
    for place, card_id in enumerate(collection.find_cards("", order="c.due asc, c.ord asc"), 1):
        card = collection.get_card(card_id)
        output = card.render_output()
        if only and only not in output.question_text:
            continue
        css = f"<style>{output.css}</style>"
        typed = re.search(r"\[\[type:(?:\w+:)*([^\]]+)\]\]", output.question_text)
        wanted = html.unescape(re.sub("<[^>]*>", "", card.note()[typed[1]])) if typed else ""
        question = css + fill_typed(collection, output.question_text, "")
        answer = css + fill_typed(collection, output.answer_text, wanted)
        yield f"{place:03}", question, answer, f"card card{card.ord + 1}"


def fill_typed(collection, text, wanted):
    """Puts the input, or a comparison with a mistake in it, where the reviewer does."""
    widget = '<center><input type="text" id="typeans"></center>'
    if wanted:
        widget = collection.compare_answer(wanted, wanted[:1] + wanted[2:] + "s")
    text = re.sub(r"\[\[type:[^\]]+\]\]", lambda _: widget, text)
    return re.sub(r"\[anki:play:[^\]]+\]", '<a class="replay-button" href="#">▶</a>', text)


def sheet(question, answer, classes, base):
    """All views of a card on one page."""
    opened = question.replace("<details", "<details open")
    phone = [(question, LIGHT), (answer, LIGHT), (opened, NIGHT), (answer, NIGHT)]
    frames = [frame(side, classes, mode, PHONE, base) for side, mode in phone]
    frames += ["<br style='clear: left'>"] + [frame(answer, classes, mode, DESKTOP, base) for mode in (LIGHT, NIGHT)]
    return SHEET.format(frames="".join(frames))


def frame(body, classes, mode, width, base):
    """A page as the reviewer has it."""
    page = (
        f'<!doctype html><html class="{mode}"><head><meta charset="utf-8"><base href="{base}">'
        f"<style>{REVIEWER_STYLE}</style></head>"
        f'<body class="{classes} {mode}"><div id="qa">{body}</div></body></html>'
    )
    return f'<iframe width="{width}" height="640" srcdoc="{html.escape(page)}"></iframe>'


def picture(chromium, page, png, height):
    """One screenshot by headless Chromium, which touches no network."""
    flags = (
        "--headless --no-sandbox --disable-gpu --hide-scrollbars --disable-quic --no-first-run --disable-sync "
        "--disable-background-networking --disable-component-update --allow-file-access-from-files"
    ).split()
    profile = f"--user-data-dir={page.parent / 'profile'}"
    size = [f"--window-size={4 * PHONE},{height}", f"--screenshot={png}"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.run([chromium, *flags, profile, *size, page.as_uri()], check=True, timeout=60, **quiet)


if __name__ == "__main__":
    main()
