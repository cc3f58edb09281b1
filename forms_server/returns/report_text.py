"""The text of a unit's self-inspection report (自查报告): parts written by the unit, versioned."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from checklist.model import Campaign
from forms_server import audit
from forms_server.access import Action
from forms_server.db.engine import insert_or
from forms_server.db.tables import account, report_text
from forms_server.desk import Desk
from forms_server.records.record_store import permit


@dataclass(frozen=True)
class WrittenPart:
    """A unit's text of one part; version 0 if never written."""

    text: str = ""
    version: int = 0
    changed_by: str = ""
    changed_at: datetime | None = None


def parts(connection: Connection, campaign: Campaign, unit_code: str) -> dict[str, WrittenPart]:
    """Return all parts of the report by id, in order."""
    query = (
        select(report_text, account.c.display_name, account.c.name)
        .join(account, account.c.id == report_text.c.changed_by)
        .where(report_text.c.campaign_id == campaign.id, report_text.c.unit_code == unit_code)
    )
    written = {
        row.part_id: WrittenPart(row.text, row.version, row.display_name or row.name, row.changed_at)
        for row in connection.execute(query)
    }
    report = campaign.report_form
    return {part.id: written.get(part.id, WrittenPart()) for part in report.parts} if report else {}


def save(desk: Desk, unit_code: str, texts: Mapping[str, str]) -> list[str]:
    """Save parts of the report; unchanged ones keep their version.

    Args:
        texts: part id to text; other parts are unaffected.

    Returns:
        Ids of the changed parts.

    Raises:
        NotAllowed: the account has no write access to the unit.
        KeyError: no such part.
    """
    permit(desk, Action.WRITE_REPORT, unit_code, None)
    stored = parts(desk.connection, desk.campaign, unit_code)
    changed = [part_id for part_id, text in texts.items() if stored[part_id].text != text]
    for part_id in changed:
        _write(desk, unit_code, part_id, texts[part_id], stored[part_id].version + 1)
    return changed


def _write(desk: Desk, unit_code: str, part_id: str, text: str, version: int) -> None:
    key = {"campaign_id": desk.campaign.id, "unit_code": unit_code, "part_id": part_id}
    content = {"text": text, "version": version, "changed_by": desk.account.id, "changed_at": desk.now}
    subject_id = "/".join(key.values())
    if version > 1:
        audit.note_unfit(desk.connection, desk.now, desk.account, report_text.name, [subject_id])
    statement = insert_or(desk.connection, report_text).values(key | content)
    desk.connection.execute(
        statement.on_conflict_do_update(index_elements=list(report_text.primary_key), set_=content)
    )
    audit.record(
        desk.connection, desk.now, desk.account, report_text.name, subject_id, "write", {"version": version}
    )
