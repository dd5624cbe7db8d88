// Puts study mode into <div class="deckle-study">, and says so where a browser cannot have it.

globalThis.deckle = { review };
const place = document.querySelector(".deckle-study[data-collection]");
if (place) start();
openForPrint();

function start() {
  try {
    mount();
  } catch (error) {
    console.error(error);
    // Never an empty panel.
    const text = "Study mode needs a browser of 2022 or later. Cards open and close all the same.";
    place.innerHTML = `<p class="panel">${text}</p>`;
  }
}

function mount() {
  const listed = listedCards();
  const cards = listed.length ? listed : readCards(document);
  place.hidden = !cards.length;
  if (place.hidden) return;
  const store = openStore(place.dataset.collection);
  place.innerHTML = PANEL + STUDY;
  if (!find("dialog").showModal) throw new Error("no <dialog>");
  usePanel(store, cards, useStudy(store));
  if (location.hash === "#study") find(".start").click();
}

// For browsers whose style cannot.
function openForPrint() {
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("main details:not([open])")];
    opened.forEach((details) => (details.open = true));
  });
  addEventListener("afterprint", () => opened.forEach((details) => (details.open = false)));
}

function find(selector) {
  return place.querySelector(selector);
}

function make(name, properties, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}

// Browsers have had Map.groupBy since 2024 only.
function groupBy(list, keyOf) {
  const groups = new Map();
  for (const one of list) {
    const key = keyOf(one);
    if (groups.has(key)) groups.get(key).push(one);
    else groups.set(key, [one]);
  }
  return groups;
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

function count(number, word) {
  return `${number} ${word}${number === 1 ? "" : "s"}`;
}
