// Opens the blank forms and the outbox where there is no network, from the copies that a page has kept (offline_pages.js).
// The network comes first: a copy answers only where nothing else does. Nothing is kept here that a form's page holds not.
"use strict";

const PATIENCE = 10000;
const UNSERVED = new Set([502, 503, 504]); // the front, or the server itself, cannot answer now

self.addEventListener("install", (event) => event.waitUntil(self.skipWaiting()));
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  const { origin, pathname } = new URL(url);
  if (method !== "GET" || origin !== self.location.origin || pathname.startsWith("/handbook/")) return;
  if (mode === "navigate") event.respondWith(page(event.request, pathname));
  else if (pathname.startsWith("/static/")) event.respondWith(asset(event.request));
});

const pages = async () => {
  const name = (await caches.keys()).find((each) => each.startsWith("pages-"));
  return name && caches.open(name);
};

async function page(request, pathname) {
  const kept = await pages();
  const exact = kept && (await kept.match(pathname));
  const network = fetch(request);
  const late = () => new Promise((_, failed) => setTimeout(failed, PATIENCE, new Error("late")));
  try {
    const answer = await (exact ? Promise.race([network, late()]) : network);
    if (exact && UNSERVED.has(answer.status)) throw new Error(String(answer.status));
    return answer;
  } catch (error) {
    const copy = exact || (kept && (await kept.match("/outbox/")));
    if (!copy) throw error;
    const text = (await copy.text()).replace("<html ", `<html data-copy${exact ? "" : "=elsewhere"} `);
    return new Response(text, { headers: copy.headers });
  }
}

async function asset(request) {
  const kept = await pages();
  return (kept && (await kept.match(request))) || fetch(request);
}
