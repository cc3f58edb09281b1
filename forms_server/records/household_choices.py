"""Records whose householder several households of the village may be: the office says which one is meant."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from forms_server.access import Action, may_write
from forms_server.db.record_columns import TABLES
from forms_server.desk import Desk, NotAllowed, NotFound
from forms_server.editable_states import State
from forms_server.households.household_of_record import identify, of_name, write_down_made
from forms_server.households.roster import Household
from forms_server.records import record_rows
from forms_server.records.record import ANOTHER, EditConflict, Record, to_record


@dataclass(frozen=True)
class UnlinkedRecord:
    """A record, and the households of its village that bear the name."""

    record: Record
    households: Sequence[Household]


def unlinked_records(desk: Desk, limit: int) -> tuple[Sequence[UnlinkedRecord], int]:
    """Return the first such records, the oldest first, and how many there are."""
    forms = {form.id: form for form in desk.campaign.record_forms}
    found = []
    for table in TABLES.values():
        query = select(table).where(
            table.c.campaign_id == desk.campaign.id,
            table.c.household_id.is_(None),
            table.c.householder.is_not(None),
            table.c.village_code.is_not(None),
            table.c.state != State.WITHDRAWN.value,
        )
        rows = desk.connection.execute(query).mappings()
        found += [(row, forms[row["form_id"]]) for row in rows if row["form_id"] in forms]
    found.sort(key=lambda each: (each[0]["created_at"], each[0]["id"]))
    shown = [
        UnlinkedRecord(
            to_record(form, row),
            of_name(desk.connection, desk.campaign.id, row["village_code"], row["householder"]),
        )
        for row, form in found[:limit]
    ]
    return shown, len(found)


def choose_household(desk: Desk, record_id: str, version: int, chosen: str) -> None:
    """Store which household a record is about.

    Args:
        record_id: of an issue or a proposed household.
        version: of the record that the person saw.
        chosen: id of one of the households of the name, or ``ANOTHER``.

    Raises:
        NotAllowed: the account is not the office's.
        NotFound: there is no such record.
        EditConflict: it was changed since, or has its household by now.
        SeveralHouseholds: the chosen one is none of them.
    """
    if not may_write(desk.account, Action.LINK, ""):
        raise NotAllowed("说的是哪一个，由办公室核定。")
    record, columns = _record(desk, record_id)
    if record.household_id is not None or record.version != version:
        raise EditConflict(record)
    found = identify(desk, columns, chosen=chosen, another=chosen == ANOTHER)
    if found is None:
        raise NotFound(record_id)
    write_down_made(desk, found.id if found.made else None)
    what = {"household": found.id}
    record_rows.change(desk, record, version, {"household_id": found.id}, Action.LINK, what)


def _record(desk: Desk, record_id: str) -> tuple[Record, dict[str, object]]:
    forms = {form.id: form for form in desk.campaign.record_forms}
    for table in TABLES.values():
        query = select(table).where(table.c.id == record_id, table.c.campaign_id == desk.campaign.id)
        row = desk.connection.execute(query).mappings().one_or_none()
        if row and row["form_id"] in forms:
            return to_record(forms[row["form_id"]], row), dict(row)
    raise NotFound(record_id)
