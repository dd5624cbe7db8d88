// Turns the page's <details class="card">, and on a start page those of others, into cards: questions and answers.
//
// Knows neither what is kept nor what is asked when, and no network but these pages.

// What only an answer has, below it.
const ENDS = ":scope > :is(.extra, .source, .link)";

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
