// The index as it arrives, laid out for searching.

/** A section is its heading, the clause that it is about (if any), its text, and what readers say for it. */
const PARTS = 4

/** Clauses that occur again are written once, and by a code of this range where they stand. */
const FIRST_CODE = 0xe000
const CODES = /[\ue000-\uf8ff]/g

/** How many buckets the pairs of characters are spread over. */
const BUCKETS = 1 << 16

class Corpus {
  constructor({ pages, sections, broad, corpus, clauses, readings, synonyms }) {
    this.pages = pages
    this.text = corpus.replace(CODES, code => clauses[code.charCodeAt(0) - FIRST_CODE] || code)
    this.broad = new Set(broad)
    this.readings = readings
    this.synonyms = synonyms
    this.layOut([].concat(...sections.map((rows, page) => rows.map(row => [page, ...row]))))
    this.pairs = new Pairs(this.codes)
  }

  /** Folds the text; notes where each kept character stands in it, and where each part of each section begins. */
  layOut(sections) {
    const { text } = this
    this.codes = new Uint16Array(text.length)
    this.places = new Int32Array(text.length + 1)
    this.starts = new Int32Array(sections.length * PARTS + 1)
    this.sections = []
    this.costs = [] // what a hit in a part costs
    let kept = 0
    let place = 0
    let title = [0, 0]
    sections.forEach(([page, anchor, ...sizes], number) => {
      const begin = place
      const lengths = Array.from({ length: PARTS }, (_, part) => sizes[part] || 0)
      lengths.forEach((length, part) => {
        this.starts[number * PARTS + part] = kept
        for (const end = place + length; place < end; place++) {
          const code = FOLDED[text.charCodeAt(place)]
          if (code === IGNORED) continue
          this.places[kept] = place
          this.codes[kept++] = code
        }
      })
      if (lengths[0]) title = [begin, begin + lengths[0]]
      const beside = lengths[1] ? PLACE_COSTS.advice : PLACE_COSTS.text
      this.costs.push(PLACE_COSTS.heading, PLACE_COSTS.clause, beside, PLACE_COSTS.words)
      this.sections.push({ page, anchor, title, begin: begin + lengths[0], end: place - lengths[3] })
    })
    this.starts[this.starts.length - 1] = kept
    this.places[kept] = text.length
    this.codes = this.codes.subarray(0, kept)
  }

  /** Whether a line of the text is these kept characters and no others. */
  isBlock(start, end) {
    const [before, after] = [this.places[start - 1], this.places[end]]
    return this.text[before] === "\n" && this.text[after] === "\n"
  }

  /** What readers say for sections, folded: the number of the section and one of its sayings. */
  *sayings() {
    for (let part = PARTS - 1; part < this.starts.length - 1; part += PARTS) {
      const codes = this.codes.subarray(this.starts[part], this.starts[part + 1])
      for (const saying of String.fromCharCode(...codes).split(String.fromCharCode(STOP)))
        if (saying) yield [(part - PARTS + 1) / PARTS, saying]
    }
  }

  /** The folder of a section's page, or the name of a page at the root; empty for a folder's index, which only leads on. */
  folderOf(section) {
    const [address] = this.pages[this.sections[section].page]
    return address.endsWith("/index.html") ? "" : address.split(/[/.]/)[0]
  }

  /** Whether a section is the answer to a question that is asked often. */
  isAnswer(section) {
    return this.sections[section].anchor.startsWith("answer-")
  }

  /** A section's heading, folded; empty where it has none of its own. */
  headingOf(section) {
    const [start, end] = [this.starts[section * PARTS], this.starts[section * PARTS + 1]]
    return String.fromCharCode(...this.codes.subarray(start, end)).split(String.fromCharCode(STOP)).join("")
  }

  /** The number of the section part that holds a kept character. */
  partAt(at) {
    let low = 0
    let high = this.starts.length - 1
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if (this.starts[middle] <= at) low = middle
      else high = middle
    }
    return low
  }
}

/** How many places of a single character are enough. */
const MOST_SINGLES = 300

/** All pairs of neighbours in a row of codes: those in the same bucket are chained, the first place first. */
class Pairs {
  constructor(codes) {
    this.codes = codes
    this.counts = new Int32Array(BUCKETS)
    this.heads = new Int32Array(BUCKETS).fill(-1)
    this.next = new Int32Array(codes.length)
    for (let at = codes.length - 2; at >= 0; at--) {
      const bucket = Pairs.bucket(codes[at], codes[at + 1])
      this.counts[bucket]++
      this.next[at] = this.heads[bucket]
      this.heads[bucket] = at
    }
  }

  static bucket(first, second) {
    return (Math.imul(first, 40503) ^ Math.imul(second, 30011)) & (BUCKETS - 1)
  }

  /** Calls back with each place where this pair stands. */
  each(first, second, found) {
    for (let at = this.heads[Pairs.bucket(first, second)]; at >= 0; at = this.next[at])
      if (this.codes[at] === first && this.codes[at + 1] === second) found(at)
  }

  /** How many places this pair has, up to a limit. */
  count(first, second, most) {
    let count = 0
    for (let at = this.heads[Pairs.bucket(first, second)]; at >= 0 && count < most; at = this.next[at])
      if (this.codes[at] === first && this.codes[at + 1] === second) count++
    return count
  }

  /** Calls back with each place where the word stands, going through the rarest of its pairs. */
  find(word, found) {
    const codes = Array.from(word, letter => letter.charCodeAt(0))
    if (codes.length === 1) return this.scan(codes[0], found)
    const rarest = this.rarest(codes)
    this.each(codes[rarest], codes[rarest + 1], at => {
      const start = at - rarest
      if (start >= 0 && this.matches(codes, start)) found(start)
    })
  }

  rarest(codes) {
    let rarest = 0
    let least = Infinity
    for (let at = 0; at < codes.length - 1; at++) {
      const count = this.counts[Pairs.bucket(codes[at], codes[at + 1])]
      if (count < least) [rarest, least] = [at, count]
    }
    return rarest
  }

  /** Whether the codes stand here. A number is not found inside a longer one: 5天 is not 15天. */
  matches(codes, start) {
    for (let at = 0; at < codes.length; at++) if (this.codes[start + at] !== codes[at]) return false
    return !(start && insideNumber(this.codes[start - 1], codes[0]))
  }

  /** The same for a single character: the first places must do, there may be thousands. */
  scan(code, found) {
    let left = MOST_SINGLES
    for (let at = 0; at < this.codes.length && left; at++)
      if (this.codes[at] === code && this.matches([code], at)) {
        found(at)
        left--
      }
  }
}
