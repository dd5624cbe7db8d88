"""Projects that try to run something in a reader's Anki, browser or build.

`SCENARIOS`: name, a function that writes the project into a folder, and what has to hold: `exit` statuses, `stderr` texts,
`absent` bytes that no output has once it is unpacked (the fields of notes, media, pages, chapters; not the JSON, which
keeps what an author wrote and is not made where a mark may stand in it). Every mark is a number of its own, so that what is found says where it comes from.
"""

from pathlib import Path

PAYLOADS = Path(__file__).parent.parent / "injection" / "payloads.txt"
SETTINGS = "id: hostile\nname: Hostile\ndeck: Hostile\n"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="9" height="9">{}</svg>'
BUILT = {0, 1, 3}


def write(folder: Path, files: dict[str, str | bytes]) -> None:
    for name, content in {"deckle.yaml": SETTINGS, **files}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())


def project(files: dict[str, str | bytes]):
    return lambda folder: write(folder, files)


PAGES = ["build", "-f", "apkg,print,book"]


def html() -> list:
    """A handler, an address or an element in raw HTML, in a question, an answer and prose; the mark in it must be gone."""
    pieces = {
        "handler": '<img src="x.png" onerror="{}">',
        "handler without quotes": "<i/onclick={}>x</i>",
        "handler in upper case": "<b ONMOUSEOVER='{}'>x</b>",
        "script": "<script>{}</script>",
        "script in a sentence": "a <script>{}</script> b",
        "style": "<style>@import '{}';</style>",
        "style attribute": '<p style="position:fixed;background:url({})">x</p>',
        "frame": '<iframe src="javascript:{}"></iframe>',
        "frame with a document": '<iframe srcdoc="{}"></iframe>',
        "object": '<object data="{}"></object>',
        "embed": '<embed src="{}">',
        "form": '<form action="{}"><button formaction="{}">x</button></form>',
        "base": '<base href="{}">',
        "refresh": '<meta http-equiv="refresh" content="0;url={}">',
        "link": '<link rel="stylesheet" href="{}">',
        "address": '<a href="javascript:{}">x</a>',
        "address with a tab": '<a href="java&Tab;script&colon;{}">x</a>',
        "address with a control character": '<a href="\x01javascript:{}">x</a>',
        "address of another kind": '<a href="vbscript:{}">x</a>',
        "document in an address": '<a href="data:text/html,{}">x</a>',
        "picture of a document": '<img src="data:text/html,{}" alt="x">',
        "cite": '<q cite="javascript:{}">x</q>',
        "poster": '<video poster="javascript:{}"></video>',
        "drawing": "<svg><script>{}</script></svg>",
        "drawing's link": '<svg><a xlink:href="javascript:{}"><text>x</text></a></svg>',
        "formula's link": '<math><mi href="javascript:{}">x</mi></math>',
        "footnote": '<sup class="footnote">" onmouseover="{}</sup>',
        "comment": "<!--><i onclick={}>x</i>-->",
        "noscript": '<noscript><p title="</noscript><i onclick={}>">',
        "mutation": '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror={}&gt;">',
        "template": "<template><i onclick={}>x</i></template>",
        "usemap": '<img src="x.png" usemap="#{}"><map name="{}"></map>',
    }
    scenarios = []
    for number, (name, piece) in enumerate(pieces.items()):
        mark = f"mark{7000 + number}"
        # What is no tag to Markdown or to us is text, and its mark may be there; never in a tag.
        raw = piece.replace("{}", mark)
        text = f"# T\n\n{raw}\n\n## Q {raw}\n\nA.\n\n{raw}\n\n## C {{.cloze}}\n\n==a== {raw} ==b==\n"
        is_text = ("handler without quotes", "formula's link", "footnote", "mutation", "noscript", "template")
        absent = [] if name in is_text else [mark.encode()]
        live = [f'<{element} {attribute}="{mark}'.encode() for element in ("i", "img", "mi") for attribute in ("onclick", "onerror", "href")]
        live += [f'" onmouseover="{mark}"'.encode(), f"<i onclick={mark}".encode()]
        picture = {"content/x.png": png()}
        files = {"content/a.md": text, **picture}
        scenarios.append((f"html: {name}", project(files), {"arguments": PAGES, "exit": BUILT, "stderr": [], "absent": absent + live}))
    return scenarios


def markdown() -> list:
    links = {
        "link": "[x](javascript:{})",
        "link in brackets": "[x](<javascript:{}>)",
        "link with an entity": "[x](java&#115;cript:{})",
        "link with a backslash": "[x](javascript\\:{})",
        "definition": "[x][r]\n\n[r]: javascript:{}",
        "autolink": "<javascript:{}>",
        "document": "[x](data:text/html,{})",
        "picture": "![x](javascript:{})",
        "other program": "[x](ms-msdt:{})",
        "other machine": "[x](file://host/{})",
    }
    scenarios = []
    for number, (name, piece) in enumerate(links.items()):
        mark = f"mark{8000 + number}"
        text = f"# T\n\n{piece.format(mark)}\n\n## Q?\n\n{piece.format(mark)}\n"
        schemes = ["javascript:", "data:text/html,", "ms-msdt:", "file://host/"]
        absent = [f'{attribute}="{scheme}{mark}'.encode() for scheme in schemes for attribute in ("href", "src")]
        scenarios.append((f"markdown: {name}", project({"content/a.md": text}), {"arguments": PAGES, "exit": BUILT, "stderr": [], "absent": absent}))
    described = SETTINGS + "decks:\n  Hostile: '[x](javascript:mark8100) ![y](data:text/html,mark8101) <script>mark8102</script>'\n"
    files = {"deckle.yaml": described, "content/a.md": "## Q?\n\nA.\n"}
    # Anki cleans the description of a deck itself; the book's start page is ours.
    scenarios.append(("markdown: description of a deck", project(files), {"exit": BUILT, "stderr": [], "absent": []}))
    included = "# {{#include /etc/passwd}}\n\n{{#include ../deckle.yaml}}\n\n## {{#playground x}}?\n\n`{{#include /etc/passwd}}`\n"
    scenarios.append(("markdown: commands of mdBook", project({"content/a.md": included}), {"exit": BUILT, "stderr": [], "absent": [b"root:x:0"]}))
    commands = "## [sound:x.mp3] [LaTeX]x[/LaTeX]\n\n[[type:Front]] [anki:play:q:0] [$]y[/$] &#91;latex]z[/latex]\n\n# [latex]w[/latex]\n\n## Q?\n\nA.\n"
    # Chapters show them as they are; `tests/injection.rs` and `tests/anki` look for them in fields.
    scenarios.append(("markdown: commands of Anki", project({"content/a.md": commands}), {"exit": BUILT, "stderr": [], "absent": []}))
    return scenarios


def drawings() -> list:
    pieces = {
        "script": "<script>{}</script>",
        "script in CDATA": "<script><![CDATA[{}]]></script>",
        "script under a prefix": '<s:script xmlns:s="http://www.w3.org/2000/svg">{}</s:script>',
        "script of HTML": '<h:script xmlns:h="http://www.w3.org/1999/xhtml">{}</h:script>',
        "handler": '<g onload="{}"/>',
        "link": '<a xlink:href="javascript:{}"><text>x</text></a>',
        "link with a character": '<a xlink:href="java&#10;script:{}"><text>x</text></a>',
        "animated handler": '<set attributeName="onmouseover" to="{}"/>',
        "animated link": '<a><animate attributeName="href" values="javascript:{}"/></a>',
        "page": '<foreignObject><iframe xmlns="http://www.w3.org/1999/xhtml" src="{}"/></foreignObject>',
        "picture from elsewhere": '<image href="http://{}/x.png"/>',
        "part of another one": '<use href="data:image/svg+xml,{}#x"/>',
    }
    scenarios = []
    text = "## Q?\n\n![x](x.svg) <img src=\"x.svg\">\n"
    for number, (name, piece) in enumerate(pieces.items()):
        mark = f"mark{9000 + number}"
        drawing = SVG.format(piece.format(mark) + '<path d="M0 0h9v9z"/>')
        for encoding in ("utf-8", "utf-16"):
            files = {"content/a.md": text, "content/x.svg": drawing.encode(encoding)}
            wanted = {"exit": BUILT, "stderr": ["x.svg"], "absent": [mark.encode(), mark.encode("utf-16-le")]}
            scenarios.append((f"drawing: {name} in {encoding}", project(files), wanted))
    entity = '<!DOCTYPE svg [<!ENTITY x "{}">]>'
    starts = {
        "entity": (entity.format("<script>mark9100</script>"), "&x;"),
        "file as an entity": ('<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>', "&x;<!-- mark9100 -->"),
        "attribute": ("<!DOCTYPE svg [<!ATTLIST svg onload CDATA 'mark9100'>]>", ""),
        "sheet": ('<?xml-stylesheet type="text/xsl" href="mark9100"?>', ""),
        "bomb": ("<!DOCTYPE svg [<!ENTITY a 'mark9100'>" + "".join(f"<!ENTITY {b} '{f'&{a};' * 10}'>" for a, b in zip("abcdefgh", "bcdefghi")) + "]>", "&i;"),
        "long bomb": (entity.format("mark9100" * 10000), "&x;" * 100000),
    }
    for name, (start, inner) in starts.items():
        files = {"content/a.md": text, "content/x.svg": start + SVG.format(inner)}
        absent = [b"root:x:0"] if name == "long bomb" else [b"mark9100", b"root:x:0"]
        scenarios.append((f"drawing: {name}", project(files), {"exit": BUILT, "stderr": ["x.svg"], "absent": absent}))
    deep = SVG.format("<g>" * 100_000 + "<script>mark9200</script>")
    files = {"content/a.md": text, "content/x.svg": deep}
    scenarios.append(("drawing: deep", project(files), {"exit": BUILT, "stderr": ["x.svg"], "absent": [b"mark9200"]}))
    files = {"content/a.md": text, "content/x.svg": SVG.format("<script>mark9201</script>").encode() + b"\0"}
    scenarios.append(("drawing: NUL", project(files), {"exit": BUILT, "stderr": ["x.svg"], "absent": [b"mark9201"]}))
    return scenarios


def pages() -> list:
    scenarios = []
    page = "<!doctype html><script>mark9300</script>"
    for name in ("x.html", "x.htm", "x.xhtml", "x.js", "x.pdf", "x.svgz", "x.xml", "x", "x.png", "x.svg", "x.jpg"):
        files = {"content/a.md": f"## Q?\n\n![x]({name}) and [it]({name})\n", f"content/{name}": page}
        wanted = {"exit": BUILT, "stderr": [name], "absent": [b"mark9300"]}
        scenarios.append((f"medium: a page as {name}", project(files), wanted))
    return scenarios


def templates() -> list:
    settings = SETTINGS + "templates: look\n"
    loops = "{{#each @root.pages}}" * 12
    pieces = {
        "a partial that calls itself": '{{#*inline "a"}}{{> a}}{{/inline}}{{> a}}',
        "partials that call each other": '{{#*inline "a"}}{{> b}}{{/inline}}{{#*inline "b"}}{{> a}}{{/inline}}{{> a}}',
        "the page itself": "{{> cards.html.hbs}}",
        "the other page": "{{> sheet.html.hbs}}",
        "a file": "{{> /etc/passwd}}",
        "loops": loops + "x" + "{{/each}}" * 12,
        "loops that write nothing": loops + "{{/each}}" * 12,
        "deep": "{{#if title}}" * 100_000,
        "deep brackets": "{{x " + "(" * 100_000,
        "all braces": "{" * 1_000_000,
    }
    scenarios = []
    notes = "".join(f"## Q{number}?\n\nA{number}.\n\n" for number in range(200))
    for name, piece in pieces.items():
        files = {"deckle.yaml": settings, "content/a.md": notes, "look/print/cards.html.hbs": piece}
        wanted = {"exit": {1}, "stderr": ["bad-template", "cards.html.hbs"], "absent": [b"root:x:0"]}
        scenarios.append((f"template: {name}", project(files), wanted))
    for name, piece in {"of nothing": "{{> x}}", "open": "{{#Front}}" * 10_000, "itself": "{{FrontSide}}{{Front}}{{x:{{Front}}}}"}.items():
        files = {"deckle.yaml": settings, "content/a.md": "## Q?\n\nA.\n", "look/anki/basic-front.html": piece}
        scenarios.append((f"template of Anki: {name}", project(files), {"exit": {1}, "stderr": ["bad-template"], "absent": []}))
    return scenarios


def payloads() -> list:
    """All payloads of the tests at once: that the build ends. What comes out of them is looked at by `tests/injection.rs`."""
    lines = PAYLOADS.read_text().splitlines()
    # What looks for drawings looks at the start of a page, where text is that only talks of them.
    start = "# All of them\n\n" + "Text. " * 50
    files = {f"content/{number}.md": f"{start}\n\n# T {line}\n\n{line}\n\n## Q?\n\n{line}\n" for number, line in enumerate(lines)}
    one = {"content/a.md": f"{start}\n\n" + "".join(f"## Q{number}?\n\n{line}\n\n" for number, line in enumerate(lines))}
    wanted = {"exit": BUILT, "stderr": [], "absent": [b"root:x:0"]}
    return [("payloads: a file each", project(files), wanted), ("payloads: in one file", project(one), wanted)]


def long_ones() -> list:
    pieces = ["<script>", "<title>", "<!--", "<xmp ", "<b title='", "<table><td>", "</p>", "<svg><style>", "<math><mtext>", "<a>", "<select>", "<template>", "<![CDATA[", "&lt;"]
    wanted = {"exit": BUILT, "stderr": [], "absent": []}
    made = []
    for piece in pieces:
        files = {"content/a.md": f"## Q?\n\nx {piece * 20_000}\n\n{piece * 20_000}\n"}
        made.append((f"many of {piece}", project(files), wanted))
    return made


def png() -> bytes:
    return bytes.fromhex(
        "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
    )


SCENARIOS = html() + markdown() + drawings() + pages() + templates() + payloads() + long_ones()
