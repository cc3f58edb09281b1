// One word written otherwise: 15天, 十五天, 15日; 60%, 百分之六十.

const DIGITS = "零一二三四五六七八九"
const UNITS = ["", "十", "百", "千"]
const DAYS = ["天", "日", "号"]
const NUMBER = /(百分之)?([0-9]+|[零〇一二两三四五六七八九十百千]+)(%)?([天日号])?/g

/** The other ways to write the numbers and days of a word. */
function variantsOf(word) {
  const variants = new Set()
  for (const write of [String, inChinese])
    for (const day of DAYS) variants.add(word.replace(NUMBER, (...match) => rewritten(match, write, day)))
  variants.delete(word)
  return [...variants]
}

function rewritten([whole, hundredths, digits, percent, dayWord], write, day) {
  const number = valueOf(digits)
  if (number === null) return whole
  const written = write === inChinese && !/[0-9]/.test(digits) ? digits : write(number)
  const days = dayWord ? day : ""
  if (!hundredths && !percent) return written + days
  return write === inChinese ? `百分之${written}${days}` : `${written}%${days}`
}

/** The value of a number in digits or in Chinese (十五, 二〇二二), or null. */
function valueOf(digits) {
  if (/^[0-9]+$/.test(digits)) return digits.length < 5 ? Number(digits) : null
  const plain = digits.replace(/〇/g, "零").replace(/两/g, "二")
  if (!/[十百千]/.test(plain)) return plain.length > 4 ? null : Number(Array.from(plain, digitOf).join(""))
  let total = 0
  let digit = 0
  for (const character of plain) {
    const unit = UNITS.indexOf(character)
    if (unit > 0) total += (digit || 1) * 10 ** unit
    digit = unit > 0 ? 0 : digitOf(character)
  }
  return total + digit
}

function digitOf(character) {
  return DIGITS.indexOf(character)
}

/** A number below 10000 in Chinese. */
function inChinese(number) {
  let written = ""
  String(number)
    .split("")
    .forEach((digit, at, all) => {
      written += DIGITS[digit] + (digit === "0" ? "" : UNITS[all.length - 1 - at])
    })
  return written.replace(/零+/g, "零").replace(/(.)零$/, "$1").replace(/^一十/, "十")
}
