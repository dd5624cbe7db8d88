"""Reads PDF files with poppler's tools: pages, and words with their places in millimetres.

Knows nothing of who printed them.
"""

import collections
import re
import subprocess
import xml.etree.ElementTree as ElementTree

POINT = 25.4 / 72

# A word, and the box around it in millimetres from the page's upper left corner.
Word = collections.namedtuple("Word", "text left top right bottom")

# A page: its size in millimetres, and its words in reading order.
Page = collections.namedtuple("Page", "width height words")


def pages(path):
    """The pages of a file, with their words."""
    text = subprocess.run(["pdftotext", "-bbox", str(path), "-"], check=True, capture_output=True, text=True).stdout
    # Text may hold control characters that XML forbids.
    text = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "\ufffd", text)
    root = ElementTree.fromstring(text)
    name = "{http://www.w3.org/1999/xhtml}"
    return [page(element, name) for element in root.iter(f"{name}page")]


def page(element, name):
    words = []
    for word in element.iter(f"{name}word"):
        box = [float(word.get(side)) * POINT for side in ("xMin", "yMin", "xMax", "yMax")]
        words.append(Word(word.text or "", *box))
    return Page(float(element.get("width")) * POINT, float(element.get("height")) * POINT, words)


def count(path):
    """How many pages a file has."""
    info = subprocess.run(["pdfinfo", str(path)], check=True, capture_output=True, text=True).stdout
    return int(re.search(r"^Pages:\s+(\d+)", info, re.M)[1])


def fonts(path):
    """The names of the fonts in a file."""
    lines = subprocess.run(["pdffonts", str(path)], check=True, capture_output=True, text=True).stdout.splitlines()[2:]
    return [line.split()[0].split("+")[-1] for line in lines]
