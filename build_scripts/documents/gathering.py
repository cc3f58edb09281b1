"""What a document is written from, read from the live database in one transaction."""

from datetime import date

from build_scripts.documents.overdue import overdue_issues
from build_scripts.documents.words import Facts
from build_scripts.summary.behind import check_records
from build_scripts.summary.breakdown import break_down
from build_scripts.summary.compiling import summary_of
from build_scripts.summary.source import Source, opened
from checklist.model import Campaign, Unit


def gather(campaign: Campaign, source: Source, today: date, unit: Unit | None) -> Facts:
    """The summary's figures and the overdue issues, of one moment.

    Args:
        campaign: whose records are counted.
        source: a live database.
        today: the document's date, by which issues are overdue.
        unit: whose document it is; its overdue issues alone are taken then.

    Raises:
        BadSource: the source can't be read, or is none.
        Unreconciled: figures that do not agree: no document is written from these.
    """
    with opened(source) as records:
        summary, _ = summary_of(records, campaign)
        check_records(records, summary, campaign)
        overdue = [
            issue
            for issue in overdue_issues(records, campaign, today)
            if unit is None or issue.unit_code == unit.code
        ]
        by_source = break_down(records, campaign, "source", summary)
    return Facts(campaign, summary, today, overdue, by_source, unit)
