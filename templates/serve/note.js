// One note: its cards in frames, what is wrong with it, its source.

import { at, kept, make, many } from "/assets/dom.js"

const CHOICES = [
  { key: "light", name: "Light or night", options: [["day", "Light"], ["night", "Night"]] },
  { key: "width", name: "Width", options: [["desktop", "Desktop"], ["phone", "Phone"]] },
  { key: "layout", name: "Layout", options: [["beside", "Beside"], ["stacked", "Stacked"]] },
]

const SIDES = ["question", "answer"]

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
    const place = this.note === null ? this.box.scrollTop : 0
    this.asked += 1
    this.note = null
    this.faces.clear()
    this.box.replaceChildren(
      make("div", { className: "head" }, make("div", { className: "what" }, make("h2", {}, "Outside of notes"))),
      ...problems.map((problem) => this.problem(problem)),
    )
    this.box.scrollTop = place
  }

  build(note) {
    // Frames take long to make: those of the note before show this one, but where its scripts may still be at work.
    const old = this.note && !this.note.trusted && !note.trusted ? [...(this.parts?.cards.children ?? [])] : []
    if (old.length && this.box.contains(this.parts.cards)) return this.replace(note, old)
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

  /** Shows another note in the frames of the one before. */
  replace(note, old) {
    this.note = note
    old.slice(note.cards.length).forEach((section) => this.drop(section))
    const faces = old.slice(0, note.cards.length).map((section, place) => {
      const card = note.cards[place]
      const pair = SIDES.map((side) => this.faces.get(`${section.id}-${side}`))
      section.id = `card-${note.id}-${card.ord}`
      section.querySelector("h3").textContent = card.name
      pair.forEach((face) => face.become(note.id, card))
      return pair
    })
    this.faces = new Map(faces.flat().map((face) => [face.id, face]))
    this.parts.said.hidden = true
    this.box.scrollTop = 0
    this.update(note, false)
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
    for (const face of this.faces.values()) {
      if (key !== "layout") face.shrink()
      face.show(this.query(), face.digest, false)
    }
  }

  dress() {
    this.box.classList.toggle("night", this.chosen.light === "night")
    this.box.classList.toggle("phone", this.chosen.width === "phone")
    this.box.classList.toggle("stacked", this.chosen.layout === "stacked")
  }

  query() {
    return `night=${Number(this.chosen.light === "night")}`
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
        const faces = SIDES.map((side) => new Face(note.id, card, side))
        for (const face of faces) this.faces.set(face.id, face)
        section = make("section", { className: "card-shown", id }, make("h3", {}, card.name), make("div", { className: "sides" }, ...faces.map((face) => face.element)))
        this.parts.cards.insertBefore(section, this.parts.cards.children[place] ?? null)
      }
      SIDES.forEach((side, index) => this.faces.get(`${id}-${side}`).show(this.query(), card.sides[index], isEdit))
    })
  }

  drop(section) {
    for (const side of SIDES) this.faces.delete(`${section.id}-${side}`)
    section.remove()
  }

  /** What a card tells of itself. */
  hear(event) {
    const face = [...this.faces.values()].find((face) => face.holds(event.source))
    if (!face || !event.data?.deckle) return
    const { height, math, open, key, shown } = event.data
    if (typeof shown === "number") face.heard(shown)
    if (typeof height === "number") face.grow(height)
    if (math === true) this.parts.said.hidden = false
    if (typeof open === "string") follow(open)
    if (typeof key === "string") this.pressed?.(key)
  }
}

// How long a frame may take to show what it is given, in milliseconds.
const PATIENCE = 600

/** A link of a card. Its scripts may say so without a click: what leads into a program is asked for. */
function follow(address) {
  const isOfWeb = /^(https?|mailto):/i.test(address)
  const isOfProgram = /^[a-z][a-z0-9+.-]*:/i.test(address) && !/^(javascript|data|vbscript|file|blob|about):/i.test(address)
  if (isOfWeb || (isOfProgram && confirm(`Open ${address}?`))) window.open(address, "_blank", "noopener,noreferrer")
}

/** A side of a card in a frame, which stays and is given what to show, as Anki does. */
class Face {
  constructor(note, card, side) {
    this.side = side
    this.frames = make("div", { className: "frames" })
    this.caption = make("figcaption")
    this.element = make("figure", { className: "face" }, this.caption, this.frames)
    this.frame = null
    this.isReady = false
    this.asked = 0
    this.become(note, card)
  }

  /** From now on it is a side of this card, which it does not show yet. */
  become(note, card) {
    this.id = this.element.id = `card-${note}-${card.ord}-${this.side}`
    this.address = `/card/${encodeURIComponent(note)}/${card.ord}/${this.side}`
    this.title = this.caption.textContent = `${card.name}, ${this.side}`
    this.query = this.digest = null
    if (this.frame) this.frame.title = this.title
    this.shrink()
  }

  holds(source) {
    return this.frame?.contentWindow === source
  }

  /** Shows the card as it is now. `digest` says what of: where that is what is shown, nothing happens. */
  show(query, digest, isEdit) {
    if (this.query === query && this.digest === digest) return
    Object.assign(this, { query, digest })
    if (!this.frame) return this.open()
    // Once it is loaded, it is asked again.
    if (this.isReady) this.give(isEdit)
    else this.isLate = true
  }

  open() {
    this.frame?.remove()
    this.isReady = this.isLate = false
    const frame = make("iframe", { title: this.title, sandbox: "allow-scripts", src: `${this.address}?${this.query}` })
    frame.addEventListener("load", () => {
      if (frame !== this.frame) return
      this.isReady = true
      if (this.isLate) this.give(false)
    }, { once: true })
    this.frame = frame
    this.frames.append(frame)
  }

  async give(isEdit) {
    const asked = ++this.asked
    const answer = await fetch(`${this.address}?${this.query}`).catch(() => null)
    const text = answer?.ok ? await answer.text() : null
    if (asked !== this.asked || !this.isReady) return
    if (text === null) {
      // Who asks next gets it.
      this.digest = null
      return
    }
    const page = new DOMParser().parseFromString(text, "text/html")
    this.frame.contentWindow.postMessage(
      {
        deckle: asked,
        root: page.documentElement.className,
        body: page.body.className,
        style: page.querySelector("style").textContent,
        html: page.getElementById("qa").innerHTML,
      },
      "*",
    )
    clearTimeout(this.waiting)
    // A card may have gone to another page, or be busy.
    this.waiting = setTimeout(() => this.open(), PATIENCE)
    if (!isEdit) return
    this.frames.classList.remove("flash")
    void this.frames.offsetWidth
    this.frames.classList.add("flash")
  }

  /** The frame shows what it was given. */
  heard(asked) {
    if (asked === this.asked) clearTimeout(this.waiting)
  }

  /** Styles of cards go by the height of the window, so that a frame may grow and never shrinks by itself. */
  grow(height) {
    const frame = this.frames
    if (height > frame.clientHeight + 1) frame.style.height = `${Math.min(height + 2, 20000)}px`
  }

  shrink() {
    this.frames.style.height = ""
  }
}
