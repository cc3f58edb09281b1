// Keeps every file of the handbook and answers from what is kept. FILES, each address with a digest of its
// content, is written above at build time: when the handbook changes, so does this script, and browsers renew it.

const CACHE = "handbook"
const AT_ONCE = 6

/** The address that a version of a file is kept under: what did not change is not fetched again. */
const keyOf = (address, digest) => new URL(`${encodeURI(address)}?${digest}`, self.registration.scope).href

self.addEventListener("install", event => event.waitUntil(keepAll().then(() => self.skipWaiting())))
self.addEventListener("activate", event => event.waitUntil(dropOthers().then(() => self.clients.claim())))

self.addEventListener("fetch", event => {
  const { method, url } = event.request
  const address = addressOf(url)
  if (method === "GET" && address in FILES) event.respondWith(answer(event.request, address))
})

/** Fetches what is not kept yet. If the network fails, the next visit goes on from there. */
async function keepAll() {
  const cache = await caches.open(CACHE)
  const kept = new Set((await cache.keys()).map(({ url }) => url))
  const wanted = Object.entries(FILES).filter(([address, digest]) => !kept.has(keyOf(address, digest)))
  const work = async () => {
    for (let next = wanted.pop(); next; next = wanted.pop()) await keep(cache, ...next)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
}

async function keep(cache, address, digest) {
  const response = await fetch(new URL(encodeURI(address), self.registration.scope), { cache: "no-cache" })
  if (!response.ok) throw new Error(`${address}: ${response.status}`)
  await cache.put(keyOf(address, digest), response)
}

async function dropOthers() {
  const cache = await caches.open(CACHE)
  const wanted = new Set(Object.entries(FILES).map(entry => keyOf(...entry)))
  for (const request of await cache.keys()) if (!wanted.has(request.url)) await cache.delete(request)
}

/** What is kept, whatever stands after the question mark; a browser may have thrown it away. */
async function answer(request, address) {
  const cache = await caches.open(CACHE)
  return (await cache.match(keyOf(address, FILES[address]))) || fetch(request)
}

/** The file that an address below the site's root means; a folder means its index page. */
function addressOf(url) {
  const path = url.split(/[?#]/)[0]
  if (!path.startsWith(self.registration.scope)) return ""
  const address = decodeURI(path.slice(self.registration.scope.length))
  return address === "" || address.endsWith("/") ? `${address}index.html` : address
}
