"""The demonstration's imported workbook: a batch, a remembered reading, and a name that two households bear."""

import random
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import insert, select

from build_scripts.workbooks.record_layout import fields_in_order, record_book
from build_scripts.workbooks.workbook_values import Value as CellValue
from build_scripts.workbooks.xlsx_writer import to_xlsx
from checklist.model import RecordForm, Stage, Unit
from checklist.questions import Answers
from checklist.values.judge import Context, check_record, display
from forms_server import audit
from forms_server.clock import Clock
from forms_server.db.tables import household
from forms_server.demo.stories import Story, story_of
from forms_server.desk import Desk
from forms_server.imports.ledger_import import LedgerImport, LedgerUpload

ROWS = 6
"""Issues in the workbook."""

UNCERTAIN = "差不多弄好了"
"""An outcome that no list of phrases knows, so that it is asked about and the answer remembered."""

OTHER = {"people": 2, "number": None}
"""By what the second household of a name is another one."""

FILE_NAME = "{unit}第二次排查台账.xlsx"


def import_workbook(desk: Desk, unit: Unit, chance: random.Random) -> None:
    """Import a workbook of a township's household issues; nothing where the campaign or the unit has none."""
    form = desk.campaign.household_form
    if form is None or not unit.villages:
        return
    found = [
        story_of(desk.campaign, unit, form, desk.now.date() - timedelta(days=2), chance) for _ in range(ROWS)
    ]
    data = _workbook(desk, unit, form, [_values(desk, unit, story) for story in found])
    context = Context(desk.campaign, unit, desk.now.date())
    upload = LedgerUpload(context, desk.account, Clock(desk.now))
    planned = _planned(desk, upload, data)
    given = {
        each.question.key: each.question.answer or each.question.choices[0].id for each in planned.questions
    }
    upload = LedgerUpload(
        Context(desk.campaign, unit, desk.now.date(), Answers(given)), desk.account, upload.clock
    )
    planned = _planned(desk, upload, data)
    if not planned.errors:
        upload.store(desk.connection, planned, FILE_NAME.format(unit=unit.name), data)


def _planned(desk: Desk, upload: LedgerUpload, data: bytes) -> LedgerImport:
    return upload.plan(desk.connection, upload.read(data))


def _values(desk: Desk, unit: Unit, story: Story) -> dict[str, Any]:
    context = Context(desk.campaign, unit, story.day)
    return dict(check_record(story.form, story.raw, context, set(Stage)).values)


def _workbook(desk: Desk, unit: Unit, form: RecordForm, rows: Sequence[dict[str, Any]]) -> bytes:
    """The rows as a filled-in template: one with an uncertain outcome, one of a householder with a namesake."""
    later = [field.id for field in form.fields if field.stage is Stage.RECTIFIED]
    for number, values in enumerate(rows):
        for field_id in later[: len(later) if number else 1]:
            values[field_id] = None if number else UNCERTAIN
    if named := _namesake(desk, unit):
        rows[-1].update(named)
    cells = [_cells(desk, form, number, values) for number, values in enumerate(rows, 1)]
    return to_xlsx(record_book(form, desk.campaign, unit, cells))


def _cells(desk: Desk, form: RecordForm, number: int, values: Mapping[str, Any]) -> list[CellValue]:
    shown = {
        field.id: display(field, values[field.id], desk.campaign)
        for field in form.fields
        if values.get(field.id) is not None
    }
    return [number if field.id not in shown and not values.get(field.id) and index == 0 else shown.get(field.id)
            for index, field in enumerate(fields_in_order(form))]  # fmt: skip


def _namesake(desk: Desk, unit: Unit) -> dict[str, Any]:
    """Put a second household of one name on the roster; the place and name that both have."""
    own = household.c.campaign_id == desk.campaign.id, household.c.township_code == unit.code
    query = (
        select(household).where(*own, household.c.listed).order_by(household.c.village_code, household.c.id)
    )
    first = desk.connection.execute(query.limit(1)).mappings().one_or_none()
    if first is None:
        return {}
    computed = {column.name for column in household.c if column.computed is not None}
    second = {name: value for name, value in first.items() if name not in computed}
    new_id = f"{first['id'][:-4]}beef"
    desk.connection.execute(insert(household), [{**second, **OTHER, "id": new_id}])
    audit.record(desk.connection, desk.now, desk.account, household.name, new_id, "list")
    return {"village": first["village_code"], "householder": first["householder"]}
