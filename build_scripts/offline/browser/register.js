// Lets the browser keep the handbook for when there is no network. Browsers offer this over https and on the machine
// itself; elsewhere, and in a folder, there is nothing to do.
if (navigator.serviceWorker && location.protocol !== "file:") {
  const address = new URL("../service-worker.js", document.currentScript.src)
  window.addEventListener("load", () => navigator.serviceWorker.register(address))
}
