// Turns the cards of a page into study mode: one card at a time, scheduled by FSRS-6, progress kept in this browser.
//
// Reads <details class="card">, and on a start page what others have; stands in <div class="deckle-study">. Knows no
// network but these pages.
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
  // Cards of a sitting, and the latest that siblings keep away from.
  const SITTING = 200;
  const RECENT = 5;
  // What only an answer has, below it.
  const ENDS = ":scope > :is(.extra, .source, .link)";
  const BUSY = "a, button, summary, input, audio, video";

  const HEAD = `<span class="counts"></span><button class="start"></button>`;
  const PANEL = `<section class="panel" aria-label="Study"><div class="head">${HEAD}</div>
    <details class="options"><summary>Options</summary><div class="controls">
      <label><span>Cards</span><select name="which"><option value="due">New and due</option>
        <option value="all">All</option></select></label>
      <label><span>Deck</span><select name="deck"></select></label>
      <label><span>Tag</span><select name="tag"></select></label>
      <label><span>Order</span><select name="order"><option value="">In order</option>
        <option value="shuffled">Shuffled</option></select></label>
      <div class="row"><button class="export">Export progress</button>
        <button class="import">Import progress</button><input type="file" accept=".json" hidden></div>
    </div></details>
    <p class="message" role="status"></p></section>`;
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
  openForPrint();

  function mount() {
    const store = openStore(place.dataset.collection);
    const listed = listedCards();
    place.innerHTML = PANEL + STUDY;
    usePanel(store, listed.length ? listed : readCards(document), useStudy(store));
    if (location.hash === "#study") find(".start").click();
  }

  function find(selector) {
    return place.querySelector(selector);
  }

  // What a review makes of a memory, null for a new card's. Grades: 1 again to 4 easy. `days`: whole ones since the
  // last review. Result: `s` stability in days; `d` difficulty, 1 to 10; `step` of learning, null when learned;
  // `lapsed`: learned anew; `wait` until due, in days when learned, else in minutes. Steps are Anki's: 1 and 10, after
  // a lapse 10.
  function review(memory, grade, days) {
    const s = memory ? Math.max(nextStability(memory, grade, days), 0.001) : W[grade - 1];
    const d = clamp(memory ? nextDifficulty(memory.d, grade) : firstDifficulty(grade), 1, 10);
    const isLearned = memory?.step === null;
    const lapsed = isLearned || memory?.lapsed === true;
    const step = memory?.step ?? 0;
    if (grade === 4 || (grade > 1 && isLearned) || (grade === 3 && (lapsed || step))) {
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

  // The day of study, counted from 1970, that a time falls on here. It ends at four in the morning.
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
    return { collection, card, set, entries, unkept };

    function card(key) {
      const kept = attempt(() => JSON.parse(localStorage[prefix + key] ?? null));
      const record = unkept.has(key) ? unkept.get(key) : kept;
      return isProgress(record) ? record : null;
    }

    // Null takes away.
    function set(key, value) {
      unkept.set(key, value);
      attempt(() => {
        if (value) localStorage[prefix + key] = JSON.stringify(value);
        else delete localStorage[prefix + key];
        unkept.delete(key);
      });
    }

    // All cards' progress, of all pages.
    function entries() {
      const kept = attempt(() => Object.keys(localStorage)) ?? [];
      const own = kept.filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
      return [...new Set([...own, ...unkept.keys()])].map((key) => [key, card(key)]).filter(([, record]) => record);
    }
  }

  function attempt(action) {
    try {
      return action();
    } catch {
      return null;
    }
  }

  function isProgress(record) {
    const { s, d, last, due, step } = record ?? {};
    return [s, d, last, due].every((number) => number > 0 && number < 1e15) && [null, 0, 1].includes(step);
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
      ([key, record]) => isProgress(record) && !(store.card(key)?.last >= record.last),
    );
    newer.forEach(([key, record]) => store.set(key, record));
    return `Imported ${count(newer.length, "card")}.`;
  }

  // A cloze note is one element and has a card for each number; a reversed note is one and has a card each way.
  function readCards(page) {
    return [...page.querySelectorAll(".card[data-kind]")].flatMap((element) => {
      const { kind, deck, tags, ord, ords = ord, answer } = element.dataset;
      const guid = element.id.slice(2);
      const card = { element, guid, kind, deck, tags: tags.split(" "), answer };
      const back = { kind: "reversed", answer: undefined };
      return ords.split(" ").map((ordinal) => {
        const isBack = kind !== "cloze" && ordinal === "1";
        return { ...card, ...(isBack && back), key: `${guid}:${ordinal}`, ordinal };
      });
    });
  }

  // What a start page says of the cards of others.
  function listedCards() {
    return [...document.querySelectorAll("[data-keys]")].flatMap(({ dataset, parentElement }) => {
      const card = { row: parentElement, page: dataset.page, deck: "", tags: [""] };
      return dataset.keys.split(" ").map((key) => ({ ...card, key }));
    });
  }

  // The cards of a queue from those pages that can be read.
  async function fetchCards(queue) {
    const found = new Map();
    const add = (page) => readCards(page).forEach((card) => found.set(card.key, card));
    add(document);
    const pages = new Set(queue.filter(({ key }) => !found.has(key)).map(({ page }) => page));
    await Promise.allSettled([...pages].map((page) => fetchPage(page).then(add)));
    return queue.map(({ key }) => found.get(key)).filter(Boolean);
  }

  // What it refers to is made to be found from here.
  async function fetchPage(path) {
    const answer = await fetch(path);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const name of ["src", "href"]) {
      const found = (part) => part.setAttribute(name, new URL(part.getAttribute(name), answer.url));
      page.querySelectorAll(`.card [${name}]`).forEach((part) => attempt(() => found(part)));
    }
    return page;
  }

  // Question and answer as copies: the page stays as it is.
  function facesOf(card) {
    const parts = ["summary", ".answer", ".hint"];
    const [summary, back, hint] = parts.map((part) => card.element.querySelector(`:scope > ${part}`));
    const isCloze = card.kind === "cloze";
    const isBack = card.kind === "reversed";
    const question = isCloze ? clozeText(card, summary, back, false) : copy(isBack ? back : summary);
    const answer = isCloze ? clozeText(card, summary, back, true) : copy(isBack ? summary : back);
    if (isBack) answer.append(...question.querySelectorAll(ENDS));
    question.className = "question";
    answer.className = "answer";
    if (hint && !isBack) question.append(copy(hint, "details"));
    return { question, answer };
  }

  function clozeText(card, summary, back, isAnswer) {
    const text = copy(back);
    const heading = summary.querySelector(":scope > .heading");
    if (heading && !text.querySelector(":scope > .heading")) text.prepend(copy(heading));
    if (!isAnswer) text.querySelectorAll(ENDS).forEach((part) => part.remove());
    for (const deletion of text.querySelectorAll(".cloze")) {
      if (!deletion.matches(`[data-n~="${+card.ordinal + 1}"]`)) deletion.classList.remove("cloze");
      else if (!isAnswer) deletion.textContent = `[${deletion.dataset.hint ?? "…"}]`;
    }
    return text;
  }

  // Without mdBook's buttons, what says that a card is asked both ways, and ids, which are the page's.
  function copy(element, name = "div") {
    const copied = make(name, { className: element.className, innerHTML: element.innerHTML });
    copied.querySelectorAll(".buttons, .both").forEach((part) => part.remove());
    copied.querySelectorAll("[id]").forEach((part) => part.removeAttribute("id"));
    return copied;
  }

  function usePanel(store, cards, begin) {
    // In mdBook's print.html a card is listed more than once.
    const views = Map.groupBy(cards, ({ row }) => row ?? place);
    views.set(place, [...new Map(cards.map((card) => [card.key, card])).values()]);
    for (const [view, own] of views) {
      if (view !== place) view.insertAdjacentHTML("beforeend", HEAD);
      view.querySelector(".start").onclick = () => study(queueOf(own).queue);
    }
    fill("deck", (card) => [card.deck]);
    fill("tag", (card) => card.tags);
    place.querySelectorAll("select").forEach((field) => (field.onchange = refresh));
    const file = find("[type=file]");
    find(".export").onclick = () => exportProgress(store);
    find(".import").onclick = () => file.click();
    file.onchange = async () => {
      find(".message").textContent = importProgress(store, await file.files[0].text());
      file.value = "";
      refresh();
    };
    find("dialog").onclose = document.onvisibilitychange = refresh;
    refresh();

    async function study(queue) {
      const ready = await fetchCards(queue);
      if (ready.length) begin(ready);
      // What was opened from a file must not read others.
      else location.href = `${queue[0].page}#study`;
    }

    // Offers the names, and those above them, that leave out some of the cards.
    function fill(name, namesOf) {
      const above = (full) => full.split("::").map((_, index, parts) => parts.slice(0, index + 1).join("::"));
      const names = cards.flatMap((card) => [...new Set(namesOf(card).flatMap(above))]);
      const named = Object.groupBy(names, String);
      const groups = Object.keys(named).filter((group) => group && named[group].length < cards.length).sort();
      const field = find(`[name=${name}]`);
      const options = groups.map((group) => new Option(`${path(group)} (${named[group].length})`, group));
      field.append(new Option("All", ""), ...options);
      field.parentElement.hidden = !groups.length;
    }

    // What was begun, what is due, what is new; all where nothing of these is left.
    function queueOf(own) {
      const [which, deck, tag, order] = [...place.querySelectorAll("select")].map(({ value }) => value);
      const isChosen = (card) => isWithin(card.deck, deck) && card.tags.some((name) => isWithin(name, tag));
      const chosen = own.filter(isChosen);
      const states = Object.groupBy(chosen, ({ key }) => stateOf(store.card(key)));
      const { learning = [], due = [], new: fresh = [] } = states;
      const waiting = [...learning, ...due, ...fresh];
      const isWaiting = which === "due" && waiting.length;
      const queue = isWaiting ? waiting : chosen;
      if (order) sort(queue, Math.random);
      // So that all have their turn.
      else if (!isWaiting && queue.length > SITTING) sort(queue, ({ key }) => store.card(key)?.last ?? 0);
      return { chosen, waiting, fresh, queue: queue.slice(0, SITTING) };
    }

    function refresh() {
      const figure = (number, label) => make("span", { className: label }, make("b", {}, number), ` ${label}`);
      for (const [view, own] of views) {
        const { chosen, waiting, fresh, queue } = queueOf(own);
        view.querySelector(".counts").replaceChildren(
          figure(waiting.length - fresh.length, "due"),
          figure(fresh.length, "new"),
          figure(chosen.length, "in all"),
        );
        const start = view.querySelector(".start");
        start.textContent = waiting.length ? `Study ${count(queue.length, "card")}` : "Study again";
        start.disabled = !queue.length;
      }
      if (store.unkept.size) find(".message").textContent = "This browser keeps no progress: export it before leaving.";
    }
  }

  function sort(cards, placeOf) {
    for (const card of cards) card.place = placeOf(card);
    cards.sort((one, other) => one.place - other.place);
  }

  function isWithin(name, group) {
    return !group || `${name}::`.startsWith(`${group}::`);
  }

  function path(name) {
    return name.replaceAll("::", " › ");
  }

  function useStudy(store) {
    let queue, done, past, faces;
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
    // Ahead of all others: mdBook turns the page at an arrow key.
    addEventListener("keydown", onKey, true);
    return begin;

    function begin(cards) {
      [queue, done, past] = [cards, 0, []];
      dialog.showModal();
      show("");
    }

    function onKey(event) {
      if (!dialog.open) return;
      event.stopPropagation();
      const { key, target } = event;
      const presses = key === " " || key === "Enter";
      const writes = key !== "Enter" && (input.value || !key.startsWith("Arrow"));
      const isTaken = target === input ? writes : presses && target.closest(BUSY);
      if (isTaken || event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
      const keys = {
        " ": flip,
        Enter: flip,
        u: undo,
        ArrowRight: () => move(1),
        ArrowLeft: () => move(queue.length - 1),
      };
      const action = keys[key] ?? (isOpen() && grades[key - 1]?.onclick);
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
      Object.assign(find("progress"), { max: done + total, value: done });
      find(".undo").disabled = !past.length;
      find(".left").textContent = `${total} left`;
      if (!total) {
        const text = `All done: ${count(past.length, "review")}.`;
        stage.replaceChildren(make("h2", {}, text));
        return turn("End", text);
      }
      const [card] = queue;
      faces = facesOf(card);
      const where = make("p", { className: "where" }, path(card.deck) + (card.kind === "reversed" ? " ⇄" : ""));
      stage.replaceChildren(where, faces.question);
      input.value = "";
      turn("Question", `${said} Question, ${total} left: ${faces.question.innerText}`);
    }

    function flip() {
      if (!queue.length) return;
      if (isOpen()) return show("");
      const [card] = queue;
      if (card.kind === "cloze") faces.question.remove();
      else stage.append(make("hr"));
      if (card.answer !== undefined) stage.append(comparison(input.value, card.answer));
      stage.append(faces.answer);
      grades.forEach((button, index) => {
        button.lastChild.textContent = span(reviewNow(store.card(card.key), index + 1));
      });
      turn("Answer", `Answer: ${faces.answer.innerText}`);
      if (card.kind !== "cloze") faces.answer.scrollIntoView({ block: "nearest" });
    }

    function move(by) {
      queue.push(...queue.splice(0, by));
      show("");
    }

    function grade(grade) {
      const [card] = queue;
      const now = Date.now();
      const before = store.card(card.key);
      past.push({ card, before, queue, done });
      const { wait, ...memory } = reviewNow(before, grade);
      const due = now + wait * (memory.step === null ? DAY : 60_000);
      store.set(card.key, { ...memory, last: now, due });
      queue = queue.slice(1);
      // What is still being learned comes again in the same sitting.
      if (memory.step === null) done += 1;
      else queue.push(card);
      arrange(now);
      show(`Again in ${span({ ...memory, wait })}.`);
    }

    // First whose minutes are over; last siblings of the latest, which give their answers away.
    function arrange(now) {
      const recent = past.slice(-RECENT).map(({ card }) => card.guid);
      const isRipe = (record) => stateOf(record) === "learning" && record.due <= now;
      sort(queue, ({ key, guid }) => (isRipe(store.card(key)) ? -2 : recent.lastIndexOf(guid)));
    }

    function undo() {
      const step = past.pop();
      if (!step) return;
      store.set(step.card.key, step.before);
      ({ queue, done } = step);
      show("Undone.");
    }

    function turn(side, text) {
      dialog.dataset.side = stage.ariaLabel = side;
      find(".status").textContent = text;
      stage.parentElement.scrollTop = 0;
      input.parentElement.hidden = side !== "Question" || queue[0].answer === undefined;
      (input.parentElement.hidden ? stage : input).focus({ preventScroll: true });
    }
  }

  // What was typed above what is right, each with what the other one lacks marked.
  function comparison(typed, expected) {
    const [given, right] = [typed, expected].map((text) => text.normalize("NFC").trim().replace(/\s+/g, " "));
    const line = (label, text, other, wrong) =>
      make("p", {}, make("small", {}, label), make("code", {}, ...marked([...text], [...other], wrong)));
    return make(
      "div",
      { className: `compared ${given === right ? "right" : "wrong"}` },
      line("You typed", given, right, "typed-bad"),
      line("Right is", right, given || right, "typed-missed"),
    );
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

  // For browsers whose style cannot.
  function openForPrint() {
    let opened = [];
    addEventListener("beforeprint", () => {
      opened = [...document.querySelectorAll(".card:not([open]), .card .hint:not([open])")];
      opened.forEach((details) => (details.open = true));
    });
    addEventListener("afterprint", () => opened.forEach((details) => (details.open = false)));
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
