// Takes a size smaller where a card holds more than was measured, which a font that nobody has measured may bring about.
// The sizes that the file gives are right without this.
(async () => {
    await document.fonts?.ready
    const smallest = 5
    for (const card of document.querySelectorAll(".card:not(.empty)")) {
        const text = card.querySelector(".text")
        let size = parseFloat(card.style.getPropertyValue("--size"))
        const all = document.createRange()
        all.selectNodeContents(text)
        // Raw HTML may place things where no box grows by them.
        const within = () => {
            const [there, edge] = [all.getBoundingClientRect(), card.getBoundingClientRect()]
            return there.left >= edge.left && there.right <= edge.right && there.top >= edge.top && there.bottom <= edge.bottom
        }
        const room = () => {
            const style = getComputedStyle(card)
            const height = card.clientHeight - parseFloat(style.paddingTop) - parseFloat(style.paddingBottom)
            const width = card.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight)
            return text.offsetHeight <= height + 1 && text.scrollWidth <= width + 1 && within()
        }
        // What does not fit is cut off, so that it would seem to.
        card.classList.remove("over")
        while (size > smallest && !room()) {
            size -= 0.25
            card.style.setProperty("--size", `${size}pt`)
        }
        const over = !room()
        card.classList.toggle("over", over)
        const notice = card.querySelector(".notice")
        if (!over) notice?.remove()
        else if (!notice) {
            const added = document.createElement("strong")
            added.className = "notice"
            added.textContent = "✂ more than fits"
            card.querySelector("footer").prepend(added)
        }
    }
})()
