// Hits as Material's result list takes them: sections under their page, matched words marked; weights: weights.js.

const MOST_HITS = 60
/** How many equal sections of a page are shown at once; the others are folded away. */
const SHOWN = 3
/** How many characters of a section are shown, and how many before the first match of a line. */
const TEASER = { length: 110, before: 24 }

/** What Material's list shows for the hits. */
function resultsOf(corpus, hits) {
  const groups = new Map()
  for (const hit of ranked(corpus, hits).slice(0, MOST_HITS)) {
    const { page } = corpus.sections[hit.section]
    if (!groups.has(page)) groups.set(page, [])
    groups.get(page).push(hit)
  }
  return { items: Array.from(groups, ([page, members]) => groupOf(corpus, page, members)) }
}

/** The best hits first; among about equal ones the likelier kind of page, then the order of the site. */
function ranked(corpus, hits) {
  return Array.from(hits, ([section, { cost, spans }]) => {
    const [, kind] = corpus.pages[corpus.sections[section].page]
    return { section, cost, spans, order: [Math.floor(cost), kind, cost, section] }
  }).sort((one, other) => compared(one.order, other.order))
}

function compared(one, other) {
  const at = one.findIndex((value, place) => value !== other[place])
  return at < 0 ? 0 : one[at] - other[at]
}

/**
 * The hits of one page; Material wants the page itself among them. Enter opens the first of those that score most,
 * the page before its sections; and of a page's sections those that score less than its first hit are folded away.
 */
function groupOf(corpus, page, members) {
  const [address] = corpus.pages[page]
  const items = members.map((hit, at) => {
    const later = at >= SHOWN || (at && !corpus.sections[hit.section].anchor)
    return itemOf(corpus, hit, 100 - Math.floor(hit.cost) - (later ? 0.01 : 0))
  })
  if (!items.some(item => item.location === address)) {
    const { title } = corpus.sections.find(section => section.page === page)
    items.push({ location: address, title: marked(corpus.text, ...title, []), text: "", score: 0, terms: {} })
  }
  return items
}

function itemOf(corpus, { section, spans }, score) {
  const { page, anchor, title, begin, end } = corpus.sections[section]
  const places = merged(spans.map(([from, to]) => [corpus.places[from], corpus.places[to - 1] + 1]))
  const [address] = corpus.pages[page]
  return {
    location: anchor ? `${address}#${anchor}` : address,
    title: marked(corpus.text, ...title, places),
    text: teaser(corpus.text, begin, end, places),
    score,
    terms: termsOf(corpus.text, places)
  }
}

/** Spans in order, those that touch joined. */
function merged(spans) {
  const ordered = spans.sort(([one], [other]) => one - other)
  const joined = []
  for (const [from, to] of ordered) {
    const last = joined[joined.length - 1]
    if (last && from <= last[1]) last[1] = Math.max(last[1], to)
    else joined.push([from, to])
  }
  return joined
}

/** The words as they stand in the text; Material marks them on the page that is opened. */
function termsOf(text, places) {
  const terms = {}
  for (const [from, to] of places.slice(0, 8)) terms[text.slice(from, to)] = true
  return terms
}

/** The lines of the section that hold a match, as far as there is room; without a match, its first line. */
function teaser(text, begin, end, places) {
  const lines = linesOf(text, begin, end)
  const matching = lines.filter(([from, to]) => places.some(([start]) => start >= from && start < to))
  const parts = []
  let room = TEASER.length
  for (const [from, to] of matching.length ? matching : lines.slice(0, 1)) {
    if (room < TEASER.before) break
    parts.push(excerpt(text, from, to, places, room))
    room -= to - from
  }
  return parts.join("　")
}

function linesOf(text, begin, end) {
  const lines = []
  for (let from = begin; from < end; from = lines[lines.length - 1][1] + 1)
    lines.push([from, text.indexOf("\n", from)])
  return lines
}

/** A line, cut so that its first match is seen. */
function excerpt(text, begin, end, places, room) {
  const [first] = places.find(([start]) => start >= begin && start < end) || [begin]
  const from = first - begin > TEASER.before && end - begin > room ? first - TEASER.before : begin
  const to = Math.min(end, from + room)
  return (from > begin ? "…" : "") + marked(text, from, to, places) + (to < end ? "…" : "")
}

/** A stretch of text as HTML, the matched words in it marked. */
function marked(text, from, to, places) {
  let html = ""
  let at = from
  for (const [start, stop] of places) {
    if (stop <= from || start >= to) continue
    const [begin, end] = [Math.max(start, at), Math.min(stop, to)]
    html += `${escaped(text.slice(at, begin))}<mark data-md-highlight>${escaped(text.slice(begin, end))}</mark>`
    at = end
  }
  return html + escaped(text.slice(at, to))
}

function escaped(text) {
  return text.replace(/[&<>"]/g, character => `&#${character.charCodeAt(0)};`).replace(/\n/g, " ")
}
