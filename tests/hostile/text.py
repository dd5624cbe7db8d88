"""Texts, front matter and settings that are too deep, too long, repeated or in no encoding.

Sizes are those of the issue: 100,000 levels of anything, 8 MiB a file. What grows with the square of its size takes
minutes with them.
"""

N = 100_000
MIB = 1024 * 1024
HEAD = "---\ndeck: A\n---\n"
QUESTION = HEAD + "## Q?\n\n"
LIKELY = {0, 1}


def note(text, **right):
    """A file of notes."""
    return files({"content/a.md": text}, **right)


def files(texts, **right):
    """Files of a project; `deckle.yaml` is there."""

    def lay(folder):
        for name, text in {"deckle.yaml": "id: hostile\nname: Hostile\n", **texts}.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            # Made when it is written: what this program takes of memory counts as deckle's.
            text = text() if callable(text) else text
            path.write_bytes(text if isinstance(text, bytes) else text.encode())

    return lay, {"exit": LIKELY, **right}


def deep(unit, end="", middle="x", head=QUESTION, **right):
    return note(lambda: head + unit * N + middle + end * N + "\n", **right)


def lines(unit, count=N, head=QUESTION):
    return note(lambda: head + unit * count + "\n")


def front_matter(yaml, **right):
    return note(f"---\n{yaml}\n---\n## Q?\n\nA.\n", **right)


# Language → what opens something in it; the most of it that has colours.
CODE = {"bash": "$(", "python": 'f"{', "rust": "/*", "ruby": '"#{', "tsx": "<a ", "html": "<script>", "php": "<?php ", "yaml": "- ",
        "scss": "a{", "markdown": "](", "makefile": "$(", "json": "[", "perl": "<<EOF\n", "sql": "+ "}
TOO_DEEP = {"stderr": ["too-deep"]}
HTML = ["div", "span", "b", "a href=x", "blockquote", "ul><li", "table><tr><td", "details", "svg", "math", "ruby",
        "select", "template", "font color=red", "button", "h1", "object", "svg><td"]
MARKS = ["[", "![", "](", "[a](", "[^", "[^a]: ", "*", "*a ", "**a ", "_a ", "~~a ", "`", "`a", "<", "<a", "<a ", "<!--", "<?",
         "<![CDATA[", "&", "{{c1::", "}}", "==", "==a ", "$", "$a ", "$$a", "${", "|", "|a", ": ", "#", "\\", "\\[", "{a=b ",
         "<script>", "<style>", "<textarea>", "</p>", "</b>", "<b><p></b>", "<a href=x><b></a>", "[latex]", "[sound:", "![[",
         "&#27;", "\t", "\u0301", "\u202e", "w", "http://a.b/", "a@b.c "]
MATH = {"braces": "{", "fractions": "\\frac{1}{", "roots": "\\sqrt", "powers": "x^{", "fences": "\\left(", "tables":
        "\\begin{matrix}", "primes": "'", "sums": "x+", "cells": "&", "negations": "\\not", "texts": "\\text{", "blanks":
        "~"}
# What never closes, or is looked for to the end, in fences of formulas, which hold open braces as well.
TEX = {"texts": "\\text{", "chemistry": "\\ce{->[", "definitions": "\\def\\a", "names": "\\newcommand{", "roots": "\\root ",
       "verbatim": "\\verb+\\", "environments": "\\begin{", "frames": "\\bbox[", "links": "\\href{", "fences": "\\left",
       "options": "\\boxed[", "scripts": "_a"}
LINES = {"headings": "## Q\n", "titles": "# A\n", "items": "- a\n", "tasks": "- [ ] a\n", "quotes": "> a\n\n",
         "rules": "---\n\n", "fences": "```\na\n```\n", "alerts": "> [!NOTE]\n> a\n\n", "definitions": "a\n: b\n\n",
         "comments": "<!-- a -->\n\n", "backs": "<!-- back -->\n\n", "blocks": "<div>\n\na\n\n", "labels": "[a]: <\n",
         "misspelt": "## a {.reversd}\n\nA\n\n"}

TEXTS = {
    **{f"tags/{tag.split()[0]}": deep(f"<{tag}>", **TOO_DEEP) for tag in HTML},
    **{f"tags-closed/{tag}": deep(f"<{tag}>", f"</{tag}>", **TOO_DEEP) for tag in ("div", "b", "span")},
    "tags/in-blocks": note(lambda: QUESTION + "<div>\n\na\n\n" * N + "</div>\n\n" * N, **TOO_DEEP),
    "tags/in-a-tree-of-sections": note(lambda: HEAD + "# T {.note}\n\n" + ("## S\n\n" + "<b>" * 190 + "\n\n") * (N // 100)),
    "tags/trusted": note(lambda: "---\ndeck: A\nhtml: trust\n---\n## Q?\n\n" + "<b>" * N + "</i>" * N, **TOO_DEEP),
    "attributes": note(lambda: QUESTION + "<p " + " ".join(f"a{n}=b" for n in range(N)) + ">x</p>\n", **TOO_DEEP),
    "quotes": deep("> ", **TOO_DEEP),
    "quotes-lazy": note(lambda: QUESTION + "> " * N + "a\n" + "b\n" * N, **TOO_DEEP),
    "lists": deep("- ", **TOO_DEEP),
    "lists-lazy": note(lambda: QUESTION + "1. " * N + "a\n" + "        b\n" * N, **TOO_DEEP),
    "quotes-and-lists": note(lambda: QUESTION + "> - " * N + "a\n" + "b\n" * N, **TOO_DEEP),
    "emphasis": deep("*a ", " a*", **TOO_DEEP),
    "strong": deep("**a ", " a**", **TOO_DEEP),
    "images": deep("![", "](a.png)", **TOO_DEEP),
    "links": deep("[", "](a)"),
    "parentheses": note(lambda: QUESTION + "[a](" + "(" * N + ")" * N + ")\n"),
    "deletions": deep("{{c1::", "}}", head=HEAD + "## Q {.cloze}\n\n"),
    "deletions-in-code": note(lambda: HEAD + "## Q {.cloze}\n\n`" + "{{c1::" * N + "x" + "}}" * N + "`\n"),
    "deletions-in-math": note(lambda: HEAD + "## Q {.cloze}\n\n$" + "{{c1::" * N + "x" + "}}" * N + "$\n"),
    **{f"deletions-in-hidden-words/{name}": note(
        lambda marks=marks: HEAD + "## Q {.cloze}\n\n" + marks[0] + "{{c1::x}} " + "a\x01b " * (4 * N) + marks[1] + "\n",
        stderr=["hidden-character"]) for name, marks in {"code": "``", "fence": ("```\n", "\n```"), "math": "$$"}.items()},
    "deletions-across": note(lambda: HEAD + "## Q {.cloze}\n\n" + "{{c1::a **b}} c** " * N),
    **{f"math/{name}": note(lambda unit=unit: QUESTION + f"$x{unit * N}$\n") for name, unit in MATH.items()},
    **{f"tex/long/{name}": note(lambda unit=unit: QUESTION + f"```math\nx{unit * N}}}]\\of\n```\n") for name, unit in TEX.items()},
    # A formula of more than 64 KiB is not translated for paper and site.
    **{f"tex/many/{name}": lines(f"```math\n\\mathop{{a}}\\limits{unit * (60_000 // len(unit))}}}]\\of\n```\n\n", 8)
       for name, unit in TEX.items()},
    "math/many": lines("$x$ "),
    "math/displayed": lines("$$a$$ "),
    "escapes": note(lambda: QUESTION + "\\" * (8 * N) + "\n"),
    **{f"marks/{number}": lines(unit) for number, unit in enumerate(MARKS)},
    **{f"runs/{mark!r}": note(lambda mark=mark: QUESTION + " ".join(mark * n + "a" for n in range(1, 450))) for mark in "`*_~$[=<"},
    **{f"lines/{name}": lines(unit, N // 4, HEAD) for name, unit in LINES.items()},
    **{f"comments-never-closed/{text.strip()}": lines(f"<!--{text}", 60_000) for text in ("x ", " deckle: ", " back ", "back\n")},
    "raised": lines("x^2^ ", 240_000),
    "labels": note(lambda: QUESTION + "".join(f"[r{n}]: http://a/{n}\n" for n in range(N)) + "\n[r1]\n"),
    "label-repeated": note(lambda: QUESTION + "[r]: http://a/" + "x" * N + "\n\n" + "[r] " * (N // 10)),
    "footnotes": note(lambda: QUESTION + "a[^0]\n\n" + "".join(f"[^{n}]: b[^{n + 1}]\n\n" for n in range(N))),
    "footnote-repeated": note(lambda: HEAD + "".join(f"## Q{n}?\n\na[^1]\n\n" for n in range(N // 10)) + "[^1]: " + "x " * N,
                              stderr=["large-file"]),
    **{f"formula-{name}": note(lambda piece=piece: QUESTION + piece * (N // len(piece) * 4)) for name, piece in {
        "never-closed": "\\[\n", "in-items": "- $$\n  ", "begun-again-and-again": "\\begin{align}\n", "in-braces": "${",
        "cut": "$a\n- b\n", "in-brackets": "\\( ", "in-tags": "[$$]x", "torn": "$$\n- a\n", "around-code": "$`"}.items()},
    "formula-defined": note(lambda: QUESTION + "$" + "\\def\\a{\\a\\a}" * 20 + "\\a$\n"),
    "formula-defined-twice-as-long": note(lambda: QUESTION + "$\\def\\a{xxxxxxxx}" + "".join(
        f"\\def\\{chr(98 + n)}{{\\{chr(97 + n)}\\{chr(97 + n)}}}" for n in range(24)) + "\\y$\n"),
    "formula-defined-wide": note(lambda: QUESTION + "$\\newcommand{\\a}[1]{" + "#1" * 15_000 + "}\\a{" + "x" * 30_000 + "}$\n"),
    "formula-defined-wider": note(lambda: QUESTION + "$\\newcommand{\\a}[1]{" + "#1" * 60_000 + "}\\a{" + "x" * 60_000 + "}$\n"),
    "chemistry-deep": note(lambda: QUESTION + "$\\ce{" + "->[" * 20_000 + "A" + "]" * 20_000 + "}$\n"),
    "chemistry-deeper-than-read": note(lambda: QUESTION + "$\\ce{" + "A->[" * 2000 + "A" + "]" * 2000 + "}$\n"),
    "chemistry-long": note(lambda: QUESTION + ("$\\ce{" + "A->" * 80_000 + "}$\n\n") * 5),
    "chemistry-never-closed": note(lambda: QUESTION + ("$\\ce{" + "->[" * 20_000 + "]}$\n\n") * 20),
    "heading-repeated": note(lambda: HEAD + "# " + "w " * N + "\n\n" + "## Q\n\nA\n\n" * (N // 10), stderr=["large-file"]),
    "header-repeated": note(lambda: HEAD + "## Q {.rows}\n\n|a|" + "w " * N + "|\n|-|-|\n" + "|c|d|\n" * (N // 10),
                            stderr=["large-file"]),
    "columns": note(lambda: QUESTION + "|a" * N + "|\n" + "|-" * N + "|\n" + "|b" * N + "|\n"),
    "columns-of-rows": note(lambda: HEAD + "## Q {.rows}\n\n" + "|a" * N + "|\n" + "|-" * N + "|\n" + "|b" * N + "|\n"),
    "cells-without-end": note(lambda: QUESTION + "|a" * 1000 + "|\n" + "|-" * 1000 + "|\n" + "|c\n" * N),
    "code": note(lambda: QUESTION + "```python\n" + "x = [1] + (2)\n" * N + "```\n"),
    "code-in-a-line": note(lambda: QUESTION + "```python\n" + "x = [1] + (2)" * N + "\n```\n"),
    **{f"code-open/{language}": note(lambda language=language, piece=piece: QUESTION + f"```{language}\n"
        + piece * (250_000 // len(piece)) + "\n```\n") for language, piece in CODE.items()},
    "code-brackets": note(lambda: QUESTION + "```json\n" + "[" * N + "\n```\n"),
    "heading": note(lambda: HEAD + "## " + "w " * N + "\n\nA\n"),
    "tags-of-a-heading": note(lambda: HEAD + "## a {tags=" + ",".join(f"t{n}" for n in range(N)) + "}\n\nA\n", stderr=["bad-tag"]),
    "decks-of-a-heading": note(lambda: HEAD + "## a {deck=" + "::".join("a" * N) + "}\n\nA\n", stderr=["bad-deck-name"]),
    "a-line-of-8-MB": note(lambda: QUESTION + "x " * (4 * MIB - 100)),
    "a-word-of-8-MB": note(lambda: QUESTION + "x" * (8 * MIB - 100)),
    "embeds-of-one-file": note(lambda: "---\ndeck: A\nembeds: expand\n---\n" + "![[#x]]\n\n" * N + "# x\n\ny\n"),
    "embeds-of-no-part": note(lambda: "---\ndeck: A\nembeds: expand\n---\n" + "![[#x]]\n\n" * N + "# y\n", stderr=["foreign-markup"]),
    "more-than-8-MiB": note(lambda: QUESTION + "x " * (4 * MIB), stderr=["large-file", "content/a.md:1:1"]),
}


def odd_bytes(folder):
    """Files in other encodings, and with names that would be lines or colours."""
    (folder / "deckle.yaml").write_text("id: hostile\nname: Hostile\ndeck: A\n")
    content = folder / "content"
    content.mkdir()
    text = "## Q?\n\nA ä.\n"
    for name, data in {
        "latin": b"## Q?\n\nline\nSch\xf6n\n",
        "utf-16-le": text.encode("utf-16-le"),
        "utf-16-be": text.encode("utf-16-be"),
        "utf-16-mark": text.encode("utf-16"),
        "mark": b"\xef\xbb\xbf" + text.encode(),
        "truncated": "## Q?\n\nä".encode()[:-1],
        "surrogate": b"## Q?\n\n\xed\xa0\x80\n",
        "overlong": b"## Q?\n\n\xc0\xaf\n",
        "old\nerror: another line": b"## Q?\n\n\xff\n",
        "col\x1b[31mour\x07": b"## Q?\n\n\xff\n",
        "turn\u202eed\u2066": b"## Q?\n\n\xff\n",
        "next\u0085line\u2028": b"## Q?\n\n\xff\n",
    }.items():
        (content / f"{name}.md").write_bytes(data)


HIDDEN = "\x00\x01\x07\x08\x0b\x0c\x1b[31m\x1f\x7f\x85\x9b31m\u202a\u202e\u2066\u2069\ufeff\ufff9\ufdd0\uffff"
NEVER = [text.encode() for text in ("\x1b[31m", "\x1f\x7f", "\u202e", "\u2066", "\ufdd0", "\uffff")]


def hidden(folder):
    """Hidden characters wherever text is read."""
    (folder / "deckle.yaml").write_text('id: hostile\nname: "N\\e\\u202e\\x1fame"\n')
    content = folder / "content"
    content.mkdir()
    text = f"""---
deck: "A\\e[31m\\u202e\\nB\\x1f"
tags: ["a\\u202eb\\e", "c\\nd"]
title: "T\\e\\u202e\\x1f"
---
# Top{HIDDEN}

## Front{HIDDEN} {{#id tags=x\u202ey}}

Back{HIDDEN} &#27;&#31;&#x202e;&#xfdd0; **b{HIDDEN}** `c{HIDDEN}` $x{HIDDEN}$ [l{HIDDEN}](http://a/{HIDDEN} "t{HIDDEN}")

```sh
{HIDDEN}
```

<b title="{HIDDEN}&#27;&#31;&#x202e;">raw {HIDDEN}&#27;&#31;&#x202e;&#xfdd0;</b>

## Cloze{HIDDEN} {{.cloze}}

A =={HIDDEN}x== and {{{{c2::y{HIDDEN}::h{HIDDEN}}}}}.

Term{HIDDEN}
: Meaning{HIDDEN}
"""
    (content / "a.md").write_bytes(text.encode())
    (content / f"name\x1b[31m\u202e\nerror: forged.md").write_bytes(text.replace("#id ", "").encode())


YAML = {
    "duplicate-keys": ("deck: A\ndeck: B", ["duplicate-key", "a.md:3:1"]),
    "tabs": ("deck: A\ntags:\n\t- x", ["bad-yaml", "a.md:4:"]),
    "kinds": ("deck: [A]\ntags: {a: b}\nmath: 3", ["bad-value", "a.md:2:7", "a.md:3:7", "a.md:4:7"]),
    "sequences": ("deck: A\nx: " + "[" * N, ["bad-yaml", "a.md:3:", "levels deep"]),
    "mappings": ("deck: A\nx: " + "{a: " * N, ["bad-yaml", "a.md:3:", "levels deep"]),
    "dashes": ("deck: A\nx:\n  " + "- " * N, ["bad-yaml", "a.md:4:", "levels deep"]),
    "questions": ("deck: A\n" + "? " * N, ["bad-yaml", "a.md:3:", "levels deep"]),
    "indents": ("deck: A\nx:\n" + "".join(" " * (n + 1) + "a:\n" for n in range(3000)), ["bad-yaml", "levels deep"]),
    "binary": ("deck: A\ntags: [!!binary aGVsbG8=]", ["bad-value", "a.md:3:7"]),
    "objects": ("deck: !!python/object/apply:os.system ls", ["bad-value", "a.md:2:"]),
    "merged": ("a: &a {deck: B}\ndeck: A\n<<: *a", ["bad-value", "a.md:4:1"]),
    "keys-of-other-kinds": ("deck: A\n1: x\n[a, b]: y\n{a: b}: z\nnull: q\n.nan: r", []),
    "numbers": ("deck: 99999999999999999999999999\ntags: [1e999, .nan, 0x10, .inf]", []),
    "laughs": ("a: &a [" + "xxxxxxxxxx, " * 9 + "]\n" + "".join(
        f"{b}: &{b} [" + f"*{a}, " * 9 + "]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)) + "tags: *i\ndeck: A",
        ["bad-yaml", "aliases"]),
    "aliases-of-a-long-text": ("a: &a " + "x" * MIB + "\ndeck: A\ntags: [" + "*a, " * N + "]", ["bad-yaml", "aliases"]),
    "itself": ("deck: A\ntags: &t [*t]", ["bad-value", "a.md:3:"]),
    "anchors": ("deck: A\n" + "".join(f"a{n}: &a{n} x\n" for n in range(N)), []),
    "keys": ("deck: A\n" + "".join(f"k{n}: x\n" for n in range(N)), []),
    "keys-again": ("deck: A\n" + "deck: A\n" * N, ["duplicate-key"]),
    "a-long-text": ("deck: A\ntitle: " + "x" * (7 * MIB), []),
    "a-long-key": ("x" * (5 * MIB) + ": 1\ndeck: A", ["bad-yaml", "a.md:2:"]),
    "a-long-deck": ("deck: " + "a" * (5 * MIB), ["bad-deck-name", "a.md:2:7"]),
    "decks": ("deck: " + "a::" * N + "b", ["bad-deck-name", "a.md:2:7"]),
    "tags": ("deck: A\ntags: [" + ", ".join(f"t{n}" for n in range(N)) + "]", ["bad-tag", "a.md:3:1"]),
    "not-closed": ("deck: \"A\ntags: x", ["bad-yaml", "a.md:2:7"]),
    "line-ends-of-unicode": ("deck: A\ntags: x\u2028y: z", ["bad-yaml", "a.md:3:"]),
    "next-line": ("deck: A\u0085tags: b: c", ["bad-yaml", "a.md:2:"]),
    "carriage-returns": ("deck: A\r\ntags: {a: 1}\r", ["bad-value", "a.md:3:7"]),
    "carriage-returns-alone": ("deck: A\rtags: {a: 1}\r", ["bad-value", "a.md:3:7"]),
    "keys-of-lines": ("deck: A\ndeckle: {\"x\\nerror: forged\\e[31m\\u202e\": 1}", ["unknown-key", "a.md:3:10"]),
}
SETTINGS = {
    "second-documents": ("id: a\n---\nid: b\n", ["bad-yaml", ":2:1", "second document"]),
    "sequences": ("id: a\nx: " + "[" * N + "\n", ["bad-yaml", ":2:", "levels deep"]),
    "laughs": ("id: a\n" + YAML["laughs"][0].removesuffix("deck: A"), ["bad-yaml", "aliases"]),
    "merged": ("id: a\na: &a {name: B}\n<<: *a\n", [":3:1"]),
    "objects": ("id: a\ntags: !!python/object:os.system x\n", ["bad-value", ":2:"]),
    "keys-of-other-kinds": ("id: a\n[a, b]: y\n1: z\n", ["unknown-key", ":2:1", ":3:1"]),
    "utf-16": ("id: a\nname: b\n".encode("utf-16"), ["bad-encoding", ":1:1"]),
    "latin": (b"id: a\nname: Sch\xf6n\n", ["bad-encoding", ":2:10"]),
    "nothing-but-a-list": ("- a\n- b\n", ["bad-yaml", ":1:1"]),
}

SCENARIOS = [
    *((f"text/{name}", *scenario) for name, scenario in TEXTS.items()),
    *((f"front-matter/{name}", *front_matter(yaml, stderr=says)) for name, (yaml, says) in YAML.items()),
    *((f"front-matter/{name}", *note(text, stderr=says)) for name, (text, says) in {
        "never-closed": ("---\ndeck: A\n## Q?\n\nA.\n", ["front-matter-form", "a.md:1:1"]),
        "opened-again-and-again": ("---\ndeck: A\n" * N, []),
        "behind-a-mark": ("\ufeff---\ndeck: A\nmath: 1\n---\n## Q?\n\nA.\n", ["bad-value", "a.md:3:7"]),
        "second-documents": ("---\ndeck: A\n---\n---\nmath: 1\n---\n## Q?\n\nA.\n", []),
        "in-toml": ("---\nname = \"" + "a" * MIB + "\"\n" + "x = 1\n" * N + "---\n", []),
    }.items()),
    *((f"settings/{name}", *files({"deckle.yaml": text, "content/a.md": QUESTION + "A.\n"}, exit={1},
                                  stderr=["deckle.yaml", *says])) for name, (text, says) in SETTINGS.items()),
    ("settings/of-a-folder", *files({"content/_deck.yaml": "deck: A\nmath: 1\n", "content/a.md": "## Q?\n\nA.\n"}, exit={1},
                                    stderr=["_deck.yaml:2:7", "bad-value"])),
    ("settings/more-than-8-MiB", *files({"deckle.yaml": b"#" * (8 * MIB + 1), "content/a.md": QUESTION}, exit={3},
                                        stderr=["deckle.yaml", "larger than 8 MiB"])),
    ("text/encodings-and-names", odd_bytes, {"exit": LIKELY, "stderr": [
        "latin.md:4:4", "0xF6", "UTF-16 (little-endian)", "UTF-16 (big-endian)", "truncated.md:3:1", "surrogate.md:3:1",
        "overlong.md:3:1", "old\\nerror: another line.md", "col\\u{1b}[31mour\\u{7}.md", "turn\\u{202e}ed\\u{2066}.md"]}),
    ("text/hidden-characters", hidden, {"exit": LIKELY, "stderr": ["hidden-character"], "absent": NEVER}),
]
