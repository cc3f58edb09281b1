// Keeps what is needed first of the handbook, the rest as it is visited or asked for, and answers from what is kept.
// FILES, each address with a digest of its content, LATER and FIGURES, beginnings of addresses, and MEGABYTES of all are
// written above at build time: when the handbook changes, so does this script, and browsers renew it.

const CACHE = "handbook"
const AT_ONCE = 6
const PATIENCE = 8000

/** The address that a version of a file is kept under: what did not change is not fetched again. */
const keyOf = (address, digest) => new URL(`${encodeURI(address)}?${digest}`, self.registration.scope).href
const isLater = address => LATER.some(beginning => address.startsWith(beginning))
const isFigures = address => FIGURES.some(beginning => address.startsWith(beginning))

self.addEventListener("install", event => event.waitUntil(keep(false).then(() => self.skipWaiting())))
self.addEventListener("activate", event => event.waitUntil(dropOthers().then(() => self.clients.claim())))

self.addEventListener("fetch", event => {
  const { method, url } = event.request
  const address = addressOf(url)
  if (method === "GET" && address in FILES) event.respondWith(answer(event.request, address))
})

/** A page asks what is kept, or for all to be kept. */
self.addEventListener("message", event => {
  const tell = async () => event.source.postMessage({ ...(await standing()), megabytes: MEGABYTES })
  const told = event.data === "keep-all" ? keep(true).then(tell, tell) : tell()
  event.waitUntil(told)
})

async function standing() {
  const kept = await keptKeys()
  const entries = Object.entries(FILES)
  return { kept: entries.filter(entry => kept.has(keyOf(...entry))).length, all: entries.length }
}

async function keptKeys() {
  const cache = await caches.open(CACHE)
  return new Set((await cache.keys()).map(({ url }) => url))
}

/** Fetches what is not kept yet: what is needed first, what was kept in another version, or all. If the network fails,
    the next visit goes on from there. */
async function keep(all) {
  const cache = await caches.open(CACHE)
  const kept = await keptKeys()
  const before = new Set([...kept].map(url => addressOf(url)))
  const wanted = Object.entries(FILES).filter(
    ([address, digest]) => !kept.has(keyOf(address, digest)) && (all || before.has(address) || !isLater(address)),
  )
  const work = async () => {
    for (let next = wanted.pop(); next; next = wanted.pop()) await fetchAndKeep(cache, ...next)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
}

async function fetchAndKeep(cache, address, digest) {
  const response = await fetch(new URL(encodeURI(address), self.registration.scope), { cache: "no-cache" })
  if (!response.ok) throw new Error(`${address}: ${response.status}`)
  await cache.put(keyOf(address, digest), response)
}

async function dropOthers() {
  const cache = await caches.open(CACHE)
  const wanted = new Set(Object.entries(FILES).map(entry => keyOf(...entry)))
  for (const request of await cache.keys()) if (!wanted.has(request.url)) await cache.delete(request)
}

/** What is kept, whatever stands after the question mark; figures only where the network does not answer. */
async function answer(request, address) {
  const cache = await caches.open(CACHE)
  const key = keyOf(address, FILES[address])
  const kept = await cache.match(key)
  if (kept && !isFigures(address)) return kept
  try {
    // Past the browser's own cache, which may take an old file for fresh, for hours.
    const network = fetch(request, { cache: "no-cache" })
    const response = await (kept ? Promise.race([network, late()]) : network)
    if (response.ok && response.status === 200 && !response.redirected) await cache.put(key, response.clone()).catch(() => {})
    return response
  } catch (error) {
    if (kept) return kept
    if (request.mode === "navigate") return notKept()
    throw error
  }
}

const late = () => new Promise((_, failed) => setTimeout(failed, PATIENCE, new Error("late")))

const notKept = () =>
  new Response(
    `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
      `<title>没有网络</title><h1>没有网络，这一页还没有存到这台设备</h1>` +
      `<p>连上网以后打开一次就存下了；在手册首页点“整本存到这台设备”，可以一次存全。</p>` +
      `<p><a href="${self.registration.scope}index.html">回手册首页</a></p></html>`,
    { status: 503, headers: { "Content-Type": "text/html; charset=utf-8" } },
  )

/** The file that an address below the site's root means; a folder means its index page. */
function addressOf(url) {
  const path = url.split(/[?#]/)[0]
  if (!path.startsWith(self.registration.scope)) return ""
  const address = decodeURI(path.slice(self.registration.scope.length))
  return address === "" || address.endsWith("/") ? `${address}index.html` : address
}
