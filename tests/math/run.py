"""Asks the MathJax that Anki ships what it knows and what it typesets, and writes down what it says.

    python run.py WEB [check]

WEB is Anki's folder of web files, as the wheel `aqt` holds it (`_aqt/data/web`). Written are the names of commands and
environments, where `src/anki/mathjax/known.rs` takes them from, and beside this file a verdict on each line of fields.txt: the
TeX that packages hold of formulas.txt, which `tests/formulas.rs` sees to. With `check` nothing is written, and what differs
fails. The aliases that packages hold in the place of other names have to be typeset.
"""

import functools
import html
import json
import re
import subprocess
import sys
import tempfile
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

HERE = Path(__file__).parent
TABLES = HERE.parent.parent / "src" / "anki" / "mathjax"
CHROMIUM = "/usr/bin/chromium"
# Names that other readers know; whether this one does is asked as well.
OTHERS = HERE / "others.txt"


def main():
    web, checks = Path(sys.argv[1]), sys.argv[2:] == ["check"]
    formulas = (HERE / "fields.txt").read_text().splitlines()
    written = (HERE / "formulas.txt").read_text().splitlines()
    aliases = [line.split(" ", 1)[1] for line in (TABLES / "aliases.txt").read_text().splitlines()]
    said = ask(web, formulas + [f"\\sum{alias} x" for alias in aliases], OTHERS.read_text().split())
    wrong = [alias for alias, verdict in zip(aliases, said["verdicts"][len(formulas) :], strict=True) if verdict != "right"]
    if wrong:
        sys.exit(f"aliases that are not typeset: {wrong}")
    del said["verdicts"][len(formulas) :]
    # What does more than to typeset is packed as the name of its command.
    is_named = re.compile(r"\\mathrm\{(class|cssId|style|data|mmlToken|href|require|bbox)\}").search
    said["verdicts"] = [
        "named" if is_named(tex) and not is_named(other) else verdict
        for tex, other, verdict in zip(formulas, written, said["verdicts"], strict=True)
    ]
    files = {
        TABLES / "commands.txt": lines(sorted(set(said["commands"]))),
        TABLES / "environments.txt": lines(sorted(set(said["environments"]))),
        HERE / "anki.txt": lines(said["verdicts"]),
    }
    differing = [path for path, text in files.items() if not path.exists() or path.read_text() != text]
    if checks:
        print("differ:", *differing) if differing else print(len(formulas), "formulas: as written down")
        sys.exit(bool(differing))
    for path, text in files.items():
        path.write_text(text)


def lines(texts):
    return "".join(f"{text}\n" for text in texts)


def ask(web, formulas, others):
    """What a page says that loads Anki's configuration and its MathJax, as a card does."""
    asked = json.dumps({"formulas": formulas, "others": others}).replace("<", "\\u003c")
    page = (HERE / "page.html").read_text().replace("ASKED", asked)
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "index.html").write_text(page)
        Path(folder, "_anki").symlink_to(web.resolve())
        handler = functools.partial(Quiet, directory=folder)
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_address[1]}/index.html"
        command = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=600000", "--dump-dom"]
        dumped = subprocess.run([*command, address], capture_output=True, text=True, timeout=600, check=True).stdout
        server.shutdown()
    found = re.search('<pre id="said">(.*?)</pre>', dumped, re.DOTALL)
    if not found:
        sys.exit("the page said nothing: " + dumped[:2000])
    return json.loads(html.unescape(found[1]))


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


main()
