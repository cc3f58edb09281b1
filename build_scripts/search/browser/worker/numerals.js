// Chinese numerals, read and written; the Python side is checklist/chinese_numerals.py, and a test compares them.

const DIGITS = "零一二三四五六七八九"
const UNITS = ["", "十", "百", "千"]
const NUMERALS = `${DIGITS}〇两十百千`
const INSIDE = new RegExp(`^([0-9]{2}|[十百千万][${DIGITS.slice(1)}]|[${DIGITS.slice(1)}][十百千万])$`)

/** The value of a number in digits or in Chinese (十五, 二〇二二), or null. */
function readNumeral(digits) {
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
function writeNumeral(number) {
  let written = ""
  String(number)
    .split("")
    .forEach((digit, at, all) => {
      written += DIGITS[digit] + (digit === "0" ? "" : UNITS[all.length - 1 - at])
    })
  return written.replace(/零+/g, "零").replace(/(.)零$/, "$1").replace(/^一十/, "十")
}

/** Whether two neighbours belong to one number: 15, 十五, 五十. */
function insideNumber(first, second) {
  return INSIDE.test(String.fromCharCode(first, second))
}
