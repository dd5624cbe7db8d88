#!/usr/bin/env bash
# Two packages whose notes have the same id, and other GUIDs, imported on two devices: after the sync one note is gone.
#
# One would guess: Anki's importer recognises a note by its GUID and moves an id that is taken, so the id in a package means
# nothing, and tools may count ids from a fixed start.
# Seen: the importer keeps an id that is free. Sync goes by id alone: the note of the one device is written over that of the other
# on both devices, GUID, text and all. Both devices synced without a word, and Check Database finds nothing.
# Why it matters here: each project's notes need ids of their own, so deckle takes them from the GUID.
#
# Needs python3 with venv, and a package registry. Prints what was seen; fails where Anki does otherwise.
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check anki==26.9.3
"$folder/venv/bin/python" - "$folder" <<'PYTHON'
import os
import pathlib
import re
import subprocess
import sys
import time

import anki.buildinfo
import anki.lang
from anki.collection import Collection, DeckIdLimit, ExportAnkiPackageOptions, ImportAnkiPackageOptions
from anki.collection import ImportAnkiPackageRequest

anki.lang.set_lang("en")
folder = pathlib.Path(sys.argv[1])
SHARED_ID = 1_500_000_000_000


def collection(name):
    (folder / name).mkdir()
    return Collection(str(folder / name / "collection.anki2"))


def package(name, question, answer, modified):
    """A package with one note of the stock note type; its id is set, as a tool that counts from a fixed start would."""
    author = collection(f"author-{name}")
    note = author.new_note(author.models.by_name("Basic"))
    note["Front"], note["Back"] = question, answer
    deck = author.decks.id(name)
    author.add_note(note, deck)
    author.db.execute("update cards set nid = ?, id = ?, mod = ?", SHARED_ID, SHARED_ID, modified)
    author.db.execute("update notes set id = ?, mod = ?", SHARED_ID, modified)
    path = str(folder / f"{name}.apkg")
    options = ExportAnkiPackageOptions(with_scheduling=False, with_deck_configs=False, with_media=False, legacy=True)
    author.export_anki_package(out_path=path, options=options, limit=DeckIdLimit(deck))
    author.close()
    return path


def take(device, path):
    device.import_anki_package(ImportAnkiPackageRequest(package_path=path, options=ImportAnkiPackageOptions()))


def sync(device, auth):
    required = device.sync_collection(auth, sync_media=False).required
    assert required == 0, f"a sync of another kind is required: {required}"


def notes(device):
    return sorted(front.split("\x1f")[0] for front in device.db.list("select flds from notes"))


log = folder / "server.log"
environment = {**os.environ, "SYNC_USER1": "u:p", "SYNC_BASE": str(folder / "server"), "SYNC_HOST": "127.0.0.1",
               "SYNC_PORT": "0", "RUST_LOG": "anki=info"}
with open(log, "wb") as out:
    server = subprocess.Popen([sys.executable, "-m", "anki.syncserver"], env=environment, stdout=out, stderr=out)
try:
    port, end = None, time.monotonic() + 20
    while port is None and time.monotonic() < end:
        port = re.search(r"127\.0\.0\.1:(\d+)", log.read_text(errors="replace"))
        time.sleep(0.02)
    assert port, log.read_text(errors="replace")
    laptop, phone = collection("laptop"), collection("phone")
    auths = []
    for device, upload in ((laptop, True), (phone, False)):
        auth = device.sync_login("u", "p", f"http://127.0.0.1:{port.group(1)}/")
        device.close_for_full_sync()
        device.full_upload_or_download(auth=auth, server_usn=None, upload=upload)
        device.reopen(after_full_sync=True)
        auths.append(auth)
    take(laptop, package("Harbours", "What is a quay?", "A wall that ships lie at.", 1_600_000_000))
    take(phone, package("Trees", "What is a cone?", "What a pine has seeds in.", 1_600_086_400))
    before = [notes(laptop), notes(phone)]
    for device, auth in [(laptop, auths[0]), (phone, auths[1])] * 2:
        sync(device, auth)
    after = [notes(laptop), notes(phone)]
    checked = [device.fix_integrity()[1] for device in (laptop, phone)]
    print(f"anki {anki.buildinfo.version}")
    print(f"before the sync: laptop {before[0]}, phone {before[1]}")
    print(f"after the sync:  laptop {after[0]}, phone {after[1]}; Check Database ok: {checked}")
    assert before == [["What is a quay?"], ["What is a cone?"]], "an import did otherwise"
    assert after[0] == after[1] and len(after[0]) == 1, "Anki keeps both notes now: the finding is out of date"
    assert checked == [True, True], "Check Database sees it now: the finding is out of date"
finally:
    server.terminate()
    server.wait(20)
PYTHON
echo "as found"
