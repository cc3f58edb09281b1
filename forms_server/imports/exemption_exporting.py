"""The ledger of exemptions (豁免清单) as a workbook."""

from collections.abc import Sequence

from build_scripts.workbooks.print_setup import height_of
from build_scripts.workbooks.sheet_heading import TITLE
from build_scripts.workbooks.table_header import ColumnHead, depth, header
from build_scripts.workbooks.workbook_values import TEXT, Body, Book, Cell, CellStyle, Check, Sheet, Value
from checklist.date_formats import full_day, full_moment
from checklist.model import Campaign
from checklist.register_periods import period_words
from checklist.values.village_names import village_names
from forms_server.desk import LookingDesk
from forms_server.registers.exemption import StandingExemption
from forms_server.registers.exemption_listing import exemptions_of
from forms_server.registers.exemption_words import lapse_words
from forms_server.registers.row_listing import SeenRows

_HEADS = {
    "台账": 14, "期": 10, "行": 7, "单位": 12, "村": 12, "疑点": 26, "理由": 14, "核实的情况": 32, "申请": 16,
    "情况": 10, "批准或不同意": 16, "意见": 20, "有效期到": 13, "失效原因": 26,
}  # fmt: skip
"""Columns and their widths in characters."""

_CENTRE = CellStyle("仿宋", 11, border=True, number_format=TEXT)
_LEFT = CellStyle("仿宋", 11, align="left", border=True, number_format=TEXT)
_SENTENCES = {"疑点", "核实的情况", "意见", "失效原因"}


def exemptions_book(desk: LookingDesk, registers: Sequence[SeenRows]) -> Book:
    """The exemptions of some registers' rows that an account sees, as they stand today.

    Raises:
        RulesFailed: time or memory ran out.
    """
    lines = [_line(desk.campaign, each) for seen in registers for each in exemptions_of(desk, seen)]
    only = registers[0].register.name if len(registers) == 1 else ""
    title = f"{desk.campaign.notice.county}{only}疑点豁免清单"
    heads, widths = [ColumnHead(name) for name in _HEADS], tuple(map(float, _HEADS.values()))
    first = 1 + depth(heads)
    styles = [_LEFT if name in _SENTENCES else _CENTRE for name in _HEADS]
    sheet = Sheet(
        name="豁免清单",
        cells=[Cell(0, 0, title, TITLE, columns=len(widths)), *header(heads, 1)],
        widths=widths,
        heights={0: height_of(title, TITLE.size, widths), 1: 30.0},
        body=Body(first, styles, [Check() for _ in _HEADS], lines, least_height=30),
        landscape=True,
        repeated_rows=(1, first - 1),
    )
    return Book(title, desk.now.date(), (sheet,), as_of=f"截至{full_moment(desk.now)}")


def _line(campaign: Campaign, each: StandingExemption) -> Sequence[Value]:
    found, row = each.exemption, each.row
    unit = campaign.unit_by_code.get(row.unit_code)
    decided = f"{found.decider} {full_day(found.decided_at)}" if found.decided_at else ""
    return (
        row.register.name,
        period_words(row.period),
        f"第{row.number}行",
        unit.name if unit else row.unit_code,
        village_names(campaign).get(row.village_code or "", ""),
        each.check.say if each.check else "核对规则已经删去",
        found.reason or "",
        found.words,
        f"{found.asker} {full_day(found.asked_at)}",
        each.state.label,
        decided,
        found.answer or "",
        full_day(found.until),
        lapse_words(each.lapse) if each.lapse else "",
    )
