// Lets the browser keep the handbook for when there is no network. Browsers offer this over https and on the machine
// itself; elsewhere, and in a folder, there is nothing to do. It fetches the whole handbook: on a slow phone the page
// that was asked for comes first.
if (navigator.serviceWorker && location.protocol !== "file:") {
  const address = new URL("../service-worker.js", document.currentScript.src)
  const keep = () => navigator.serviceWorker.register(address)
  window.addEventListener("load", () => setTimeout(keep, 3000))
}
