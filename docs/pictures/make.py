"""Takes the pictures of `printed-pages.md`: what each file in `templates/print/` is for, with the names that styles go by.

    make.py DECKLE

DECKLE is the program to run. Needs Chromium. Writes the pictures beside this file.
"""

import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent

NOTES = """---
deck: Pictures
---
# Ports

## Which port does a bridge-mode task need when several copies run on one instance?

Only `containerPort`: leave `hostPort` out, and the agent picks a free **ephemeral** port.

> [!TIP]
> What if both copies asked for port 80?

> [!NOTE]
> The security group must let the load balancer reach the whole range.[^1]

[^1]: ECS developer guide

## Placement strategies {.cloze}

`binpack` places on the instance with the ==least available== memory; ==`spread`== places evenly.

## Launch types {.rows}

| Type    | Instances | Price   |
|---------|-----------|---------|
| EC2     | yours     | by hour |
| Fargate | none      | by task |

## Which launch type needs no instances? {.typed}

Fargate

## What happens when a task stops?

The service starts another one in its place, on any instance that has the memory, the ports and the attributes that its definition asks for;
the load balancer drains the connections of the old one, waits for the health check of the new one, and only then sends requests to it. Where
no instance has room the task waits, and the event log of the service says so every few minutes.

## What does this set?

<!-- back -->

```json
{ "hostPort": 0 }
```
"""

# A font that is wider than any that text is measured in.
WIDE = ".card { font-family: 'DejaVu Sans Mono' !important; letter-spacing: 0.02em }"

# As a narrower one would be.
NARROW = "body { letter-spacing: -0.05em }"

# Frames whatever a selector finds first, and writes the selector at its corner.
LABELS = """
for (const [selector, at, corner] of LABELS) {
  const found = document.querySelectorAll(selector)[at]
  if (!found) { document.title = 'missing: ' + selector; continue }
  const box = found.getBoundingClientRect()
  const frame = document.createElement('div')
  frame.className = 'frame'
  frame.style.cssText = `left:${box.left + scrollX - 2}px;top:${box.top + scrollY - 2}px;width:${box.width + 4}px;height:${box.height + 4}px`
  const label = document.createElement('b')
  label.textContent = selector.split(/ (?=[.h#])|>/).pop().trim()
  label.className = corner
  frame.append(label)
  document.body.append(frame)
}
"""
STYLE = """
.frame { position: absolute; box-sizing: border-box; border: 1px solid #c2185b; z-index: 9; font: 700 10px/1.2 'DejaVu Sans', sans-serif }
.frame b { position: absolute; white-space: nowrap; padding: 1px 4px; border-radius: 2px; background: #c2185b; color: #fff }
.frame .nw { left: -1px; bottom: 100% } .frame .ne { right: -1px; bottom: 100% }
.frame .sw { left: -1px; top: 100% } .frame .se { right: -1px; top: 100% }
.frame .e { left: 100%; top: 50%; transform: translateY(-50%) } .frame .w { right: 100%; top: 50%; transform: translateY(-50%) }
@media screen {
  body { background: #fff !important; margin: 0 }
  .settings, .webkit { display: none !important }
  .page, .key { margin: 0 !important; box-shadow: none !important }
}
"""


def build(program, styles=None, times=1):
    """Builds the notes, so many times over, into a folder of its own, with templates of the project's."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="deckle-pictures-"))
    (folder / "content").mkdir()
    (folder / "content/notes.md").write_text(NOTES)
    for number in range(1, times):
        (folder / f"content/{number}.md").write_text(NOTES.replace("# Ports", f"# Ports, part {number + 1}", 1))
    (folder / "deckle.yaml").write_text("print: {key: true}\ntemplates: templates\n")
    (folder / "templates/print").mkdir(parents=True)
    for name, text in (styles or {}).items():
        (folder / "templates/print" / name).write_text(text)
    subprocess.run([program, "build", "-q", "-f", "print"], cwd=folder, check=True, stderr=subprocess.DEVNULL)
    return folder


def take(page, name, size, style="", labels=(), script=True):
    """Takes a picture of the upper left of a page, `size` in millimetres."""
    text = re.sub(r"<meta http-equiv[^>]*>", "", page.read_text())
    if not script:
        text = re.sub(r"<script.*?</script>", "", text, flags=re.S)
    drawn = LABELS.replace("LABELS)", json.dumps(list(labels)) + ")", 1) if labels else ""
    text = text.replace("</body>", f"<style>{STYLE}{style}</style><script>addEventListener('load', () => setTimeout(() => {{{drawn}}}, 300))</script></body>")
    shown = page.with_name("shown.html")
    shown.write_text(text)
    width, height = (round(length / 25.4 * 96) for length in size)
    picture = HERE / f"{name}.png"
    with tempfile.TemporaryDirectory() as profile:
        subprocess.run(
            [shutil.which("chromium") or "google-chrome", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
             "--disable-background-networking", f"--user-data-dir={profile}", f"--window-size={width},{height}",
             "--force-device-scale-factor=1.25", "--virtual-time-budget=3000", f"--screenshot={picture}", shown.as_uri()],
            check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    print(picture)


def main(program):
    folder = build(program)
    cards, sheet = (next((folder / "dist/print").glob(f"*-{kind}.html")) for kind in ("cards", "sheet"))
    # A row of fronts above the backs of the same cards.
    rows = ".page { height: 75mm !important; overflow: hidden } .page.back { margin-top: 6mm !important } .key, .ruler { display: none }"
    take(cards, "cards", (210, 157), rows, [
        (".front .body", 0, "ne"), (".front .hint", 0, "se"), (".front .place", 0, "e"), (".front .number", 0, "w"),
        (".page.front .heading", 0, "ne"), (".front .blank", 1, "se"), (".back .answers", 0, "se"),
        (".page.back .card:nth-child(2) .body", 0, "ne"), (".back .extra", 0, "se"), (".back .source", 0, "se"),
    ])
    take(cards, "key", (150, 66), ".page { display: none } .key { padding: 8mm !important; width: 150mm !important }", [
        (".key > h1", 0, "ne"), (".key .question", 1, "e"), (".key .body", 1, "se"),
    ])
    page = "body { padding: 6mm 8mm; width: 176mm !important; box-sizing: content-box } .sheet { --size: 11pt }"
    take(sheet, "sheet", (192, 104), page, [
        ("h1", 0, "e"), ("h2", 0, "ne"), (".head", 4, "se"), (".answer", 0, "sw"), (".extra", 0, "se"), (".note", 2, "ne"), ("table", 0, "se"),
    ])
    third = ".page { height: 75mm !important; overflow: hidden } .page.back .grid { margin-top: -148.5mm } .page.front, .key { display: none }"
    wide = next((build(program, {"print.css": WIDE}) / "dist/print").glob("*-cards.html"))
    take(wide, "without-fit", (210, 74), third, script=False)
    take(wide, "with-fit", (210, 74), third)
    narrow = next((build(program, {"print.css": NARROW}, times=3) / "dist/print").glob("*-sheet.html"))
    page = "body { padding: 6mm 8mm; width: 176mm !important; box-sizing: content-box }"
    take(narrow, "without-sheet-script", (192, 100), page, script=False)
    take(narrow, "with-sheet-script", (192, 100), page)
    first = ".page { height: 75mm !important; overflow: hidden } .page.back, .key { display: none }"
    own = build(program, {"print.css": ".card { border-top: 1.5mm solid #0b7285 }\n.front .body { font-family: 'DejaVu Serif', serif }\n.place, .number { color: #0b7285 }\n"})
    take(next((own / "dist/print").glob("*-cards.html")), "print-css", (210, 75), first)


if __name__ == "__main__":
    main(str(pathlib.Path(sys.argv[1]).resolve()))
