#!/usr/bin/env bash
# Two FSRS libraries with the same parameters give the same two reviews stabilities that differ by a factor of three.
#
# One would guess: the algorithm is one, so its libraries agree on a card's history to the last digits, as they do for reviews at
# the same hour of the day.
# Seen: FSRS counts days between reviews, and what a day is, is left to the library. py-fsrs counts periods of 24 hours, ts-fsrs the
# midnights of UTC (whatever the time zone) between both. Reviewed at 22:00 and again three hours later, a card has
# been seen twice on one day for the first and on two days for the second.
# Why it matters here: who checks what Anki's readers will see (Anki counts from the reader's own rollover hour) against a library,
# or moves histories between programs, must compare reviews that are whole days apart.
#
# Needs python3 with venv, node with npm, and package registries. Prints what was seen; fails where a library does otherwise.
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check fsrs==6.3.2
(cd "$folder" && npm install --silent --no-fund --no-audit ts-fsrs@5.4.2 >/dev/null)
# Hours between the reviews. In each library new cards are spaced by days from the first review on.
export HOURS="3 23 24 26 48"

"$folder/venv/bin/python" - >"$folder/py" <<'PYTHON'
import os
from datetime import datetime, timedelta, timezone

from fsrs import Card, Rating, Scheduler

scheduler = Scheduler(enable_fuzzing=False, learning_steps=(), relearning_steps=())
start = datetime(2026, 1, 10, 22, tzinfo=timezone.utc)
for hours in map(int, os.environ["HOURS"].split()):
    card, _ = scheduler.review_card(Card(), Rating.Good, start)
    card, _ = scheduler.review_card(card, Rating.Good, start + timedelta(hours=hours))
    print(f"{card.stability:.2f}")
PYTHON

cat >"$folder/reviews.mjs" <<'NODE'
import { Rating, createEmptyCard, fsrs, generatorParameters } from "ts-fsrs";

const scheduler = fsrs(generatorParameters({ enable_fuzz: false, enable_short_term: false }));
const start = Date.UTC(2026, 0, 10, 22);
for (const hours of process.env.HOURS.split(" ").map(Number)) {
  const first = scheduler.next(createEmptyCard(new Date(start)), new Date(start), Rating.Good).card;
  const second = scheduler.next(first, new Date(start + hours * 3_600_000), Rating.Good).card;
  console.log(second.stability.toFixed(2));
}
NODE
node "$folder/reviews.mjs" >"$folder/ts"

echo "hours  py-fsrs 6.3.2  ts-fsrs 5.4.2  (stability in days)"
paste -d' ' <(tr ' ' '\n' <<<"$HOURS") "$folder/py" "$folder/ts" | tee "$folder/seen"
diff "$folder/seen" - <<'SEEN' || { echo "a library counts otherwise now: the finding is out of date" >&2; exit 1; }
3 2.31 7.32
23 2.31 7.32
24 7.32 7.32
26 7.32 10.96
48 10.96 10.96
SEEN
echo "as found"
