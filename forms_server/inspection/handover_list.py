"""交办清单: findings as a workbook, with room for what the unit reports back."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import RowMapping, select

from build_scripts.workbooks.print_setup import height_of
from build_scripts.workbooks.sheet_heading import TITLE
from build_scripts.workbooks.table_header import ColumnHead, depth, header
from build_scripts.workbooks.workbook_values import TEXT, Body, Book, Cell, CellStyle, Check, Sheet, Value
from checklist.date_formats import full_day, full_moment
from checklist.model import Campaign, Unit
from checklist.values.village_names import village_names
from forms_server.db.tables import issue
from forms_server.desk import Desk
from forms_server.finding_states import FINDING_STATE_NAMES, WAY_NAMES, FindingState, Way
from forms_server.inspection.findings import findings

_HEADS = {
    "编号": 9, "单位": 12, "村": 12, "户主": 9, "问题类型": 14, "问题": 36, "比对": 12, "认领期限": 13, "情况": 13,
    "整改措施": 24, "责任人": 10, "整改时限": 13, "办理情况（单位填）": 26,
}  # fmt: skip
"""Columns and their widths in characters."""

_CENTRE = CellStyle("仿宋", 11, border=True, number_format=TEXT)
_LEFT = CellStyle("仿宋", 11, align="left", border=True, number_format=TEXT)
_SENTENCES = {"问题", "整改措施", "办理情况（单位填）"}


def handover_book(desk: Desk, unit: Unit | None) -> Book:
    """The findings that the account may see, of one unit or all; those that were cancelled are left out."""
    campaign = desk.campaign
    rows = [
        each
        for each in findings(desk)
        if each["state"] != FindingState.CANCELLED and (unit is None or each["answers_code"] == unit.code)
    ]
    query = select(issue).where(issue.c.id.in_([row["issue_id"] for row in rows]))
    issues = {row["id"]: row for row in desk.connection.execute(query).mappings()}
    lines = [_line(campaign, row, issues[row["issue_id"]]) for row in rows]
    title = f"{unit.name if unit else campaign.notice.county}督导反馈问题交办清单"
    return _book(title, lines, desk.now)


def _line(campaign: Campaign, row: RowMapping, its_issue: RowMapping) -> Sequence[Value]:
    kind = campaign.problem_type_by_id.get(its_issue["problem_type_id"])
    unit = campaign.unit_by_code.get(row["answers_code"])
    return (
        f"第{row['number']}号",
        unit.name if unit else row["answers_code"],
        village_names(campaign).get(row["village_code"] or "", ""),
        its_issue["householder"] or "",
        kind.name if kind else its_issue["problem_type_id"],
        row["content"],
        WAY_NAMES[Way(row["way"])],
        full_day(row["claim_due"]),
        FINDING_STATE_NAMES[FindingState(row["state"])],
        its_issue["measures"] or "",
        its_issue["responsible_person"] or "",
        its_issue["deadline_text"] or "",
        "",
    )


def _book(title: str, lines: Sequence[Sequence[Value]], now: datetime) -> Book:
    heads, widths = [ColumnHead(name, "") for name in _HEADS], tuple(map(float, _HEADS.values()))
    first = 1 + depth(heads)
    body = Body(
        first,
        [_LEFT if name in _SENTENCES else _CENTRE for name in _HEADS],
        [Check() for _ in _HEADS],
        lines,
        least_height=30,
    )
    sheet = Sheet(
        name="交办清单",
        cells=[Cell(0, 0, title, TITLE, columns=len(widths)), *header(heads, 1, 0)],
        widths=widths,
        heights={0: height_of(title, TITLE.size, widths), 1: 30.0},
        body=body,
        landscape=True,
        repeated_rows=(1, first - 1),
    )
    return Book(title, now.date(), (sheet,), as_of=f"截至{full_moment(now)}")
