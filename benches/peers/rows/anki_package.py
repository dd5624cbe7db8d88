"""Rows of HTML to a package as Anki itself does it, by importing text and exporting the collection: anki_package.py
ROWS.txt OUT.apkg"""

import os
import sys
import tempfile

from anki.collection import Collection, ExportAnkiPackageOptions, ImportCsvRequest

rows, out = map(os.path.abspath, sys.argv[1:])
with tempfile.TemporaryDirectory() as folder:
    collection = Collection(os.path.join(folder, "collection.anki2"))
    metadata = collection.get_csv_metadata(path=rows, delimiter=None)
    collection.import_csv(ImportCsvRequest(path=rows, metadata=metadata))
    options = ExportAnkiPackageOptions(with_scheduling=False, with_deck_configs=False, with_media=True, legacy=True)
    collection.export_anki_package(out_path=out, options=options, limit=None)
    collection.close()
