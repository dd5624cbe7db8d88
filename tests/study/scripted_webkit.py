"""Runs scripts in pages with WebKitGTK, on a screen that nobody sees.

    scripted_webkit.py

is run by the system's Python, which has the bindings. It reads lines of JSON, each an address to go to or a script to run, and answers
each with a line of JSON: what the script gave, or null.
"""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "print"))
from webkit import WebKit as Printer  # noqa: E402


class WebKit(Printer):
    """A browser with one tab."""

    script = __file__

    def go(self, address):
        self._ask({"go": address})

    def run(self, script):
        return self._ask({"run": script})

    def _ask(self, what):
        print(json.dumps(what), file=self._process.stdin, flush=True)
        answer = self._process.stdout.readline()
        if not answer:
            raise RuntimeError("webkit went away")
        return json.loads(answer)


def main():
    import gi

    gi.require_version("Gtk", "3.0")
    gi.require_version("WebKit2", "4.1")
    from gi.repository import Gtk, WebKit2

    view = WebKit2.WebView(web_context=WebKit2.WebContext.new_ephemeral())
    window = Gtk.OffscreenWindow()
    window.add(view)
    window.set_default_size(1000, 800)
    window.show_all()
    for line in sys.stdin:
        asked = json.loads(line)
        answer = [None]
        if "go" in asked:
            watch = view.connect("load-changed", lambda _, event: event == WebKit2.LoadEvent.FINISHED and Gtk.main_quit())
            view.load_uri(asked["go"])
            Gtk.main()
            view.disconnect(watch)
        else:

            def end(view, result):
                answer[0] = view.evaluate_javascript_finish(result).to_string()
                Gtk.main_quit()

            text = f"JSON.stringify((() => {{ {asked['run']} }})() ?? null)"
            view.evaluate_javascript(text, -1, None, None, None, end)
            Gtk.main()
        print(answer[0] or "null", flush=True)


if __name__ == "__main__":
    main()
