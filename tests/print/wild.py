"""Whether anything that sticks out of its box changes the size of what is printed beside it.

A browser that finds one thing wider than the paper prints all sheets of a file smaller, and says nothing.
"""

import pdf
from chromium import Chromium

# A thousandth: what 100.0 ± 0.1 % allows.
MOST_SCALED = 0.001

# Millimetres between the same word with and without an answer key.
MOST_MOVED = 0.1

# The third answer of a deck, by what is too wide about it.
WILD = {
    "arn": "`arn:aws:ecs:eu-central-1:123456789012:service/prod/orders-api1`",
    "word": "Donaudampfschifffahrtselektrizitaetenhauptbetriebswerkbauunterbeamtengesellschaft",
    "url": "https://docs.example.org/AmazonECS/latest/developerguide/task_definition_parameters.html#container_definition_portmappings",
    "class": "org.springframework.context.annotation.ConfigurationClassPostProcessorBeanFactoryRegistrar",
    "formula": "$" + "+".join(f"a_{{{n}}}" for n in range(1, 17)) + "$",
    "display formula": "$$" + "+".join(f"\\alpha_{{{n}}}^{{2}}" for n in range(1, 41)) + "$$",
    "matrix": "$$\\begin{pmatrix}" + "&".join(f"x_{{{n}}}" for n in range(24)) + "\\end{pmatrix}$$",
    "fractions": "$\\frac{" + "+".join("abcdefghijklmnopqrstuvwxyz" * 2) + "}{2}$",
    "text in a formula": "$\\text{" + "unbreakable " * 20 + "}$",
    "columns": "|" + "column|" * 14 + "\n|" + "-|" * 14 + "\n|" + "content|" * 14,
    "words of a table": "| a | b | c |\n|-|-|-|\n| " + " | ".join(["supercalifragilistic" * 4] * 3) + " |",
    "code": "```rust\nlet x = \"" + "0123456789" * 30 + "\";\n```",
    "spaces of code": "```text\n" + "a\u00a0" * 200 + "\n```",
    "tabs": "```text\n" + "\t" * 60 + "end\n```",
    "drawing": "```text\n" + "─" * 180 + "\n```",
    "no-break spaces": "no\u00a0break\u00a0" * 30,
    "word joiners": "\u2060".join("joined" * 30),
    "characters": "漢字仮名交じり文" * 30,
    "Hebrew": "שלום" * 40,
    "Arabic": "مرحبا" * 40,
    "family": "👨\u200d👩\u200d👧\u200d👦" * 60,
    "marks": "a" + "\u0301" * 300,
    "strong": "**" + "strong" * 30 + "** *" + "slanted" * 30 + "*",
    "heading": "<h4>" + "heading" * 30 + "</h4>",
    "list": "\n".join("  " * depth + "- " + "deep" * 20 for depth in range(14)),
    "quote": "> " * 14 + "quoted" * 20,
    "definition": "term" * 30 + "\n: " + "meaning" * 30,
    "alert": "- > [!NOTE]\n  > " + "noted" * 40,
    "footnote": "x[^1]\n\n[^1]: https://example.org/" + "path/" * 40 + "#" + "anchor" * 20,
    "task": "- [ ] " + "task" * 40 + "\n- [x] `" + "done" * 40 + "`",
    "picture": "![](wide.svg) ![](wide.svg)",
    "raw table": '<table width="3000"><tr><td width="1500" nowrap>' + "cell " * 60 + "</td><td>x</td></tr></table>",
    "raw picture": '<img src="wide.svg" width="3000" height="20">',
    "raw pre": "<pre>" + "preformatted" * 40 + "</pre>",
    "raw rule": '<hr width="3000">',
    "details": "<details><summary>" + "summary" * 30 + "</summary>" + "folded" * 30 + "</details>",
}

# What only an author who is trusted with HTML can write.
TRUSTED = {
    "wide": '<div style="width: 900mm; background: #ddd">wide</div>',
    "moved": '<div style="margin-left: 300mm; width: 100mm">moved</div>',
    "placed": '<div style="position: absolute; left: 400mm; top: 10mm">placed</div>',
    "not wrapped": '<div style="white-space: nowrap">' + "not wrapped " * 60 + "</div>",
    "drawn": '<svg width="2000" height="30"><rect width="2000" height="30"/></svg>',
}

PICTURE = "<svg xmlns='http://www.w3.org/2000/svg' width='4000' height='60'><rect width='4000' height='60'/></svg>"

# Words that stand on the same cards of each deck, far from each other.
FIRST, LAST = "upmark", "downmark"

# How many answers of the key are clipped at their sides.
CLIPPED = """
[...document.querySelectorAll(".key .body")].filter((body) => {
  const range = document.createRange();
  range.selectNodeContents(body);
  const box = body.getBoundingClientRect();
  return [...range.getClientRects()].some((rect) => rect.left < box.left - 1 || rect.right > box.right + 1);
}).length
"""

# By how many pixels a page is wider than its sheets, or the window where that is wider.
STICKS_OUT = """
document.documentElement.scrollWidth - Math.max(document.documentElement.clientWidth, document.querySelector(".page").offsetWidth)
"""


def check_chromium(report, project):
    """All of it; and that nothing reaches out of the boxes that it must not leave."""
    pages = build(project)
    with Chromium() as browser:
        check(report, project, browser, pages)
        for name, page in pages["key"].items():
            browser.open(page)
            browser.on_paper()
            width = browser.run(STICKS_OUT)
            report.check(width <= 0, f"{name}: {width} px wider than its sheets")
            # What an author has forbidden to be wrapped is cut, and white space where a line ends; nothing else is.
            if name not in {*TRUSTED, "tabs"}:
                report.equal(browser.run(CLIPPED), 0, f"{name}: answers that are cut in the key")
            browser.on_paper(False)


def check(report, project, browser, pages):
    """Cards with and without a key, and sheets, are as large in `browser` as those that hold nothing wild."""
    expected = {kind: marks(browser, project, of_kind["plain"]) for kind, of_kind in pages.items()}
    for name in pages["key"]:
        for kind in ("key", "cards"):
            found = marks(browser, project, pages[kind][name])
            what = f"{browser.name}, {name}, {kind}"
            # A key may say the word again, behind the cards.
            report.equal(found.keys(), expected["cards"].keys(), f"{what}: marks")
            scale = distance(found) / distance(expected["cards"])
            report.check(abs(scale - 1) <= MOST_SCALED, f"{what}: at {scale:.2%}")
            moved = max(abs(one - other) for key in found for one, other in zip(found[key], expected["cards"][key]))
            report.check(moved <= MOST_MOVED, f"{what}: moved by {moved:.2f} mm")
        found = title(browser, project, pages["sheet"][name])
        known = title(browser, project, pages["sheet"]["plain"])
        report.check(abs(found / known - 1) <= MOST_SCALED * 10, f"{browser.name}, {name}, sheet: at {found / known:.1%}")


def build(project):
    """Kind of page → name → page: cards with a key and without, and sheets."""
    project.write("deckle.yaml", "id: abcdefghij\nname: Wild\n")
    project.write("content/wide.svg", PICTURE)
    names = {"plain": ("plain", "")}
    for head, inputs in (("", WILD), ("html: trust\n", TRUSTED)):
        names |= {name: (answer, head) for name, answer in inputs.items()}
    for number, (answer, head) in enumerate(names.values()):
        answers = [FIRST, "second", answer, *["more"] * 4, LAST]
        notes = "".join(f"## {FIRST if n == 0 else LAST if n == 7 else n}\n\n{text}\n\n" for n, text in enumerate(answers))
        project.write(f"content/{number:02}.md", f"---\ndeck: deck{number:02}\n{head}---\n{notes}")
    with_key, _ = project.build("--print", "key=true,preset=8", out="with")
    without, _ = project.build("--print", "preset=8", out="without")
    kinds = {"key": (with_key, "cards"), "cards": (without, "cards"), "sheet": (without, "sheet")}
    page = lambda kind, number: kinds[kind][0] / f"deck{number:02}-{kinds[kind][1]}.html"
    return {kind: {name: page(kind, number) for number, name in enumerate(names)} for kind in kinds}


def marks(browser, project, page):
    """(page, word) → the middle of the word, on the two sides of the only sheet."""
    printed = print_page(browser, project, page)
    words = [(number, word) for number, side in enumerate(printed[:2]) for word in side.words]
    return {(number, word.text): middle(word) for number, word in words if word.text in (FIRST, LAST)}


def distance(found):
    """Between the two words of the front."""
    first, last = found[0, FIRST], found[0, LAST]
    return ((first[0] - last[0]) ** 2 + (first[1] - last[1]) ** 2) ** 0.5


def title(browser, project, page):
    """How high the word is that is a sheet's title."""
    word = next(word for word in print_page(browser, project, page)[0].words if word.text.startswith("deck"))
    return word.bottom - word.top


def middle(word):
    return (word.left + word.right) / 2, (word.top + word.bottom) / 2


def print_page(browser, project, page):
    browser.print_page(page, project.folder / "page.pdf")
    return pdf.pages(project.folder / "page.pdf")
