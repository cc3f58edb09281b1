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
  }

  const partOf = heading => {
    const part = [heading]
    for (let next = heading.nextElementSibling; next && !/^H[1-3]$/.test(next.tagName); next = next.nextElementSibling) {
      part.push(next)
    }
    return part
  }

  const printAlone = heading => {
    const part = partOf(heading)
    part.forEach(element => element.classList.add("printed"))
    document.documentElement.classList.add("print-one")
    addEventListener("afterprint", () => {
      part.forEach(element => element.classList.remove("printed"))
      document.documentElement.classList.remove("print-one")
    }, { once: true })
    print()
  }

  const offerPrint = actions => {
    let heading = actions
    while (heading && heading.tagName !== "H3") heading = heading.previousElementSibling
    if (!heading) return
    const button = document.createElement("button")
    button.type = "button"
    button.className = "md-button no-print"
    button.textContent = "打印本条"
    button.addEventListener("click", () => printAlone(heading))
    const row = actions.querySelector("p") || actions
    row.append(button)
  }

  if (location.protocol === "file:") withoutServer()
  document.querySelectorAll("article > .actions").forEach(offerPrint)
})()
