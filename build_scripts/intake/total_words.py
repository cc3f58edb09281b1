"""Texts that name a sum: 合计, 武寺村小计, 合计：2户3人; the same for ledgers and rosters."""

import re

from checklist.model import Reading
from checklist.text_normalisation import compact


class TotalWords:
    """Recogniser of a campaign's words for sums; figures and counters may follow them."""

    def __init__(self, reading: Reading) -> None:
        words, counters = reading.tables.totals, reading.numbers.counters
        ends = "".join(f"|{re.escape(counter)}" for counter in counters)
        self._pattern = re.compile(rf"(?:{'|'.join(map(re.escape, words))})(?:[\d:,.。、()%+-]{ends})*$")
        self._any = bool(words)

    def end(self, text: str) -> bool:
        """Return whether a text ends with one."""
        return self._any and bool(self._pattern.search(compact(text)))
