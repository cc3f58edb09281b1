"""A workbook for one person: the records that he files, with their ids, and the households that he goes to.

Where browsers cannot work without network. It comes back through the import of ledgers, with its preview.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from build_scripts.workbooks.workbook_values import Book, Cell, CellStyle, Sheet, Value
from checklist.model import RecordForm
from checklist.values.judge import display
from forms_server.access import FILERS
from forms_server.desk import Desk, NotAllowed
from forms_server.imports.ledger_exporting import export
from forms_server.visits.household_search import ListedHousehold, of_villages
from forms_server.visits.visit import PROGRESS_NAMES

SHEET = "要去的户"

TOLD = (
    "只供查看，导入时不读。查出的问题请填在别的表里，一行一个，另起一行填；"
    "不要整行复制已有的行：每行后面收起来的“记录编号”认的是原来那一条。"
)

NOT_VISITED = "未去"

_MOST = 20_000
"""Households, more than any township has."""

_WORDS = CellStyle(align="left", border=True)
_WIDTHS = (14, 22, 18, 8, 12)


def personal_book(desk: Desk) -> Book:
    """The workbook: sheets of the ledgers, limited to what the account files, then ``SHEET``.

    Raises:
        NotAllowed: the account files no records.
    """
    account = desk.account
    if account.role not in FILERS:
        raise NotAllowed("只有填报人和主要负责人有自己的台账可以带走。")
    unit = desk.campaign.unit_by_code[account.unit_code]
    exported = export(desk.connection, desk.campaign, unit, account, desk.now)
    book = replace(exported, sheets=tuple(replace(each, folds=True) for each in exported.sheets))
    form = desk.campaign.household_form
    villages = [account.village_code] if account.village_code else [each.code for each in unit.villages]
    listed = of_villages(desk, form, villages, _MOST) if form else []
    return replace(book, sheets=(*book.sheets, _sheet(desk, form, listed))) if form and listed else book


def _sheet(desk: Desk, form: RecordForm, listed: Sequence[ListedHousehold]) -> Sheet:
    title = Cell(0, 0, TOLD, CellStyle(align="left", bold=True), columns=len(_WIDTHS))
    cells = [
        Cell(number, column, value, _WORDS)
        for number, each in enumerate(listed, start=1)
        for column, value in enumerate(_row(desk, form, each))
    ]
    return Sheet(SHEET, [title, *cells], widths=_WIDTHS, printed_columns=len(_WIDTHS))


def _row(desk: Desk, form: RecordForm, each: ListedHousehold) -> Iterator[Value]:
    """Name, place, type and people as words, and whether somebody was there; without headers, which ledgers have."""
    values = each.household.values
    for name in ("householder", "village", "household_type", "people"):
        shown = form.has(name) and values.get(name) is not None
        yield display(form.field(name), values[name], desk.campaign) if shown else None
    yield PROGRESS_NAMES[each.state] if each.state else NOT_VISITED
