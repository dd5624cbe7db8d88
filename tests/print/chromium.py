"""Prints pages with Chromium, through its DevTools protocol over a pipe.

Knows nothing of what the pages hold.
"""

import base64
import json
import os
import pathlib
import select
import shutil
import subprocess
import tempfile
import time

# What keeps it from calling home: a test machine may be without a network.
QUIET = """--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking
--disable-component-update --disable-sync --disable-default-apps --disable-extensions --disable-dev-shm-usage
--metrics-recording-only --no-pings --font-render-hinting=none --password-store=basic --remote-debugging-pipe""".split()

# Seconds; the largest page is printed within a fraction of it.
PATIENCE = 60

# A font set: only these folders are seen.
FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
{folders}
<include ignore_missing="yes">/etc/fonts/conf.d</include>
<cachedir>{cache}</cachedir>
</fontconfig>
"""


class Chromium:
    """A browser with one tab. `fonts` are the folders that it may take fonts from; all of the system's unless given."""

    name = "chromium"

    def __init__(self, fonts=()):
        self.folder = tempfile.TemporaryDirectory(prefix="deckle-chromium-")
        environment = dict(os.environ)
        if fonts:
            folders = "\n".join(f"<dir>{folder}</dir>" for folder in fonts)
            config = pathlib.Path(self.folder.name, "fonts.conf")
            config.write_text(FONTS.format(folders=folders, cache=pathlib.Path(self.folder.name, "cache")))
            environment["FONTCONFIG_FILE"] = str(config)
        program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
        if program is None:
            raise SystemExit("missing: chromium")
        command = [program, *QUIET, f"--user-data-dir={self.folder.name}/profile", "about:blank"]
        to_browser, self._write = os.pipe()
        self._read, from_browser = os.pipe()
        self._process = subprocess.Popen(
            ["sh", "-c", 'exec "$@" 3<&"$0" 4>&"$FROM"', str(to_browser), *command],
            env={**environment, "FROM": str(from_browser)},
            pass_fds=(to_browser, from_browser),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        os.close(to_browser)
        os.close(from_browser)
        self._buffer = b""
        self._number = 0
        self._events = []
        self._session = None
        target = self._call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self._call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Runtime", "Log"):
            self._call(f"{domain}.enable")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            self._session = None
            self._call("Browser.close")
            self._process.wait(timeout=20)
        except (OSError, EOFError, RuntimeError, subprocess.TimeoutExpired):
            self._process.kill()
        os.close(self._write)
        os.close(self._read)
        shutil.rmtree(self.folder.name, ignore_errors=True)

    def open(self, path, scripts=True):
        """Loads a file and waits for its fonts and its script. Returns a Visit: the requests it made, and what it complained about."""
        self._call("Emulation.setScriptExecutionDisabled", value=not scripts)
        self._events.clear()
        address = pathlib.Path(path).resolve().as_uri()
        frame = self._call("Page.navigate", url=address)
        if "errorText" in frame:
            raise RuntimeError(f"{path}: {frame['errorText']}")
        self._wait("Page.loadEventFired")
        # Without scripts no promise is ever kept.
        while self.run("document.body.offsetHeight, document.fonts.status") != "loaded":
            time.sleep(0.01)
        if scripts:
            self.run("new Promise((done) => setTimeout(done, 20))")
        return Visit(self, address)

    def run(self, expression):
        """What a JavaScript expression gives in the page."""
        answer = self._call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(json.dumps(answer["exceptionDetails"]))
        return answer["result"].get("value")

    def on_paper(self, yes=True):
        """Whether the page is to take the rules for print, without being printed."""
        self._call("Emulation.setEmulatedMedia", media="print" if yes else "")

    def print(self, path):
        """Prints the page that is open into a PDF file, as the page's own style wants it."""
        answer = self._call(
            "Page.printToPDF", preferCSSPageSize=True, printBackground=True, displayHeaderFooter=False, transferMode="ReturnAsBase64"
        )
        pathlib.Path(path).write_bytes(base64.b64decode(answer["data"]))

    def print_page(self, page, path):
        """Opens a page and prints it into a PDF file."""
        self.open(page)
        self.print(path)

    def events(self):
        self._call("Runtime.evaluate", expression="0")
        return self._events

    def _call(self, method, **parameters):
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self._write, data) :]
        while True:
            answer = self._receive()
            if answer.get("id") == self._number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']['message']}")
                return answer["result"]
            self._events.append(answer)

    def _wait(self, method):
        while not any(event.get("method") == method for event in self._events):
            self._events.append(self._receive())

    def _receive(self):
        while b"\0" not in self._buffer:
            if not select.select([self._read], [], [], PATIENCE)[0]:
                raise TimeoutError(f"chromium says nothing for {PATIENCE} s")
            piece = os.read(self._read, 1 << 20)
            if not piece:
                raise EOFError("chromium went away")
            self._buffer += piece
        message, _, self._buffer = self._buffer.partition(b"\0")
        return json.loads(message)


class Visit:
    """What happened since a page was opened."""

    def __init__(self, browser, address):
        self._browser = browser
        self._address = address

    def requests(self):
        """The addresses that were asked for, but the page itself, what it carries in `data:`, and what it forbids itself."""
        failed = [event["params"] for event in self._events("Network.loadingFailed")]
        forbidden = {event["requestId"] for event in failed if event.get("blockedReason") == "csp"}
        sent = [event["params"] for event in self._events("Network.requestWillBeSent")]
        urls = [event["request"]["url"] for event in sent if event["requestId"] not in forbidden]
        return [url for url in urls if url != self._address and not url.startswith("data:")]

    def complaints(self):
        """What stands in the console."""
        entries = [event["params"]["entry"]["text"] for event in self._events("Log.entryAdded")]
        thrown = [event["params"]["exceptionDetails"]["text"] for event in self._events("Runtime.exceptionThrown")]
        calls = self._events("Runtime.consoleAPICalled")
        return entries + thrown + [json.dumps(event["params"]["args"]) for event in calls]

    def _events(self, method):
        return [event for event in self._browser.events() if event.get("method") == method]
