// Takes the largest type at which the sheet fills the pages that it needs, measured in the fonts that there are. The size
// that the file gives is right without this.
(async () => {
    // So many take seconds, and are many pages that are filled by the size that is given.
    if (document.querySelectorAll(".note").length > 800) return
    const [least, most] = ["least", "most"].map((name) => Number(document.currentScript.dataset[name]))
    await document.fonts?.ready
    const root = document.documentElement
    const { body } = document
    const sheet = document.querySelector(".sheet")
    // How many pages there are, the last one as far as it is filled. They are columns of the body, beside each other.
    const pages = (size) => {
        root.style.setProperty("--size", `${size}pt`)
        const before = Math.round(body.scrollWidth / body.clientWidth) - 1
        const last = [...sheet.getClientRects()].pop()
        return before + (last.bottom - body.getBoundingClientRect().top) / body.clientHeight
    }
    root.classList.add("measured")
    let found = pages(least)
    const needed = Math.ceil(found - 0.002)
    let [low, high] = [least, most]
    let size = least
    // What type covers grows with the square of its size, so a step or two come near.
    for (let steps = 0; steps < 7 && high - low > 0.02; steps++) {
        size = Math.min(size * Math.sqrt((needed - 0.01) / found), high)
        if (size <= low || size >= high && steps > 0) size = (low + high) / 2
        found = pages(size)
        if (found > needed) high = size
        else if ((low = size) === most || found > needed - 0.02) break
    }
    root.style.setProperty("--size", `${Math.floor(low * 100) / 100}pt`)
    root.classList.remove("measured")
})()
