"""Prints pages with Firefox, through its Marionette protocol over a socket.

Knows nothing of what the pages hold.
"""

import base64
import json
import pathlib
import re
import shutil
import socket
import subprocess
import tempfile
import time

# What keeps it from calling home and from asking things.
PREFERENCES = {
    "app.normandy.enabled": False,
    "app.update.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.page": 0,
    "datareporting.policy.dataSubmissionEnabled": False,
    "extensions.systemAddon.update.enabled": False,
    "marionette.port": 0,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "data:,none",
    "toolkit.telemetry.reportingpolicy.firstRun": False,
}

# Seconds; the largest page is printed within a fraction of it.
PATIENCE = 120


class Firefox:
    """A browser with one tab."""

    name = "firefox"

    @staticmethod
    def program():
        return shutil.which("firefox-esr") or shutil.which("firefox")

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="deckle-firefox-")
        profile = pathlib.Path(self.folder.name)
        lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in PREFERENCES.items()]
        (profile / "user.js").write_text("".join(lines))
        if self.program() is None:
            raise SystemExit("missing: firefox-esr")
        command = [self.program(), "--headless", "--marionette", "--no-remote", "--profile", self.folder.name, "about:blank"]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self._number = 0
        self._buffer = b""
        self._socket = self._connect(profile / "MarionetteActivePort")
        self._receive()
        self._call("WebDriver:NewSession", {})

    def _connect(self, port):
        """The browser writes the number of its port into its profile once it listens."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and self._process.poll() is None:
            if port.exists() and port.read_text().strip():
                return socket.create_connection(("127.0.0.1", int(port.read_text())), timeout=PATIENCE)
            time.sleep(0.05)
        raise TimeoutError("firefox does not listen")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            self._call("Marionette:Quit", {"flags": ["eForceQuit"]})
            self._process.wait(timeout=20)
        except (OSError, EOFError, RuntimeError, subprocess.TimeoutExpired):
            self._process.kill()
        self._socket.close()
        shutil.rmtree(self.folder.name, ignore_errors=True)

    def print_page(self, page, path):
        """Prints a page into a PDF file: its background too, no margins but its own, at its own size."""
        page = pathlib.Path(page).resolve()
        self._call("WebDriver:Navigate", {"url": page.as_uri()})
        width, height = paper(page.read_text(encoding="utf-8"))
        size = {"width": width / 10, "height": height / 10}
        none = dict.fromkeys(("top", "bottom", "left", "right"), 0)
        wanted = {"background": True, "page": size, "margin": none, "shrinkToFit": False}
        answer = self._call("WebDriver:Print", wanted)
        pathlib.Path(path).write_bytes(base64.b64decode(answer["value"]))

    def _call(self, command, parameters):
        self._number += 1
        text = json.dumps([0, self._number, command, parameters]).encode()
        self._socket.sendall(b"%d:%b" % (len(text), text))
        _, number, error, answer = self._receive()
        if error or number != self._number:
            raise RuntimeError(f"{command}: {error}")
        return answer

    def _receive(self):
        while b":" not in self._buffer:
            self._read()
        length, _, self._buffer = self._buffer.partition(b":")
        while len(self._buffer) < int(length):
            self._read()
        message, self._buffer = self._buffer[: int(length)], self._buffer[int(length) :]
        return json.loads(message)

    def _read(self):
        piece = self._socket.recv(1 << 20)
        if not piece:
            raise EOFError("firefox went away")
        self._buffer += piece


# Width and height in millimetres of paper that stands upright.
PAPERS = {"A4": (210.0, 297.0), "A5": (148.0, 210.0), "Letter": (215.9, 279.4)}


def paper(html):
    """The size that a page's own style gives its paper: width and height in millimetres."""
    size = re.search(r"@page\s*\{\s*size:\s*([^;}]+?)\s*[;}]", html)[1]
    if size in PAPERS:
        return PAPERS[size]
    width, height = re.fullmatch(r"([\d.]+)mm ([\d.]+)mm", size).groups()
    return float(width), float(height)
