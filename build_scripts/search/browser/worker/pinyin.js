// Chinese found by its sound: whole syllables, initials, or a mixture, also with the last syllable unfinished.

class Pinyin {
  constructor({ codes, places, readings }) {
    this.codes = codes
    this.places = places
    this.usual = new Map()
    for (const [reading, characters] of Object.entries(readings.usual))
      for (const character of characters) this.usual.set(character.charCodeAt(0), reading)
    this.otherwise = new Map()
    for (const [reading, steps] of Object.entries(readings.otherwise))
      steps.reduce((before, step) => (this.otherwise.set(before + step, reading), before + step), 0)
    this.syllables = new Set([...Object.keys(readings.usual), ...Object.keys(readings.otherwise)])
  }

  /** The first letters of all readings; made when somebody first types letters. */
  get pairs() {
    if (!this.initials)
      this.initials = new Pairs(this.codes.map((code, at) => (code === STOP ? STOP : this.reading(at).charCodeAt(0))))
    return this.initials
  }

  /** How the character at this place is read; any other letter is read as itself. */
  reading(at) {
    return this.otherwise.get(this.places[at]) || this.readingOf(this.codes[at])
  }

  readingOf(code) {
    return this.usual.get(code) || String.fromCharCode(code)
  }

  /** Calls back with start, end and the share of initials, for each place that sounds like the typed letters. */
  find(typed, found) {
    if (!/[a-z]/.test(typed)) return
    const first = this.readingOf(typed.charCodeAt(0)).charCodeAt(0)
    const seconds = new Set(this.secondLetters(typed))
    for (const second of seconds)
      this.pairs.each(first, second, start => {
        const match = this.match(start, typed, 0)
        if (match && match.end - start > 1) found(start, match.end, match.initials / (match.end - start))
      })
  }

  /** Which initials the second character may have. */
  *secondLetters(typed) {
    for (let to = 1; to < Math.min(typed.length, 7); to++) {
      const head = typed.slice(0, to)
      if (to === 1 || /^[zcs]h$/.test(head) || this.syllables.has(head))
        yield this.readingOf(typed.charCodeAt(to)).charCodeAt(0)
    }
  }

  /** Where the typed letters from `from` on end if they begin at this place, and how many characters are initials. */
  match(at, typed, from) {
    if (from === typed.length) return { end: at, initials: 0 }
    const code = this.codes[at]
    if (at >= this.codes.length || code === STOP) return null
    if (typed.charCodeAt(from) === code) return this.match(at + 1, typed, from + 1)
    const reading = this.reading(at)
    const rest = typed.slice(from)
    if (rest.startsWith(reading)) {
      const whole = this.match(at + 1, typed, from + reading.length)
      if (whole) return whole
    }
    if (rest.length > 1 && reading.startsWith(rest)) return { end: at + 1, initials: 0 }
    return this.matchInitial(at, typed, from, reading)
  }

  matchInitial(at, typed, from, reading) {
    const sizes = reading[1] === "h" ? [2, 1] : [1]
    for (const size of sizes) {
      if (!typed.startsWith(reading.slice(0, size), from)) continue
      const rest = this.match(at + 1, typed, from + size)
      if (rest) return { end: rest.end, initials: rest.initials + 1 }
    }
    return null
  }
}
