"""Existing records, for comparison with an import: the unit's, and other units' at the same places."""

from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import ColumnElement, Connection, select

from build_scripts.intake.import_comparison import Recorded
from build_scripts.intake.ledger_entry import LedgerEntry
from build_scripts.intake.resent_questions import Elsewhere
from build_scripts.intake.resent_rows import compared_fields
from checklist.model import Campaign, FieldType, RecordForm
from checklist.states import OPEN
from forms_server.account import Account
from forms_server.db.record_columns import TABLES, column_of, columns_read, reader_of
from forms_server.editable_states import STATE_NAMES, State
from forms_server.records.locked_findings import answered_fields
from forms_server.scope import shown_when_repeated


def recorded(
    connection: Connection,
    campaign: Campaign,
    unit_code: str,
    forms: Iterable[RecordForm],
    account: Account | None = None,
) -> Iterator[Recorded]:
    """All records of a unit's ledgers, including withdrawn ones; an importer of one village reads only its own."""
    village = account.village_code if account else None
    for form in forms:
        table = TABLES[form.kind]
        own = (table.c.campaign_id == campaign.id, table.c.unit_code == unit_code, table.c.form_id == form.id)
        values_of = reader_of(form)
        is_issue = "finding_number" in table.c
        names = list(dict.fromkeys([*_COMPARED, *_FINDING[: int(is_issue)], *columns_read(form)]))
        # A ledger has tens of thousands: a dict of a few columns is read faster than a mapping of all.
        for cells in connection.execute(select(*(table.c[name] for name in names)).where(*own)):
            row = dict(zip(names, cells, strict=True))
            state = _STATES[row["state"]]
            shown = village is None or row["village_code"] == village
            values = values_of(row)
            number = row.get("finding_number")
            may_lack = answered_fields(campaign, form) if number else frozenset()
            empty = frozenset(each for each in may_lack if values.get(each) is None)
            yield Recorded(
                row["id"], form.id, state, values, STATE_NAMES[state], row["version"], shown, empty
            )


_COMPARED = ("id", "state", "version", "village_code")
_FINDING = ("finding_number",)
_STATES = {state.value: state for state in State}


class RecordsElsewhere:
    """Open records of other units where rows of a unit's workbook lie."""

    def __init__(self, connection: Connection, campaign: Campaign, unit_code: str, account: Account) -> None:
        self._connection, self._campaign = connection, campaign
        self._unit_code, self._account = unit_code, account

    def __call__(self, form: RecordForm, rows: Sequence[LedgerEntry]) -> Iterator[Elsewhere]:
        """Yield the form's records, oldest first, with one query per village."""
        village = next((field.id for field in form.fields if field.type is FieldType.VILLAGE), "")
        named = sorted({str(row.values[village]) for row in rows if row.values.get(village)})
        table = TABLES[form.kind]
        places = [table.c.village_code == code for code in named]
        if any(not row.values.get(village) for row in rows):
            places.append(table.c.village_code.is_(None))
        for place in places:
            yield from self._at(form, place)

    def _at(self, form: RecordForm, place: ColumnElement[bool]) -> Iterator[Elsewhere]:
        table, units = TABLES[form.kind], self._campaign.unit_by_code
        columns = {name: column_of(form, form.field(name)) for name in compared_fields(form)}
        seen = shown_when_repeated(form, self._campaign, self._account)
        query = (
            select(
                table.c.id,
                table.c.unit_code,
                table.c.created_at,
                seen.label("seen"),
                *(table.c[column] for column in columns.values() if column),
            )
            .where(
                table.c.campaign_id == self._campaign.id,
                table.c.form_id == form.id,
                table.c.state.in_([state.value for state in OPEN]),
                table.c.unit_code != self._unit_code,
                place,
            )
            .order_by(table.c.created_at, table.c.id)
        )
        for row in self._connection.execute(query).mappings():
            unit = units.get(row["unit_code"])
            values = {name: row[column] for name, column in columns.items() if column}
            yield Elsewhere(
                row["id"],
                form.id,
                unit.name if unit else row["unit_code"],
                row["created_at"].date(),
                bool(row["seen"]),
                values,
            )
