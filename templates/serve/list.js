// The list of notes: only the rows in sight are drawn.

import { at, make, many } from "/assets/dom.js"

const BEYOND = 6

export class List {
  /** `choose` is called with the id of a note that was chosen, and whether it is to be gone to. */
  constructor(choose) {
    this.choose = choose
    this.notes = []
    this.shown = []
    this.chosen = null
    this.haystacks = new Map()
    this.rows = new Map()
    this.box = at("list")
    this.box.addEventListener("scroll", () => this.drawSoon(), { passive: true })
    new ResizeObserver(() => this.drawSoon()).observe(this.box)
    this.box.addEventListener("click", (event) => {
      const row = event.target.closest(".row")
      if (row) choose(row.dataset.id, true)
    })
    let waiting = 0
    at("search").addEventListener("input", () => {
      cancelAnimationFrame(waiting)
      waiting = requestAnimationFrame(() => this.filter(true))
    })
    for (const id of ["deck", "tag", "file"]) at(id).addEventListener("change", () => this.filter(true))
    for (const id of ["only-changed", "only-problems"]) {
      at(id).addEventListener("click", () => this.press(id, at(id).getAttribute("aria-pressed") !== "true"))
    }
    at("clear").addEventListener("click", () => this.clear())
  }

  press(id, isPressed) {
    at(id).setAttribute("aria-pressed", isPressed)
    this.filter(true)
  }

  clear() {
    for (const id of ["search", "deck", "tag", "file"]) at(id).value = ""
    for (const id of ["only-changed", "only-problems"]) at(id).setAttribute("aria-pressed", false)
    this.filter(false)
    this.show(this.chosen)
  }

  /** The notes in reading order. */
  setNotes(notes) {
    this.notes = notes
    const known = this.haystacks
    this.haystacks = new Map(notes.map((note) => [note, known.get(note)]))
    this.filter(false)
  }

  setParts({ decks, tags, files }) {
    if (decks) options("deck", "All decks", withParents(decks))
    if (tags) options("tag", "All tags", tags.map((tag) => [tag.name, tag.notes]))
    if (files) options("file", "All files", files.map((file) => [file.path, file.notes]))
  }

  haystack(note) {
    let text = this.haystacks.get(note)
    if (text === undefined) {
      text = folded([note.title, note.deck, note.file, ...note.tags].join("\n"))
      this.haystacks.set(note, text)
    }
    return text
  }

  /** Which notes are shown; the place stays unless a person asked for others. */
  filter(isAsked) {
    const words = folded(at("search").value).split(/\s+/).filter(Boolean)
    const [deck, tag, file] = ["deck", "tag", "file"].map((id) => at(id).value)
    const [changed, problems] = ["only-changed", "only-problems"].map((id) => at(id).getAttribute("aria-pressed") === "true")
    for (const id of ["deck", "tag", "file"]) at(id).classList.toggle("set", at(id).value !== "")
    this.shown = this.notes.filter(
      (note) =>
        (!deck || note.deck === deck || note.deck.startsWith(deck + "::")) &&
        (!tag || note.tags.includes(tag)) &&
        (!file || note.file === file) &&
        (!changed || note.change !== "same") &&
        (!problems || note.problems > 0) &&
        words.every((word) => this.haystack(note).includes(word)),
    )
    const isFiltered = Boolean(words.length || deck || tag || file || changed || problems)
    at("clear").hidden = !isFiltered
    at("found").textContent = isFiltered ? `${this.shown.length.toLocaleString("en")} of ${many(this.notes.length, "note")}` : ""
    if (isAsked) this.box.scrollTop = 0
    this.forget()
    this.draw()
  }

  forget() {
    for (const row of this.rows.values()) row.remove()
    this.rows.clear()
  }

  drawSoon() {
    this.waiting ??= requestAnimationFrame(() => {
      this.waiting = null
      this.draw()
    })
  }

  draw() {
    const height = rowHeight()
    const space = at("rows")
    space.style.height = `${this.shown.length * height}px`
    const first = Math.max(0, Math.floor(this.box.scrollTop / height) - BEYOND)
    const last = Math.min(this.shown.length, Math.ceil((this.box.scrollTop + this.box.clientHeight) / height) + BEYOND)
    for (const [place, row] of this.rows) {
      if (place >= first && place < last) continue
      row.remove()
      this.rows.delete(place)
    }
    for (let place = first; place < last; place += 1) {
      if (!this.rows.has(place)) this.rows.set(place, space.appendChild(this.row(place, height)))
      this.rows.get(place).setAttribute("aria-selected", this.shown[place].id === this.chosen)
    }
    this.box.querySelector(".nothing")?.remove()
    if (!this.shown.length && this.notes.length) this.box.append(make("p", { className: "nothing" }, "No note fits."))
    const row = this.box.querySelector("[aria-selected=true]")
    if (row) this.box.setAttribute("aria-activedescendant", row.id)
    else this.box.removeAttribute("aria-activedescendant")
  }

  row(place, height) {
    const note = this.shown[place]
    const row = make(
      "div",
      {
        className: "row",
        role: "option",
        id: `row-${place}`,
        "data-id": note.id,
        "aria-posinset": place + 1,
        "aria-setsize": this.shown.length,
        "aria-selected": false,
      },
      make(
        "div",
        { className: "title" },
        make("span", { className: "words" }, note.title || "(no text)"),
        note.problems > 0 && make("span", { className: "badge problems", title: many(note.problems, "problem") }, `! ${note.problems}`),
        note.change !== "same" && make("span", { className: `badge ${note.change}` }, note.change),
      ),
      make("div", { className: "where" }, `${note.deck.split("::").pop()} · ${note.file}:${note.line}${note.cards > 1 ? ` · ${note.cards} cards` : ""}`),
    )
    row.style.top = `${place * height}px`
    return row
  }

  place() {
    return this.shown.findIndex((note) => note.id === this.chosen)
  }

  /** Marks a note, and brings its row into sight. */
  show(id) {
    this.chosen = id
    const place = this.place()
    const height = rowHeight()
    if (place >= 0) {
      const top = place * height
      const { scrollTop, clientHeight } = this.box
      if (top < scrollTop) this.box.scrollTop = top
      else if (top + height > scrollTop + clientHeight) this.box.scrollTop = top + height - clientHeight
    }
    this.draw()
  }

  /** Goes on by so many notes. */
  step(by) {
    if (!this.shown.length) return
    const place = this.place()
    const next = place < 0 ? 0 : Math.min(this.shown.length - 1, Math.max(0, place + by))
    this.choose(this.shown[next].id, false)
  }
}

const folded = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase()

function rowHeight() {
  return parseFloat(getComputedStyle(document.documentElement).getPropertyValue("--row")) || 58
}

/** Decks, and those above them that have no notes of their own, with the notes of all below. */
function withParents(decks) {
  const counts = new Map()
  for (const { name, notes } of decks) {
    const parts = name.split("::")
    for (let depth = 1; depth <= parts.length; depth += 1) {
      const above = parts.slice(0, depth).join("::")
      counts.set(above, (counts.get(above) ?? 0) + notes)
    }
  }
  return [...counts].sort(([one], [other]) => (one < other ? -1 : 1))
}

function options(id, all, named) {
  const select = at(id)
  // A list that is the same stays: it may be open.
  const made = JSON.stringify(named)
  if (select.dataset.made === made) return
  select.dataset.made = made
  const chosen = select.value
  const option = ([name, notes]) => make("option", { value: name }, `${name} (${notes.toLocaleString("en")})`)
  select.replaceChildren(make("option", { value: "" }, all), ...named.map(option))
  select.value = named.some(([name]) => name === chosen) ? chosen : ""
}
