// From a word to sections: each way of matching costs more than the one before it.

/** How many characters may stand between two halves of a word. */
const WIDEST_GAP = 3

/** The least share of the pairs, by weight, that a section must hold; the next if none does. */
const LEAST_SHARES = [0.34, 0.2]

/** A saying of readers that is no longer than this is a word, for whose misspellings the right one is known. */
const LONGEST_WORD = 6

/** From which likeness on a saying is meant, whatever the question asks for; what one costs that is elsewhere. */
const LIKE_ENOUGH = 0.9
const SAID_BESIDE = 24

/** How many other ways to say a query are looked for by pairs. */
const MOST_VARIANTS = 12

/** In how many items a known word, or another one for it, stands to be a topic of its own; how much they may cost. */
const LEAST_NAMING = 3
const NAMING_RANGE = 6

/** How much a cost rises from a section that holds every pair to one that holds none. */
const PAIRS_RANGE = 24

/** Sections that were hit: section number to its cost and the places of the words, in kept characters. */
class Hits extends Map {
  constructor(corpus) {
    super()
    this.corpus = corpus
  }

  add(start, end, cost) {
    const part = this.corpus.partAt(start)
    const section = Math.floor(part / PARTS)
    this.note(section, [[start, end]], cost, cost + this.placeCost(part, start, end))
  }

  /** What the place of a hit costs: its part, and how much of the clause or the text it is. */
  placeCost(part, start, end) {
    const { costs, starts } = this.corpus
    if (part % PARTS > 1) return costs[part] - (this.corpus.isBlock(start, end) ? WHOLE_BONUS : 0)
    const times = (starts[part + 1] - starts[part]) / Math.max(4, end - start)
    const [, passing] = IN_PASSING.find(([least]) => times > least) || [0, 0]
    return costs[part] + passing
  }

  /** Keeps the least cost, and of the spans those that were found in the best way. */
  note(section, spans, way, placed) {
    const cost = placed + (this.corpus.broad.has(section) ? BROAD_COST : 0)
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
    this.held = new Map()
    const sayings = [...corpus.sayings()]
    const short = sayings.map(([, saying]) => saying).filter(({ length }) => length <= LONGEST_WORD)
    const vocabulary = [...this.synonyms.vocabulary(), ...short]
    this.corrections = new Corrections(vocabulary, this.pinyin, this.pairs)
    this.sayings = new Sayings(corpus, this.synonyms)
  }

  /** Hits of everything that was typed, those of the kind that a question asks for first. */
  find(typed) {
    this.corrections.begin()
    this.held.clear()
    const words = wordsOf(typed.slice(0, 100))
    const hits = words.length ? this.found(words) : new Hits(this.corpus)
    this.preferItems(words, hits)
    this.preferAsked(words, hits)
    this.preferTopic(words.join(""), hits)
    return hits
  }

  /** Adds what readers say for, and puts first what answers the question: of a unit that is named, its own pages. */
  preferAsked(words, hits) {
    const query = words.join("")
    const named = this.synonyms.foldersOf(tellingWords(words).join(""))
    const folders = named.length ? named : askedFolders(query)
    const answers = section => folders.includes("answers") && this.corpus.isAnswer(section) &&
      this.corpus.headingOf(section).includes("谁") === query.includes("谁")
    const asked = section => folders.includes(this.corpus.folderOf(section)) || answers(section)
    for (const [section, like] of this.sayings.likeThese(words, this.putRight(words))) {
      const beside = folders.length && !asked(section) && like < LIKE_ENOUGH ? SAID_BESIDE : 0
      hits.note(section, [], Infinity, MATCH_COSTS.said + SAID_RANGE * (1 - like) + beside)
    }
    for (const [section, hit] of hits)
      if (asked(section)) hit.cost -= ASKED_BONUS + (answers(section) ? ANSWER_BONUS : 0)
  }

  /** A bare word that many items name is a topic: what has it, or another name of it, as its title comes first. */
  preferTopic(query, hits) {
    const meant = [query, ...(hits.size ? this.corrections.of(query) : [])].filter(word => this.synonyms.knows(word))
    if (!meant.length) return
    const least = Math.min(...Array.from(hits.values(), hit => hit.cost))
    const naming = section => hits.get(section).cost < least + NAMING_RANGE && this.corpus.folderOf(section) === "areas"
    if ([...hits.keys()].filter(naming).length < LEAST_NAMING) return
    const names = new Set(meant.flatMap(word => [word, ...this.synonyms.sameAs(word)]))
    for (const [section, hit] of hits) if (names.has(this.corpus.headingOf(section))) hit.cost -= TOPIC_BONUS
  }

  /** Where only clauses that sum up others hold the words, those others come first if they hold most of them. */
  preferItems(words, hits) {
    const isBroad = section => this.corpus.broad.has(section)
    if (!hits.size || ![...hits.keys()].every(isBroad)) return
    const least = Math.min(...Array.from(hits.values(), hit => hit.cost))
    const pages = new Set([...hits.keys()].map(section => this.corpus.sections[section].page))
    for (const [section, hit] of this.byPairs(tellingWords(words)))
      if (!isBroad(section) && pages.has(this.corpus.sections[section].page))
        hits.note(section, hit.spans, MATCH_COSTS.pairs, least - 2 + (hit.cost - MATCH_COSTS.pairs) / 4)
  }

  /** With its wrong characters put right, what was typed if the text does not hold it as it is. */
  putRight(words) {
    const whole = words.join("")
    return this.exactly(whole).size ? [] : this.corrections.of(whole)
  }

  /** What might have been meant by a query that finds nothing. */
  suggestions(query) {
    return this.corrections.near(tellingWords(wordsOf(query.slice(0, 100))).join(""))
  }

  /** As one word if it is found so, otherwise all words together, corrected, or roughly. */
  found(words) {
    const telling = tellingWords(words)
    const wholes = new Set([words.join(""), telling.join("")])
    const ways = [
      () => firstHits(wholes, whole => this.exactly(whole)),
      () => this.together(telling.map(word => this.exactly(word))),
      () => firstHits(wholes, whole => this.bySound(whole)),
      () => firstHits(wholes, whole => this.corrected(whole)),
      () => (telling.length > 1 ? this.byPairs(telling) : this.roughly(telling[0]))
    ]
    return firstHits(ways, way => way()) || new Hits(this.corpus)
  }

  /** Literally, written otherwise, in other words. */
  exactly(word, cost = 0) {
    const hits = new Hits(this.corpus)
    this.literally(word, cost + MATCH_COSTS.literal, hits)
    for (const variant of word.length > 1 ? variantsOf(word) : [])
      this.literally(variant, cost + MATCH_COSTS.variant, hits)
    for (const other of this.synonyms.sameAs(word)) this.literally(other, cost + MATCH_COSTS.same, hits)
    for (const other of this.synonyms.relatedTo(word)) this.literally(other, cost + MATCH_COSTS.related, hits)
    return hits
  }

  /** Of letters: the Chinese that is read so. */
  bySound(word) {
    const hits = new Hits(this.corpus)
    this.pinyin.find(word, (start, end, loose) => hits.add(start, end, MATCH_COSTS.pinyin + 2 * loose))
    return hits
  }

  /** With a wrong character put right. */
  corrected(word) {
    return firstHits(this.corrections.of(word), right => this.exactly(right, MATCH_COSTS.corrected))
  }

  literally(word, cost, hits) {
    this.pairs.find(word, start => hits.add(start, start + word.length, cost))
  }

  /** With a few characters too many or too few; by pairs of characters if there is none of these. */
  roughly(word) {
    const hits = new Hits(this.corpus)
    this.withGap(word, hits)
    this.withoutSome(word, hits)
    return hits.size ? hits : this.byPairs([word])
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

  /** By the share of the words' pairs of characters, rare ones weighing more; also in other words for them. */
  byPairs(words) {
    const hits = new Hits(this.corpus)
    if (words.join("").length < 3) return hits
    for (const least of LEAST_SHARES) if (!hits.size) this.byShare(words, least, hits)
    return hits
  }

  /** The word in other words, with a wrong character put right, or both. */
  otherwise(word) {
    const right = this.corrections.of(word)
    const others = [word, ...right].flatMap(each => this.synonyms.sameAs(each))
    return [...new Set([...right, ...others])].slice(0, MOST_VARIANTS)
  }

  byShare(words, least, hits) {
    for (const [at, word] of words.entries())
      for (const other of this.otherwise(word))
        this.notePairs(pairsOf([...words.slice(0, at), other, ...words.slice(at + 1)]), least, 1, hits)
    this.notePairs(pairsOf(words), least, 0, hits)
  }

  notePairs(pairs, least, cost, hits) {
    const found = new Map()
    const weights = pairs.map(pair => {
      const sections = this.sectionsWith(pair)
      for (const [section, hit] of sections) {
        if (!found.has(section)) found.set(section, [])
        found.get(section).push([pair, hit])
      }
      return [pair, Math.log(1 + this.corpus.sections.length / (sections.size + 1)) / (sections.size ? 1 : 2)]
    })
    const weightOf = new Map(weights)
    const total = weights.reduce((sum, [, weight]) => sum + weight, 0)
    for (const [section, held] of found) {
      const share = held.reduce((sum, [pair, { part }]) => sum + weightOf.get(pair) * PLACE_SHARES[part], 0) / total
      if (share < least) continue
      const spans = [].concat(...held.map(([, hit]) => hit.spans))
      const lacking = 1 - share * this.brevity(section)
      hits.note(section, spans, MATCH_COSTS.pairs, MATCH_COSTS.pairs + cost + PAIRS_RANGE * lacking)
    }
  }

  /** The sections that hold a pair: where it stands, and the best part of them; sought once a query. */
  sectionsWith(pair) {
    if (!this.held.has(pair)) this.held.set(pair, this.holding(pair))
    return this.held.get(pair)
  }

  holding(pair) {
    const sections = new Map()
    this.pairs.find(pair, start => {
      const at = this.corpus.partAt(start)
      const [section, part] = [Math.floor(at / PARTS), at % PARTS]
      if (!sections.has(section)) sections.set(section, { spans: [], part })
      const hit = sections.get(section)
      hit.spans.push([start, start + pair.length])
      if (PLACE_SHARES[part] > PLACE_SHARES[hit.part]) hit.part = part
    })
    return sections
  }

  /** Long sections hold many pairs by chance. */
  brevity(section) {
    const { starts } = this.corpus
    const length = starts[(section + 1) * PARTS] - starts[section * PARTS]
    return 1 / (0.9 + 0.1 * Math.min(4, length / 200))
  }

  /** The sections with all of the words. */
  together(all) {
    const joint = new Hits(this.corpus)
    const [first, ...others] = all
    for (const [section, hit] of first || []) {
      const found = [hit, ...others.filter(hits => hits.has(section)).map(hits => hits.get(section))]
      if (found.length < all.length) continue
      const cost = found.reduce((sum, each) => sum + each.cost, 0)
      joint.set(section, { cost, way: 0, spans: [].concat(...found.map(each => each.spans)) })
    }
    return joint
  }
}

/** The hits of the first candidate that has any; an empty one if none has. */
function firstHits(candidates, search) {
  let hits = null
  for (const candidate of candidates) {
    hits = search(candidate)
    if (hits && hits.size) return hits
  }
  return hits
}

function codesOf(word) {
  return Array.from(word, letter => letter.charCodeAt(0))
}

/** The pairs of neighbours in words; a number stays whole. */
function pairsOf(words) {
  const pairs = new Set()
  for (const word of words)
    for (const part of word.match(/[0-9]+%?|[^0-9]+/g) || []) {
      const size = /[0-9]/.test(part) ? Math.max(part.length, 2) : 2
      for (let at = 0; at + size <= part.length; at++) pairs.add(part.slice(at, at + size))
    }
  return [...pairs]
}
