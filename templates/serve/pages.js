// Printed pages and the site, in a frame.

import { at, make } from "/assets/dom.js"

// Pages may do what they do elsewhere, but not lead the notes away.
const SANDBOX = "allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox allow-downloads allow-modals allow-forms"

export class Pages {
  constructor() {
    this.pages = []
    this.kinds = []
    this.frame = null
    this.chosen = {}
    addEventListener("message", (event) => {
      if (event.source === this.frame?.contentWindow && event.data?.loaded) at("page-state").textContent = ""
    })
  }

  set(pages) {
    this.pages = pages
    if (this.kinds.length) this.draw()
  }

  /** Shows the pages of some kinds: `print` or `site`. */
  open(tab) {
    this.tab = tab
    this.kinds = tab === "site" ? ["site"] : ["cards", "sheet"]
    this.draw()
  }

  close() {
    this.kinds = []
    this.frame?.remove()
    this.frame = null
  }

  draw() {
    const pages = this.pages.filter((page) => this.kinds.includes(page.kind))
    const chosen = pages.find((page) => page.name === this.chosen[this.tab]) ?? pages[0]
    at("page-names").replaceChildren(
      ...(pages.length > 1 ? pages : []).map((page) => {
        const label = `${page.title} · ${page.kind === "sheet" ? "sheet" : "cards"}`
        const button = make("button", { type: "button", "aria-pressed": String(page === chosen) }, label)
        button.addEventListener("click", () => {
          this.chosen[this.tab] = page.name
          this.draw()
        })
        return button
      }),
    )
    if (!chosen) return this.none()
    this.show(chosen)
  }

  none() {
    this.close()
    at("page-frame").replaceChildren()
    at("page-state").textContent = "There is none yet."
  }

  show(page) {
    const address = `/out/.frame#/${page.name.split("/").map(encodeURIComponent).join("/")}`
    if (this.frame?.dataset.address === address) return
    this.frame?.remove()
    at("page-state").textContent = "Making the page …"
    // What frames it is of the pages' own origin, which reads no notes.
    this.frame = make("iframe", { title: page.title, src: address, "data-address": address, sandbox: SANDBOX })
    at("page-frame").replaceChildren(this.frame)
  }

  /** The notes are others now: the page is loaded anew where the reader is. */
  refresh() {
    if (!this.frame) return
    clearTimeout(this.waiting)
    this.waiting = setTimeout(() => {
      if (!this.frame) return
      at("page-state").textContent = "Making the page anew …"
      this.frame.contentWindow.postMessage("anew", "*")
    }, 300)
  }
}
