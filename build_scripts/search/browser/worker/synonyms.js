// What the glossary says for a word.

class Synonyms {
  /** @param groups words that mean the same, words related to the first of them, and the folder of what they name */
  constructor(groups) {
    this.same = new Map()
    this.related = new Map()
    this.folders = new Map()
    for (const [same, related, folder] of groups) {
      const words = same.map(folding)
      if (folder) for (const word of words) this.folders.set(word, folder)
      for (const word of words) addAll(this.same, word, words)
      addAll(this.related, words[0], related.map(folding))
    }
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
