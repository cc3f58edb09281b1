"""Keys of persons, made of the identity numbers of a list while it is read, and the marks that stand in their cells.

A key is HMAC-SHA-256 of the normalised number under a secret of the installation: two lists that were read here can be
compared by it, and nobody who holds the lists or the keys alone can tell a number. A mark that stands in a cell is
signed with the same secret, so that a copy of a list can be read again, and nobody types a key.
"""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from checklist.read_result import Refusal
from checklist.reading.identity_numbers import IdentityNumber, read_identity

_OPEN, _CLOSE, _BETWEEN = "〔证件号码已换成代号|", "〕", "|"
_SIGNED = 16
"""Hexadecimal digits of a signature."""


@dataclass(frozen=True)
class PersonMark:
    """What is kept of an identity number."""

    key: str
    from_age: int
    """The beginning of the band of ages that the person was in (``Campaign.age_bounds``)."""
    on: date
    """The day of that."""


class PersonKeys:
    """Makes keys of numbers, and signed marks of both.

    Args:
        secret: of this installation and for this purpose alone.
        bounds: first ages of bands, in order, from 0.
        today: the day of ages.
    """

    def __init__(self, secret: bytes, bounds: Sequence[int], today: date) -> None:
        self._secret, self._bounds, self._today = secret, bounds, today

    def key_of(self, number: IdentityNumber) -> str:
        """Return the key of a number: 64 hexadecimal digits."""
        return self._digest(f"person\n{number.figures}")

    def mark_of(self, cell: str | float) -> str:
        """Return what takes the place of a cell with a number; a cell that holds none says what is wrong with it."""
        if isinstance(cell, str) and self._parts(cell):
            return cell
        found = read_identity(cell)
        if found is None:
            return ""
        if isinstance(found, Refusal):
            return self._signed(found.code, str(found.params.get("length", "")))
        age = found.age_on(self._today)
        band = max(bound for bound in self._bounds if bound <= max(age, 0))
        return self._signed(self.key_of(found), str(band), self._today.isoformat())

    def read(self, text: str) -> PersonMark | Refusal | None:
        """Return what a cell's mark says; None for an empty cell, a refusal for any text but a mark made here."""
        if not text:
            return None
        match self._parts(text):
            case [key, band, day]:
                return PersonMark(key, int(band), date.fromisoformat(day))
            case [code, length]:
                return Refusal(code, {"length": int(length)} if length else {})
        return Refusal("identity-other")

    def _signed(self, *parts: str) -> str:
        content = _BETWEEN.join(parts)
        return f"{_OPEN}{content}{_BETWEEN}{self._signature(content)}{_CLOSE}"

    def _signature(self, content: str) -> str:
        return self._digest(f"mark\n{content}")[:_SIGNED]

    def _parts(self, text: str) -> list[str]:
        """Return the parts of a mark that was signed here; none of any other text."""
        if not (text.startswith(_OPEN) and text.endswith(_CLOSE)):
            return []
        content, _, signature = text[len(_OPEN) : -len(_CLOSE)].rpartition(_BETWEEN)
        genuine = hmac.compare_digest(signature.encode(), self._signature(content).encode())
        return content.split(_BETWEEN) if genuine else []

    def _digest(self, content: str) -> str:
        return hmac.digest(self._secret, content.encode(), "sha256").hex()
