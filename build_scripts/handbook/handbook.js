// From a folder there is no server to file a record with: the buttons give way to a sentence that says where to go.
// And each item gets a button that prints it alone.
(() => {
  const instead = "INSTEAD"

  const withoutServer = () => {
    for (const button of document.querySelectorAll("a.to-server")) {
      if (!button.parentElement.querySelector(".instead")) {
        const sentence = document.createElement("small")
        sentence.className = "instead no-print"
        sentence.textContent = instead
        button.after(sentence)
      }
      button.remove()
    }
    for (const link of document.querySelectorAll("a.to-system")) link.href = link.dataset.fromFolder
  }

  const printAlone = item => {
    item.classList.add("printed")
    document.documentElement.classList.add("print-one")
    addEventListener("afterprint", () => {
      item.classList.remove("printed")
      document.documentElement.classList.remove("print-one")
    }, { once: true })
    print()
  }

  const offerPrint = actions => {
    const button = document.createElement("button")
    button.type = "button"
    button.className = "md-button no-print"
    button.textContent = "打印本条"
    button.addEventListener("click", () => printAlone(actions.parentElement))
    const row = actions.querySelector("p") || actions
    row.append(button)
  }

  // Paper shows what is folded on screens.
  const unfold = () => {
    const folded = document.querySelectorAll("details:not([open])")
    folded.forEach(each => each.setAttribute("open", ""))
    addEventListener("afterprint", () => folded.forEach(each => each.removeAttribute("open")), { once: true })
  }
  addEventListener("beforeprint", unfold)

  if (location.protocol === "file:") withoutServer()
  document.querySelectorAll("article > .item > .actions").forEach(offerPrint)
})()
