// What the glossary says for a word.

/** Longer words are not looked for in what was typed. */
const LONGEST_PLAIN = 12

/** Characters that say nothing of what is asked. */
const FILLERS = /[要能会得的了呢吗啊吧就都还]/

class Synonyms {
  /** @param groups by the folder of what they name: words that mean the same, and after > those related to the first */
  constructor(groups) {
    this.same = new Map()
    this.related = new Map()
    this.folders = new Map()
    this.plains = new Map()
    for (const [folder, group] of Object.entries(groups))
      for (const words of group) this.note(folder, ...words.split(">").map(list => list.split("|").map(folding)))
  }

  note(folder, words, related = []) {
    if (folder) for (const word of words) this.folders.set(word, folder)
    for (const word of words) addAll(this.same, word, words)
    addAll(this.related, words[0], related)
    if (!folder) this.notePlain(words)
  }

  /** Of words that mean the same, the shortest one of at least two characters stands for all. */
  notePlain(words) {
    const [plain] = words.filter(({ length }) => length > 1).sort((one, other) => one.length - other.length)
    for (const word of words) if (plain && !this.plains.has(word)) this.plains.set(word, plain)
  }

  /** A word with each known word in it, the longest first, replaced by the one that stands for it. */
  plain(word) {
    let plain = ""
    for (let at = 0; at < word.length; ) {
      let to = Math.min(word.length, at + LONGEST_PLAIN)
      while (to > at && !this.plains.has(word.slice(at, to))) to--
      plain += to > at ? this.plains.get(word.slice(at, to)) : word[at].replace(FILLERS, "")
      at = Math.max(to, at + 1)
    }
    return plain
  }

  /** The word with each known word in it replaced by each word that means the same. */
  sameAs(word) {
    const others = new Set()
    for (let from = 0; from < word.length; from++)
      for (let to = from + 2; to <= word.length; to++)
        for (const other of this.same.get(word.slice(from, to)) || [])
          others.add(word.slice(0, from) + other + word.slice(to))
    others.delete(word)
    return [...others]
  }

  /** The folder whose pages are about what a word names: a unit's or a village's. */
  foldersOf(word) {
    return this.folders.has(word) ? [this.folders.get(word)] : []
  }

  /** Every word that another one stands for, or that is named as such. */
  vocabulary() {
    return [...this.same.keys()]
  }

  /** Whether it is such a word. */
  knows(word) {
    return this.same.has(word)
  }

  relatedTo(word) {
    return this.related.get(word) || []
  }
}

function folding(word) {
  return wordsOf(word).join("")
}

function addAll(map, key, values) {
  const known = map.get(key) || []
  map.set(key, known.concat(values.filter(value => value && value !== key && !known.includes(value))))
}
