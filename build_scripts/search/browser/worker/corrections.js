// Words with a wrong character: one that sounds like the right one, or looks like it.

/** Characters that are taken for each other by their shape; those that sound alike are known by their readings. */
const ALIKE = [
  "辍缀啜", "溺弱", "厕则侧测", "体休", "贷代货", "岗刚冈", "销消削", "帐账涨", "拔拨", "未末", "已己巳", "住往注驻",
  "治冶", "籍藉", "幅副福", "晴睛清", "析折拆", "待侍持", "复夏", "推堆", "险检验俭", "扶抚", "孤狐弧", "困因囚", "兑竞竟",
  "土士", "千干于", "日曰", "人入八", "形型", "裁栽载", "履覆", "漏露", "纳钠讷", "盼判", "按案", "联糸", "系糸", "格各",
  "牛午", "设没", "氏民", "酒洒", "情请清", "园圆", "房户", "研砚", "签鉴", "贫贪", "暗暖", "估佑", "搬般", "挂卦", "库厍",
  "微徽", "绩缋债", "勿匆", "析拆", "申甲由", "垃拉", "圾级", "畜蓄", "喂畏", "饮欢", "渴竭"
]

/** Words that are offered where nothing was found: how many, and the least share of characters in common. */
const MOST_SUGGESTIONS = 4
const LEAST_LIKENESS = 0.3

class Corrections {
  /** @param vocabulary the words that are known as such, folded; @param soundsOf the readings of a character */
  constructor(vocabulary, soundsOf) {
    this.vocabulary = vocabulary.filter(word => word.length > 1 && /[一-龥]/.test(word))
    this.soundsOf = soundsOf
    this.alike = new Map()
    for (const group of ALIKE)
      for (const letter of group) this.alike.set(letter, (this.alike.get(letter) || "") + group)
  }

  /** The word with a stretch that is nearly a known word replaced by it; of several, those with the least difference. */
  of(word) {
    let least = Infinity
    let corrected = []
    for (const known of this.vocabulary)
      for (let from = 0; from + known.length <= word.length; from++) {
        const typed = word.slice(from, from + known.length)
        const difference = this.difference(typed, known)
        if (difference === null) continue
        const cost = difference - known.length / 10 // of equal ones the longer word
        if (cost > least) continue
        if (cost < least) [least, corrected] = [cost, []]
        corrected.push(word.slice(0, from) + known + word.slice(from + known.length))
      }
    return [...new Set(corrected)].filter(each => each !== word)
  }

  /** Known words that share most of their characters with what was typed, the nearest first. */
  near(word) {
    const shared = known => [...new Set(word)].filter(letter => known.includes(letter)).length
    const likeness = known => shared(known) / Math.max(word.length, known.length)
    return [...new Set(this.vocabulary)]
      .map(known => [likeness(known), known])
      .filter(([like]) => like >= LEAST_LIKENESS)
      .sort(([one], [other]) => other - one)
      .slice(0, MOST_SUGGESTIONS)
      .map(([, known]) => known)
  }

  /** How much a word of the same length differs: null if it is the same, or quite another. */
  difference(typed, known) {
    let sum = 0
    let others = 0
    for (let at = 0; at < known.length; at++) {
      if (typed[at] === known[at]) continue
      others++
      sum += this.letterDifference(typed[at], known[at])
      if (others > Math.max(1, known.length / 3) || sum > 1.5) return null
    }
    if (!others || (sum >= 1.5 && known.length < 4)) return null
    return sum
  }

  letterDifference(typed, known) {
    if (!/[一-龥]/.test(typed)) return 2
    if (this.soundsOf(typed).some(sound => this.soundsOf(known).includes(sound))) return 0.5
    if ((this.alike.get(typed) || "").includes(known)) return 0.5
    return 1.5
  }
}
