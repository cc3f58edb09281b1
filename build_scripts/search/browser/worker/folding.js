// Characters as they are compared: width and case do not count, nor do blanks, quotes and brackets.

const IGNORED = 0
const STOP = 1

/** The ends of clauses: no match reaches across them. */
const STOPS = "\n。，；！？,;!?"

/** Characters that many write for another one: 台帐 is 台账. */
const VARIANTS = ["帐账"]

/** Code of a character to the code that it is compared by, or IGNORED or STOP. */
const FOLDED = foldingTable()

function foldingTable() {
  const table = new Uint16Array(65536)
  for (let code = 0; code < table.length; code++) table[code] = folded(code)
  for (const [variant, usual] of VARIANTS) table[variant.charCodeAt(0)] = usual.charCodeAt(0)
  for (const stop of STOPS) table[stop.charCodeAt(0)] = STOP
  return table
}

function folded(code) {
  if (code >= 0xff01 && code <= 0xff5e) return folded(code - 0xfee0)
  if (code >= 0x41 && code <= 0x5a) return code + 0x20
  const symbol =
    (code < 0x80 && !/[0-9a-z%@]/.test(String.fromCharCode(code))) ||
    (code >= 0x80 && code < 0xc0) ||
    (code >= 0x2000 && code < 0x2070) ||
    (code >= 0x3000 && code < 0x3040 && code !== 0x3007) ||
    code >= 0xfe00
  return symbol ? IGNORED : code
}

/** What a person typed, as words that are compared: blanks and punctuation part them. */
function wordsOf(query) {
  const words = []
  for (const part of query.split(/[\s。，；！？、,;!?]+/)) {
    let word = ""
    for (let at = 0; at < part.length; at++) {
      const code = FOLDED[part.charCodeAt(at)]
      if (code > STOP) word += String.fromCharCode(code)
    }
    if (word) words.push(word)
  }
  return words
}
