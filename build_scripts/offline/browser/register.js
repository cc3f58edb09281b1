// Lets the browser keep the handbook for when there is no network. Browsers offer this over https and on the machine
// itself; elsewhere, and in a folder, there is nothing to do. The page that was asked for comes first, for phones are slow.
if (navigator.serviceWorker && location.protocol !== "file:") {
  const workers = navigator.serviceWorker
  const address = new URL("../service-worker.js", document.currentScript.src)
  const home = new URL("./index.html", address).pathname
  const content = () => document.querySelector(".md-content__inner")

  const box = (words, label, work) => {
    const made = Object.assign(document.createElement("div"), { className: "admonition info kept-here" })
    const text = Object.assign(document.createElement("p"), { textContent: words })
    const button = Object.assign(document.createElement("button"), { type: "button", className: "md-button", textContent: label })
    made.setAttribute("role", "status")
    button.addEventListener("click", () => work(text, button))
    made.append(text, button)
    return made
  }

  // An older version stood here while this page was read.
  const before = workers.controller
  workers.addEventListener("controllerchange", () => {
    if (before) content().prepend(box("手册已更新，这一页还是更新以前的。", "看新的", () => location.reload()))
  })

  // All of it is kept only where somebody asks: not every phone has the room, not every line the time.
  const offer = ({ data: { kept, all, megabytes } }) => {
    const old = document.querySelector("[data-keep-all]")
    if (old) old.remove()
    if (location.pathname !== home && `${location.pathname}index.html` !== home) return
    const words = `没有网络时能看的：${all} 个文件存了 ${kept} 个。其余的打开过一次就存下；整本约 ${megabytes} MB。`
    const made = box(words, "整本存到这台设备", (text, button) => {
      button.disabled = true
      text.textContent = "正在存，请不要关这一页…"
      if (navigator.storage && navigator.storage.persist) navigator.storage.persist()
      workers.controller.postMessage("keep-all")
    })
    made.dataset.keepAll = ""
    if (kept < all) content().append(made)
  }

  const keep = async () => {
    workers.addEventListener("message", offer)
    await workers.register(address)
    const { active } = await workers.ready
    active.postMessage("standing")
  }
  window.addEventListener("load", () => setTimeout(keep, 3000))
}
