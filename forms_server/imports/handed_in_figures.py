"""Storage of a unit's own imported annex 2, for the reconciliation with its ledgers."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import and_, delete, insert

from build_scripts.intake.handed_in_annex2 import EnclosedSummary
from forms_server import audit
from forms_server.db.tables import handed_in_figure
from forms_server.imports.import_storage import Importer

_LARGEST = 2**31 - 1
_LONGEST_TEXT, _LONGEST_PLACE = 80, 120


def keep(summaries: Sequence[EnclosedSummary], importer: Importer) -> None:
    """Replace the unit's figures by those of a workbook's annex 2; the last sheet counts."""
    if not summaries:
        return
    table, unit = handed_in_figure, importer.unit
    own = and_(table.c.campaign_id == importer.campaign.id, table.c.unit_code == unit.code)
    importer.connection.execute(delete(table).where(own))
    rows = list(_rows(summaries[-1], importer))
    if rows:
        importer.connection.execute(insert(table), rows)
    subject_id = f"{importer.campaign.id}/{unit.code}"
    change = {"cells": len(rows)}
    audit.record(
        importer.connection, importer.now, importer.author, table.name, subject_id, "hand_in", change
    )


def _rows(summary: EnclosedSummary, importer: Importer) -> Iterator[dict[str, Any]]:
    for (problem_type_id, column_id), figure in summary.figures.items():
        small = figure.number is not None and abs(figure.number) <= _LARGEST
        yield {
            "campaign_id": importer.campaign.id,
            "unit_code": importer.unit.code,
            "problem_type_id": problem_type_id,
            "column_id": column_id,
            "text": figure.text[:_LONGEST_TEXT],
            "number": figure.number if small else None,
            "place": figure.place[-_LONGEST_PLACE:],
            "handed_in_by": importer.account.id,
            "handed_in_at": importer.now,
        }
