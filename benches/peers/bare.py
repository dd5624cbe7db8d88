"""Builds the bare writer with the SQLite that deckle has, and runs it on the rows of a package: bare.py build PROGRAM,
bare.py run PROGRAM PACKAGE."""

import json
import os
import subprocess
import sys
import tempfile
import zipfile

HERE = os.path.dirname(os.path.abspath(__file__))


def build(program):
    metadata = ["cargo", "metadata", "--format-version", "1", "--locked", "--manifest-path", f"{HERE}/../../Cargo.toml"]
    packages = json.loads(subprocess.run(metadata, check=True, capture_output=True).stdout)["packages"]
    crate = next(package["manifest_path"] for package in packages if package["name"] == "libsqlite3-sys")
    sqlite = f"{os.path.dirname(crate)}/sqlite3"
    flags = ["-O2", f"-I{sqlite}", "-DSQLITE_THREADSAFE=0", "-DSQLITE_OMIT_LOAD_EXTENSION"]
    subprocess.run(["cc", *flags, f"{HERE}/bare.c", f"{sqlite}/sqlite3.c", "-lz", "-lm", "-o", program], check=True)


def run(program, package):
    with tempfile.TemporaryDirectory() as folder:
        with zipfile.ZipFile(package) as members:
            collection = members.extract("collection.anki2", folder)
        subprocess.run([program, collection, f"{folder}/out"], check=True)


if __name__ == "__main__":
    {"build": build, "run": run}[sys.argv[1]](*sys.argv[2:])
