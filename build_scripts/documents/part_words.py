"""Placeholders beside annex 2's figures: ranking, typical problems, who has handed in, what changed, visits, entry."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from build_scripts.counting.percentages import part_in_words
from build_scripts.counting.summary_lines import AnnexTable
from build_scripts.documents.document_counts import DocumentCounts
from checklist.date_formats import full_day, short_day
from checklist.model import Campaign

RANKED = 3
"""Units that are named first and last."""

_MOST_LISTED = 5


def rate(part: int, whole: int) -> str:
    """A share in prose: without a decimal that is zero."""
    return part_in_words(part, whole).replace(".0%", "%")


def ranking_words(units: Sequence[AnnexTable]) -> Mapping[str, str]:
    """Name the first and the last units by rate, with their figures; nobody is both, and equals stand together.

    Units without a problem have no rate, and are not ranked. Where all have the same rate, nobody is named.
    """
    rated = [(table.total.rectified / table.total.found, table) for table in units if table.total.found]
    ordered = sorted(rated, key=lambda pair: (-pair[0], -pair[1].total.found))
    named = min(RANKED, len(ordered) // 2)
    if not named or ordered[0][0] == ordered[-1][0]:
        return {"整改率靠前": "", "整改率靠后": ""}
    best, worst = ordered[named - 1][0], ordered[-named][0]
    if best == worst:  # one large group of equals between both ends
        first = [each for each in ordered if each[0] > best]
        last = [each for each in ordered if each[0] < worst]
    else:
        first, last = ordered[:named], ordered[-named:]
    return {"整改率靠前": _named(first), "整改率靠后": _named(last[::-1])}


def _named(ranked: Sequence[tuple[float, AnnexTable]]) -> str:
    return "、".join(
        f"{table.unit}{rate(table.total.rectified, table.total.found)}（{table.total.rectified}/{table.total.found}）"
        for _, table in ranked
    )


def part_words(
    counts: DocumentCounts, campaign: Campaign, table: AnnexTable, moment: date | datetime
) -> dict[str, Any]:
    """Return the placeholders of these counts.

    Args:
        counts: what is counted.
        campaign: gives labels and the deadline.
        table: of annex 2.
        moment: of the document; a day where its time is unknown, which has not passed a deadline on it.
    """
    entry = counts.entry
    return {
        "典型问题": [{"内容": text.rstrip("；。，"), "个数": count} for text, count in counts.typical],
        "各台账": [
            {"名称": name, "共排查问题数": found, "已整改数": rectified, "整改率": rate(rectified, found)}
            for name, found, rectified in counts.forms
        ],
        "排查户数": counts.visited,
        "有问题户数": counts.with_problems,
        "主要风险": "、".join(
            f"{line.problem_type}{line.proposed_households}户"
            for line in sorted(table.lines, key=lambda line: -line.proposed_households)[:_MOST_LISTED]
            if line.proposed_households
        ),
        "录入": {
            "期限": entry.days, "按期": entry.in_time, "超期": entry.late, "未录入": entry.waiting,
            "逾期未录入": entry.overdue,
        } if entry else {},
        "没有报": not table.total.found and any(line.reported == "no" for line in table.lines),
        **_arrival_words(counts, campaign, moment),
        **_since_words(counts, table),
    }  # fmt: skip


def _arrival_words(counts: DocumentCounts, campaign: Campaign, moment: date | datetime) -> dict[str, Any]:
    come, due = counts.arrivals, campaign.notice.deadline.at
    deadline = due.date()
    past = moment > due if isinstance(moment, datetime) else moment > deadline
    return {
        "报送": {
            "按时": len(come.on_time), "迟报": "、".join(come.late), "迟报数": len(come.late),
            "未报": "、".join(come.none), "未报数": len(come.none),
        } if come else {},
        "时限已过": past,
        "报送截止日": full_day(deadline),
    }  # fmt: skip


def _since_words(counts: DocumentCounts, table: AnnexTable) -> dict[str, Any]:
    since = counts.since
    if since is None:
        return {"上次": {}}
    total = table.total
    return {
        "上次": {
            "日期": short_day(since.day),
            "新排查": total.found - since.found,
            "新整改": total.rectified - since.rectified,
            "整改率": rate(since.rectified, since.found),
        }
    }
