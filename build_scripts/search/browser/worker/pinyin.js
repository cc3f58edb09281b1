// Chinese found by its sound: whole syllables, initials, or a mixture, also with the last syllable unfinished.

class Pinyin {
  constructor({ codes, readings }) {
    this.codes = codes
    this.readings = new Map()
    this.usual = pairedParts(readings.usual, /([a-z]+)([^a-z]+)/g)
    this.syllables = new Set(Object.keys(this.usual))
    const also = pairedParts(readings.also, /([^a-z,])([a-z,]+)/gu)
    for (const [reading, characters] of Object.entries(this.usual))
      for (const character of characters)
        this.readings.set(character.charCodeAt(0), [reading].concat(also[character] ? also[character].split(",") : []))
    for (const others of Object.values(also)) for (const other of others.split(",")) this.syllables.add(other)
  }

  /** How a character is read; empty if it is not known. */
  soundsOf(letter) {
    return this.readings.get(letter.charCodeAt(0)) || []
  }

  /** The characters that are mostly read so. */
  readAs(sound) {
    return this.usual[sound] || ""
  }

  /** Pairs of initials, by the usual readings and by the others; built lazily on the first query in letters. */
  get initials() {
    if (!this.pairs)
      this.pairs = [false, true].map(otherwise => {
        const initials = this.initialOfCode(otherwise)
        return new Pairs(this.codes.map(code => initials[code]))
      })
    return this.pairs
  }

  /** Code of a character to its initial: of its usual reading, or of the first that begins otherwise, if any does. */
  initialOfCode(otherwise) {
    const initials = Uint16Array.from({ length: 65536 }, (_, code) => code)
    for (const [code, readings] of this.readings) {
      const [usual, ...others] = readings.map(reading => reading.charCodeAt(0))
      initials[code] = (otherwise && others.find(letter => letter !== usual)) || usual
    }
    return initials
  }

  initial(code) {
    return (this.readings.get(code) || [String.fromCharCode(code)])[0].charCodeAt(0)
  }

  /** Calls back with start, end and looseness (0 to 1), for each place that sounds like what was typed. */
  find(typed, found) {
    if (!/[a-z]/.test(typed)) return
    const first = this.initial(typed.charCodeAt(0))
    for (const second of new Set(this.secondInitials(typed)))
      for (const pairs of this.initials)
        pairs.each(first, second, start => {
          const match = this.match(start, typed, 0)
          if (match && match.end - start > 1) found(start, match.end, match.loose / (match.end - start))
        })
  }

  /** Which initials the second character may have. */
  *secondInitials(typed) {
    for (let to = 1; to < Math.min(typed.length, 7); to++) {
      const head = typed.slice(0, to)
      if (to === 1 || /^[zcs]h$/.test(head) || this.syllables.has(head)) yield this.initial(typed.charCodeAt(to))
    }
  }

  /** Where the typed letters from `from` on end if they begin at this place, and how many characters fit loosely. */
  match(at, typed, from) {
    if (from === typed.length) return { end: at, loose: 0 }
    const code = this.codes[at]
    if (at >= this.codes.length || code === STOP) return null
    if (typed.charCodeAt(from) === code) return this.match(at + 1, typed, from + 1)
    const readings = this.readings.get(code)
    return readings ? this.matchReadings(at, typed, from, readings) : null
  }

  matchReadings(at, typed, from, readings) {
    for (const [choice, reading] of readings.entries())
      for (const size of this.sizes(reading, typed.slice(from))) {
        const rest = this.match(at + 1, typed, from + size)
        const loose = choice || (size < reading.length && from + size < typed.length) ? 1 : 0
        if (rest) return { end: rest.end, loose: rest.loose + loose }
      }
    return null
  }

  /** How many of the letters may stand for this reading: all of it, its initial, or, at the end, a part of it. */
  sizes(reading, letters) {
    const sizes = []
    if (letters.startsWith(reading)) sizes.push(reading.length)
    else if (reading.startsWith(letters)) sizes.push(letters.length)
    if (reading[1] === "h" && letters.startsWith(reading.slice(0, 2))) sizes.push(2)
    if (letters[0] === reading[0]) sizes.push(1)
    return sizes
  }
}

/** Keys and values that follow each other in a text. */
function pairedParts(text, pattern) {
  const parts = {}
  text.replace(pattern, (_, key, value) => (parts[key] = value))
  return parts
}
