"""Whether raw HTML stays within cards, their key and the columns of a sheet, or its card has a warning.

What raw HTML asks for counts on a screen, which scrolls; paper cuts off what it has no room for.
"""

import json
import pathlib

from chromium import Chromium

WORDS = "ALPHA beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma OMEGA"
BREAKS = "<br>" * 60

# Name → an answer. Each says ALPHA and OMEGA.
FORMS = {
    "nowrap": f'<p style="white-space:nowrap">{WORDS}</p>',
    "nowrap inside": f'text <span style="WHITE-SPACE: nowrap">{WORDS}</span>',
    "large": '<p style="font-size:90px">ALPHA beta gamma delta epsilon zeta eta theta OMEGA</p>',
    "large inside": 'ALPHA <span style="font-size:8em">big</span> OMEGA',
    "larger and larger": "ALPHA " + "<big>" * 9 + "big" + "</big>" * 9 + " OMEGA",
    "font": 'ALPHA <font size="7">OMEGA OMEGA OMEGA OMEGA</font>',
    "font in short": '<p style="font:bold 80px/3 serif">ALPHA beta gamma delta epsilon OMEGA</p>',
    "wide letters": f'<p style="font-family:monospace;text-transform:uppercase">{WORDS * 3}</p>',
    "height": '<div style="height:900px">ALPHA</div>OMEGA',
    "height of a cell": '<table height="900"><tr height="900"><td height="900">ALPHA<td>OMEGA</table>',
    "least height": '<div style="min-height:900px">ALPHA</div>OMEGA',
    "padding": '<p style="padding:300px">ALPHA OMEGA</p>',
    "padding above": '<p style="padding-top:900px">ALPHA OMEGA</p>',
    "margin": '<p style="margin:0 300px">ALPHA OMEGA</p>',
    "margin above": 'ALPHA\n\n<p style="margin-top:900px">OMEGA</p>',
    "indent": '<p style="text-indent:900px">ALPHA OMEGA</p>',
    "least width": '<div style="min-width:3000px;text-align:right">ALPHA OMEGA</div>',
    "width": '<div style="width:3000px;text-align:right">ALPHA OMEGA</div>',
    "narrow": f'<div style="width:20px">{WORDS}</div>',
    "narrower": f'<div style="max-width:2em">{WORDS}</div>',
    "letters": '<p style="letter-spacing:200px">ALPHAOMEGA</p>',
    "words": '<p style="word-spacing:900px">ALPHA OMEGA</p>',
    "pre": '<pre style="white-space:pre">ALPHA ' + "x" * 300 + " OMEGA</pre>",
    "pre of lines": "<pre>ALPHA\n" + "line\n" * 50 + "OMEGA</pre>",
    "lines that stay": '<p style="white-space:pre-line">ALPHA\n' + "line\n" * 50 + "OMEGA</p>",
    "breaks": f"ALPHA{BREAKS}OMEGA",
    "breaks in a block": f"<div>ALPHA{BREAKS}OMEGA</div>",
    "paragraphs": "<div>ALPHA" + "<p>one</p>" * 40 + "OMEGA</div>",
    "items": "<ul><li>ALPHA" + "<li>item" * 40 + "<li>OMEGA</ul>",
    "lists": "<ul><li>ALPHA " * 12 + "OMEGA",
    "many cells": "<table><tr>" + "".join(f'<td style="white-space:nowrap">ALPHA{n} cell OMEGA</td>' for n in range(9)) + "</tr></table>",
    "columns": "<table><tr>" + "<td>ALPHA</td>" * 40 + "<td>OMEGA</td></tr></table>",
    "rows": "<table border=1>" + "<tr><td>ALPHA<td>OMEGA" * 40 + "</table>",
    "width of a table": '<table style="width:3000px"><tr><td style="width:2500px">ALPHA</td><td style="min-width:900px">OMEGA</td></tr></table>',
    "width of columns": '<table width="3000"><col width="1500"><tr><td width="1500" nowrap>ALPHA</td><td>OMEGA</td></tr></table>',
    "fixed layout": '<table style="table-layout:fixed;width:100%"><tr><td style="width:99%">ALPHA</td><td>' + "OMEGA " * 40 + "</td></tr></table>",
    "borders": '<table border="300" cellpadding="200" cellspacing="100"><tr><td>ALPHA</td><td>OMEGA</td></tr></table>',
    "border": '<p style="border:300px solid #ccc">ALPHA OMEGA</p>',
    "clipped": '<div style="height:10px;overflow:hidden">ALPHA<br>beta<br>OMEGA</div>',
    "clipped to the side": f'<div style="overflow-x:hidden;white-space:nowrap">{WORDS}</div>',
    "floating": f'<div style="float:left;width:80px">{WORDS}</div>{WORDS}',
    "table to the left": f'<table align="left" width="30"><tr><td>{WORDS}</table>{WORDS}',
    "flexible": f'<div style="display:flex"><div>{WORDS}</div><div>{WORDS}</div></div>',
    "grid": f'<div style="display:inline-grid"><div>{WORDS}</div><div>{WORDS}</div></div>',
    "cells of blocks": f'<div style="display:table-cell">{WORDS}</div><div style="display:table-cell">{WORDS}</div>',
    "raised": 'ALPHA <span style="vertical-align:900px">OMEGA</span>',
    "headings": "<h1>ALPHA</h1><h1>beta</h1><h1>OMEGA</h1>",
    "headings, many": "<h2>ALPHA</h2>" + "<h3>beta</h3>" * 30 + "<h4>OMEGA</h4>",
    "details": "<details><summary>ALPHA</summary>" + "<p>beta</p>" * 40 + "OMEGA</details>",
    "definitions": "<dl><dt>ALPHA" + "<dd>beta<dt>gamma" * 30 + "<dd>OMEGA</dl>",
    "ruby": "ALPHA " + "<ruby>漢字<rt>かんじ</rt></ruby>文" * 40 + " OMEGA",
    "picture": 'ALPHA <img src="wide.svg" width="3000" height="900" hspace="400" vspace="400" border="90"> OMEGA',
    "picture with a style": 'ALPHA <img src="wide.svg" style="width:3000px;min-height:2000px;margin:300px;max-width:none"> OMEGA',
    "picture with air": 'ALPHA <img src="wide.svg" style="float:left;padding:200px;border:90px solid #ccc"> OMEGA',
    "rule": 'ALPHA <hr size="900" width="3000"> OMEGA',
    "nested": '<div style="padding:50px"><div style="padding:50px"><div style="font-size:3em"><p style="font-size:3em">ALPHA OMEGA</div></div></div>',
    "over blocks": '<div style="font-size:60px;padding:4em">\n\nALPHA beta gamma delta **OMEGA**\n\n</div>',
}

# What only an author who is trusted with HTML can write.
TRUSTED = {
    "line height": '<p style="line-height:300px">ALPHA beta<br>OMEGA</p>',
    "moved by a transform": '<p style="transform:translateX(900px)">ALPHA OMEGA</p>',
    "placed": 'ALPHA <p style="position:absolute;left:2000px">OMEGA</p>',
    "placed below": 'ALPHA <p style="position:relative;top:900px">OMEGA</p>',
    "pinned": 'ALPHA <p style="position:fixed;left:2000px">OMEGA</p>',
    "drawing": '<svg width="3000" height="100"><text x="10" y="50">ALPHA</text><text x="2900" y="50">OMEGA</text></svg>',
    "drawing, high": '<svg height="3000" width="100"><text x="10" y="50">ALPHA</text><text x="1" y="2900">OMEGA</text></svg>',
    "drawing that scales": '<svg viewBox="0 0 3000 100" width="3000" height="100"><text x="10" y="50">ALPHA</text><text x="2800" y="50">OMEGA</text></svg>',
    "upright": f'<div style="writing-mode:vertical-rl">{WORDS * 4}</div>',
    "flex": '<div style="display:flex"><div style="flex:0 0 2000px">ALPHA</div><div>OMEGA</div></div>',
    "grid of columns": '<div style="display:grid;grid-template-columns:2000px 1fr"><div>ALPHA</div><div>OMEGA</div></div>',
    "zoomed": '<p style="zoom:9">ALPHA OMEGA</p>',
    "moved aside": 'ALPHA <p style="margin-left:-900px">OMEGA</p>',
    "no breaks": f"<nobr>{WORDS}</nobr>",
    "frame": 'ALPHA <iframe width="3000" height="2000"></iframe> OMEGA',
    "clipped by a shape": '<p style="clip-path:inset(50%)">ALPHA OMEGA</p>',
}

PICTURE = "<svg xmlns='http://www.w3.org/2000/svg' width='4000' height='60'><rect width='4000' height='60'/></svg>"

# The names of the answers of which something lies out of a box that clips, each with whether the file says so. ROOT, TITLE
# and SAID are to be filled in.
CUT = """
[...document.querySelectorAll(%(root)s)].map((root) => {
  const clips = (element) => {
    const found = [];
    for (let box = element; box && box !== document.body; box = box.parentElement) {
      const style = getComputedStyle(box);
      if (box.matches("svg") || style.overflowX !== "visible") found.push([box.getBoundingClientRect(), style.overflowY !== "visible"]);
    }
    return found;
  };
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  let cut = false;
  for (let node; (node = walker.nextNode()); ) {
    if (!node.data.trim()) continue;
    range.selectNodeContents(node);
    const boxes = clips(node.parentElement);
    const footer = root.closest(".card")?.querySelector("footer").getBoundingClientRect().top ?? Infinity;
    // White space may hang out of a line where it ends.
    const least = getComputedStyle(node.parentElement).whiteSpace === "pre-wrap" ? 8 : 1;
    for (const rect of range.getClientRects()) {
      if (rect.width < least) continue;
      cut ||= rect.bottom > footer + 2 || boxes.some(([box, high]) =>
        rect.left < box.left - 1 || rect.right > box.right + 1 || high && (rect.top < box.top - 2 || rect.bottom > box.bottom + 2));
    }
  }
  return [%(title)s, cut, %(said)s];
})
"""
CARDS = CUT % {"root": "'.card.back:not(.empty) .text'", "title": "root.closest('.card').querySelector('.number').textContent",
               "said": "root.closest('.card').matches('.over')"}
KEY = CUT % {"root": "'.key .body'", "title": "root.previousElementSibling.textContent", "said": "false"}
SHEET = CUT % {"root": "'.note'", "title": "root.querySelector('.head').textContent.replace(/\\\\W+$/, '')", "said": "false"}


def check_raw(report, project):
    """Each form, on cards with and without a script, in the key, and on a sheet."""
    project.write("deckle.yaml", "id: abcdefghij\nname: Raw\n")
    project.write("content/wide.svg", PICTURE)
    names = {}
    for file, (head, forms) in {"plain": ("", FORMS), "trusted": ("html: trust\n", TRUSTED)}.items():
        text = f"---\ndeck: {file}\n{head}---\n"
        for name, answer in forms.items():
            names[file, text.count("\n") + 1] = name
            text += f"## {name}?\n\n{answer}\n\n"
        project.write(f"content/{file}.md", text)
    folder, output = project.build("--print", "preset=8,key=true", "--message-format", "json")
    found = [json.loads(line) for line in output.splitlines() if line.startswith("{")]
    warned = {names[pathlib.Path(one["path"]).stem, one["line"]] for one in found if one.get("code") == "print-overflow"}
    for file, forms in ("plain", FORMS), ("trusted", TRUSTED):
        in_order = list(forms)
        with Chromium() as browser:
            for scripts in (False, True):
                browser.open(folder / f"{file}-cards.html", scripts)
                browser.on_paper()
                cards = [(in_order[int(number) - 1], cut, said) for number, cut, said in browser.run(CARDS)]
                report.equal(len(cards), len(forms), f"{file}: cards")
                untold = sorted(name for name, cut, said in cards if cut and name not in warned)
                report.equal(untold, [], f"{file}: cut off on a card without a warning, scripts {scripts}")
                unseen = sorted(name for name, cut, said in cards if cut and not said)
                report.equal(unseen, [], f"{file}: cut off on a card without a notice on it, scripts {scripts}")
            key = sorted(name for name, cut, _ in browser.run(KEY) if cut)
            allowed = {name for name in forms if name.startswith(("drawing", "placed"))}
            report.equal([name for name in key if name.rstrip("?") not in allowed], [], f"{file}: cut off in the key")
            browser.open(folder / f"{file}-sheet.html")
            browser.on_paper()
            sheet = sorted(name for name, cut, _ in browser.run(SHEET) if cut)
            report.equal([name for name in sheet if name.rstrip("?") not in allowed], [], f"{file}: cut off on the sheet")
    report.check(len(warned) < 20, f"warned of: {sorted(warned)}")
