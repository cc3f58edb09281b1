"""The placeholders of templates and their values; all figures come from the summary."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from build_scripts.counting.county_summary import Summary
from build_scripts.counting.summary_lines import AnnexTable, SummaryRow
from build_scripts.documents.document_counts import NO_COUNTS, DocumentCounts
from build_scripts.documents.overdue_issues import Overdue
from build_scripts.documents.part_words import part_words, ranking_words, rate
from build_scripts.summary.reporting_completeness import standings
from build_scripts.workbooks.summary_layout import cell_value
from checklist.date_formats import full_day, short_day
from checklist.model import Campaign, Unit

_MOST_NAMED = 5
_ANSWER_DAYS = 7

Words = Mapping[str, Any]


@dataclass(frozen=True)
class DocumentFacts:
    """The data of a document."""

    campaign: Campaign
    summary: Summary
    today: date
    overdue: Sequence[Overdue] = ()
    by_source: Sequence[tuple[str, int, int]] = ()
    """Each source's name, its number of issues and how many of them are rectified."""
    unit: Unit | None = None
    """The document's unit; None for the county."""
    texts: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """The unit's own text: part id of the report to paragraphs."""
    circular: Mapping[str, Any] = field(default_factory=dict)
    """The last circular of supervision: its number, moment and figures; empty without one."""
    draft: bool = False
    """Whether it is an unsigned draft of a report."""
    now: datetime | None = None
    """The moment, where it is known: on the day of the deadline it is before or after it."""
    counts: DocumentCounts = NO_COUNTS
    """What is counted besides annex 2."""

    @property
    def table(self) -> AnnexTable:
        """The unit's figures, or the county's."""
        own = (table for table in self.summary.units if self.unit and table.unit_code == self.unit.code)
        return next(own, self.summary.county)


def words_of(facts: DocumentFacts) -> dict[str, Any]:
    """Return all placeholders that a template can use, except the report's parts."""
    return {
        **_about_campaign(facts),
        **_figures(facts.table.total),
        **_about_units(facts),
        **_about_overdue(facts),
        "各问题类型": [{"名称": line.problem_type, **_marked(facts, line)} for line in facts.table.lines],
        "各单位": [{"名称": table.unit, **_marked(facts, table.total)} for table in facts.summary.units],
        "督导": facts.circular,
        **ranking_words(facts.summary.units),
        **part_words(facts.counts, facts.campaign, facts.table, facts.now or facts.today),
        "按问题类型": _most((line.problem_type, line.found) for line in facts.table.lines),
        "按问题来源": _most((name, found) for name, found, _ in facts.by_source),
        "各问题来源": [
            {"名称": name, "共排查问题数": found, "已整改数": rectified, "整改率": rate(rectified, found)}
            for name, found, rectified in facts.by_source
        ],
    }


def _about_campaign(facts: DocumentFacts) -> Words:
    notice, unit = facts.campaign.notice, facts.unit
    return {
        "专项": notice.name,
        "专项简称": notice.short_name,
        "县": notice.county,
        "办公室": notice.contact.office,
        "通知标题": notice.title,
        "文号": notice.number,
        "主送": notice.addressees.rstrip("：:"),
        "报送时限": notice.deadline.text,
        "联系电话": notice.contact.phone,
        "邮箱": notice.contact.email,
        "方面数": len(facts.campaign.areas),
        "问题类型数": len(facts.campaign.problem_types),
        "日期": full_day(facts.today),
        "答复期限": full_day(facts.today + timedelta(days=_answer_days(facts.campaign))),
        "年份": facts.today.year,
        "发文号": "",  # of what is not written down in the register of letters
        "单位": unit.name if unit else notice.county,
        "单位全称": (unit.full_name or unit.name) if unit else notice.county,
        "署名": notice.issuer,
    }


def _answer_days(campaign: Campaign) -> int:
    """Days until a unit answers a reminder: those of supervision's letters, if the campaign has any."""
    return campaign.inspection.letters.answer_days if campaign.inspection else _ANSWER_DAYS


FIGURES = {
    "found": "共排查问题数",
    "rectified": "已整改数",
    "rectifying": "正在整改数",
    "proposed_households": "户数",
    "proposed_people": "人数",
}
"""Summary column id to its placeholder."""


def _figures(row: SummaryRow) -> Words:
    figures = {name: row.figure(column) for column, name in FIGURES.items()}
    return {**figures, "整改率": rate(row.rectified, row.found)}


def _marked(facts: DocumentFacts, row: SummaryRow) -> Words:
    """Return the figures of a table's line, with annex 2's mark for not reported."""
    form, figures = facts.campaign.summary_table, _figures(row)
    return {name: cell_value(form, row, column) for column, name in FIGURES.items()} | {
        "整改率": figures["整改率"]
    }


def _about_units(facts: DocumentFacts) -> Words:
    waiting = [each for each in standings(facts.summary) if each.missing]
    return {
        "应报单位数": len(facts.summary.units),
        "报全单位数": len(facts.summary.units) - len(waiting),
        "未报全单位数": len(waiting),
        "未报全": "、".join(f"{each.unit}（缺{len(each.missing)}类）" for each in waiting),
    }


def _about_overdue(facts: DocumentFacts) -> Words:
    own = facts.overdue
    units = {each.unit_code: 0 for each in own}
    for each in own:
        units[each.unit_code] += 1
    names = facts.campaign.unit_by_code
    return {
        "逾期数": len(own),
        "逾期单位": "、".join(
            f"{unit.name}（{units[unit.code]}个）" for unit in names.values() if unit.code in units
        ),
        "逾期问题": overdue_rows(own),
    }


def overdue_rows(issues: Sequence[Overdue]) -> list[dict[str, Any]]:
    """The rows of overdue issues."""
    return [
        {
            "序号": number,
            "村": each.village,
            "户主": each.householder,
            "问题类型": each.problem_type,
            "具体内容": each.content,
            "责任人": each.responsible_person,
            "责任单位": each.responsible_unit,
            "时限": short_day(each.deadline),
            "逾期天数": each.days,
        }
        for number, each in enumerate(issues, 1)
    ]


def _most(counted: Iterable[tuple[str, int]]) -> str:
    """Return the largest figures as a phrase: 住房安全12个、饮水安全3个."""
    largest = sorted((each for each in counted if each[1]), key=lambda each: -each[1])[:_MOST_NAMED]
    return "、".join(f"{name}{figure}个" for name, figure in largest)
