"""Prints every preset, way to get backs, kind of note and sheet in each browser there is, to be looked at.

    gallery.py DECKLE OUT [BUILD...]

DECKLE is the program to run. Writes pictures of the pages, and OUT/index.html with all of them; a BUILD is a part of a
build's name, such as `sheet` or `cards-8`, and only those are made.
"""

import html
import pathlib
import shutil
import subprocess
import sys
import tempfile

import cards
from chromium import Chromium
from firefox import Firefox
from report import Project
from webkit import WebKit

NOTES = pathlib.Path(__file__).parent / "gallery"

# Dots an inch: a page of A4 is 700 dots wide.
DPI = 85

HEAD = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Gallery</title>
<style>
body { font: 14px sans-serif; background: #ccc }
.build > div { display: flex; gap: 8px; overflow-x: auto; align-items: flex-start }
img { height: 420px; background: #fff }
h3 { margin: 8px 0 2px; font-weight: 400 }
</style>
"""


def builds():
    """Name of a build → its options, and the pages that are looked at."""
    found = {}
    for preset in cards.PRESETS:
        for duplex in ("long", "short", "none", "fold"):
            found[f"cards-{preset}-{duplex}"] = (f"preset={preset},duplex={duplex}", "kinds-cards.html")
    for preset in ("2", "4", "8", "16"):
        found[f"decks-{preset}"] = (f"preset={preset},key=true", "*-cards.html")
    for paper in ("Letter", "A5"):
        for preset in ("8", "16", "3x5"):
            found[f"paper-{paper}-{preset}"] = (f"preset={preset},paper={paper},key=true", "kinds-cards.html")
    found["fronts-8"] = ("preset=8,front-only=true", "kinds-cards.html")
    found["offset-8"] = ("preset=8,back-offset=2 -1", "kinds-cards.html")
    found["sheets"] = ("sheet-paper=A4", "*-sheet.html")
    for paper, columns in (("A4", 2), ("A4", 3), ("A4", 4), ("A5", 2), ("Letter", 3)):
        found[f"sheet-{paper}-{columns}"] = (f"sheet-paper={paper},sheet-columns={columns}", "[kl]*-sheet.html")
    return found


def engines():
    """The browsers that are installed."""
    there = [engine for engine in (Firefox, WebKit) if engine.program()]
    return [Chromium, *there]


def pictures(path, folder, name):
    """The pages of a PDF file as PNG files, in order."""
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(["pdftoppm", "-r", str(DPI), "-png", str(path), str(folder / name)], check=True)
    return sorted(folder.glob(f"{name}-*.png"))


def main(deckle, out, wanted):
    out = pathlib.Path(out).resolve()
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        project = Project(deckle, folder)
        shutil.copytree(NOTES, project.folder / "content")
        project.write("deckle.yaml", "id: gallerygal\nname: Gallery\n")
        pages = {}
        for name, (options, looked_at) in builds().items():
            if not wanted or any(part in name for part in wanted):
                made, _ = project.build("--print", options, out=f"dist/{name}")
                pages |= {(name, page.stem): page for page in sorted(made.glob(looked_at))}
        shown = {}
        for engine in engines():
            with engine() as browser:
                for (name, stem), page in pages.items():
                    browser.print_page(page, project.folder / "page.pdf")
                    shown[name, stem, engine.name] = pictures(project.folder / "page.pdf", out / name, f"{stem}-{engine.name}")
    (out / "index.html").write_text(overview(out, shown), encoding="utf-8")
    print(f"{sum(map(len, shown.values()))} pages: {out / 'index.html'}")


def overview(out, shown):
    """A page with all pictures: a build after the other, the browsers below each other."""
    parts, last = [HEAD], None
    for name, stem, engine in sorted(shown):
        if name != last:
            parts.append(f"<h2>{html.escape(name)}: {html.escape(builds()[name][0])}</h2>")
        last = name
        files = [path.relative_to(out).as_posix() for path in shown[name, stem, engine]]
        images = "".join(f'<a href="{html.escape(file)}"><img loading="lazy" src="{html.escape(file)}"></a>' for file in files)
        parts.append(f'<section class="build"><h3>{html.escape(stem)}, {engine}: {len(files)} pages</h3><div>{images}</div></section>')
    return "\n".join(parts)


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit("usage: gallery.py DECKLE OUT [BUILD...]")
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
