"""Turns one set of basic notes into what each program reads: inputs.py N FOLDER.

Each folder in it is named like the program. Those that read no Markdown get rows of finished HTML, which spares them work.
"""

import html
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from corpus import answer, basic, question

IN_FILE = 1000


def as_html(text):
    """The only marks that the notes have."""
    return re.sub(r"`(.+?)`", r"<code>\1</code>", re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", html.escape(text, quote=False)))


def ankdown(i):
    return f"{question(i)}\n\n%\n\n{answer(i)}\n\n---\n\n"


def ankivalenz(i):
    return f"- {question(i)} ?:: {answer(i)}\n"


def ankcompiler(i):
    return f"---\n\n{question(i)} ::: {answer(i)}\n\n---\n[^uid]: note{i:06d}\n\n"


def hashcards(i):
    return f"Q: {question(i)}\nA: {answer(i)}\n\n"


# The program, what its files begin with, a note, and what stands between the last note and the end that it would take for one.
MARKDOWN = {
    "deckle": ("---\ndeck: Bench\n---\n", basic, ""),
    "ankdown": ("", ankdown, "\n---\n\n"),
    "ankivalenz": ("# Bench\n\n", ankivalenz, ""),
    "ankcompiler": ("---\ndeck: Bench\n---\n\n", ankcompiler, ""),
    "hashcards": ("", hashcards, ""),
}


def main():
    count, folder = int(sys.argv[1]), Path(sys.argv[2])
    for name, (head, note, end) in MARKDOWN.items():
        (folder / name).mkdir(parents=True)
        for start in range(0, count, IN_FILE):
            text = "".join(note(i) for i in range(start, min(count, start + IN_FILE)))
            (folder / name / f"f{start // IN_FILE:04d}.md").write_text(head + text.removesuffix(end))
    (folder / "deckle/deckle.yaml").write_text("id: speed-test-1\nname: Bench\ncontent: .\n")
    (folder / "ankivalenz/ankivalenz.json").write_text('{"deck_id": 1946866624, "deck_name": "Bench"}')
    rows = "".join(f"{as_html(question(i))}\t{as_html(answer(i))}\n" for i in range(count))
    (folder / "rows.tsv").write_text(rows)
    (folder / "anki.txt").write_text("#separator:tab\n#html:true\n#notetype:Basic\n#deck:Bench\n" + rows)


if __name__ == "__main__":
    main()
