// Asks the cards of a queue one by one, in a dialog over the page.

// How many of the latest cards siblings keep away from.
const RECENT = 5;
const GRADES = ["Again", "Hard", "Good", "Easy"];
// What takes keys and clicks for itself.
const BUSY = "a, button, summary, input, audio, video";
// Of the height there is: a question that takes no more stays in sight above a long answer. And how much of an answer
// is seen at least, in pixels.
const PINNED = 0.3;
const SEEN = 140;

const STUDY = `<dialog class="study" aria-label="Study">
  <header><button class="quiet close">Close <kbd>Esc</kbd></button><p class="left"></p>
    <button class="quiet undo">Undo <kbd>U</kbd></button></header>
  <progress aria-label="Progress"></progress>
  <div class="scroll"><div class="stage" role="group" tabindex="0"></div>
    <label class="typing"><span>Type the answer</span>
      <input autocomplete="off" autocapitalize="off" spellcheck="false"></label></div>
  <div class="foot"><button class="primary flip">Show answer <kbd>Space</kbd></button>
    ${GRADES.map((name, at) => `<button class="grade">${name} <kbd>${at + 1}</kbd><small></small></button>`).join("")}
    <button class="close">Back to the page</button><button class="primary again">Study more</button></div>
  <p class="keys">← → other cards</p><p class="status" role="status"></p></dialog>`;

function useStudy(store) {
  let queue, done, past, faces, ahead;
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

  // `whatIsNext`: what is said when it is over, and how to go on.
  function begin(cards, whatIsNext) {
    [queue, done, past, ahead] = [cards, 0, [], whatIsNext];
    if (!dialog.open) dialog.showModal();
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
      r: () => play(sounds(stage)),
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
    find(".scroll").scrollTop = 0;
    if (!total) return end();
    const [card] = queue;
    faces = facesOf(card);
    const where = make("p", { className: "where" }, path(card.deck) + (card.kind === "reversed" ? " ⇄" : ""));
    stage.replaceChildren(where, faces.question);
    input.value = "";
    turn("Question", `${said} Question, ${total} left: ${faces.question.innerText}`);
    if (hasSound(store)) play(sounds(faces.question));
  }

  function end() {
    const { label, again, ...next } = ahead();
    const { text, parts } = ending(past, next);
    stage.replaceChildren(...parts);
    find(".again").textContent = label;
    find(".again").onclick = again;
    turn("End", `${text} ${next.next}`);
  }

  function flip() {
    if (!queue.length) return;
    if (isOpen()) return show("");
    const [card] = queue;
    const heard = sounds(faces.question);
    heard.forEach((sound) => sound.pause());
    if (card.kind === "cloze") faces.question.remove();
    else stage.append(make("hr"));
    if (card.answer !== undefined) stage.append(comparison(input.value, card.answer));
    stage.append(faces.answer);
    const record = store.card(card.key);
    outcomesAt(record, timeNow()).forEach((outcome, index) => (grades[index].lastChild.textContent = span(outcome)));
    turn("Answer", `Answer: ${faces.answer.innerText}`);
    reveal();
    if (hasSound(store)) play(sounds(faces.answer).filter(({ src }) => !heard.some((other) => other.src === src)));
  }

  // The question stays where it is, unless there were too little of the answer to see; and while that is scrolled.
  function reveal() {
    const scroll = stage.parentElement;
    faces.question.classList.toggle("pinned", faces.question.offsetHeight < scroll.clientHeight * PINNED);
    const { top, height } = faces.answer.getBoundingClientRect();
    const hidden = top + Math.min(height, SEEN) - scroll.getBoundingClientRect().bottom;
    if (hidden > 0) scroll.scrollTop += hidden;
  }

  function move(by) {
    queue.push(...queue.splice(0, by));
    show("");
  }

  function grade(grade) {
    const [card] = queue;
    const before = store.card(card.key);
    past.push({ card, before, queue, done, grade });
    const after = graded(before, grade);
    store.set(card.key, after);
    countReview(store, !before, 1);
    queue = queue.slice(1);
    // What is still being learned comes again in the same sitting.
    if (after.step === null) done += 1;
    else queue.push(card);
    arrange();
    const wait = (after.due - after.last) / (after.step === null ? DAY : 60);
    show(`Again in ${span({ ...after, wait })}.`);
  }

  // First whose minutes are over; last siblings of the latest, which give their answers away.
  function arrange() {
    const now = timeNow();
    const recent = past.slice(-RECENT).map(({ card }) => card.guid);
    const isRipe = (record) => record && record.step !== null && record.due <= now;
    sort(queue, ({ key, guid }) => (isRipe(store.card(key)) ? -2 : recent.lastIndexOf(guid)));
  }

  function undo() {
    const step = past.pop();
    if (!step) return;
    store.set(step.card.key, step.before);
    countReview(store, !step.before, -1);
    ({ queue, done } = step);
    show("Undone.");
  }

  function turn(side, text) {
    dialog.dataset.side = side;
    stage.setAttribute("aria-label", side);
    find(".status").textContent = text;
    input.parentElement.hidden = side !== "Question" || queue[0].answer === undefined;
    (input.parentElement.hidden ? stage : input).focus({ preventScroll: true });
  }
}

function sounds(face) {
  return [...face.querySelectorAll("audio")];
}

// One after the other. A browser may forbid it, and a file may be missing: then nothing is heard.
function play([first, ...rest]) {
  if (!first) return;
  first.currentTime = 0;
  first.onended = () => play(rest);
  first.play().catch(() => {});
}

function span({ step, wait }) {
  if (step !== null) return `${Math.round(wait)} min`;
  return wait < 365 ? `${wait} d` : `${(wait / 365.25).toFixed(1)} y`;
}
