// Words with a wrong character: one that sounds like the right one, or looks like it.

/** Characters that are taken for each other by their shape; those that sound alike are known by their readings. */
const ALIKE = [
  "辍缀啜", "溺弱", "厕则侧测", "体休", "贷代货", "岗刚冈", "销消削", "账涨", "拔拨", "未末", "已己巳", "住往注驻",
  "治冶", "籍藉", "幅副福", "晴睛清", "析折拆", "待侍持", "复夏", "推堆", "险检验俭", "扶抚", "孤狐弧", "困因囚", "兑竞竟",
  "土士", "千干于", "日曰", "人入八", "形型", "裁栽载", "履覆", "漏露", "纳钠讷", "盼判", "按案", "联糸", "系糸", "格各",
  "牛午", "设没", "氏民", "酒洒", "情请清", "园圆", "房户", "凭赁", "研砚", "签鉴", "贫贪", "暗暖", "估佑", "搬般", "挂卦", "库厍",
  "微徽", "绩缋债", "勿匆", "申甲由", "垃拉", "圾级", "畜蓄", "喂畏", "饮欢", "渴竭"
]

/** Words that are offered where nothing was found: how many, and the least share of characters in common. */
const MOST_SUGGESTIONS = 4
const LEAST_LIKENESS = 0.3

/** Of a pair of the text, how many places are counted; and how many equally likely words are taken. */
const MOST_COUNTED = 20
const MOST_REFITTED = 3

const HAN = /[一-龥]/

/** A syllable, and what it is heard and typed as where flat and curled tongue, n and l, or -n and -ng are not told apart. */
function confused(sound) {
  const others = [
    sound.replace(/^([zcs])h?/, (head, letter) => (head === letter ? letter + "h" : letter)),
    sound.replace(/^[nl]/, letter => (letter === "n" ? "l" : "n")),
    sound.replace(/([aei])n(g?)$/, (_, vowel, rest) => (rest ? vowel + "n" : vowel + "ng"))
  ]
  return [...new Set([sound, ...others])]
}

class Corrections {
  /** @param vocabulary the words that are known as such, folded; @param pinyin the readings; @param pairs of the text */
  constructor(vocabulary, pinyin, pairs) {
    this.vocabulary = [...new Set(vocabulary)].filter(word => word.length > 1 && HAN.test(word))
    this.places = new Map()
    for (const known of this.vocabulary)
      for (const [place, letter] of [...known].entries()) {
        if (!this.places.has(letter)) this.places.set(letter, [])
        this.places.get(letter).push([known, place])
      }
    this.pinyin = pinyin
    this.soundsOf = letter => pinyin.soundsOf(letter)
    this.pairs = pairs
    this.found = new Map() // of one query: it is asked for the same words several times
    this.alike = new Map()
    for (const group of ALIKE)
      for (const letter of group) this.alike.set(letter, (this.alike.get(letter) || "") + group)
  }

  /** Forgets what the last query asked. */
  begin() {
    this.found.clear()
  }

  /** The word with a stretch that is nearly a known word replaced by it, or with one character that fits better. */
  of(word) {
    if (!this.found.has(word)) {
      const known = this.search(word)
      this.found.set(word, known.length ? known : this.refitted(word))
    }
    return this.found.get(word)
  }

  /** The word with one character replaced by another that forms more pairs of the text with its neighbours. */
  refitted(word) {
    let best = []
    let most = 0
    for (let at = 0; at < word.length; at++) {
      if (!HAN.test(word[at])) continue
      const own = Math.floor(this.fit(word, at) / MOST_COUNTED)
      for (const letter of this.similarTo(word[at])) {
        const other = word.slice(0, at) + letter + word.slice(at + 1)
        const fit = this.fit(other, at)
        if (Math.floor(fit / MOST_COUNTED) <= own) continue
        if (fit > most) [most, best] = [fit, []]
        if (fit === most) best.push(other)
      }
    }
    return best.slice(0, MOST_REFITTED)
  }

  /** How often the text has the pairs that a character forms with its neighbours: each counts more than any number of one. */
  fit(word, at) {
    const counts = [[at - 1, at], [at, at + 1]].map(([one, other]) =>
      word[one] && word[other] ? this.pairs.count(word.charCodeAt(one), word.charCodeAt(other), MOST_COUNTED) : 0)
    return counts.filter(Boolean).length * MOST_COUNTED + counts[0] + counts[1]
  }

  /** Characters that sound or look like this one. */
  similarTo(letter) {
    const sounds = this.soundsOf(letter).flatMap(confused)
    const alike = (this.alike.get(letter) || "") + sounds.map(sound => this.pinyin.readAs(sound)).join("")
    return [...new Set(alike)].filter(other => other !== letter)
  }

  search(word) {
    let least = Infinity
    let corrected = new Set()
    for (const [known, from] of this.candidates(word)) {
      const difference = this.difference(word, from, known)
      if (difference === null) continue
      const cost = difference - known.length / 10 // of equal ones the longer word
      if (cost > least) continue
      if (cost < least) [least, corrected] = [cost, new Set()]
      corrected.add(word.slice(0, from) + known + word.slice(from + known.length))
    }
    return [...corrected]
  }

  /** Known words and where they might stand: one character at least is right. */
  *candidates(word) {
    for (let at = 0; at < word.length; at++)
      for (const [known, place] of this.places.get(word[at]) || []) {
        const from = at - place
        if (from >= 0 && from + known.length <= word.length) yield [known, from]
      }
  }

  /** Known words that share most of their characters with what was typed, the nearest first. */
  near(word) {
    const shared = known => [...new Set(word)].filter(letter => known.includes(letter)).length
    const likeness = known => shared(known) / Math.max(word.length, known.length)
    return this.vocabulary
      .map(known => [likeness(known), known])
      .filter(([like]) => like >= LEAST_LIKENESS)
      .sort(([one], [other]) => other - one)
      .slice(0, MOST_SUGGESTIONS)
      .map(([, known]) => known)
  }

  /** How much a stretch of a word differs from a known one: null if it is the same, or quite another. */
  difference(word, from, known) {
    const others = []
    for (let at = 0; at < known.length; at++) {
      if (word.charCodeAt(from + at) === known.charCodeAt(at)) continue
      if (others.push(at) > Math.max(1, known.length / 3)) return null
    }
    if (!others.length) return null
    const sum = others.reduce((total, at) => total + this.letterDifference(word[from + at], known[at]), 0)
    return sum > 1.5 || (sum === 1.5 && known.length < 4) ? null : sum
  }

  letterDifference(typed, known) {
    if (!HAN.test(typed)) return 2
    const sounds = this.soundsOf(typed).flatMap(confused)
    if (sounds.some(sound => this.soundsOf(known).includes(sound))) return 0.5
    if ((this.alike.get(typed) || "").includes(known)) return 0.5
    return 1.5
  }
}
