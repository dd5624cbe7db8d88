"""Reads and studies a site in Chromium with the net gone, and looks at what is kept of each build.

    python offline.py DECKLE [MDBOOK]

DECKLE makes the site; with MDBOOK, mdBook makes it of the same book, and all of it is looked at once more. Prints what was
seen.
"""

import shutil
import subprocess
import sys
import tempfile
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import sync_playwright

CHROMIUM = "/usr/bin/chromium"
NOTES = {
    "tea.md": "---\ndeck: Drinks\n---\n# Tea\n\n## Is tea hot?\n\nYes.\n\n![](leaf.png)\n",
    "no milk & sugar.md": "---\ndeck: Drinks\n---\n# Milk\n\n## Is milk white?\n\nIt is.\n",
    "deep/café.md": "---\ndeck: Drinks\n---\n# Café\n\n## Is it black?\n\nMostly.\n",
}
PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cfc000000301010018dd8db0"
    "0000000049454e44ae426082"
)


class Handler(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_GET(self):
        if any(word in self.path for word in self.server.broken):
            self.send_error(500)
        else:
            super().do_GET()


class Host:
    """A host that can be cut off from its readers."""

    def __init__(self, folder):
        self.folder, self.port, self.server, self.broken = folder, 0, None, []
        self.go_on()

    def go_on(self):
        self.server = ThreadingHTTPServer(("localhost", self.port), partial(Handler, directory=self.folder))
        self.server.daemon_threads, self.server.broken = True, self.broken
        self.server.handle_error = lambda *_: None
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


def main(deckle, mdbook=None):
    deckle = Path(deckle).resolve()
    for makes in [None, mdbook] if mdbook else [None]:
        with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
            root = Path(folder)
            (root / "www").mkdir()
            host = Host(root / "www")
            project = lay_down(root / "project", host)
            options = {"executable_path": CHROMIUM, "args": ["--no-sandbox"]}
            context = playwright.chromium.launch_persistent_context(str(root / "reader"), **options)
            look(partial(publish, deckle, makes, project), host, context)
            context.close()
            host.stop()
        print(f"made by {'mdBook' if makes else 'deckle'}: read, studied and updated without a net")


def lay_down(project, host):
    for path, text in NOTES.items():
        (project / "content" / path).parent.mkdir(parents=True, exist_ok=True)
        (project / "content" / path).write_text(text, "utf-8")
    (project / "content/leaf.png").write_bytes(PICTURE)
    settings = f"id: offline\nname: Drinks\ncontent: content\nsite-url: http://localhost:{host.port}/notes\n"
    (project / "deckle.yaml").write_text(settings, "utf-8")
    return project


def publish(deckle, mdbook, project, host):
    """Builds the site, and puts it in the place of the one that is there."""
    subprocess.run([deckle, "init", project], check=True, capture_output=True)
    subprocess.run([deckle, "build", "--quiet"], cwd=project, check=True)
    if mdbook:
        shutil.rmtree(project / "dist/site")
        subprocess.run([mdbook, "build"], cwd=project, check=True, capture_output=True)
    shutil.rmtree(host.folder / "notes", ignore_errors=True)
    shutil.copytree(project / "dist/site", host.folder / "notes")


def look(publish, host, context):
    site = f"http://localhost:{host.port}/notes/"
    pages = ["", "index.html", "tea.html", "no-milk-sugar.html", "deep/caf%C3%A9.html"]
    project = publish.args[2]
    publish(host)
    (host.folder / "other").mkdir()
    (host.folder / "other/index.html").write_text("<p>another book</p>")
    page = context.new_page()
    page.goto(site + "tea.html")
    first = kept(page)
    names = page.evaluate("async () => (await (await caches.open((await caches.keys())[0])).keys()).map((k) => k.url)")
    assert len(names) == len(set(names)) and not any(".apkg" in name or "/print/" in name for name in names), names
    page.evaluate("() => localStorage.setItem('mine', 'kept')")

    host.stop()
    for path in pages:
        read(page, site + path)
    page.goto(site + "tea.html")
    page.evaluate("() => document.querySelectorAll('details.card').forEach((card) => { card.open = true; })")
    page.wait_for_function("() => [...document.images].every((image) => image.complete && image.naturalWidth > 0)")
    study(page)
    progress = progress_of(page)
    assert len(progress) > 1, progress
    refused(page, f"http://localhost:{host.port}/other/index.html")

    host.go_on()
    edit(project, "content/tea.md", "Yes.", "Always.")
    publish(host)
    host.broken.append("deep/")
    page.goto(site + "tea.html")
    assert "Always." in page.content(), "over the net the newest is shown"
    page.wait_for_timeout(1500)
    assert kept(page) == first, "what is half there is not kept"
    host.stop()
    page.goto(site + "tea.html")
    assert "Yes." in page.content() and "Always." not in page.content(), "what is kept is of one build"

    host.broken.clear()
    host.go_on()
    page.goto(site + "index.html")
    second = kept(page, other_than=first)
    host.stop()
    for path in pages:
        read(page, site + path)
    page.goto(site + "tea.html")
    assert "Always." in page.content(), "what changed came along"
    assert progress_of(page) == progress, "progress is as it was"
    assert len(page.evaluate("() => caches.keys()")) == 1, second
    host.go_on()


def kept(page, other_than=None):
    """The name of what is kept, once a worker answers for the page."""
    for _ in range(200):
        name = page.evaluate(
            "async () => { const names = await caches.keys(), worker = navigator.serviceWorker;"
            " const { active, installing, waiting } = (await worker.getRegistration()) ?? {};"
            " const rests = active?.state === 'activated' && !installing && !waiting && worker.controller;"
            " return rests && names.length === 1 ? names[0] : null; }"
        )
        if name and name != other_than:
            return name
        page.wait_for_timeout(50)
    raise AssertionError(f"no worker came to rest, or the old one stayed: {page.evaluate('() => caches.keys()')}")


def read(page, address):
    """A page with its style and its script."""
    failed = []
    # What a page that is left still waited for is aborted.
    listen = lambda request: "ABORTED" in (request.failure or "") or failed.append(request.url)
    page.on("requestfailed", listen)
    page.goto(address, wait_until="load")
    page.remove_listener("requestfailed", listen)
    lost = [url for url in failed if not url.endswith("worker.js") and "favicon" not in url]
    assert not lost, f"{address}: {lost}"
    assert page.evaluate("() => getComputedStyle(document.querySelector('main')).display") == "block"
    assert page.locator(".deckle-study .panel, details.card").count() > 0, address


def study(page):
    page.locator(".deckle-study button.start").click()
    page.keyboard.press("Space")
    page.keyboard.press("3")
    page.keyboard.press("Escape")


def progress_of(page):
    return page.evaluate("() => Object.fromEntries(Object.entries(localStorage).filter(([key]) => !key.startsWith('mdbook')))")


def refused(page, address):
    try:
        page.goto(address)
    except Exception:  # noqa: BLE001: that is what is wanted
        return
    raise AssertionError(f"{address} is another book's, and was kept")


def edit(project, path, old, new):
    text = (project / path).read_text("utf-8")
    assert old in text
    (project / path).write_text(text.replace(old, new), "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
