"""Turns random grades into what the reference implementation of FSRS-6 makes of them.

Knows nothing of the script that is compared with it.
"""

import random
from datetime import datetime, timedelta, timezone

from fsrs import Card, Rating, Scheduler, State

HISTORIES = 1000
REVIEWS = 20
SEED = 6


def histories():
    """Histories of reviews: grade and whole days since the last one, and the memory and the waiting time after it."""
    chance = random.Random(SEED)
    scheduler = Scheduler(enable_fuzzing=False)
    return [history(scheduler, chance) for _ in range(HISTORIES)]


def history(scheduler, chance):
    card = Card()
    now = datetime(2026, 1, 1, tzinfo=timezone.utc)
    reviews = []
    for _ in range(chance.randint(1, REVIEWS)):
        grade = chance.choices([1, 2, 3, 4], [2, 2, 5, 1])[0]
        last = card.last_review
        card, _ = scheduler.review_card(card, Rating(grade), now)
        wait = card.due - now
        learned = card.state == State.Review
        reviews.append(
            {
                "grade": grade,
                "days": (now - last).days if last else 0,
                "s": card.stability,
                "d": card.difficulty,
                "step": None if learned else card.step,
                "lapsed": card.state == State.Relearning,
                "wait": wait / timedelta(days=1) if learned else wait / timedelta(minutes=1),
            }
        )
        now += next_gap(wait, chance)
    return reviews


def memory(reviews, before=None):
    """What reviews come to, each a second and a grade; `before`: stability and difficulty, and the second they are of.

    A second counts for its day, which is never a part of one.
    """
    scheduler = Scheduler(enable_fuzzing=False)
    card = Card()
    if before:
        card.stability, card.difficulty, card.state, card.step = *before[:2], State.Review, None
        card.last_review = day_of(before[2])
    for time, grade in reviews:
        card, _ = scheduler.review_card(card, Rating(grade), day_of(time))
    return {"s": card.stability, "d": card.difficulty}


def stabilities(reviews):
    """After each review: its grade, and the days since the one before."""
    scheduler = Scheduler(enable_fuzzing=False)
    card, now, found = Card(), datetime(2026, 1, 1, tzinfo=timezone.utc), []
    for grade, days in reviews:
        now += timedelta(days=days)
        card, _ = scheduler.review_card(card, Rating(grade), now)
        found.append(card.stability)
    return found


def day_of(second):
    return datetime.fromtimestamp(second // 86_400 * 86_400, timezone.utc)


def next_gap(wait, chance):
    """On time, early, late or within the day."""
    if chance.random() < 0.25:
        return timedelta(minutes=chance.randint(0, 1500))
    return wait * chance.choice([0.3, 1, 1, 1, 1.1, 1.6, 4])
