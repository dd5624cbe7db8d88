"""Prints pages with WebKitGTK, as GNOME's browser does, on a screen of its own that nobody sees.

    webkit.py

is run by the system's Python, which has the bindings. It reads lines of JSON, each a page, a PDF file, the width and height of
the paper and its margins in millimetres, and answers each with a line: what went wrong, or nothing.
"""

import json
import pathlib
import shutil
import subprocess
import sys

from firefox import paper

# Seconds; the largest page is printed within a fraction of it.
PATIENCE = 100

SYSTEM_PYTHON = "/usr/bin/python3"


class WebKit:
    """A browser with one tab."""

    name = "webkit"
    # What the browser runs in its own process.
    script = __file__

    @staticmethod
    def program():
        probe = [SYSTEM_PYTHON, "-c", "import gi; gi.require_version('WebKit2', '4.1')"]
        is_there = pathlib.Path(SYSTEM_PYTHON).exists() and subprocess.run(probe, stderr=subprocess.DEVNULL).returncode == 0
        return shutil.which("xvfb-run") if is_there else None

    def __init__(self):
        if self.program() is None:
            raise SystemExit("missing: gir1.2-webkit2-4.1, python3-gi, xvfb")
        command = [self.program(), "--auto-servernum", SYSTEM_PYTHON, self.script]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._process.stdin.close()
        self._process.wait(timeout=20)

    def print_page(self, page, path):
        """Prints a page into a PDF file: its background too, at its own size, with the margins that it asks to be chosen."""
        page = pathlib.Path(page).resolve()
        text = page.read_text(encoding="utf-8")
        margin = 9 if 'class="sheet"' in text else 0
        print(json.dumps([str(page), str(pathlib.Path(path).resolve()), *paper(text), margin]), file=self._process.stdin, flush=True)
        answer = self._process.stdout.readline()
        if answer != "\n":
            raise RuntimeError(f"{page.name}: {answer or 'webkit went away'}")


def main():
    import gi

    gi.require_version("Gtk", "3.0")
    gi.require_version("WebKit2", "4.1")
    from gi.repository import GLib, Gtk, WebKit2

    view = WebKit2.WebView(web_context=WebKit2.WebContext.new_ephemeral())
    view.get_settings().set_print_backgrounds(True)
    window = Gtk.OffscreenWindow()
    window.add(view)
    window.set_default_size(1000, 1000)
    window.show_all()
    for line in sys.stdin:
        print(print_one(GLib, Gtk, WebKit2, view, *json.loads(line)), flush=True)


def print_one(glib, gtk, webkit, view, page, path, *paper):
    """Why a page could not be printed; nothing if it was."""
    pathlib.Path(path).unlink(missing_ok=True)
    operation = webkit.PrintOperation.new(view)
    operation.set_print_settings(settings(gtk, path))
    operation.set_page_setup(page_setup(gtk, *paper))
    wrong = ["webkit says nothing"]

    def end(what):
        wrong[0] = what
        gtk.main_quit()

    def load_changed(_, event):
        if event == webkit.LoadEvent.FINISHED:
            # Until fonts are there, and the page's script has run.
            glib.timeout_add(150, operation.print_)

    operation.connect("finished", lambda _: end(""))
    operation.connect("failed", lambda _, error: end(error.message))
    watch = view.connect("load-changed", load_changed)
    patience = glib.timeout_add_seconds(PATIENCE, gtk.main_quit)
    view.load_uri(pathlib.Path(page).as_uri())
    gtk.main()
    glib.source_remove(patience)
    view.disconnect(watch)
    return wrong[0]


def settings(gtk, path):
    settings = gtk.PrintSettings()
    settings.set_printer("Print to File")
    settings.set(gtk.PRINT_SETTINGS_OUTPUT_FILE_FORMAT, "pdf")
    settings.set(gtk.PRINT_SETTINGS_OUTPUT_URI, pathlib.Path(path).as_uri())
    return settings


def page_setup(gtk, width, height, margin):
    setup = gtk.PageSetup()
    setup.set_paper_size(gtk.PaperSize.new_custom("own", "own", *sorted((width, height)), gtk.Unit.MM))
    setup.set_orientation(gtk.PageOrientation.LANDSCAPE if width > height else gtk.PageOrientation.PORTRAIT)
    for side in ("top", "bottom", "left", "right"):
        getattr(setup, f"set_{side}_margin")(margin, gtk.Unit.MM)
    return setup


if __name__ == "__main__":
    main()
