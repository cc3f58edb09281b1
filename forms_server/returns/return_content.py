"""Content of a unit's return, read in one transaction."""

from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, Date, DateTime, Table, select

from checklist.model import Campaign, Unit
from forms_server.db.tables import issue, proposed_household, zero_report
from forms_server.returns import report_text, return_figures
from forms_server.returns.return_document import FIGURES, FORMAT, REPORT, Document, plain

_AS_STORED = (issue, proposed_household, zero_report)


def gather(connection: Connection, campaign: Campaign, unit: Unit) -> Document:
    """Assemble the unit's current return: all records as stored, including withdrawn ones."""
    return {
        "format": FORMAT,
        "campaign_id": campaign.id,
        "notice": campaign.notice.number,
        "unit": {"code": unit.code, "name": unit.name},
        "forms": {form.id: form.version for form in campaign.forms},
        FIGURES: _figures(connection, campaign, unit),
        **{table.name: _rows(connection, table, campaign, unit) for table in _AS_STORED},
        REPORT: _report(connection, campaign, unit),
    }


def _figures(connection: Connection, campaign: Campaign, unit: Unit) -> list[dict[str, Any]]:
    """Lines of annex 2 with their positions."""
    rows = return_figures.unit_rows(connection, campaign, unit)
    return [asdict(row) | {"position": position} for position, row in enumerate(rows, 1)]


def _rows(connection: Connection, table: Table, campaign: Campaign, unit: Unit) -> list[dict[str, Any]]:
    """The unit's rows of a table, without generated columns."""
    columns = [column for column in table.c if column.computed is None]
    names = [column.name for column in columns]
    dated = [column.name for column in columns if isinstance(column.type, Date | DateTime)]
    query = select(*columns).where(table.c.campaign_id == campaign.id, table.c.unit_code == unit.code)
    rows = [dict(zip(names, row, strict=True)) for row in connection.execute(query).all()]
    for row in rows:
        for name in dated:
            row[name] = plain(row[name])
    return rows


def _report(connection: Connection, campaign: Campaign, unit: Unit) -> list[dict[str, Any]]:
    """Parts of the report with their current titles."""
    if not campaign.report_form:
        return []
    written = report_text.parts(connection, campaign, unit.code)
    return [
        {
            "part_id": part.id,
            "position": position,
            "title": part.title,
            "text": written[part.id].text,
            "version": written[part.id].version,
        }
        for position, part in enumerate(campaign.report_form.parts, 1)
    ]
