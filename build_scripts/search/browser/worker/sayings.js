// What readers say for a section, compared with what was typed.

/** How alike a saying and what was typed (or other words for it) must be, and how many pairs they must share. */
const LEAST_SAID = 0.6
const LEAST_SAID_OTHERWISE = 0.8
const LEAST_SHARED = 3

/** From how many pairs and which likeness on a saying that stands wholly in what was typed is meant; how alike it counts. */
const LEAST_WITHIN = 4
const LEAST_LIKE_WITHIN = 0.5
const LIKE_WITHIN = 0.75

class Sayings {
  constructor(corpus, synonyms) {
    this.corpus = corpus
    this.synonyms = synonyms
    this.weights = new Map()
    this.weighted = [...corpus.sayings()].map(([section, saying]) => [section, this.weighed([saying])])
  }

  /** Section to how alike what was typed and what readers say for it are, with and without question words. */
  likeThese(words, putRight) {
    const likeness = new Map()
    const note = (typed, least) => {
      for (const [section, saying] of this.weighted) {
        const like = likenessOf(saying, typed)
        if (like >= least) likeness.set(section, Math.max(like, likeness.get(section) || 0))
      }
    }
    note(this.weighed([words.join("")]), LEAST_SAID)
    note(this.weighed(tellingWords(words)), LEAST_SAID)
    for (const right of putRight) note(this.weighed([right]), LEAST_SAID_OTHERWISE)
    return likeness
  }

  /** The pairs of words, each with how much it tells; words that mean the same are one. */
  weighed(words) {
    const pairs = pairsOf(words.map(word => this.synonyms.plain(word)))
    return new Map(pairs.map(pair => [pair, this.weightOf(pair)]))
  }

  /** How much a pair tells: the more, the rarer it is in the text. */
  weightOf(pair) {
    if (!this.weights.has(pair)) {
      const count = this.corpus.pairs.count(pair.charCodeAt(0), pair.charCodeAt(1), this.corpus.sections.length)
      this.weights.set(pair, Math.log(2 + this.corpus.sections.length / (count + 1)))
    }
    return this.weights.get(pair)
  }
}

/** How alike a saying is to what was typed (Dice coefficient of the weights); 0 if they share too few pairs. */
function likenessOf(saying, typed) {
  const shared = [...saying.keys()].filter(pair => typed.has(pair))
  if (shared.length < Math.min(saying.size, LEAST_SHARED)) return 0
  const like = (2 * sumOf(shared.map(pair => saying.get(pair)))) / (sumOf(saying.values()) + sumOf(typed.values()))
  const within = shared.length === saying.size && shared.length >= LEAST_WITHIN && like >= LEAST_LIKE_WITHIN
  return within ? Math.max(like, LIKE_WITHIN) : like
}

function sumOf(weights) {
  let sum = 0
  for (const weight of weights) sum += weight
  return sum
}
