// Keeps the blank forms for when there is no network, of the account that is signed in and of no other; asks the browser
// to keep what it stores, and tells before the room for it runs out.
"use strict";

(() => {
  const { account } = outbox;
  const MARK = "/kept";
  const FRESH = 3600000;
  const LITTLE = 30000000; // a few photographs

  const others = async (own) => {
    for (const name of await caches.keys()) if (name.startsWith("pages-") && name !== own) await caches.delete(name);
  };

  const partsOf = (html) =>
    [...new DOMParser().parseFromString(html, "text/html").querySelectorAll("link[rel=stylesheet], script[src]")].map(
      (part) => part.getAttribute("href") || part.getAttribute("src"),
    );

  const keep = async () => {
    const name = `pages-${account}`;
    await others(name);
    // Another unit has other villages.
    const version = `${document.querySelector("script[src*='outbox.js']").src} ${document.documentElement.dataset.unit}`;
    const cache = await caches.open(name);
    const mark = await cache.match(MARK);
    const { at, of } = mark ? await mark.json() : {};
    if (of === version && Date.now() - at < FRESH) return;
    const who = await outbox.session();
    if (!who || who.account !== account) return;
    const parts = new Set();
    for (const address of who.pages) {
      const answer = await fetch(`${address}?copy=1`, { redirect: "error" });
      if (!answer.ok) return;
      const html = await answer.text();
      for (const part of partsOf(html)) parts.add(part);
      const headers = Object.create(null);
      for (const name of ["Content-Type", "Content-Security-Policy"]) headers[name] = answer.headers.get(name);
      await cache.put(address, new Response(html, { headers }));
    }
    for (const part of parts) if (!(await cache.match(part))) await cache.add(part);
    const wanted = new Set([...who.pages, ...parts, MARK].map((each) => new URL(each, location).href));
    for (const request of await cache.keys()) if (!wanted.has(request.url)) await cache.delete(request);
    await cache.put(MARK, new Response(JSON.stringify({ at: Date.now(), of: version })));
  };

  // Newer browsers say that there are 10 GB, whatever there is: there the reserve shows it.
  const room = async () => {
    const { usage = 0, quota = Infinity } = navigator.storage && navigator.storage.estimate ? await navigator.storage.estimate() : {};
    const left = quota - usage;
    const isTight = left <= LITTLE || !(await browserStore.reserve());
    for (const box of document.querySelectorAll("[data-room]")) {
      box.hidden = !isTight;
      const words = left <= LITTLE ? `，只剩 ${Math.floor(left / 1e6)} MB` : "";
      box.textContent = isTight ? `这台设备给浏览器的空间快满了${words}：请先把待发送的发送完，或者删掉一些不用的照片和应用。` : "";
    }
  };

  const begin = async () => {
    const look = () => room().catch(() => {}); // where nothing can be kept, the form says so
    if (account) for (const name of ["room", "outbox"]) document.addEventListener(name, look);
    if (account) await look();
    if (!window.isSecureContext || !navigator.serviceWorker || !window.caches) return;
    if (!account) {
      if (!("unidentified" in document.documentElement.dataset)) await others("");
      return;
    }
    await navigator.serviceWorker.register("/outbox/worker.js", { scope: "/" });
    await Promise.all([navigator.serviceWorker.ready, outbox.ready]);
    await keep();
  };

  // What stands on the page comes first.
  addEventListener("load", () => setTimeout(() => begin().catch(() => {}), 500));
})();
