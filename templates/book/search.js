// Finds cards and prose by search-index.js; what that gives says src/site/book/index.rs.
"use strict";
{
  const bar = document.querySelector(".left-buttons");
  bar.insertAdjacentHTML(
    "beforeend",
    `<button class="icon-button" title="Search (s)"></button><dialog class="deckle-search" aria-label="Search"><input type="search" aria-label="Search"><p role="status"></p><ul>`,
  );
  const dialog = bar.lastChild;
  const [field, status, list] = dialog.children;
  const script = document.createElement("script");
  script.src = path_to_root + "search-index.js";
  script.onload = () => (field.oninput = show)();
  // mdBook asks before it turns pages.
  globalThis.search = { hasFocus: () => dialog.open };

  const open = () => {
    dialog.showModal();
    dialog.append(script);
  };

  // How well each text has a word that starts so.
  const rank = (word) => {
    const ranks = [];
    for (const [whole, gaps] of deckleWords) {
      let at = -1;
      if (whole.startsWith(word))
        for (const gap of gaps) ranks[(at += gap)] = 1 + (whole === word) + 2 * deckleTexts[at][1].includes(word);
    }
    return ranks;
  };

  const show = () => {
    const words = field.value.normalize("NFKD").toLowerCase().replace(/\p{M}/gu, "").match(deckleWord) ?? [];
    const all = words.map(rank);
    const found = deckleTexts
      .filter((text, at) => (text.rank = all.reduce((product, ranks) => product * (ranks[at] ?? 0), all.length)))
      .sort((one, other) => other.rank - one.rank);
    status.textContent = found.length;
    list.innerHTML = found.slice(0, 50).map(([link]) => `<li><a href="${path_to_root + link}</a>`).join("");
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
