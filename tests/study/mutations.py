"""Changes the script of study mode in one place at a time, and looks whether the test that guards it turns red.

    python mutations.py TEMPLATES

Each line: a part of the script, what stands there, what takes its place, and the test. Prints "N passed, N failed", where a
change that no test sees is a failure.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

MUTATIONS = [
    ("schedule", "least = wait + 1", "least = wait", "grades_are_a_day_apart"),
    ("schedule", "memory?.step === null ? 1 : 2", "1", "grades_are_a_day_apart"),
    ("schedule", "0.796,", "0.797,", "scheduling_is_that_of_the_reference"),
    ("schedule", "const DAWN = 4", "const DAWN = 0", "what_is_due_comes_back_on_its_day"),
    ("progress", "new Set(both.flatMap", "new Array(...both.flatMap", "exports_unite_in_any_order"),
    ("progress", ".sort((a, b) => a - b)", "", "exports_unite_in_any_order"),
    ("progress", "return isAhead(time) ?", "return false ?", "a_date_in_the_future_counts_as_now"),
    ("progress", "if (!record || !isAhead(record.last)) return record;", "return record;", "a_date_in_the_future_counts_as_now"),
    ("progress", "due - last <= LONGEST * DAY ?", "true ?", "a_date_in_the_future_counts_as_now"),
    ("progress", "Math.max(timeNow(), (record?.last ?? 0) + 1)", "timeNow()", "a_date_in_the_future_counts_as_now"),
    ("progress", "if (!(time <= base?.last))", "if (true)", "progress_without_a_log_is_read"),
    ("progress", "b.last - a.last ||", "a.last - b.last ||", "progress_without_a_log_is_read"),
    ("progress", "last / 1000, due / 1000", "last, due", "progress_without_a_log_is_read"),
    ("progress", 'typeof log === "string" && ', "", "progress_is_exported_and_imported"),
    ("progress", "Number.isFinite(number) && ", "", "progress_is_exported_and_imported"),
    ("progress", "const record = CARD.test(key) && ", "const record = ", "progress_is_exported_and_imported"),
    ("progress", "file.collection !== store.collection", "false", "progress_is_exported_and_imported"),
    ("progress", "store.setOptions({ begun: [dayOf(timeNow()), countBegun(store)] });", "", "the_portion_is_the_readers"),
    ("progress", "(isNew ? by : 0)", "by", "new_cards_come_in_portions"),
    ("progress", "deckle:${encodeURIComponent(collection)}:", "deckle:", "neighbours_keep_theirs"),
    ("panel", "all.slice(0, portionLeft(store))", "all", "new_cards_come_in_portions"),
    ("panel", "day === dayOf(timeNow()) ? begun : 0", "begun ?? 0", "new_cards_come_in_portions"),
    ("panel", "const canKeep = store.canKeep();", "const canKeep = true;", "a_browser_that_keeps_nothing_can_study"),
    ("panel", "isInstalled || !/^Apple/.test(navigator.vendor)", "true", "safari_is_told_of_its_seven_days"),
    ("panel", "ask.hidden = false", "resetProgress(store)", "progress_is_reset_when_it_is_meant"),
    ("start", "function groupBy(list, keyOf) {", "function groupBy(list, keyOf) {\n  return Map.groupBy(list, keyOf);", "an_older_browser_studies"),
    ("start", 'if (!find("dialog").showModal) throw', 'if (false) throw', "a_panel_is_never_empty"),
    ("start", "place.hidden = !cards.length;", "", "a_panel_is_never_empty"),
    ("sitting", "if (hasSound(store)) play(sounds(faces.question));", "", "a_card_that_turns_is_heard"),
    ("sitting", ".filter(({ src }) => !heard.some((other) => other.src === src))", "", "a_card_that_turns_is_heard"),
    ("sitting", 'classList.toggle("pinned"', 'classList.toggle("other"', "a_long_answer_keeps_its_question_in_sight"),
    ("sitting", "if (hidden > 0) scroll.scrollTop += hidden;", "", "a_long_answer_keeps_its_question_in_sight"),
    ("sitting", 'find(".scroll").scrollTop = 0;', "", "a_long_answer_keeps_its_question_in_sight"),
    ("ending", "grade === 1", "grade === 4", "the_end_tells_what_was_missed_and_what_comes"),
    ("ending", "day >= 0", "true", "what_is_due_is_not_what_comes_next"),
    ("ending", "(number / most) * HIGH", "number", "the_end_tells_what_was_missed_and_what_comes"),
    ("deckle.css", "height: min(12vh, 7em);", "height: auto; flex: 1 1 0;", "nothing_moves_when_a_card_turns"),
    ("deckle.css", "animation: late 1ms 3s both;", "display: none;", "a_panel_is_never_empty"),
]


def main(templates):
    here = Path(__file__).parent
    unseen = []
    with tempfile.TemporaryDirectory() as folder:
        for part, old, new, test in MUTATIONS:
            shutil.copytree(templates.parent, folder, dirs_exist_ok=True)
            file = Path(folder, "book", part if "." in part else f"deckle/{part}.js")
            text = file.read_text()
            assert old in text, (part, old)
            file.write_text(text.replace(old, new, 1))
            command = [sys.executable, here / "run.py", Path(folder, "book"), "", test]
            run = subprocess.run(command, capture_output=True, text=True)
            assert "1 passed" in run.stdout or "1 failed" in run.stdout, run.stderr
            print(f"{'unseen' if run.returncode == 0 else 'red'}: {part}: {old} -> {new}: {test}", flush=True)
            if run.returncode == 0:
                unseen.append(old)
    print(f"{len(MUTATIONS) - len(unseen)} passed, {len(unseen)} failed")
    return 1 if unseen else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
