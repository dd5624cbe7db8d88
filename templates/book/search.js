// Finds cards and prose by search-index.js; what that gives says src/site/book/index.rs.
{
  const bar = document.querySelector(".left-buttons");
  bar.insertAdjacentHTML("beforeend", `<button class=icon-button title="Search (s)"></button><dialog class=deckle-search aria-label=Search><input aria-label=Search><p role=status></p><ul>`);
  const dialog = bar.lastChild;
  const [field, status, list] = dialog.children;
  const script = document.createElement("script");
  script.src = path_to_root + "search-index.js";
  // A global that mdBook asks before it turns pages.
  search = { hasFocus: () => dialog.open };

  const open = dialog.previousSibling.onclick = () => {
    dialog.showModal();
    dialog.append(script);
  };

  script.onload = field.oninput = () => {
    let page;
    // How well each text has each word, or one that starts so: best in its title.
    const all = deckleSplit(field.value).map((word) => {
      const ranks = deckleTexts.map((text) => (text.words ??= deckleSplit(text[1])).some((own) => own.startsWith(word)) * 3);
      for (const [own, gaps] of deckleWords) {
        let at = -1;
        if (own.startsWith(word))
          for (const gap of gaps) {
            const code = gap.codePointAt();
            ranks[at += code - 34 - 2048 * (code > 57343)] += 1 + (own === word);
          }
      }
      return ranks;
    });
    const found = deckleTexts
      .map(([id, title, ...own], at) => [
        all.reduce((rank, ranks) => rank * ranks[at], all.length),
        `<li><a href="${path_to_root + (page = own[0] ? own : page)[0] + id}">${title}<small>${page[1]}</small></a>`,
      ])
      .filter(([rank]) => rank)
      .sort(([one], [other]) => other - one);
    status.innerHTML = found.length;
    list.innerHTML = found.slice(0, 50).map(([, hit]) => hit).join("");
  };

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
