"""Which unit answers a finding: the one that counts its issue, or the one that leads since it was transferred."""

from sqlalchemy import ColumnElement, func, select

from forms_server.db.tables import inspection_finding, issue_unit, transfer
from forms_server.records.transfers import REFUSED


def answering_code() -> ColumnElement[str]:
    """Code of the unit that answers, for a query on ``inspection_finding``.

    A transfer that was refused counts for nothing, and neither does one to a unit that no longer leads.
    """
    finding = inspection_finding.c
    leads = (
        select(transfer.c.unit_code)
        .join(
            issue_unit,
            (issue_unit.c.issue_id == transfer.c.issue_id) & (issue_unit.c.unit_code == transfer.c.unit_code),
        )
        .where(
            transfer.c.issue_id == finding.issue_id,
            transfer.c.assists.is_(False),
            transfer.c.state != REFUSED,
            issue_unit.c.position == 0,
        )
        .limit(1)
        .correlate(inspection_finding)
        .scalar_subquery()
    )
    return func.coalesce(leads, finding.unit_code)
