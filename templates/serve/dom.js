// What all parts of the page make their elements with.

export const at = (id) => document.getElementById(id)

/** An element with properties (`data-…`, `aria-…` and `for` as attributes) and what is in it. */
export function make(name, properties = {}, ...content) {
  const element = document.createElement(name)
  for (const [key, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue
    if (key.includes("-") || key === "role") element.setAttribute(key, value)
    else element[key] = value
  }
  element.append(...content.filter((one) => one !== null && one !== undefined && one !== false))
  return element
}

export const many = (number, word) => `${number.toLocaleString("en")} ${word}${number === 1 ? "" : "s"}`

/** What the reader chose, from one visit to the next. */
export const kept = {
  get(key, otherwise) {
    try {
      return localStorage.getItem(`deckle ${key}`) ?? otherwise
    } catch {
      return otherwise
    }
  },
  set(key, value) {
    try {
      localStorage.setItem(`deckle ${key}`, value)
    } catch {
      // A browser that keeps nothing forgets it.
    }
  },
}

let passing = 0

/** Says something for a while. */
export function toast(words) {
  at("toast").textContent = words
  clearTimeout(passing)
  passing = setTimeout(() => (at("toast").textContent = ""), 5000)
}
