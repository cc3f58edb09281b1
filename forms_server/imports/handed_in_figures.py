"""Storage of a unit's own imported annex 2, for the reconciliation with its ledgers."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, insert, select

from build_scripts.intake.handed_in_annex2 import EnclosedSummary
from forms_server import audit
from forms_server.db.record_columns import Row
from forms_server.db.tables import handed_in_figure
from forms_server.imports.importer import Importer

_LARGEST = 2**31 - 1
_LONGEST_TEXT, _LONGEST_PLACE = 80, 120


def keep(summaries: Sequence[EnclosedSummary], importer: Importer) -> Sequence[Row] | None:
    """Replace the unit's figures by those of a workbook's annex 2; the last sheet counts.

    Returns:
        The rows that they take the place of; None for a workbook without annex 2.
    """
    if not summaries:
        return None
    table, unit = handed_in_figure, importer.unit
    own = figures_of(importer.campaign.id, unit.code)
    subject_id = f"{importer.campaign.id}/{unit.code}"
    audit.note_unfit(importer.connection, importer.now, importer.author, table.name, [subject_id])
    before = importer.connection.execute(select(table).where(own)).mappings().all()
    importer.connection.execute(delete(table).where(own))
    rows = list(_rows(summaries[-1], importer))
    if rows:
        importer.connection.execute(insert(table), rows)
    change = {"cells": len(rows)}
    audit.record(
        importer.connection, importer.now, importer.author, table.name, subject_id, "hand_in", change
    )
    return before


def figures_of(campaign_id: str, unit_code: str) -> ColumnElement[bool]:
    """The rows of a unit's own annex 2."""
    return and_(handed_in_figure.c.campaign_id == campaign_id, handed_in_figure.c.unit_code == unit_code)


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
