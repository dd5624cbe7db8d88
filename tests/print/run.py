"""Prints what deckle makes with real Chromium, and measures the pages.

    run.py DECKLE

DECKLE is the program to run. Prints each failure and "N passed, N failed"; exits 1 where one failed.
"""

import pathlib
import sys
import tempfile
import time

import cards
import fit
import printed
import raw
import sheet
import still
import wild
from report import Project, Report

CHECKS = [
    cards.check_positions,
    cards.check_offset,
    cards.check_front_only,
    cards.check_wide,
    fit.check_fit,
    fit.check_shapes,
    fit.check_images,
    sheet.check_ecs,
    sheet.check_shapes,
    printed.check_what_programs_read,
    printed.check_manual,
    printed.check_print_test,
    printed.check_no_network,
    printed.check_interrupt,
    printed.check_time,
    sheet.check_fill,
    sheet.check_wide,
    wild.check_chromium,
    raw.check_raw,
    still.check_nothing_leaves,
    still.check_scripts,
    still.check_many,
]


def main(deckle, wanted):
    report = Report()
    for check in CHECKS:
        name = f"{check.__module__}.{check.__name__}"
        if wanted and not any(word in name for word in wanted):
            continue
        started = time.monotonic()
        with tempfile.TemporaryDirectory() as folder:
            try:
                check(report, Project(deckle, pathlib.Path(folder)))
            except Exception as error:  # one broken check must not hide the others
                report.check(False, f"{name}: {type(error).__name__}: {error}")
        print(f"{name}: {time.monotonic() - started:.1f} s", file=sys.stderr, flush=True)
    return report.finish()


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("usage: run.py DECKLE [CHECK...]")
    sys.exit(main(sys.argv[1], sys.argv[2:]))
