// What is kept of each card: its reviews, and what they came to. A key of localStorage for each card, so that no tab
// overwrites another.
//
// A record is kept as [s, d, step, last, due, log, base]: stability, difficulty, step (-1 learned, 2 learned anew), two
// times in seconds, the reviews, and what an older version had kept without its reviews. A review is one number: four times
// its second, and its grade less one; the log has what each adds to the one before, in base 36. Knows nothing of pages.

// Reviews with a date that cannot be are kept with one before this, in their order: they come before all others.
const UNDATED = 2 ** 29;
const LOG = /^([0-9a-z]{1,9}(\.[0-9a-z]{1,9})*)?$/;
const CARD = /:\d+$/;
const OPTIONS = "options";

function openStore(collection) {
  const prefix = `deckle:${encodeURIComponent(collection)}:`;
  // What the browser would not keep: it is full, or forbids it.
  const unkept = new Map();
  return { collection, unkept, canKeep, card, set, entries, option, setOptions };

  function canKeep() {
    // About what one card takes.
    const key = `${prefix}test`;
    return attempt(() => ((localStorage[key] = "x".repeat(200)), delete localStorage[key])) === true;
  }

  function read(key) {
    return unkept.has(key) ? unkept.get(key) : attempt(() => JSON.parse(localStorage[prefix + key] ?? null));
  }

  function write(key, value) {
    unkept.set(key, value);
    attempt(() => {
      if (value) localStorage[prefix + key] = JSON.stringify(value);
      else delete localStorage[prefix + key];
      unkept.delete(key);
    });
  }

  function card(key) {
    const record = readRecord(read(key));
    if (!record || !isAhead(record.last)) return record;
    const settled = merge(null, record);
    set(key, settled);
    return settled;
  }

  // Null takes away.
  function set(key, record) {
    write(key, record && writeRecord(record));
  }

  // All cards' progress, of all pages.
  function entries() {
    const kept = attempt(() => Object.keys(localStorage)) ?? [];
    const own = kept.filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
    const keys = [...new Set([...own, ...unkept.keys()])].filter((key) => CARD.test(key));
    return keys.map((key) => [key, card(key)]).filter(([, record]) => record);
  }

  function option(name) {
    return read(OPTIONS)?.[name];
  }

  function setOptions(changes) {
    write(OPTIONS, { ...read(OPTIONS), ...changes });
  }
}

function attempt(action) {
  try {
    return action();
  } catch {
    return null;
  }
}

function readRecord(value) {
  if (Array.isArray(value)) {
    const [state, log, base] = [readState(value), value[5], value[6] ? readState(value[6]) : null];
    return state && typeof log === "string" && LOG.test(log) && (log || base) ? { ...state, log, base } : null;
  }
  // Until there were logs, in milliseconds.
  const { s, d, step, lapsed, last, due } = value ?? {};
  const base = readState([s, d, lapsed === true ? 2 : step === null ? -1 : step, last / 1000, due / 1000]);
  return base && { ...base, log: "", base };
}

function readState([s, d, code, last, due]) {
  const isSound = [s, d, last, due].every((number) => Number.isFinite(number) && number > 0 && number < 1e13) && [-1, 0, 1, 2].includes(code);
  if (!isSound) return null;
  const wait = due - last <= LONGEST * DAY ? due - last : 0;
  const time = Math.floor(last);
  return { s, d, step: code < 0 ? null : code % 2, lapsed: code === 2, last: time, due: Math.floor(time + wait) };
}

function writeRecord({ log, base, ...state }) {
  return [...writeState(state), log, ...(base ? [writeState(base)] : [])];
}

function writeState({ s, d, step, lapsed, last, due }) {
  return [s, d, lapsed ? 2 : (step ?? -1), last, due];
}

function readLog(log) {
  let sum = 0;
  return log ? log.split(".").map((part) => (sum += parseInt(part, 36))) : [];
}

function writeLog(reviews) {
  return reviews.map((review, at) => (review - (reviews[at - 1] ?? 0)).toString(36)).join(".");
}

// What a record, null for a new card's, becomes by a review now.
function graded(record, grade) {
  // Behind all others, also where this clock is behind another one.
  const time = Math.max(timeNow(), (record?.last ?? 0) + 1);
  const log = writeLog([...readLog(record?.log), time * 4 + grade - 1]);
  return { ...stateAfter(record, grade, time), log, base: record?.base ?? null };
}

function stateAfter(state, grade, time) {
  const { wait, ...memory } = outcomesAt(state, time)[grade - 1];
  // So many digits, that a log gives the same on each machine.
  for (const name of "sd") memory[name] = +memory[name].toPrecision(8);
  return { ...memory, last: time, due: time + Math.round(wait * (memory.step === null ? DAY : 60)) };
}

function outcomesAt(state, time) {
  return outcomes(state, state && dayOf(time) - dayOf(state.last));
}

// The reviews of both, and what they come to. It is the same whichever comes first, and twice is as once.
function merge(one, other) {
  const both = [one, other].filter(Boolean);
  const reviews = new Set(both.flatMap(({ log }) => readLog(log)).map((review) => 4 * dated(review / 4)));
  const log = [...reviews].sort((a, b) => a - b);
  const bases = both.map(({ base }) => base && rebased(base, dated(base.last))).filter(Boolean);
  const [base = null] = bases.sort((a, b) => b.last - a.last || (String(writeState(a)) < String(writeState(b)) ? 1 : -1));
  return { ...replay(base, log), log: writeLog(log), base };
}

function replay(base, log) {
  const now = timeNow();
  let state = base && base.last < UNDATED ? rebased(base, now) : base;
  for (const review of log) {
    const time = Math.floor(review / 4);
    if (!(time <= base?.last)) state = stateAfter(state, (review % 4) + 1, time < UNDATED ? now : time);
  }
  return state;
}

function dated(time) {
  return isAhead(time) ? (time % (UNDATED - 1)) + 1 : time;
}

// By more than clocks and their zones differ.
function isAhead(time) {
  return time > timeNow() + DAY;
}

function rebased(state, last) {
  return { ...state, last, due: last + state.due - state.last };
}

function exportProgress(store) {
  const cards = Object.fromEntries(store.entries().map(([key, record]) => [key, writeRecord(record)]));
  const text = JSON.stringify({ deckle: 2, collection: store.collection, cards }).replaceAll('],"', '],\n"');
  make("a", { href: URL.createObjectURL(new Blob([text])), download: "progress.json" }).click();
  store.setOptions({ unexported: 0 });
}

// Takes over what is not here; returns what to tell the reader.
function importProgress(store, text) {
  const file = attempt(() => JSON.parse(text));
  if (![1, 2].includes(file?.deckle) || !file.cards) return "This file holds no progress.";
  if (file.collection !== store.collection) return "This file belongs to another collection.";
  let changed = 0;
  for (const [key, value] of Object.entries(file.cards)) {
    const record = CARD.test(key) && readRecord(value);
    if (!record) continue;
    const before = store.card(key);
    const after = merge(before, record);
    if (before && String(writeRecord(before)) === String(writeRecord(after))) continue;
    store.set(key, after);
    changed += 1;
  }
  store.setOptions({ begun: [dayOf(timeNow()), countBegun(store)] });
  return changed ? `Imported ${count(changed, "card")}.` : "Nothing in this file is new.";
}

// How many cards were new today.
function countBegun(store) {
  const today = dayOf(timeNow());
  const firstOf = ({ log }) => Math.floor(parseInt(log, 36) / 4);
  return store.entries().filter(([, record]) => !record.base && dayOf(firstOf(record)) === today).length;
}

// One more review, or one less.
function countReview(store, isNew, by) {
  const today = dayOf(timeNow());
  const [day, begun] = store.option("begun") ?? [];
  const before = day === today ? begun : 0;
  const unexported = Math.max((store.option("unexported") ?? 0) + by, 0);
  store.setOptions({ unexported, begun: [today, Math.max(before + (isNew ? by : 0), 0)] });
}

function resetProgress(store) {
  for (const [key] of store.entries()) store.set(key, null);
  store.setOptions({ begun: undefined, unexported: 0 });
}
