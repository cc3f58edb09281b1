// Material's search box, mended: loaded in each page's head, before Material's own script.

(() => {
  "use strict"

  // Material listens for `keyup` alone: pasting, dropping, dictating, and picking a word of an input method with
  // the mouse would search for nothing. The element is found when the event comes, as the box is not there yet.
  const retell = ({ target }) => {
    if (target instanceof HTMLInputElement && target.dataset.mdComponent === "search-query")
      target.dispatchEvent(new KeyboardEvent("keyup"))
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
  if (location.protocol === "file:") window.Worker = LocalWorker
})()
