// Material's protocol: the page sends SETUP and QUERY, and is answered with READY and RESULT.

const [SETUP, READY, QUERY, RESULT] = [0, 1, 2, 3]

let corpus
let finder

function answer({ type, data }) {
  if (type === SETUP) {
    corpus = new Corpus(data.docs)
    finder = new Finder(corpus)
    return { type: READY }
  }
  if (type === QUERY) {
    const hits = finder.find(data)
    const suggestions = hits.size ? [] : finder.suggestions(data)
    return { type: RESULT, data: { ...resultsOf(corpus, hits), suggestions } }
  }
  throw new TypeError(`unknown message: ${type}`)
}

// A page that was opened from a folder may start no worker: it loads this script itself and calls `answer`.
if (typeof WorkerGlobalScope === "undefined") self.searchHandbook = answer
else self.addEventListener("message", event => self.postMessage(answer(event.data)))
