// One word written otherwise: 15天, 十五天, 15日; 60%, 百分之六十.

const DAYS = ["天", "日", "号"]
const NUMBER = new RegExp(`(百分之)?([0-9]+|[${NUMERALS}]+)(%)?([${DAYS.join("")}])?`, "g")

/** The other ways to write the numbers and days of a word. */
function variantsOf(word) {
  const variants = new Set()
  for (const write of [String, writeNumeral])
    for (const day of DAYS) variants.add(word.replace(NUMBER, (...match) => rewritten(match, write, day)))
  variants.delete(word)
  return [...variants]
}

function rewritten([whole, hundredths, digits, percent, dayWord], write, day) {
  const number = readNumeral(digits)
  if (number === null) return whole
  const written = write === writeNumeral && !/[0-9]/.test(digits) ? digits : write(number)
  const days = dayWord ? day : ""
  if (!hundredths && !percent) return written + days
  return write === writeNumeral ? `百分之${written}${days}` : `${written}%${days}`
}
