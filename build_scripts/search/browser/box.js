// Material's search box, mended: loaded in each page's head, before Material's own script.

(() => {
  "use strict"

  const isSearchBox = target => target instanceof HTMLInputElement && target.dataset.mdComponent === "search-query"

  // Material listens for `keyup` alone: pasting, dropping, dictating, and picking a word of an input method with
  // the mouse would search for nothing. The element is found when the event comes, as the box is not there yet.
  const retell = ({ target }) => {
    if (isSearchBox(target)) target.dispatchEvent(new KeyboardEvent("keyup"))
  }
  for (const type of ["input", "compositionend"]) document.addEventListener(type, retell)

  // A page that was opened from a folder may start no worker. This one runs the same script in the page.
  class LocalWorker extends EventTarget {
    constructor(address) {
      super()
      this.ready = new Promise((resolve, reject) => {
        const script = document.createElement("script")
        script.src = address
        script.onload = resolve
        script.onerror = reject
        document.head.append(script)
      })
    }

    postMessage(message) {
      this.ready.then(() => {
        this.dispatchEvent(new MessageEvent("message", { data: window.searchHandbook(message) }))
      })
    }
  }
  const Base = location.protocol === "file:" ? LocalWorker : Worker

  // Material opens the first hit of whatever list stands there when Enter is pressed. Somebody who types and presses
  // Enter at once would be led to a hit of the letters before: Enter waits until the list answers what the box says.
  const [QUERY, RESULT] = [2, 3]
  const asked = []
  let answered = null // the last query whose answer the list shows: Material draws it in the answer's own event
  let waiting = null // the box in which Enter was pressed too early
  const MOST_TRIES = 300 // frames

  window.Worker = class extends Base {
    constructor(...address) {
      super(...address)
      this.addEventListener("message", ({ data }) => {
        if (data.type !== RESULT) return
        answered = asked.shift()
        setTimeout(() => showSuggestions(data.data.suggestions || []))
        setTimeout(() => pressAgain()) // once Material, which hears of it after us, has drawn the list
      })
    }

    postMessage(message) {
      if (message.type === QUERY) asked.push(message.data)
      super.postMessage(message)
    }
  }

  // Words that are known, where nothing was found.
  const showSuggestions = words => {
    const meta = document.querySelector("[data-md-component=search-result] .md-search-result__meta")
    if (!meta) return
    const shown = meta.parentNode.querySelector(".search-suggestions")
    if (shown) shown.remove()
    if (!words.length) return
    const line = document.createElement("p")
    line.className = "search-suggestions"
    line.append("您是不是要找：")
    for (const word of words) {
      const button = document.createElement("button")
      button.type = "button"
      button.textContent = word
      button.addEventListener("click", () => searchFor(word))
      line.append(button)
    }
    meta.after(line)
  }

  const searchFor = word => {
    const box = document.querySelector("[data-md-component=search-query]")
    box.value = word
    box.dispatchEvent(new InputEvent("input", { bubbles: true }))
    box.focus()
  }

  // A page that is listed for its sections leads to the first of them, not to its top.
  const leadToSections = list => {
    for (const item of list.querySelectorAll(".md-search-result__item")) {
      const [page, section] = item.querySelectorAll(".md-search-result__link")
      if (section && parseFloat(page.firstElementChild.dataset.mdScore) === 0) page.href = section.href
    }
  }
  document.addEventListener("DOMContentLoaded", () => {
    const list = document.querySelector(".md-search-result__list")
    if (list) new MutationObserver(() => leadToSections(list)).observe(list, { childList: true, subtree: true })
  })

  const pressAgain = (tries = 0) => {
    if (!waiting || answered !== waiting.value) return
    const toggle = document.querySelector("[data-md-toggle=search]")
    if (toggle && !toggle.checked) toggle.click() // Material hears keys in the box while this is on
    const press = new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true })
    const box = waiting
    waiting = null
    if (!box.dispatchEvent(press) || tries >= MOST_TRIES) return
    waiting = box // nobody took it: Material is still starting
    requestAnimationFrame(() => pressAgain(tries + 1))
  }

  const holdBack = event => {
    const { target: box, key, isComposing } = event
    if (!isSearchBox(box) || isComposing) return
    waiting = key === "Enter" && answered !== box.value ? box : null
    if (!waiting) return
    event.preventDefault()
    event.stopImmediatePropagation()
  }
  document.addEventListener("keydown", holdBack, true)

  // An Enter that nobody took would load the page anew and lose the words.
  document.addEventListener("submit", event => {
    const box = event.target.querySelector("[data-md-component=search-query]")
    if (!box) return
    event.preventDefault()
    waiting = box
    pressAgain()
  })
})()
