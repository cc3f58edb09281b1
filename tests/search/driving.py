"""A reader at the search box, in a real browser: shared by the tests and the benchmark."""

import csv
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

QUERIES = Path(__file__).with_name("search-queries.tsv")

# Notes what the page asks its worker and what it has been answered, for the browser's worker and for our own.
_LISTEN = """
(() => {
  window.search = { ready: false, asked: [], answered: null }
  const heard = Base => class extends Base {
    constructor(...address) {
      super(...address)
      this.addEventListener("message", ({ data }) => {
        if (data.type === 1) window.search.ready = true
        if (data.type === 3) window.search.answered = window.search.asked.shift()
      })
    }
    postMessage(message) {
      if (message.type === 2) window.search.asked.push(message.data)
      super.postMessage(message)
    }
  }
  let current = heard(Worker)
  Object.defineProperty(window, "Worker", { get: () => current, set: Base => (current = heard(Base)) })
})()
"""

# The words between the address that was opened and the next heading that isn't beneath it.
_SECTION = """
() => {
  const start = document.getElementById(decodeURIComponent(location.hash.slice(1))) || document.querySelector("h1")
  if (!/^H[1-6]$/.test(start.tagName)) return start.innerText
  const words = [start.innerText]
  for (let next = start.nextElementSibling; next; next = next.nextElementSibling) {
    if (/^H[1-6]$/.test(next.tagName) && (next.tagName <= start.tagName || start.tagName === "H1")) break
    words.push(next.innerText)
  }
  return words.join("\\n")
}
"""

# The list is drawn some frames after the answer: it has come to rest once many frames show the same.
_SETTLED = """
() => new Promise(done => {
  let last = null, same = 0
  const look = () => {
    const now = [...document.querySelectorAll(".md-search-result__link")].map(link => link.href).join()
    same = now === last ? same + 1 : 0
    last = now
    same < 20 ? requestAnimationFrame(look) : done()
  }
  look()
})
"""

_HITS = """
() => [...document.querySelectorAll(".md-search-result__link")]
  .map(link => [new URL(link.href), parseFloat(link.firstElementChild.dataset.mdScore)])
  .filter(([, score]) => score > 0)
  .sort(([, one], [, other]) => other - one)
  .map(([address]) => (address.search = "", address.href.replace(new URL(__md_scope).href, "")))
"""


def queries() -> list[tuple[str, tuple[str, ...]]]:
    """What readers typed, and the words of which one must stand in the section that is found first."""
    with QUERIES.open(encoding="utf-8", newline="") as lines:
        return [
            (query, tuple(filter(None, words.split("|"))))
            for query, words in csv.reader(lines, delimiter="\t")
        ]


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The folder over http on this machine, while the block runs."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=folder)) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


class Reader:
    """A reader at the search box."""

    def __init__(self, page: Page, site: str) -> None:
        self.page = page
        self.site = site
        self._devtools = page.context.new_cdp_session(page)
        page.add_init_script(_LISTEN)

    def open(self, address: str = "index.html") -> None:
        """Open a page's search box."""
        self.page.goto(self.site + address, wait_until="domcontentloaded")
        self.begin()

    def begin(self) -> None:
        """Open the search box of the page that is shown, by the key for it."""
        self.page.keyboard.press("/")
        self.page.wait_for_function("window.search.ready")

    def clear(self) -> None:
        """Empty the box."""
        self.page.keyboard.press("Control+a")
        self.page.keyboard.press("Delete")
        self._answered("")

    def type(self, words: str) -> None:
        """Type key by key."""
        self.page.keyboard.type(words)
        self._answered(words)

    def type_and_enter(self, words: str) -> str:
        """Type and press Enter in the same breath, before any answer can come; the words of the opened section."""
        with self.page.expect_navigation(wait_until="domcontentloaded"):
            self.page.evaluate(
                """words => {
                  const box = document.querySelector("[name=query]")
                  const press = type => box.dispatchEvent(
                    new KeyboardEvent(type, { key: "Enter", bubbles: true, cancelable: true }))
                  for (const value of [words.slice(0, -1), words]) {
                    box.value = value
                    box.dispatchEvent(new InputEvent("input", { bubbles: true }))
                  }
                  press("keydown")
                  press("keyup")
                }""",
                words,
            )
        return str(self.page.evaluate(_SECTION))

    def paste(self, words: str) -> None:
        """Copy the words elsewhere and pastes them as the mouse does: no key is pressed in the box."""
        self.page.evaluate(
            """words => {
              const note = document.body.appendChild(document.createElement("textarea"))
              note.value = words
              note.select()
              document.execCommand("copy")
              note.remove()
              document.querySelector("[name=query]").focus()
            }""",
            words,
        )
        self._devtools.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", "commands": ["paste"]})
        self._answered(words)

    def compose(self, words: str) -> None:
        """Write with an input method: letters first, then the words are picked with the mouse."""
        for letters in ("h", "hu", "hui"):
            self._devtools.send(
                "Input.imeSetComposition", {"text": letters, "selectionStart": 3, "selectionEnd": 3}
            )
        self._devtools.send("Input.insertText", {"text": words})
        self._answered(words)

    def _answered(self, words: str) -> None:
        """Wait until the worker has answered just this, and the page has drawn the answer."""
        self.page.wait_for_function("words => window.search.answered === words", arg=words)
        self.page.evaluate(_SETTLED)

    def hits(self) -> list[str]:
        """The addresses below the site's root that were found, the best first."""
        return list(self.page.evaluate(_HITS))

    def enter(self) -> str:
        """Press Enter; the words of the section that is opened."""
        with self.page.expect_navigation(wait_until="domcontentloaded"):
            self.page.keyboard.press("Enter")
        return str(self.page.evaluate(_SECTION))
