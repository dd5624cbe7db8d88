// Takes a size smaller where a card holds more than was measured, which a font that nobody has measured may bring about.
// The sizes that the file gives are right without this.
(async () => {
    await document.fonts?.ready
    const smallest = 5
    for (const card of document.querySelectorAll(".card:not(.empty)")) {
        const text = card.querySelector(".text")
        let size = parseFloat(card.style.getPropertyValue("--size"))
        const room = () => {
            const style = getComputedStyle(card)
            const height = card.clientHeight - parseFloat(style.paddingTop) - parseFloat(style.paddingBottom)
            const width = card.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight)
            return text.offsetHeight <= height + 1 && text.scrollWidth <= width + 1
        }
        while (size > smallest && !room()) {
            size -= 0.25
            card.style.setProperty("--size", `${size}pt`)
        }
        card.classList.toggle("over", !room())
    }
})()
