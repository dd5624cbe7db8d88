// The panel on a page: what is due there, the options, and what this browser cannot keep.

// Cards of a sitting, and new ones of a day unless the reader or the page says otherwise.
const SITTING = 200;
const PORTION = 20;
const WIPED = "Safari deletes progress after 7 days without a visit, unless this site is on your home screen";

const HEAD = `<span class="counts"></span><button class="start"></button>`;
const PANEL = `<section class="panel" aria-label="Study"><div class="head">${HEAD}</div>
  <p class="coming"></p><p class="lack" role="status"></p>
  <details class="options"><summary>Options</summary><div class="controls">
    <label><span>Cards</span><select name="which"><option value="due">New and due</option>
      <option value="all">All</option></select></label>
    <label><span>Deck</span><select name="deck"></select></label>
    <label><span>Tag</span><select name="tag"></select></label>
    <label><span>Order</span><select name="order"><option value="">In order</option>
      <option value="shuffled">Shuffled</option></select></label>
    <label><span>New cards a day</span><input name="portion" type="number" min="0" max="9999" inputmode="numeric"></label>
    <label class="tick"><input name="sound" type="checkbox"><span>Play sounds</span></label>
    <div class="row" role="group" aria-label="Progress"><span>Progress</span><button class="export">Export</button>
      <button class="import">Import</button><input type="file" accept=".json" aria-label="File" hidden>
      <button class="reset">Reset</button></div>
    <div class="row ask" role="group" aria-label="Reset progress" hidden><p></p><button class="save">Export first</button>
      <button class="delete">Delete</button><button class="keep">Keep</button></div>
    <p class="about">FSRS-6 with its default weights, for 90 % remembered; no fuzz. A day begins at 4:00. Progress
      stays in this browser, until its data is cleared or its private window closed.</p>
  </div></details>
  <details class="ahead"><summary>Forecast</summary><div></div></details>
  <p class="message" role="status"></p></section>`;

function usePanel(store, cards, begin) {
  // In mdBook's print.html a card is listed more than once.
  const views = groupBy(cards, ({ row }) => row ?? place);
  views.set(place, [...new Map(cards.map((card) => [card.key, card])).values()]);
  for (const [view, own] of views) {
    if (view !== place) view.insertAdjacentHTML("beforeend", HEAD);
    view.querySelector(".start").onclick = () => study(own);
  }
  const canKeep = store.canKeep();
  fill("deck", (card) => [card.deck]);
  fill("tag", (card) => card.tags);
  place.querySelectorAll("select").forEach((field) => (field.onchange = refresh));
  useOptions(store, refresh);
  useFiles(store, refresh);
  find(".ahead").ontoggle = refresh;
  find("dialog").onclose = document.onvisibilitychange = refresh;
  refresh();

  async function study(own) {
    const { queue } = queueOf(own);
    const ready = await fetchCards(queue);
    // What was opened from a file must not read others.
    if (!ready.length) location.href = `${queue[0].page}#study`;
    else begin(ready, () => ({ ...whatIsNext(own), again: () => study(own) }));
  }

  // Offers the names, and those above them, that leave out some of the cards.
  function fill(name, namesOf) {
    const above = (full) => full.split("::").map((_, index, parts) => parts.slice(0, index + 1).join("::"));
    const named = groupBy(cards.flatMap((card) => [...new Set(namesOf(card).flatMap(above))]), String);
    const groups = [...named.keys()].filter((group) => group && named.get(group).length < cards.length).sort();
    const field = find(`[name=${name}]`);
    const options = groups.map((group) => new Option(`${path(group)} (${named.get(group).length})`, group));
    field.append(new Option("All", ""), ...options);
    field.parentElement.hidden = !groups.length;
  }

  // What was begun, what is due, and today's portion of what is new; where nothing of these is left, more that is new, or
  // all. `record`: what is kept of a card.
  function queueOf(own, record = ({ key }) => store.card(key)) {
    const [which, deck, tag, order] = [...place.querySelectorAll("select")].map(({ value }) => value);
    const isChosen = (card) => isWithin(card.deck, deck) && card.tags.some((name) => isWithin(name, tag));
    const chosen = own.filter(isChosen);
    const evening = endOfDay(timeNow());
    const states = groupBy(chosen, (card) => stateOf(record(card), evening));
    const [learning, due, all] = ["learning", "due", "new"].map((state) => states.get(state) ?? []);
    const fresh = all.slice(0, portionLeft(store));
    const waiting = [...learning, ...due, ...fresh];
    const more = all.slice(0, portion(store) || PORTION);
    const isAll = which !== "due" || !(waiting.length || more.length);
    const queue = isAll ? [...chosen] : waiting.length ? waiting : more;
    if (order) sort(queue, Math.random);
    // So that all have their turn.
    else if (isAll && queue.length > SITTING) sort(queue, (card) => record(card)?.last ?? 0);
    return { chosen, waiting, fresh, more, queue: queue.slice(0, SITTING) };
  }

  function labelOf({ waiting, more, queue }) {
    if (!waiting.length && !more.length) return "Study again";
    return `Study ${waiting.length ? count(queue.length, "card") : `${queue.length} more`}`;
  }

  // What is said of a view when a sitting is over.
  function whatIsNext(own) {
    const found = queueOf(own);
    const records = found.chosen.map(({ key }) => store.card(key));
    return { label: labelOf(found), next: nextDue(records), chart: forecast(records) };
  }

  function refresh() {
    const figure = (number, label) => make("span", { className: label }, make("b", {}, number), ` ${label}`);
    const records = new Map(cards.map(({ key }) => [key, store.card(key)]));
    for (const [view, own] of views) {
      const found = queueOf(own, ({ key }) => records.get(key));
      const { chosen, waiting, fresh, queue } = found;
      view.querySelector(".counts").replaceChildren(
        figure(waiting.length - fresh.length, "due"),
        figure(fresh.length, "new"),
        figure(chosen.length, "in all"),
      );
      const start = view.querySelector(".start");
      start.textContent = labelOf(found);
      start.disabled = !queue.length;
      if (view === place) showAhead(found, chosen.map(({ key }) => records.get(key)));
    }
    find(".lack").textContent = lackOf(store, canKeep);
  }

  function showAhead({ waiting }, records) {
    find(".coming").textContent = waiting.length ? "" : nextDue(records);
    if (find(".ahead").open) find(".ahead > div").replaceChildren(forecast(records) ?? "Nothing is due yet.");
  }
}

// What is told before anything is studied, and when it is no longer kept.
function lackOf(store, canKeep) {
  if (store.unkept.size) return "This browser no longer keeps progress: its storage is full or blocked. Export it before you leave.";
  if (!canKeep) return "This browser keeps no progress here: its storage is full or blocked. Export it before you leave.";
  const isInstalled = navigator.standalone || matchMedia("(display-mode: standalone)").matches;
  if (isInstalled || !/^Apple/.test(navigator.vendor)) return "";
  const since = store.option("unexported");
  return `${WIPED}: export it.${since ? ` ${count(since, "review")} since the last export.` : ""}`;
}

function useOptions(store, refresh) {
  const [number, sound] = [find("[name=portion]"), find("[name=sound]")];
  number.value = portion(store);
  number.onchange = () => {
    const least = clamp(Math.round(+number.value || 0), 0, 9999);
    store.setOptions({ portion: number.value === "" ? undefined : least });
    number.value = portion(store);
    refresh();
  };
  sound.checked = hasSound(store);
  sound.onchange = () => store.setOptions({ sound: sound.checked });
}

// New cards of a day.
function portion(store) {
  return store.option("portion") ?? +(place.dataset.new ?? PORTION);
}

function portionLeft(store) {
  const [day, begun] = store.option("begun") ?? [];
  return Math.max(portion(store) - (day === dayOf(timeNow()) ? begun : 0), 0);
}

function hasSound(store) {
  return store.option("sound") ?? place.dataset.sound !== "off";
}

function useFiles(store, refresh) {
  const [file, ask] = [find("[type=file]"), find(".ask")];
  const tell = (text) => {
    find(".message").textContent = text;
    refresh();
  };
  find(".import").onclick = () => file.click();
  file.onchange = async () => {
    tell(importProgress(store, await file.files[0].text()));
    file.value = "";
  };
  for (const button of place.querySelectorAll(".export, .save")) {
    button.onclick = () => {
      exportProgress(store);
      refresh();
    };
  }
  find(".reset").onclick = () => {
    const number = store.entries().length;
    if (!number) return tell("There is no progress to delete.");
    find(".ask p").textContent = `Delete the progress of ${count(number, "card")}, on all pages of this collection?`;
    ask.hidden = false;
    find(".keep").focus();
  };
  find(".keep").onclick = close;
  find(".delete").onclick = () => {
    resetProgress(store);
    close();
    tell("Progress is deleted.");
  };

  function close() {
    ask.hidden = true;
    find(".reset").focus();
  }
}

function stateOf(record, evening) {
  if (!record) return "new";
  if (record.step !== null) return "learning";
  return record.due < evening ? "due" : "later";
}
