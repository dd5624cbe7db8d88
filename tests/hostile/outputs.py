"""Takes outputs apart: every file, member, field and embedded picture as bytes, and what in them could do harm."""

import base64
import binascii
import html
import io
import re
import sqlite3
import tempfile
import zipfile
from html.parser import HTMLParser
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
# The only scripts that may stand in a page: our own.
OWN_SCRIPTS = [(REPOSITORY / "templates/print" / name).read_text("utf-8") for name in ("fit.js", "sheet.js")]
# Elements that run, load or leave something, whatever their attributes.
FORBIDDEN = {"script", "iframe", "frame", "frameset", "object", "embed", "applet", "base", "form", "portal", "noscript", "template",
             "xmp", "plaintext", "noembed", "noframes", "marquee", "dialog", "foreignobject", "handler", "listener"}
ADDRESSES = {"href", "src", "action", "formaction", "xlink:href", "poster", "cite", "background", "data", "ping", "srcset", "manifest",
             "longdesc", "usemap", "codebase", "archive", "classid", "icon", "profile"}


def decoded(dist):
    """Name and bytes of everything in an output folder: files, members of packages, fields, embedded pictures."""
    if not dist.is_dir():
        return
    for path in sorted(dist.rglob("*")):
        # What a build keeps for the next one has the messages, and nobody is shown it.
        if not path.is_file() or path.is_symlink() or path.name == ".deckle-cache":
            continue
        name, data = str(path.relative_to(dist)), path.read_bytes()
        # Bytes of what is packed may be any by chance.
        if name.endswith(".apkg"):
            yield from members(name, data)
            continue
        yield name, data
        if name.endswith((".html", ".md", ".json")):
            yield from embedded(name, data)


def members(package, data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for member in archive.namelist():
            held = archive.read(member)
            yield f"{package}:{member}", held
            if member.startswith("collection."):
                yield from rows(f"{package}:{member}", held)


def rows(name, data):
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        database = sqlite3.connect(file.name)
        for guid, tags, fields in database.execute("select guid, tags, flds from notes"):
            for number, field in enumerate(fields.split("\x1f")):
                yield f"{name}:{guid}.{number}.field.html", field.encode()
            yield f"{name}:{guid}:tags", tags.encode()
        models, decks = database.execute("select models, decks from col").fetchone()
        yield f"{name}:models", models.encode()
        yield f"{name}:decks", decks.encode()
        database.close()


def embedded(name, data):
    """What stands in a page as base64 or with entities."""
    for number, found in enumerate(re.finditer(rb"base64,([A-Za-z0-9+/=]+)", data)):
        try:
            yield f"{name}:data{number}", base64.b64decode(found.group(1))
        except binascii.Error:
            pass
    if not name.endswith(".json"):
        yield f"{name}:unescaped", html.unescape(data.decode("utf-8", "replace")).encode()


def dangers(name, data):
    """What in a page, field or picture could run or load something."""
    if name.endswith((".html", ".md")):
        page = Page(name)
        page.feed(data.decode("utf-8"))
        page.close()
        yield from page.faults
    if re.search(r"\.svg$|:data\d+$", name) or data.lstrip()[:200].lower().find(b"<svg") >= 0 and ":" in name:
        text = data.decode("utf-8", "replace").lower()
        if "<svg" in text and re.search(r"<script|\son\w+\s*=|javascript:|<!entity|"
                                      r"<(?:\w+:)?(?:iframe|object|embed|link|img|base|meta|form|input|video|audio|template)\b", text):
            yield "an SVG that runs something"


class Page(HTMLParser):
    """Collects what may not stand in a page."""

    def __init__(self, name):
        super().__init__(convert_charrefs=True)
        self.name, self.faults, self.script = name, [], None

    def handle_starttag(self, tag, attributes):
        if tag == "script" and "print/" in self.name:
            self.script = ""
        elif tag in FORBIDDEN:
            self.faults.append(f"<{tag}> stands in it")
        if tag == "meta" and ("http-equiv", "refresh") in [(key, (value or "").lower()) for key, value in attributes]:
            self.faults.append("it leads elsewhere by itself")
        for key, value in attributes:
            value = value or ""
            if key.startswith("on"):
                self.faults.append(f"<{tag} {key}={value!r}> stands in it")
            if key in ADDRESSES:
                self.address(tag, key, value)
            if key == "style" and re.search(r"expression\s*\(|javascript:|-moz-binding|behaviou?r\s*:|@import|url\s*\(", value, re.I):
                self.faults.append(f"<{tag} style={value!r}> stands in it")

    def address(self, tag, key, value):
        plain = re.sub("[\x00-\x20\x7f-\xa0\u00ad\u200b-\u200f\ufeff]", "", value).lower()
        scheme = re.match(r"([a-z][a-z0-9+.-]*):", plain)
        if not scheme:
            return
        if scheme.group(1) in ("javascript", "vbscript", "livescript", "mocha", "jar", "filesystem", "blob"):
            self.faults.append(f"<{tag} {key}={value!r}> stands in it")
        if scheme.group(1) == "data" and not (tag in ("img", "source", "audio", "video") and
                                              re.match(r"data:(image|audio|video)/", plain)):
            self.faults.append(f"<{tag} {key}={value[:40]!r}> stands in it")

    def handle_data(self, data):
        if self.script is not None:
            self.script += data

    def handle_endtag(self, tag):
        if tag == "script" and self.script is not None:
            if self.script.strip() not in [own.strip() for own in OWN_SCRIPTS]:
                self.faults.append(f"a script stands in it: {self.script[:80]!r}")
            self.script = None
