"""What a field type is: all of its projections that need no library, in one value a type.

A family of types is one module beside this one; the web, workbook and handbook rooms draw what it says.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from checklist.model import Campaign, Field
from checklist.read_result import Read, Refusal
from checklist.values.judge_context import Context
from checklist.values.judge_results import Value

Schema = dict[str, Any]

CellValue = str | int | date | Decimal | None
"""What a workbook's cell holds."""


@dataclass(frozen=True)
class Asked:
    """How a page asks for a value.

    Attributes:
        by: a line of text, one or several of ``options``, or a month.
        options: the texts that may be sent, each with its label.
        keyboard: what a phone shows for a line of text.
        wide: the class of an input as wide as its content.
    """

    by: Literal["line", "one", "several", "month"]
    options: Sequence[tuple[str, str]] = ()
    keyboard: Literal["", "numeric", "decimal"] = ""
    wide: Literal["", "wide-number", "wide-day", "wide-name"] = ""


@dataclass(frozen=True)
class CellLook:
    """The look of a workbook's cells, and what may be typed into them.

    Attributes:
        number_format: of Excel; ``@`` is text.
        figures: whether they are figures, which line up at the right.
        choices: of a drop-down list.
        limits: the least and greatest number.
        decimals: whether a number may have decimals.
    """

    number_format: str = "@"
    figures: bool = False
    choices: Sequence[str] = ()
    limits: tuple[Decimal, Decimal] | None = None
    decimals: bool = False


def _text(field: Field) -> CellLook:
    return CellLook()


def same(value: Any) -> Any:
    """A value that is stored, or stands in a cell, as it is."""
    return value


def _as_text(field: Field, value: Value, campaign: Campaign) -> str:
    return str(value)


@dataclass(frozen=True)
class ValueType:
    """The projections of one field type.

    Attributes:
        read: cleaned text that is not empty, to a value or a refusal.
        schema: the JSON Schema of a value, as ``dump`` gives it.
        describe: the handbook's words for what to write.
        asked: how a page asks for it.
        sample: what may be typed, for demonstrations and tests.
        show: a value to the text that lists and pages show; it reads back as the same value.
        cell: the look of a workbook's column.
        to_cell: a value to a cell; None shows its text.
        write: a value to the text of its input on a page.
        dump: a value to JSON.
        load: JSON to a value.
        listed: the style of its cell in a list on a page; empty where lists leave it out.
        typed: whether a text gives its value; no page asks for others in a form's fields.
    """

    read: Callable[[Field, str, Context], Read[Value] | Refusal]
    schema: Callable[[Field, Campaign], Schema]
    describe: Callable[[Field], str]
    asked: Callable[[Field], Asked]
    sample: Callable[[Field, random.Random], str]
    show: Callable[[Field, Value, Campaign], str] = _as_text
    cell: Callable[[Field], CellLook] = _text
    to_cell: Callable[[Any], CellValue] | None = None
    write: Callable[[Any], str] = str
    dump: Callable[[Any], Any] = same
    load: Callable[[Any], Any] = same
    listed: str = "short"
    typed: bool = True
