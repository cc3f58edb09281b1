// From a word to sections: each way of matching costs more than the one before it.

/** How many characters may stand between two halves of a word. */
const WIDEST_GAP = 3

/** The least share of a word's pairs, by weight, that a section must hold; of half a sentence, a smaller one. */
const leastShare = pairs => (pairs < 5 ? 0.34 : 0.2)

/** Words of a question that say nothing of its subject. */
const EMPTY_WORDS = /怎么办|怎么样|怎么|怎样|如何|什么|多少|哪些|哪里|哪个|能不能|可不可以|有没有|是不是|是否|[的了吗呢吧啊]/

/** Sections that were hit: section number to its cost and the places of the words, in kept characters. */
class Hits extends Map {
  constructor(corpus) {
    super()
    this.corpus = corpus
  }

  add(start, end, cost) {
    const part = this.corpus.partAt(start)
    const section = Math.floor(part / PARTS)
    this.note(section, [[start, end]], cost, cost + this.corpus.costs[part])
  }

  /** Keeps the least cost, and of the spans those that were found in the best way. */
  note(section, spans, way, cost) {
    const hit = this.get(section)
    if (!hit) this.set(section, { cost, way, spans })
    else {
      hit.cost = Math.min(hit.cost, cost)
      if (way < hit.way) [hit.way, hit.spans] = [way, spans]
      else if (way === hit.way) hit.spans.push(...spans)
    }
  }
}

class Finder {
  constructor(corpus) {
    this.corpus = corpus
    this.pairs = corpus.pairs
    this.synonyms = new Synonyms(corpus.synonyms)
    this.pinyin = new Pinyin(corpus)
  }

  /** Hits of everything that was typed: as one word if it is found so, otherwise of all words together. */
  find(query) {
    const words = wordsOf(query.slice(0, 100))
    if (!words.length) return new Hits(this.corpus)
    const telling = tellingWords(words)
    for (const asked of new Set([words.join(""), telling.join("")])) {
      const exact = this.exactly(asked)
      if (exact.size) return exact
    }
    return telling.length === 1 ? this.word(telling[0]) : this.together(telling.map(word => this.word(word)))
  }

  word(word) {
    const hits = this.exactly(word)
    return hits.size ? hits : this.roughly(word)
  }

  /** Literally, written otherwise, in other words; by sound if there is none of these. */
  exactly(word) {
    const hits = new Hits(this.corpus)
    this.literally(word, MATCH_COSTS.literal, hits)
    for (const variant of word.length > 1 ? variantsOf(word) : []) this.literally(variant, MATCH_COSTS.variant, hits)
    for (const other of this.synonyms.sameAs(word)) this.literally(other, MATCH_COSTS.same, hits)
    for (const other of this.synonyms.relatedTo(word)) this.literally(other, MATCH_COSTS.related, hits)
    if (!hits.size)
      this.pinyin.find(word, (start, end, loose) => hits.add(start, end, MATCH_COSTS.pinyin + 2 * loose))
    return hits
  }

  literally(word, cost, hits) {
    this.pairs.find(word, start => hits.add(start, start + word.length, cost))
  }

  /** With a few characters too many or too few; by pairs of characters if there is none of these. */
  roughly(word) {
    const hits = new Hits(this.corpus)
    this.withGap(word, hits)
    this.withoutSome(word, hits)
    if (!hits.size) this.byPairs(word, hits)
    return hits
  }

  /** The text has a few characters more: 公益岗位 in 公益性岗位. */
  withGap(word, hits) {
    for (let cut = 1; cut < word.length; cut++) {
      const [left, right] = [word.slice(0, cut), word.slice(cut)]
      if (Math.max(left.length, right.length) < 2) continue
      if (left.length >= right.length)
        this.pairs.find(left, start => this.afterGap(start, start + cut, right, hits))
      else this.pairs.find(right, start => this.beforeGap(start, start + right.length, left, hits))
    }
  }

  afterGap(start, end, right, hits) {
    for (let gap = 1; gap <= WIDEST_GAP && this.corpus.codes[end + gap - 1] !== STOP; gap++)
      if (this.pairs.matches(codesOf(right), end + gap))
        return hits.add(start, end + gap + right.length, MATCH_COSTS.dropped + gap)
  }

  beforeGap(start, end, left, hits) {
    for (let gap = 1; gap <= WIDEST_GAP && this.corpus.codes[start - gap] !== STOP; gap++)
      if (this.pairs.matches(codesOf(left), start - gap - left.length))
        return hits.add(start - gap - left.length, end, MATCH_COSTS.dropped + gap)
  }

  /** The word has a few characters more: 应纳未纳尽纳 for 应纳尽纳. */
  withoutSome(word, hits) {
    for (let size = 1; size <= word.length / 3 && word.length > 3; size++)
      for (let from = 0; from + size <= word.length; from++)
        this.literally(word.slice(0, from) + word.slice(from + size), MATCH_COSTS.dropped + size, hits)
  }

  /** By the share of the word's pairs of characters: rare ones weigh more, and those found nowhere half. */
  byPairs(word, hits) {
    const weights = []
    const found = new Map()
    for (const [at, pair] of pairsOf(word).entries()) {
      let count = 0
      this.pairs.each(pair.charCodeAt(0), pair.charCodeAt(1), start => {
        count++
        this.notePair(found, start, at)
      })
      weights.push(Math.log(1 + this.corpus.codes.length / (count + 1)) / (count ? 1 : 2))
    }
    const sum = all => all.reduce((total, weight) => total + weight, 0)
    for (const [section, { spans, pairs, part }] of found) {
      const share = sum(Array.from(pairs, at => weights[at])) / sum(weights)
      const cost = MATCH_COSTS.pairs + 2 * Math.round(5 * (1 - share)) + part
      if (share >= leastShare(weights.length)) hits.note(section, spans, MATCH_COSTS.pairs, cost)
    }
  }

  notePair(found, start, pair) {
    const part = this.corpus.partAt(start)
    const section = Math.floor(part / PARTS)
    if (!found.has(section)) found.set(section, { spans: [], pairs: new Set(), part: Infinity })
    const hit = found.get(section)
    hit.spans.push([start, start + 2])
    hit.pairs.add(pair)
    hit.part = Math.min(hit.part, this.corpus.costs[part])
  }

  /** The sections with most of the words: with all of them, if there is any such. */
  together(all) {
    const joint = new Hits(this.corpus)
    const sections = new Set([].concat(...all.map(hits => [...hits.keys()])))
    const foundIn = section => all.filter(hits => hits.has(section)).map(hits => hits.get(section))
    const most = Math.max(0, ...Array.from(sections, section => foundIn(section).length))
    for (const section of sections) {
      const found = foundIn(section)
      if (found.length < most) continue
      const cost = found.reduce((sum, hit) => sum + hit.cost, MATCH_COSTS.missing * (all.length - most))
      joint.note(section, [].concat(...found.map(hit => hit.spans)), 0, cost)
    }
    return joint
  }
}

function codesOf(word) {
  return Array.from(word, letter => letter.charCodeAt(0))
}

/** A question without the words that say nothing of its subject: 汇总表 of 汇总表怎么填; as it was if no word is left. */
function tellingWords(words) {
  const telling = words.flatMap(word => word.split(EMPTY_WORDS)).filter(word => word.length > 1)
  return telling.length ? telling : words
}

/** The pairs of neighbours in a word of three characters or more; parts of numbers and empty words are none. */
function pairsOf(word) {
  const pairs = new Set()
  if (word.length < 3) return []
  for (const part of word.split(EMPTY_WORDS))
    for (let at = 0; at + 1 < part.length; at++)
      if (!/[0-9]/.test(part.slice(at, at + 2))) pairs.add(part.slice(at, at + 2))
  return [...pairs]
}
