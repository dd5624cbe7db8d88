#!/usr/bin/env python3
"""Turns what `run` found into results.json, the README's table and the plot: report.py FOLDER [WHAT-RUN-FOUND]

Without the latter it reads results.json there again. FOLDER is this one, or one to try in; there the table goes to table.md.
"""

import ast
import json
import math
import os
import sys
from html import escape
from pathlib import Path

HERE = Path(__file__).resolve().parent
START, END = "<!-- peers: benches/peers/run writes this -->", "<!-- /peers -->"
BARE = "SQLite and deflate alone"


def results(found):
    """Of each program at each size the least CPU, and the memory of that run."""
    shown, runs, missing, least, cores = found
    rows = []
    for name, (title, reads) in (shown | {"bare": (BARE, "rows")}).items():
        sizes = {size: min(of_size) for size, of_size in runs.get(name, {}).items() if of_size}
        if sizes:
            best = {size: {"cpu": round(cpu, 3), "wall": round(wall, 3), "mb": round(mb)} for size, (cpu, wall, mb) in sizes.items()}
            rows.append({"name": name, "title": title, "reads": reads, "sizes": best})
    return {"rows": rows, "missing": missing, "least_mb": round(least), "cores": cores}


def seconds(value):
    return f"{value:.2f}" if value < 9.95 else f"{value:.0f}"


def table(results):
    sizes = sorted({size for row in results["rows"] for size in row["sizes"]}, key=int)
    deckle = next(row for row in results["rows"] if row["name"] == "deckle")["sizes"]
    names = [f"{int(size):,} notes" for size in sizes]
    lines = ["| | reads | " + " | ".join(f"{name}: CPU | times deckle | memory" for name in names) + " |"]
    lines.append("|---|---|" + "--:|--:|--:|" * len(sizes))
    for row in sorted(results["rows"], key=lambda row: ("(no package)" in row["title"], row["name"] == "bare", first(row, sizes))):
        cells = [f"**{row['title']}**" if row["name"] == "deckle" else row["title"], row["reads"]]
        for size in sizes:
            at = row["sizes"].get(size)
            ratio = at["cpu"] / deckle[size]["cpu"] if at and size in deckle else None
            cells += [f"{seconds(at['cpu'])} s", f"{ratio:.1f}", f"{at['mb']} MB"] if at else ["–", "", ""]
        lines.append("| " + " | ".join(cells) + " |")
    notes = [f"CPU is user and system time of all processes, the least of up to three runs on {results['cores']} cores, all in one sitting."]
    notes += ["“Rows” are HTML made beforehand: no Markdown is read. –: takes too long."]
    notes += [f"{name} is left out: {reason}." for name, reason in sorted(results["missing"].items())]
    return "\n".join(lines) + "\n\n" + " ".join(notes)


def first(row, sizes):
    return next((row["sizes"][size]["cpu"] for size in sizes if size in row["sizes"]), math.inf)


# The plot: a dot for each program and size on a scale of powers of ten. Colours are those of the page that shows it, light or
# dark, by what the reader prefers.
STYLE = """
text { font: 13px system-ui, -apple-system, 'Segoe UI', 'Noto Sans', 'Liberation Sans', sans-serif; fill: #1f2328 }
.small { font-size: 11.5px; fill: #59636e }
.head { font-weight: 600 }
.ours { font-weight: 600; fill: #0b6e8f }
.grid { stroke: #d1d9e0; stroke-width: 1 }
.link { stroke: #8b949e; stroke-width: 2 }
.few { fill: #ffffff; stroke: #59636e; stroke-width: 2 }
.many { fill: #59636e; stroke: #59636e; stroke-width: 2 }
.ours-link { stroke: #0b6e8f }
.few.ours-dot { stroke: #0b6e8f }
.many.ours-dot { fill: #0b6e8f; stroke: #0b6e8f }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 } .small { fill: #9198a1 } .ours { fill: #5cc4e8 }
  .grid { stroke: #3d444d } .link { stroke: #656c76 }
  .few { fill: #0d1117; stroke: #9198a1 } .many { fill: #9198a1; stroke: #9198a1 }
  .ours-link { stroke: #5cc4e8 } .few.ours-dot { stroke: #5cc4e8 } .many.ours-dot { fill: #5cc4e8; stroke: #5cc4e8 }
}
"""
NAMES, PANEL, GAP, ROW, TOP = 200, 290, 64, 26, 62
PANELS = [("CPU time, s", "cpu", seconds), ("Peak of memory, MB", "mb", lambda value: f"{value:.0f}")]


def plot(results):
    """All that make packages, the fastest first."""
    rows = [row for row in results["rows"] if "(no package)" not in row["title"]]
    sizes = sorted({size for row in rows for size in row["sizes"]}, key=int)
    rows.sort(key=lambda row: row["sizes"].get(sizes[-1], {"cpu": 10 * first(row, sizes)})["cpu"])
    width, height = NAMES + len(PANELS) * (PANEL + GAP), TOP + len(rows) * ROW + 34
    label = "CPU time and memory of makers of Anki packages"
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" aria-label="{label}">']
    parts.append(f"<style>{STYLE}</style>")
    for index, row in enumerate(rows):
        kind = ' class="ours"' if row["name"] == "deckle" else ""
        parts.append(f'<text x="{NAMES - 14}" y="{TOP + index * ROW + 18}" text-anchor="end"{kind}>{escape(row["title"])}</text>')
    for at, (title, key, form) in enumerate(PANELS):
        parts += panel(rows, sizes, NAMES + at * (PANEL + GAP), title, key, form)
    parts += legend(sizes, height)
    return "\n".join([*parts, "</svg>"]) + "\n"


def panel(rows, sizes, left, title, key, form):
    values = [row["sizes"][size][key] for row in rows for size in row["sizes"]]
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    place = lambda value: left + (math.log10(value) - low) / (high - low) * PANEL
    bottom = TOP + len(rows) * ROW
    yield f'<text class="head" x="{left}" y="22">{title}</text>'
    for power in range(low, high + 1):
        x = place(10**power)
        yield f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{TOP - 8}" y2="{bottom}"/>'
        yield f'<text class="small" x="{x:.1f}" y="{TOP - 15}" text-anchor="middle">{10**power:g}</text>'
    for index, row in enumerate(rows):
        y, is_ours = TOP + index * ROW + 13.5, row["name"] == "deckle"
        dots = [(place(row["sizes"][size][key]), size, row["sizes"][size][key]) for size in sizes if size in row["sizes"]]
        if len(dots) > 1:
            yield f'<line class="link{" ours-link" * is_ours}" x1="{dots[0][0]:.1f}" x2="{dots[-1][0]:.1f}" y1="{y}" y2="{y}"/>'
        for x, size, value in dots:
            shade = "many" if size == sizes[-1] else "few"
            said = escape(f"{row['title']}, {int(size):,} notes: {form(value)}")
            yield f'<circle class="{shade}{" ours-dot" * is_ours}" cx="{x:.1f}" cy="{y}" r="5"><title>{said}</title></circle>'
        x, _, value = dots[-1]
        yield f'<text class="small" x="{x + 10:.1f}" y="{y + 4}">{form(value)}</text>'


def legend(sizes, height):
    x = NAMES
    for size in sizes:
        shade = "many" if size == sizes[-1] else "few"
        yield f'<circle class="{shade}" cx="{x + 5}" cy="{height - 15}" r="5"/>'
        yield f'<text class="small" x="{x + 17}" y="{height - 11}">{int(size):,} notes</text>'
        x += 120
    yield f'<text class="small" x="{x}" y="{height - 11}">both scales go by powers of ten; less is better</text>'


def main():
    folder = Path(sys.argv[1])
    path = folder / "results.json"
    if len(sys.argv) > 2:
        path.write_text(json.dumps(results(ast.literal_eval(sys.argv[2])), indent=1) + "\n")
    found = json.loads(path.read_text())
    (folder / "speed.svg").write_text(plot(found))
    readme = HERE.parent.parent / "README.md"
    text = readme.read_text()
    if folder.resolve() == HERE and START in text:
        before, rest = text.split(START, 1)
        readme.write_text(f"{before}{START}\n\n{table(found)}\n\n{END}{rest.split(END, 1)[1]}")
    else:
        (folder / "table.md").write_text(table(found) + "\n")


if __name__ == "__main__":
    main()
