// Takes the largest type at which the sheet fills the pages that it needs, measured in the fonts that there are. The size
// that the file gives is right without this.
(async () => {
    const { least, most } = document.currentScript.dataset
    await document.fonts?.ready
    const root = document.documentElement
    const pages = (size) => {
        root.style.setProperty("--size", `${size}pt`)
        // Pages are columns of the body, beside each other.
        return Math.round(document.body.scrollWidth / document.body.clientWidth)
    }
    root.classList.add("measured")
    const needed = pages(least)
    let [low, high] = [Number(least), Number(most)]
    if (pages(high) <= needed) low = high
    while (high - low > 0.02) {
        const middle = (low + high) / 2
        if (pages(middle) <= needed) low = middle
        else high = middle
    }
    root.style.setProperty("--size", `${low.toFixed(2)}pt`)
    root.classList.remove("measured")
})()
