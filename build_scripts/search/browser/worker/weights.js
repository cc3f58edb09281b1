// The weights of the search: what a hit costs. The least cost comes first.

/** By where the word stands; `advice` is text beside a clause. */
const PLACE_COSTS = { heading: 0, clause: 0.5, text: 2, advice: 3 }

/** By how the word was matched. */
const MATCH_COSTS = { literal: 0, variant: 1, same: 4, related: 8, pinyin: 10, dropped: 14, pairs: 20, missing: 40 }
