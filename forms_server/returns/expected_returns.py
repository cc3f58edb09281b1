"""Expected returns with their deadlines, as rows, so that missing ones are visible."""

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, delete, insert, select, update

from checklist.model import Campaign
from forms_server import audit
from forms_server.db.tables import expected_return


def expect(connection: Connection, campaign: Campaign, now: datetime) -> None:
    """Synchronise the expected returns with the campaign's filing units and deadline. Idempotent."""
    due = campaign.notice.deadline.at
    wanted = {unit.code for unit in campaign.filing_units}
    have = due_by_unit(connection, campaign)
    for code in sorted(wanted - have.keys()):
        row = {"campaign_id": campaign.id, "unit_code": code, "due_at": due}
        connection.execute(insert(expected_return).values(row))
        _record(connection, campaign, now, code, "expect", due)
    moved = sorted(code for code in have.keys() & wanted if have[code] != due)
    touched = [f"{campaign.id}/{code}" for code in (*moved, *sorted(have.keys() - wanted))]
    audit.note_unfit(connection, now, None, expected_return.name, touched)
    for code in moved:
        connection.execute(update(expected_return).where(_of(campaign, code)).values(due_at=due))
        _record(connection, campaign, now, code, "move", due)
    for code in sorted(have.keys() - wanted):
        connection.execute(delete(expected_return).where(_of(campaign, code)))
        _record(connection, campaign, now, code, "release", have[code])


def due_by_unit(connection: Connection, campaign: Campaign) -> dict[str, datetime]:
    """Map unit codes to due times."""
    query = select(expected_return.c.unit_code, expected_return.c.due_at)
    rows = connection.execute(query.where(expected_return.c.campaign_id == campaign.id))
    return {row.unit_code: row.due_at for row in rows}


def _of(campaign: Campaign, unit_code: str) -> ColumnElement[bool]:
    return and_(expected_return.c.campaign_id == campaign.id, expected_return.c.unit_code == unit_code)


def _record(
    connection: Connection, campaign: Campaign, now: datetime, unit_code: str, action: str, due: datetime
) -> None:
    subject_id = f"{campaign.id}/{unit_code}"
    change = {"due_at": due.isoformat()}
    audit.record(connection, now, None, expected_return.name, subject_id, action, change)
