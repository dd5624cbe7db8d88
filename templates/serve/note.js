// One note: its cards in frames, what is wrong with it, its source.

import { at, kept, make, many } from "/assets/dom.js"

const CHOICES = [
  { key: "light", name: "Light or night", options: [["day", "Light"], ["night", "Night"]] },
  { key: "width", name: "Width", options: [["desktop", "Desktop"], ["phone", "Phone"]] },
  { key: "layout", name: "Layout", options: [["beside", "Beside"], ["stacked", "Stacked"]] },
]

export class NoteView {
  /** `mend` is called with a problem and its button. */
  constructor(mend) {
    this.mend = mend
    this.box = at("note")
    this.note = null
    this.asked = 0
    this.faces = new Map()
    const system = matchMedia("(prefers-color-scheme: dark)").matches ? "night" : "day"
    this.chosen = { light: kept.get("light", system), width: kept.get("width", "desktop"), layout: kept.get("layout", "beside") }
    addEventListener("message", (event) => this.hear(event))
  }

  /** Shows a note, or the one that is shown as it is now; what did not change stays as it is. */
  async show(id, isEdit) {
    const asked = ++this.asked
    const answer = await fetch(`/api/note/${encodeURIComponent(id)}`).catch(() => null)
    if (!answer?.ok || asked !== this.asked) return
    const note = await answer.json()
    if (asked !== this.asked) return
    if (this.note?.id === note.id && this.box.querySelector(".cards")) this.update(note, isEdit)
    else this.build(note)
  }

  /** What is shown where there is no note. */
  empty(...content) {
    this.asked += 1
    this.note = null
    this.faces.clear()
    this.box.replaceChildren(make("div", { className: "empty" }, ...content))
  }

  /** Problems that are of no note. */
  problems(problems) {
    this.asked += 1
    this.note = null
    this.faces.clear()
    this.box.replaceChildren(
      make("div", { className: "head" }, make("div", { className: "what" }, make("h2", {}, "Outside of notes"))),
      ...problems.map((problem) => this.problem(problem)),
    )
    this.box.scrollTop = 0
  }

  build(note) {
    this.note = note
    this.faces.clear()
    this.parts = {
      head: make("div", { className: "head" }),
      problems: make("div", { className: "problems" }),
      cards: make("div", { className: "cards" }),
      said: make("p", { className: "said", hidden: true }, "Formulas are set by this browser (MathML); Anki sets them with MathJax, and they look a little different there."),
      source: make("details", { className: "source", open: kept.get("source", "no") === "yes" }, make("summary", {}, "Markdown"), make("pre", { tabIndex: 0 })),
    }
    this.parts.source.addEventListener("toggle", () => kept.set("source", this.parts.source.open ? "yes" : "no"))
    this.box.replaceChildren(...Object.values(this.parts))
    this.box.scrollTop = 0
    this.fill(note)
    this.dress()
    this.cards(note, false)
  }

  update(note, isEdit) {
    this.note = note
    this.fill(note)
    this.cards(note, isEdit)
  }

  fill(note) {
    const crumbs = note.breadcrumb.join(" › ")
    const focused = document.activeElement?.dataset?.choice
    this.parts.head.replaceChildren(
      make(
        "div",
        { className: "what" },
        crumbs && make("p", { className: "crumbs" }, crumbs),
        make("h2", {}, note.title || "(no text)"),
        make(
          "p",
          { className: "meta" },
          make("span", {}, note.deck),
          make("span", {}, `${note.file}:${note.line}`),
          make("span", {}, `${note.kind}, ${many(note.cards.length, "card")}`),
          ...note.tags.map((tag) => make("span", {}, `#${tag}`)),
          note.change !== "same" && make("span", { className: `badge ${note.change}` }, note.change === "new" ? "new since the last build" : "edited since the last build"),
        ),
      ),
      this.tools(note),
    )
    if (focused) this.parts.head.querySelector(`[data-choice="${focused}"]`)?.focus()
    this.parts.problems.replaceChildren(...note.problems.map((problem) => this.problem(problem)))
    const source = this.parts.source.querySelector("pre")
    if (source.textContent !== note.source) source.textContent = note.source
  }

  tools(note) {
    const choice = ({ key, name, options }) =>
      make(
        "fieldset",
        { className: `choice ${key}` },
        make("legend", {}, name),
        ...options.map(([value, label]) => {
          const button = make("button", { type: "button", "aria-pressed": String(this.chosen[key] === value), "data-choice": value }, label)
          button.addEventListener("click", () => this.choose(key, value))
          return button
        }),
      )
    const isAddress = note.open && /^[a-z][a-z0-9+.-]*:/i.test(note.open) && !/^(javascript|data|vbscript):/i.test(note.open)
    return make(
      "div",
      { className: "tools" },
      ...CHOICES.map(choice),
      isAddress && make("a", { className: "editor", href: note.open, rel: "noreferrer" }, "Open in editor"),
    )
  }

  choose(key, value) {
    if (this.chosen[key] === value) return
    this.chosen[key] = value
    kept.set(key, value)
    for (const button of this.parts.head.querySelectorAll(`.${key} button`)) {
      button.setAttribute("aria-pressed", String(button.dataset.choice === value))
    }
    this.dress()
    for (const face of this.faces.values()) face.load(this.query(), key !== "layout")
  }

  dress() {
    this.box.classList.toggle("night", this.chosen.light === "night")
    this.box.classList.toggle("phone", this.chosen.width === "phone")
    this.box.classList.toggle("stacked", this.chosen.layout === "stacked")
  }

  query() {
    return `night=${Number(this.chosen.light === "night")}&phone=${Number(this.chosen.width === "phone")}`
  }

  problem(problem) {
    const button = problem.fix && make("button", { type: "button", className: "mend" }, "Mend")
    button?.addEventListener("click", () => this.mend(problem, button))
    return make(
      "section",
      { className: `problem ${problem.severity}`, id: `problem-${problem.id}` },
      make("header", {}, make("h3", {}, problem.message, make("span", { className: "code" }, problem.code)), button),
      problem.fix?.title && make("p", { className: "mend-what" }, problem.fix.title),
      make("pre", { tabIndex: 0 }, problem.text),
    )
  }

  cards(note, isEdit) {
    const wanted = new Set(note.cards.map((card) => `card-${note.id}-${card.ord}`))
    for (const section of [...this.parts.cards.children]) if (!wanted.has(section.id)) this.drop(section)
    note.cards.forEach((card, place) => {
      const id = `card-${note.id}-${card.ord}`
      let section = this.parts.cards.querySelector(`#${CSS.escape(id)}`)
      if (!section) {
        const faces = ["question", "answer"].map((side) => new Face(note.id, card, side))
        for (const face of faces) this.faces.set(face.id, face)
        section = make("section", { className: "card-shown", id }, make("h3", {}, card.name), make("div", { className: "sides" }, ...faces.map((face) => face.element)))
        this.parts.cards.insertBefore(section, this.parts.cards.children[place] ?? null)
        for (const face of faces) face.load(this.query(), true)
      }
      ;["question", "answer"].forEach((side, index) => this.faces.get(`${id}-${side}`).refresh(card.sides[index], isEdit))
    })
  }

  drop(section) {
    for (const side of ["question", "answer"]) this.faces.delete(`${section.id}-${side}`)
    section.remove()
  }

  /** What a card tells of itself. */
  hear(event) {
    const face = [...this.faces.values()].find((face) => face.holds(event.source))
    if (!face || !event.data?.deckle) return
    const { height, math, open, key } = event.data
    if (typeof height === "number") face.grow(height)
    if (math === true) this.parts.said.hidden = false
    if (typeof open === "string" && /^(https?|mailto|obsidian|vscode|file):/i.test(open)) window.open(open, "_blank", "noopener,noreferrer")
    if (typeof key === "string") this.pressed?.(key)
  }
}

/** A side of a card in a frame. Another state is loaded behind the one that is seen, and takes its place when it is there. */
class Face {
  constructor(note, card, side) {
    this.id = `card-${note}-${card.ord}-${side}`
    this.address = `/card/${encodeURIComponent(note)}/${card.ord}/${side}`
    this.title = `${card.name}, ${side}`
    this.query = null
    this.digest = null
    this.frames = make("div", { className: "frames" })
    this.element = make("figure", { className: "face", id: this.id }, make("figcaption", {}, this.title), this.frames)
  }

  holds(source) {
    return [...this.frames.children].some((frame) => frame.contentWindow === source)
  }

  load(query, isOther) {
    if (isOther) this.frames.style.height = ""
    if (this.query === query) return
    this.query = query
    this.swap(false)
  }

  /** Loads it anew where it shows something else than before. */
  refresh(digest, isEdit) {
    const isOther = this.digest !== null && this.digest !== digest
    this.digest = digest
    if (isOther) this.swap(isEdit)
  }

  swap(isEdit) {
    for (const frame of this.frames.querySelectorAll(".coming")) frame.remove()
    const old = this.frames.firstElementChild
    const frame = make("iframe", { title: this.title, className: old ? "coming" : "", sandbox: "allow-scripts", src: `${this.address}?${this.query}` })
    frame.addEventListener("load", () => {
      if (!frame.isConnected) return
      for (const other of [...this.frames.children]) if (other !== frame) other.remove()
      frame.className = ""
      if (isEdit) {
        this.frames.classList.remove("flash")
        void this.frames.offsetWidth
        this.frames.classList.add("flash")
      }
    }, { once: true })
    this.frames.append(frame)
  }

  /** Styles of cards go by the height of the window, so that a frame may grow and never shrinks. */
  grow(height) {
    const frame = this.frames
    if (height > frame.clientHeight + 1) frame.style.height = `${Math.min(height + 2, 20000)}px`
  }
}
