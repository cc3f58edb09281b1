// The weights of the search: what a hit costs. The least cost comes first.

/** By where the word stands; `advice` is text beside a clause, `words` are what readers say for a section. */
const PLACE_COSTS = { heading: 0, clause: 0.5, words: 2, text: 2, advice: 3 }

/** By how the word was matched. */
const MATCH_COSTS = {
  said: -2, literal: 0, variant: 1, same: 4, related: 8, corrected: 9, pinyin: 10, dropped: 14, pairs: 20
}

/** A clause that sums up the others of its page. */
const BROAD_COST = 1.5

/** A clause that names the word among many others: from how many times its length on, and what that costs. */
const IN_PASSING = [[12, 1], [6, 0.5]]

/** The line is the word and nothing else: a village in a list of villages. */
const WHOLE_BONUS = 1.5

/** How much a cost rises from a saying that stands wholly in what was typed to one that does not. */
const SAID_RANGE = 12

/** What a page of the kind that a question asks for is given. */
const ASKED_BONUS = 6

/** What an answer to a question asked often is given besides, so that it comes before the page that it stands on. */
const ANSWER_BONUS = 2.5

/** Of a query's pairs of characters that a section holds: the share by weight that a place gives. */
const PLACE_SHARES = [1, 1, 0.75, 1]

/** What the section that is about a topic is given, where many items name it. */
const TOPIC_BONUS = 6
