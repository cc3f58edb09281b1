"""Days and months in officials' spellings: shared by dates and deadlines."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from checklist.chinese_numerals import NUMERALS, read_numeral
from checklist.read_result import Refusal
from checklist.text_normalisation import fold

_TIME = re.compile(r"[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?$", re.ASCII)
_HOUR = re.compile(r"(?<=[日号])\d{1,2}(?:[时点](?:\d{1,2}分|半|整)?|:\d{2})", re.ASCII)
_NUMERAL = re.compile(f"[{NUMERALS}]+(?=[年月日号])")
_BLANKS = re.compile(r"(?<![0-9])\s+|\s+(?![0-9])")
_SAME = str.maketrans({"。": ".", **dict.fromkeys("—–―─－‐‑−~", "-")})

_DAY = re.compile(r"(?P<y>\d{4}|\d{2})[./年-](?P<m>\d{1,2})[./月-](?P<d>\d{1,2})[日号]?", re.ASCII)
_DAY_OF_MONTH = re.compile(r"(?P<m>\d{1,2})月(?P<d>\d{1,2})[日号]?", re.ASCII)
_BARE_DAY = re.compile(r"(?P<m>\d{1,2})[./-](?P<d>\d{1,2})(?P<mark>[日号]?)", re.ASCII)
_EIGHT_FIGURES = re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})", re.ASCII)
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?", re.ASCII)
_MIDNIGHT = re.compile(r"(\d{4}-\d{2}-\d{2})[T ]00:00(?::00(?:\.0+)?)?", re.ASCII)
_MONTH = re.compile(
    r"(?:(?P<y>\d{4}|\d{2})年)?(?P<m>\d{1,2})月份?|(?P<y2>\d{4})[./-](?P<m2>\d{1,2})", re.ASCII
)

_SERIAL_START = date(1899, 12, 30)
_SERIALS = range(36526, 73051)
_YEARS = range(1900, 2100)
_NEAR_YEARS = 10


@dataclass(frozen=True)
class ReadDay:
    """A day as read."""

    date: date
    year_typed: bool = True
    bare: bool = False
    """Whether it may not be a date, such as 8.25."""


@dataclass(frozen=True)
class Month:
    """A month as read."""

    year: int
    month: int
    year_typed: bool = True
    bare: bool = False
    """Whether a trailing zero may be lost: spreadsheets turn 2022.10 into 2022.1."""

    def until(self, day: int = 31) -> date:
        """Return that day of the month, or its last day if it is shorter."""
        return date(self.year, self.month, min(day, calendar.monthrange(self.year, self.month)[1]))


def prepared(text: str) -> str:
    """Normalise a text for the readers below: folded, without time and blanks, numerals as digits."""
    plain = _BLANKS.sub("", _TIME.sub("", fold(text).strip()).translate(_SAME))
    return _HOUR.sub("", _NUMERAL.sub(lambda found: _figures(found.group()), plain))


def day_of_a_spreadsheet(text: str) -> str:
    """Convert a spreadsheet's serial number (44798) or midnight to a date in digits; empty for any other text.

    These come from date cells that have lost their format.
    """
    midnight = _MIDNIGHT.fullmatch(text)
    if midnight:
        return midnight.group(1)
    day = _day_of_serial(text)
    return day.isoformat() if day else ""


def find_day(text: str, reference: date) -> ReadDay | Refusal | None:
    """Read the day of a prepared text; None if there is none.

    Args:
        text: from :func:`prepared`.
        reference: provides a missing year, and the century of a two-digit one.
    """
    found = _DAY.fullmatch(text) or _EIGHT_FIGURES.fullmatch(text) or _DAY_OF_MONTH.fullmatch(text)
    if found:
        return _day(found.groupdict(), reference)
    serial = _day_of_serial(text)
    if serial:
        return ReadDay(serial)
    bare = _BARE_DAY.fullmatch(text)
    return _day(bare.groupdict(), reference, bare=not bare["mark"]) if bare else None


def find_month(text: str, reference: date) -> Month | Refusal | None:
    """Read the month of a prepared text; None if there is none."""
    found = _MONTH.fullmatch(text)
    if not found:
        return None
    typed_year = found["y"] or found["y2"]
    year = _year(typed_year, reference)
    month = int(found["m"] or found["m2"])
    if year is None:
        return Refusal("year-unclear")
    if not 1 <= month <= 12:
        return Refusal("no-such-date")
    return Month(year, month, year_typed=bool(typed_year), bare=found["m2"] == "1")


def _day_of_serial(text: str) -> date | None:
    """Convert a spreadsheet's serial number to a day."""
    serial = _SERIAL.fullmatch(text)
    if not serial or int(serial.group(1)) not in _SERIALS:
        return None
    return _SERIAL_START + timedelta(days=int(serial.group(1)))


def _day(parts: dict[str, str], reference: date, *, bare: bool = False) -> ReadDay | Refusal:
    year = _year(parts.get("y"), reference)
    if year is None:
        return Refusal("year-unclear")
    try:
        return ReadDay(date(year, int(parts["m"]), int(parts["d"])), year_typed="y" in parts, bare=bare)
    except ValueError:
        return Refusal("no-such-date")


def _year(typed: str | None, reference: date) -> int | None:
    """Resolve a year of four, two or no digits; None if two digits would lead far from the reference."""
    if not typed:
        return reference.year
    if len(typed) == 4:
        return int(typed) if int(typed) in _YEARS else None
    year = reference.year // 100 * 100 + int(typed)
    return year if abs(year - reference.year) <= _NEAR_YEARS else None


def _figures(numeral: str) -> str:
    number = read_numeral(numeral)
    return numeral if number is None else str(number)
