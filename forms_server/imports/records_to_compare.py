"""A unit's existing records, for comparison with an import."""

from collections.abc import Iterable, Iterator

from sqlalchemy import Connection, select

from build_scripts.intake.import_comparison import Recorded
from checklist.model import Campaign, RecordForm
from forms_server.db.record_columns import TABLES
from forms_server.editable_states import STATE_NAMES
from forms_server.records.record import to_record


def recorded(
    connection: Connection, campaign: Campaign, unit_code: str, forms: Iterable[RecordForm]
) -> Iterator[Recorded]:
    """All records of a unit's ledgers, including withdrawn ones."""
    for form in forms:
        table = TABLES[form.kind]
        own = (table.c.campaign_id == campaign.id, table.c.unit_code == unit_code, table.c.form_id == form.id)
        for row in connection.execute(select(table).where(*own)).mappings():
            record = to_record(form, row)
            yield Recorded(record.id, form.id, record.state, record.values, STATE_NAMES[record.state], record)
