(function () {
  "use strict"
  // The page around cannot look into a card, whose origin is its own: what it needs is told.
  function tell(message) { parent.postMessage(Object.assign({ deckle: true }, message), "*") }

  var VIDEO = /\.(mp4|webm|mkv|mov|m4v|ogv|avi|mpe?g)$/i
  var playing = null

  function play(button) {
    if (playing) playing.pause()
    var text = button.dataset.text
    if (text) {
      var speech = new SpeechSynthesisUtterance(text)
      speech.lang = button.dataset.language.replace("_", "-")
      speechSynthesis.cancel()
      return speechSynthesis.speak(speech)
    }
    var file = button.dataset.file
    var isVideo = VIDEO.test(file)
    playing = document.createElement(isVideo ? "video" : "audio")
    playing.src = /^https?:/.test(file) ? file : new URL(encodeURIComponent(file), document.baseURI)
    if (isVideo) {
      var old = document.querySelector(".played")
      if (old) old.remove()
      var place = document.createElement("span")
      place.className = "played"
      playing.controls = true
      place.append(playing)
      button.after(place)
    }
    playing.play().catch(function () { button.title = file + " cannot be played here" })
  }

  document.addEventListener("click", function (event) {
    var link = event.target.closest && event.target.closest("a")
    if (!link) return
    if (link.dataset.play) {
      event.preventDefault()
      play(link)
    } else if (!event.defaultPrevented && link.hasAttribute("href")) {
      event.preventDefault()
      var address = link.getAttribute("href")
      if (/^[a-z][a-z0-9+.-]*:/i.test(address)) return tell({ open: address })
      var target = address[0] === "#" && document.getElementById(address.slice(1))
      if (target) target.scrollIntoView()
    }
  })

  document.addEventListener("keydown", function (event) {
    var typing = event.target.closest && event.target.closest("input, textarea, select, [contenteditable], summary")
    if (event.ctrlKey || event.metaKey || event.altKey || (typing && event.key !== "Escape")) return
    tell({ key: event.key })
  })

  function measure() {
    if (document.querySelector("math")) tell({ math: true })
    tell({ height: Math.ceil(document.documentElement.scrollHeight) })
  }

  document.addEventListener("DOMContentLoaded", function () {
    new ResizeObserver(measure).observe(document.body)
    addEventListener("load", measure)
    measure()
  })

  // Another card, or another state of it. What is put in runs no scripts by itself: they are put in once more, as Anki does.
  addEventListener("message", function (event) {
    var card = event.data
    if (event.source !== parent || !card || typeof card.deckle !== "number") return
    if (playing) playing.pause()
    document.documentElement.className = card.root
    document.body.className = card.body
    document.querySelector("style").textContent = card.style
    var place = document.getElementById("qa")
    place.innerHTML = card.html
    place.querySelectorAll("script").forEach(function (old) {
      var script = document.createElement("script")
      for (var attribute of old.attributes) script.setAttribute(attribute.name, attribute.value)
      script.async = false
      script.textContent = old.textContent
      old.replaceWith(script)
    })
    scrollTo(0, 0)
    measure()
    tell({ shown: card.deckle })
  })
})()
