// Turns the cards of a page into study mode: one card at a time, scheduled by FSRS-6, progress kept in this browser.
//
// Knows no network and no other page. Reads <details class="card">; stands in <div class="deckle-study">.
"use strict";
(() => {
  // FSRS-6 and its default parameters: https://github.com/open-spaced-repetition/awesome-fsrs/wiki/The-Algorithm
  const W = [
    0.212, 1.2931, 2.3065, 8.2956, 6.4133, 0.8334, 3.0194, 0.001, 1.8722, 0.1666, 0.796, 1.4835, 0.0614, 0.2629, 1.6483,
    0.6014, 1.8729, 0.5425, 0.0912, 0.0658, 0.1542,
  ];
  const DECAY = -W[20];
  const FACTOR = 0.9 ** (1 / DECAY) - 1;
  const GRADES = ["Again", "Hard", "Good", "Easy"];
  const DAY = 86_400_000;
  // What takes a tap or a key for itself.
  const BUSY = "a, button, summary, input, audio, video";

  const PANEL = `<section class="panel" aria-label="Study"><div class="cards">
    <div class="head"><p class="counts"></p><button class="primary start"></button></div>
    <details class="options"><summary>Options</summary><div class="controls">
      <label><span>Cards</span><select name="which"><option value="due">New and due today</option>
        <option value="all">All cards</option></select></label>
      <label><span>Deck</span><select name="deck"></select></label>
      <label><span>Tag</span><select name="tag"></select></label>
      <label class="check"><input type="checkbox" name="shuffle"><span>Shuffle</span></label>
      <div class="row"><button class="export">Export progress</button>
        <button class="import">Import progress</button><input type="file" accept=".json" hidden></div>
    </div></details>
    <p class="message" role="status"></p></div><p class="elsewhere"></p></section>`;
  const STUDY = `<dialog class="study" aria-label="Study">
    <header><button class="quiet close">Close <kbd>Esc</kbd></button><p class="left"></p>
      <button class="quiet undo">Undo <kbd>U</kbd></button></header>
    <progress aria-label="Progress"></progress>
    <div class="scroll"><div class="stage" role="group" tabindex="-1"></div>
      <label class="typing"><span>Type the answer</span>
        <input autocomplete="off" autocapitalize="off" spellcheck="false"></label></div>
    <div class="foot"><button class="primary flip">Show answer <kbd>Space</kbd></button>
      ${GRADES.map((name, at) => `<button class="grade">${name} <kbd>${at + 1}</kbd><small></small></button>`).join("")}
      <button class="primary close">Back to the page</button></div>
    <p class="keys">← → other cards</p><p class="status" role="status"></p></dialog>`;

  globalThis.deckle = { review };
  const place = document.querySelector(".deckle-study[data-collection]");
  if (place) mount();

  function mount() {
    const store = openStore(place.dataset.collection);
    const cards = readCards();
    forgetGone(store, cards);
    place.innerHTML = PANEL + STUDY;
    const panel = usePanel(store, cards);
    const begin = useStudy(store, panel.refresh);
    const start = () => begin(panel.queue());
    find(".start").onclick = start;
    if (location.hash === "#study" && cards.length) start();
  }

  function find(selector) {
    return place.querySelector(selector);
  }

  // Scheduling.

  // What a review makes of a memory, null for a new card's. Grades: 1 again, 2 hard, 3 good, 4 easy. `days`: whole ones
  // since the last review. Result: `s` stability in days; `d` difficulty, 1 to 10; `step` of learning, null when
  // learned; `lapsed`: learned anew; `wait` until due, in days when learned, else in minutes. Steps are Anki's: 1 and
  // 10 minutes, 10 after a lapse; hard waits between two, or half as long again.
  function review(memory, grade, days) {
    const s = memory ? Math.max(nextStability(memory, grade, days), 0.001) : W[grade - 1];
    const d = clamp(memory ? nextDifficulty(memory.d, grade) : firstDifficulty(grade), 1, 10);
    const isLearned = memory?.step === null;
    const lapsed = isLearned || memory?.lapsed === true;
    const step = memory?.step ?? 0;
    const last = lapsed ? 0 : 1;
    if (grade === 4 || (grade > 1 && isLearned) || (grade === 3 && step >= last)) {
      // At the wanted retention of 0.9 the interval is the stability.
      return { s, d, step: null, lapsed: false, wait: clamp(Math.round(s), 1, 36_500) };
    }
    if (grade === 1) return { s, d, step: 0, lapsed, wait: lapsed ? 10 : 1 };
    if (grade === 2) return { s, d, step, lapsed, wait: lapsed ? 15 : step ? 10 : 5.5 };
    return { s, d, step: 1, lapsed, wait: 10 };
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

  // The day of study, counted from 1970, that a time in milliseconds falls on here. It ends at four in the morning.
  function dayOf(time) {
    const date = new Date(time - DAY / 6);
    return Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / DAY;
  }

  function reviewNow(record, grade) {
    return review(record, grade, record && dayOf(Date.now()) - dayOf(record.last));
  }

  function stateOf(record) {
    if (!record) return "new";
    if (record.step !== null) return "learning";
    return dayOf(record.due) <= dayOf(Date.now()) ? "due" : "later";
  }

  // Progress: a key of localStorage for each card, so that no tab overwrites another.

  function openStore(collection) {
    const prefix = `deckle:${encodeURIComponent(collection)}:`;
    // What the browser would not keep: it is full, or forbids it.
    const unkept = new Map();
    const store = { collection, get, set, entries, card, fails: false };
    return store;

    function get(key) {
      return attempt(() => (unkept.has(key) ? unkept.get(key) : JSON.parse(localStorage[prefix + key] ?? null)));
    }

    // Null takes away.
    function set(key, value) {
      unkept.set(key, value);
      store.fails = !attempt(() => {
        if (value) localStorage[prefix + key] = JSON.stringify(value);
        else delete localStorage[prefix + key];
        return unkept.delete(key);
      });
    }

    // All cards' progress, of all pages.
    function entries() {
      const kept = attempt(() => Object.keys(localStorage)) ?? [];
      const own = kept.filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
      return [...new Set([...own, ...unkept.keys()])].map((key) => [key, card(key)]).filter(([, record]) => record);
    }

    function card(key) {
      const record = get(key);
      return isProgress(key, record ?? {}) ? record : null;
    }
  }

  function attempt(action) {
    try {
      return action();
    } catch {
      return null;
    }
  }

  function isProgress(key, { s, d, last, due, reps, step }) {
    const isNumbers = [s, d, last, due, reps].every((number) => number > 0 && number < 1e15);
    return /:\d+$/.test(key) && isNumbers && [null, 0, 1].includes(step);
  }

  function exportProgress(store) {
    const file = { deckle: 1, collection: store.collection, cards: Object.fromEntries(store.entries()) };
    const href = URL.createObjectURL(new Blob([JSON.stringify(file, null, 1)]));
    make("a", { href, download: "progress.json" }).click();
  }

  // Takes over what is newer than what is here; returns what to tell the reader.
  function importProgress(store, text) {
    const file = attempt(() => JSON.parse(text));
    if (file?.deckle !== 1 || !file.cards) return "This file holds no progress.";
    if (file.collection !== store.collection) return "This file belongs to another collection.";
    const newer = Object.entries(file.cards).filter(
      ([key, record]) => isProgress(key, record ?? {}) && !(store.card(key)?.last >= record.last),
    );
    newer.forEach(([key, record]) => store.set(key, record));
    return `Took over the progress of ${count(newer.length, "card")}.`;
  }

  // Cards of the page.

  // A cloze note is one element and has a card for each number.
  function readCards() {
    return [...document.querySelectorAll("details.card[id^='c-']")].flatMap((element) => {
      const { kind, deck = "", tags = "", ord = "0", ords = ord, answer } = element.dataset;
      const id = element.id.slice(2);
      const guid = kind === "reversed" ? id.replace(/-2$/, "") : id;
      const card = { element, kind, deck, tags: tags.split(" "), answer };
      return ords.split(" ").map((ordinal) => ({ ...card, key: `${guid}:${ordinal}`, ordinal }));
    });
  }

  // Question and answer as copies: the page stays as it is.
  function facesOf(card) {
    const parts = ["summary", "[id^='a-']", ".hint"];
    const [summary, back, hint] = parts.map((part) => card.element.querySelector(`:scope > ${part}`));
    const clozes = [false, true].map((isAnswer) => clozeText(card, summary, back, isAnswer));
    const [question, answer] = card.kind === "cloze" ? clozes : [copy(summary), copy(back)];
    question.className = "question";
    answer.className = "answer";
    if (hint) question.append(copy(hint));
    return { question, answer };
  }

  function clozeText(card, summary, back, isAnswer) {
    const text = copy(back);
    const heading = summary.querySelector(":scope > .heading");
    if (heading && !text.querySelector(":scope > .heading")) text.prepend(copy(heading));
    if (!isAnswer) text.querySelectorAll(":scope > :is(.extra, .source, .link)").forEach((part) => part.remove());
    for (const deletion of text.querySelectorAll(".cloze")) {
      if (!deletion.matches(`[data-n~="${+card.ordinal + 1}"]`)) deletion.classList.remove("cloze");
      else if (!isAnswer) deletion.textContent = `[${deletion.dataset.hint ?? "…"}]`;
    }
    return text;
  }

  // Without mdBook's buttons in code, and without ids, which are the page's.
  function copy(element) {
    const copied = element.cloneNode(true);
    copied.querySelectorAll(".buttons").forEach((buttons) => buttons.remove());
    for (const child of [copied, ...copied.querySelectorAll("[id]")]) child.removeAttribute("id");
    if (copied.localName !== "summary") return copied;
    return make("div", {}, ...copied.childNodes);
  }

  // Other pages: what progress says of them.

  // Forgets what is no longer on this page.
  function forgetGone(store, cards) {
    const here = pageOf(location.href);
    const gone = store.entries().filter(([key, { page }]) => page === here && !cards.some((card) => card.key === key));
    gone.forEach(([key, record]) => store.set(key, { ...record, page: "" }));
  }

  // mdBook says on each page where its book begins.
  function pageOf(address) {
    const root = new URL(typeof path_to_root === "string" && path_to_root ? path_to_root : ".", location.href).href;
    return address.replace(/[?#].*/, "").replace(root, "") || "index.html";
  }

  // Links to the book's other pages where cards are due.
  function dueElsewhere(store) {
    const due = {};
    for (const [, record] of store.entries()) {
      if (stateOf(record) !== "later") due[record.page] = (due[record.page] ?? 0) + 1;
    }
    delete due[pageOf(location.href)];
    return [...document.querySelectorAll("#mdbook-sidebar a")]
      .filter(({ href }) => due[pageOf(href)])
      .map(({ href, text }) => make("a", { href: `${href}#study` }, `${text} (${due[pageOf(href)]} due)`));
  }

  // The panel on the page.

  function usePanel(store, cards) {
    const settings = { which: "due", ...store.get("settings") };
    find(".cards").hidden = !cards.length;
    fill("deck", (card) => [card.deck], "All decks");
    fill("tag", (card) => card.tags, "All tags");
    for (const field of place.querySelectorAll("[name]")) {
      const value = field.type === "checkbox" ? "checked" : "value";
      field[value] = settings[field.name];
      // A deck or a tag of another page.
      if (field.selectedIndex < 0) field.selectedIndex = 0;
      settings[field.name] = field[value];
      field.onchange = () => {
        settings[field.name] = field[value];
        store.set("settings", settings);
        refresh();
      };
    }
    const file = find("[type=file]");
    find(".export").onclick = () => exportProgress(store);
    find(".import").onclick = () => file.click();
    file.onchange = async () => {
      if (file.files[0]) find(".message").textContent = importProgress(store, await file.files[0].text());
      file.value = "";
      refresh();
    };
    document.addEventListener("visibilitychange", refresh);
    refresh();
    return { refresh, queue };

    // Offers the names, with those above them in their tree, that leave out some of the cards.
    function fill(name, namesOf, everything) {
      const sizes = {};
      for (const card of cards) {
        const above = (full) => full.split("::").map((_, index, parts) => parts.slice(0, index + 1).join("::"));
        for (const group of new Set(namesOf(card).flatMap(above))) sizes[group] = (sizes[group] ?? 0) + 1;
      }
      const groups = Object.keys(sizes).filter((group) => group && sizes[group] < cards.length).sort();
      const field = find(`[name=${name}]`);
      const options = groups.map((group) => new Option(`${path(group)} (${sizes[group]})`, group));
      field.append(new Option(everything, ""), ...options);
      field.parentElement.hidden = !groups.length;
    }

    // What was begun, what is due, what is new; all where nothing of these is left.
    function queue() {
      const { deck, tag, which, shuffle } = settings;
      const chosen = cards.filter((card) => isWithin(card.deck, deck) && card.tags.some((own) => isWithin(own, tag)));
      const inState = (state) => chosen.filter((card) => stateOf(store.card(card.key)) === state);
      const [learning, due, fresh] = ["learning", "due", "new"].map(inState);
      const waiting = [...learning, ...due, ...fresh];
      const queue = [...(which === "due" && waiting.length ? waiting : chosen)];
      const places = new Map(queue.map((card) => [card, Math.random()]));
      if (shuffle) queue.sort((one, other) => places.get(one) - places.get(other));
      return Object.assign(queue, { chosen, waiting, fresh });
    }

    function refresh() {
      const next = queue();
      const { chosen, waiting, fresh } = next;
      const figure = (className, number, label) => make("span", { className }, make("b", {}, number), ` ${label}`);
      find(".counts").replaceChildren(
        figure("due", waiting.length - fresh.length, "due today"),
        figure("new", fresh.length, "new"),
        figure("all", chosen.length, "in all"),
      );
      find(".start").textContent = waiting.length ? `Study ${count(next.length, "card")}` : "Study again";
      find(".start").disabled = !next.length;
      find(".elsewhere").replaceChildren(...dueElsewhere(store));
      if (store.fails) find(".message").textContent = "This browser keeps no progress: export it before you leave.";
    }
  }

  function isWithin(name, group) {
    return !group || `${name}::`.startsWith(`${group}::`);
  }

  function path(name) {
    return name.replaceAll("::", " › ");
  }

  // Studying.

  function useStudy(store, onClose) {
    let queue, at, done, past, faces;
    const dialog = find("dialog");
    const stage = find(".stage");
    const input = find(".typing input");
    const grades = [...dialog.querySelectorAll(".grade")];
    dialog.querySelectorAll(".close").forEach((close) => (close.onclick = () => dialog.close()));
    grades.forEach((button, index) => (button.onclick = () => grade(index + 1)));
    find(".flip").onclick = flip;
    find(".undo").onclick = undo;
    find(".scroll").onclick = ({ target }) => {
      if (!target.closest(BUSY) && !String(getSelection())) flip();
    };
    dialog.onclose = () => {
      removeEventListener("keydown", onKey, true);
      onClose();
    };
    return begin;

    function begin(cards) {
      [queue, at, done, past] = [cards, 0, 0, []];
      // Ahead of all others: mdBook turns the page at an arrow key.
      addEventListener("keydown", onKey, true);
      dialog.showModal();
      show("");
    }

    function onKey(event) {
      event.stopPropagation();
      const { key, target } = event;
      const presses = key === " " || key === "Enter";
      const writes = key !== "Enter" && (input.value || !key.startsWith("Arrow"));
      const isTaken = target === input ? writes : presses && target.closest(BUSY);
      if (isTaken || event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
      const actions = { " ": flip, Enter: flip, ArrowRight: () => move(1), ArrowLeft: () => move(-1), u: undo };
      const action = actions[key] ?? (isOpen() && grades[key - 1]?.onclick);
      if (!action) return;
      event.preventDefault();
      if (!event.repeat) action();
    }

    function isOpen() {
      return dialog.dataset.side === "Answer";
    }

    // `said` is what is announced before the card.
    function show(said) {
      const total = queue.length;
      const max = done + total || 1;
      Object.assign(find("progress"), { max, value: total ? done : max });
      find(".undo").disabled = !past.length;
      find(".left").textContent = total ? `${at + 1} of ${total}` : "";
      if (!total) return finish();
      const card = queue[at];
      faces = facesOf(card);
      const where = make("p", { className: "where" }, path(card.deck) + (card.kind === "reversed" ? " ⇄" : ""));
      stage.replaceChildren(where, faces.question);
      input.value = "";
      turn("Question", `${said} Question ${at + 1} of ${total}: ${faces.question.textContent}`);
      input.parentElement.hidden = card.answer === undefined;
      input.focus();
    }

    function flip() {
      if (!queue.length) return;
      if (isOpen()) return show("");
      const card = queue[at];
      if (card.kind === "cloze") faces.question.remove();
      else stage.append(make("hr"));
      if (card.answer !== undefined) stage.append(comparison(input.value, card.answer));
      stage.append(faces.answer);
      const wait = (index) => span(reviewNow(store.card(card.key), index + 1));
      grades.forEach((button, index) => (button.lastChild.textContent = wait(index)));
      turn("Answer", `Answer: ${faces.answer.textContent}`);
      if (card.kind !== "cloze") faces.answer.scrollIntoView({ block: "nearest" });
    }

    function move(by) {
      if (!queue.length) return;
      at = (at + by + queue.length) % queue.length;
      show("");
    }

    function grade(grade) {
      const card = queue[at];
      const now = Date.now();
      const before = store.card(card.key);
      past.push({ card, before, queue: [...queue], at, done });
      const { wait, ...memory } = reviewNow(before, grade);
      const due = now + wait * (memory.step === null ? DAY : 60_000);
      store.set(card.key, { ...memory, last: now, due, reps: (before?.reps ?? 0) + 1, page: pageOf(location.href) });
      queue.splice(at, 1);
      // What is still being learned comes again in the same sitting.
      if (memory.step === null) done += 1;
      else queue.push(card);
      // A card whose minutes are over goes before those that can wait.
      const isRipe = (card) => past.some((step) => step.card === card) && store.card(card.key)?.due <= now;
      const ripe = queue.findIndex(isRipe);
      at = ripe < 0 ? at % (queue.length || 1) : ripe;
      show(`${GRADES[grade - 1]}, again in ${span({ ...memory, wait })}.`);
    }

    function undo() {
      const step = past.pop();
      if (!step) return;
      store.set(step.card.key, step.before);
      ({ queue, at, done } = step);
      show("Undone.");
    }

    function finish() {
      const text = `All done: ${count(past.length, "review")}.`;
      stage.replaceChildren(make("h2", {}, text), make("p", {}, ...dueElsewhere(store)));
      turn("End", text);
    }

    function turn(side, text) {
      dialog.dataset.side = stage.ariaLabel = side;
      find(".status").textContent = text;
      input.parentElement.hidden = true;
      stage.parentElement.scrollTop = 0;
      stage.focus({ preventScroll: true });
    }
  }

  // What was typed above what is right, each with what the other one lacks marked.
  function comparison(typed, expected) {
    const [given, right] = [typed, expected].map((text) => text.normalize("NFC").trim().replace(/\s+/g, " "));
    const line = (label, text, other, wrong) =>
      make("p", {}, make("small", {}, `${label} `), make("code", {}, ...marked([...text], [...other], wrong)));
    const lines = [line(given === right ? "Right" : "Right is", right, given || right, "typed-missed")];
    if (given && given !== right) lines.unshift(line("You typed", given, right, "typed-bad"));
    return make("div", { className: `compared ${given === right ? "right" : "wrong"}` }, ...lines);
  }

  // The characters of `text`; those outside its longest common subsequence with `other` are `wrong`.
  function marked(text, other, wrong) {
    const common = [...text, 0].map(() => new Uint16Array(other.length + 1));
    for (let i = text.length - 1; i >= 0; i -= 1) {
      for (let j = other.length - 1; j >= 0; j -= 1) {
        common[i][j] = text[i] === other[j] ? common[i + 1][j + 1] + 1 : Math.max(common[i + 1][j], common[i][j + 1]);
      }
    }
    let j = 0;
    return text.map((character, i) => {
      while (character !== other[j] && common[i][j + 1] > common[i + 1][j]) j += 1;
      const isSame = character === other[j];
      if (isSame) j += 1;
      return make("span", { className: isSame ? "typed-good" : wrong }, character);
    });
  }

  function span({ step, wait }) {
    if (step !== null) return `${Math.round(wait)} min`;
    return wait < 365 ? `${wait} d` : `${(wait / 365.25).toFixed(1)} y`;
  }

  function make(name, properties, ...children) {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...children);
    return element;
  }

  function count(number, word) {
    return `${number} ${word}${number === 1 ? "" : "s"}`;
  }
})();
