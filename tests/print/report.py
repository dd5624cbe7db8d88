"""Counts what holds and prints what does not; builds what is looked at."""

import os
import pathlib
import subprocess

# Builds are dated, so that a second one is the same.
DATE = 1_700_000_000


class Report:
    """Counts what holds and prints what does not."""

    def __init__(self):
        self.passed = 0
        self.failed = 0

    def check(self, holds, what):
        if holds:
            self.passed += 1
        else:
            self.failed += 1
            print(f"FAILED {what}", flush=True)
        return bool(holds)

    def equal(self, found, expected, what):
        return self.check(found == expected, f"{what}: expected {expected!r}, found {found!r}")

    def finish(self):
        print(f"{self.passed} passed, {self.failed} failed")
        return 1 if self.failed else 0


class Project:
    """A folder with note files and settings that deckle builds."""

    def __init__(self, deckle, folder):
        self.deckle = pathlib.Path(deckle).absolute()
        self.folder = pathlib.Path(folder)

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def build(self, *arguments, out="dist"):
        """Builds the pages. Returns their folder, and what deckle wrote to stderr."""
        command = [self.deckle, "build", "-f", "print", "-o", self.folder / out, *arguments]
        environment = {**os.environ, "SOURCE_DATE_EPOCH": str(DATE)}
        run = subprocess.run(command, cwd=self.folder, env=environment, capture_output=True, text=True)
        if run.returncode != 0:
            raise RuntimeError(f"deckle ended with {run.returncode}: {run.stdout}{run.stderr}")
        return self.folder / out / "print", run.stdout + run.stderr
