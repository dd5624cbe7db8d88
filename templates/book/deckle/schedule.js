// Says when a card comes again: FSRS-6 with its default parameters, and the learning steps of Anki.
//
// https://github.com/open-spaced-repetition/awesome-fsrs/wiki/The-Algorithm. Knows neither cards nor what is kept of them.

const W = [
  0.212, 1.2931, 2.3065, 8.2956, 6.4133, 0.8334, 3.0194, 0.001, 1.8722, 0.1666, 0.796, 1.4835, 0.0614, 0.2629, 1.6483,
  0.6014, 1.8729, 0.5425, 0.0912, 0.0658, 0.1542,
];
const DECAY = -W[20];
const FACTOR = 0.9 ** (1 / DECAY) - 1;
// Seconds.
const DAY = 86_400;
// Days; Anki's own limit.
const LONGEST = 36_500;
// The hour at which a day of study begins.
const DAWN = 4;

// What a review makes of a memory, null for a new card's. Grades: 1 again to 4 easy. `days`: whole ones since the last
// review. Result: `s` stability in days; `d` difficulty, 1 to 10; `step` of learning, null when learned; `lapsed`: learned
// anew; `wait` until due, in days when learned, else in minutes. Steps are Anki's: 1 and 10, after a lapse 10.
function review(memory, grade, days) {
  const s = memory ? Math.max(nextStability(memory, grade, days), 0.001) : W[grade - 1];
  const d = clamp(memory ? nextDifficulty(memory.d, grade) : firstDifficulty(grade), 1, 10);
  const isLearned = memory?.step === null;
  const lapsed = isLearned || memory?.lapsed === true;
  const step = memory?.step ?? 0;
  if (grade === 4 || (grade > 1 && isLearned) || (grade === 3 && (lapsed || step))) {
    return { s, d, step: null, lapsed: false, wait: daysOf(s, 1) };
  }
  if (grade === 1) return { s, d, step: 0, lapsed, wait: lapsed ? 10 : 1 };
  if (grade === 2) return { s, d, step, lapsed, wait: lapsed ? 15 : step ? 10 : 5.5 };
  return { s, d, step: 1, lapsed, wait: 10 };
}

// What each grade makes of a memory. As in Anki 26.09, days of Hard, Good and Easy are at least one apart, and those of
// Easy one more than Good would have, were it the last step; unlike there, chance moves none of them.
function outcomes(memory, days) {
  const all = [1, 2, 3, 4].map((grade) => review(memory, grade, days));
  let least = 1;
  for (const outcome of all.slice(memory?.step === null ? 1 : 2)) {
    const wait = daysOf(outcome.s, least);
    if (outcome.step === null) outcome.wait = wait;
    least = wait + 1;
  }
  return all;
}

// At the wanted retention of 0.9 the interval is the stability.
function daysOf(stability, least) {
  return clamp(Math.round(stability), least, LONGEST);
}

function nextStability({ s, d }, grade, days) {
  if (days < 1) {
    const growth = Math.exp(W[17] * (grade - 3 + W[18])) * s ** -W[19];
    return s * (grade > 1 ? Math.max(growth, 1) : growth);
  }
  const forgotten = 1 - (1 + (FACTOR * days) / s) ** DECAY;
  if (grade === 1) {
    const long = W[11] * d ** -W[12] * ((s + 1) ** W[13] - 1) * Math.exp(W[14] * forgotten);
    return Math.min(long, s / Math.exp(W[17] * W[18]));
  }
  const bonus = grade === 2 ? W[15] : grade === 4 ? W[16] : 1;
  return s * (1 + Math.exp(W[8]) * (11 - d) * s ** -W[9] * (Math.exp(W[10] * forgotten) - 1) * bonus);
}

function nextDifficulty(d, grade) {
  const moved = d - (W[6] * (grade - 3) * (10 - d)) / 9;
  return W[7] * firstDifficulty(4) + (1 - W[7]) * moved;
}

function firstDifficulty(grade) {
  return W[4] - Math.exp(W[5] * (grade - 1)) + 1;
}

function clamp(number, least, most) {
  return Math.min(Math.max(number, least), most);
}

// In seconds, as all times here.
function timeNow() {
  return Math.floor(Date.now() / 1000);
}

// The day of study, counted from 1970, that a time falls on here.
function dayOf(time) {
  const date = new Date((time - DAWN * 3600) * 1000);
  return Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / (DAY * 1000);
}

// When the day of study ends that a time falls on.
function endOfDay(time) {
  const date = new Date((time - DAWN * 3600) * 1000);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + 1, DAWN) / 1000;
}
