// The page of `deckle serve`: what is chosen, and what comes from the server.

import { at, kept, make, many, toast } from "/assets/dom.js"
import { List } from "/assets/list.js"
import { NoteView } from "/assets/note.js"
import { Pages } from "/assets/pages.js"

let token = document.querySelector("meta[name=deckle-token]").content
let state = null
// Answers may overtake each other, and changes come before the state that they change.
let asked = 0
let heard = 0
let isAgain = false
let chosen = null
let tab = "cards"
// Whether the problems of no note are shown.
let outside = false

const note = new NoteView(mend)
const list = new List(choose)
const pages = new Pages()
note.pressed = (key) => press(key)

/** Chooses a note; `goes` where it is to be looked at, which takes a view of its own on a small screen. */
function choose(id, goes, isEdit = false) {
  chosen = id
  outside = false
  list.show(id)
  history.replaceState(null, "", `#${tab === "cards" ? "" : `${tab}/`}${encodeURIComponent(id)}`)
  if (goes) view("note")
  clearTimeout(choose.waiting)
  // Whoever holds a key down passes over many.
  choose.waiting = setTimeout(() => note.show(id, isEdit), goes || isEdit ? 0 : 60)
}

const isSmall = () => matchMedia("(max-width: 760px)").matches

function view(name) {
  document.body.dataset.view = name
  if (isSmall()) (name === "note" ? at("note") : at("list")).focus({ preventScroll: true })
}

function openTab(name) {
  tab = name
  document.body.dataset.tab = name
  for (const button of document.querySelectorAll(".tabs button")) {
    if (button.dataset.tab === name) button.setAttribute("aria-current", "page")
    else button.removeAttribute("aria-current")
  }
  at("cards-tab").hidden = name !== "cards"
  at("pages-tab").hidden = name === "cards"
  if (name === "cards") pages.close()
  else pages.open(name)
  if (name === "cards") list.show(chosen)
}

/** All anew: at the start, and where a change was missed. */
async function load() {
  const own = ++asked
  const answer = await fetch("/api/state").catch(() => null)
  const next = answer?.ok ? await answer.json().catch(() => null) : null
  if (own !== asked) return true
  if (!next) return false
  if (next.revision < heard) return load()
  const before = state
  state = next
  list.setParts(state)
  list.setNotes(state.notes)
  pages.set(state.pages)
  if (before) pages.refresh()
  say()
  const wanted = named(location.hash.slice(1).replace(/^(print|site)\//, ""))
  const known = (id) => id && state.notes.some((one) => one.id === id)
  if (known(chosen)) note.show(chosen, false)
  else if (known(wanted)) choose(wanted, isSmall() && !before)
  else if (state.notes.length && !isSmall()) choose(state.notes[0].id, false)
  else if (!state.notes.length) nothing()
  return true
}

/** What a part of an address says; it may be typed by hand. */
function named(part) {
  try {
    return decodeURIComponent(part)
  } catch {
    return ""
  }
}

function nothing() {
  chosen = null
  note.empty(make("p", {}, "There are no notes yet. A heading with text below it is one: write it, save, and it shows here."))
}

/** What holds for the whole project. */
function say() {
  const { counts, problems, stop, project } = state
  document.title = `${project} · deckle`
  at("project").textContent = project
  const wrong = [counts.errors && many(counts.errors, "error"), counts.warnings && many(counts.warnings, "warning")]
  at("counts").textContent = [many(counts.notes, "note"), many(counts.cards, "card"), ...wrong].filter(Boolean).join(" · ")
  at("stop").hidden = !stop
  if (at("stop-text").textContent !== (stop ?? "")) at("stop-text").textContent = stop ?? ""
  at("stop-show").hidden = !problems.length
  at("outside").hidden = !problems.length
  at("outside").textContent = `${many(problems.length, "problem")} outside of notes`
  if (outside) problems.length ? note.problems(problems) : chosen && choose(chosen, false)
  if (!problems.length) outside = false
}

function showOutside() {
  if (tab !== "cards") openTab("cards")
  outside = true
  list.show(null)
  note.problems(state.problems)
  view("note")
}

function change(event) {
  heard = Math.max(heard, event.revision)
  if (!state || event.revision <= state.revision) return
  if (event.revision !== state.revision + 1) return load()
  const notes = new Map(state.notes.map((one) => [one.id, one]))
  for (const id of event.gone) notes.delete(id)
  for (const one of event.changed) notes.set(one.id, one)
  const place = list.place()
  for (const key of ["revision", "project", "counts", "problems", "stop", "decks", "tags", "files", "pages"]) {
    if (event[key] !== undefined) state[key] = event[key]
  }
  state.notes = event.order ? event.order.map((id) => notes.get(id)).filter(Boolean) : [...notes.values()]
  list.setParts(event)
  if (event.changed.length || event.gone.length || event.order) list.setNotes(state.notes)
  pages.set(state.pages)
  pages.refresh()
  say()
  follow(event, place, notes)
}

/** Goes to the note that was edited, or stays. */
function follow(event, place, notes) {
  if (event.focus && notes.has(event.focus) && at("follow").checked && event.focus !== chosen && !outside) {
    return choose(event.focus, false, true)
  }
  if (chosen && !notes.has(chosen)) {
    const next = list.shown[Math.min(Math.max(place, 0), list.shown.length - 1)] ?? state.notes[0]
    toast("The note that was shown is gone.")
    return next ? choose(next.id, false) : nothing()
  }
  if (!chosen && state.notes.length && !isSmall()) return choose(event.focus ?? state.notes[0].id, false)
  // Problems of a note come and go without a change of its text.
  if (chosen && !outside) note.show(chosen, true)
}

async function mend(problem, button) {
  button.disabled = true
  const answer = await fetch("/api/fix", {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Deckle-Token": token },
    body: JSON.stringify({ id: problem.id, revision: state.revision }),
  }).catch(() => null)
  const text = await answer?.text().catch(() => null)
  const result = text ? told(text) : { ok: false, message: "The program does not answer." }
  if (answer?.status === 409) result.message = "The notes changed meanwhile: press it again."
  if (!result.ok) {
    button.disabled = false
    toast(result.message ?? "It was not mended.")
  } else {
    toast(`Mended in ${problem.file}.`)
  }
}

/** What the program says of a mend; what is no JSON is words. */
function told(text) {
  try {
    return JSON.parse(text)
  } catch {
    return { ok: false, message: text }
  }
}

function live(name, words) {
  at("live").dataset.state = name
  at("live").textContent = words
}

function connect() {
  const events = new EventSource("/events")
  events.addEventListener("open", async () => {
    // What came meanwhile is not sent again; and a program that was started anew has another token.
    if (isAgain) {
      const page = await fetch("/").then((answer) => answer.text()).catch(() => "")
      token = new DOMParser().parseFromString(page, "text/html").querySelector("meta[name=deckle-token]")?.content ?? token
    }
    isAgain = true
    // A program that was started anew counts from the beginning.
    heard = 0
    if (await load()) live("on", "Live")
  })
  events.addEventListener("change", (event) => change(JSON.parse(event.data)))
  events.addEventListener("error", () => {
    isAgain = true
    live("off", "Connection lost, trying again …")
    if (events.readyState === EventSource.CLOSED) setTimeout(connect, 1500)
  })
}

function press(key) {
  if (tab !== "cards") return false
  const steps = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -Infinity, End: Infinity }
  if (key in steps) list.step(steps[key])
  else if (key === "/") {
    view("list")
    at("search").focus()
    at("search").select()
  } else if (key === "Enter" && chosen) {
    view("note")
    at("note").focus({ preventScroll: true })
  } else if (key === "Escape") {
    view("list")
    at("list").focus({ preventScroll: true })
  } else return false
  return true
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return
  const place = event.target
  if (place === at("search")) {
    const key = event.key === "Escape" && place.value === "" ? "Escape" : event.key
    if (key === "Escape" && place.value !== "") {
      place.value = ""
      list.filter(true)
    } else if (key === "Enter") {
      if (list.place() < 0 && list.shown.length) choose(list.shown[0].id, true)
      press("Enter")
    } else if (!["ArrowDown", "ArrowUp", "Escape"].includes(key) || !press(key)) return
    return event.preventDefault()
  }
  if (place.closest("select, input, textarea")) return
  // In a note, arrows and the like scroll it; a button or a link takes its own Enter.
  if (at("note").contains(place) && /^(Arrow|Page|Home|End)/.test(event.key)) return
  if (event.key === "Enter" && place.closest("button, a, summary")) return
  if (press(event.key)) event.preventDefault()
})

for (const button of document.querySelectorAll(".tabs button")) button.addEventListener("click", () => openTab(button.dataset.tab))
at("back").addEventListener("click", () => view("list"))
at("outside").addEventListener("click", showOutside)
at("stop-show").addEventListener("click", showOutside)
at("follow").checked = kept.get("follow", "yes") === "yes"
at("follow").addEventListener("change", () => kept.set("follow", at("follow").checked ? "yes" : "no"))
const start = location.hash.match(/^#(print|site)(\/|$)/)
if (start) openTab(start[1])
connect()
