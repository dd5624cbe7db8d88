// Finds cards and prose by search-index.js; what that gives says src/site/book/index.rs.
"use strict";
{
  const bar = document.querySelector(".left-buttons");
  bar.insertAdjacentHTML(
    "beforeend",
    `<button class="icon-button" title="Search (s)"></button><dialog class="deckle-search" aria-label="Search"><input aria-label="Search"><p role="status"></p><ul>`,
  );
  const dialog = bar.lastChild;
  const [field, status, list] = dialog.children;
  const script = document.createElement("script");
  script.src = path_to_root + "search-index.js";
  script.onload = () => {
    let page;
    for (const text of deckleTexts) {
      text.page = page = text[2] ? text : page;
      text.words = split(text[1]);
    }
    (field.oninput = show)();
  };
  // mdBook asks before it turns pages.
  globalThis.search = { hasFocus: () => dialog.open };

  const open = () => {
    dialog.showModal();
    dialog.append(script);
  };

  const split = (text) => text.normalize("NFKD").toLowerCase().replace(/\p{M}/gu, "").match(deckleWord) ?? [];

  // How well each text has a word that starts so: best in its title.
  const rank = (word) => {
    const ranks = deckleTexts.map(({ words }) => words.some((own) => own.startsWith(word)) * 3);
    for (const [whole, gaps] of deckleWords) {
      let at = -1;
      if (whole.startsWith(word))
        for (const gap of gaps) {
          const code = gap.codePointAt();
          ranks[(at += code - 34 - 2048 * (code > 57343))] += 1 + (whole === word);
        }
    }
    return ranks;
  };

  const show = () => {
    const all = split(field.value).map(rank);
    const found = deckleTexts
      .filter((text, at) => (text.rank = all.reduce((product, ranks) => product * ranks[at], all.length)))
      .sort((one, other) => other.rank - one.rank);
    status.textContent = found.length;
    list.innerHTML = found
      .slice(0, 50)
      .map(({ 0: id, 1: title, page }) => `<li><a href="${path_to_root + page[2] + id}">${title}<small>${page[3]}</small></a>`)
      .join("");
  };

  dialog.previousSibling.onclick = open;
  dialog.onclick = ({ target }) => target === field || dialog.close();
  onkeydown = (event) => {
    const { key, target } = event;
    const stops = [field, ...list.querySelectorAll("a")];
    const at = stops.indexOf(target);
    const step = { ArrowDown: 1, ArrowUp: -1 }[key];
    if (step && dialog.open) stops.at((at + step) % stops.length).focus();
    else if (key === "Enter" && !at) stops[1]?.click();
    else if ("s/".includes(key) && !event.ctrlKey && !event.metaKey && !target.matches("input, select")) open();
    else return;
    event.preventDefault();
  };
}
