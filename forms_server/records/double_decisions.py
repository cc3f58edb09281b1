"""The office's decisions on possible duplicates: merge two records, mark them as different, or undo a merge.

A merged record is withdrawn, not deleted: it counts with the first one, whose page shows its content as a further
finding. The pair's row keeps the previous state, which an undo restores.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import RowMapping, delete, select, update

from checklist.model import RecordForm
from forms_server import audit
from forms_server.access import Action, may_write
from forms_server.db.engine import insert_or
from forms_server.db.record_columns import TABLES
from forms_server.db.tables import finding, possible_double
from forms_server.desk import Desk, NotAllowed, NotFound
from forms_server.editable_states import State
from forms_server.records import record_rows
from forms_server.records.doubles import asked_about, found_again
from forms_server.records.joined_findings import follow, go_back
from forms_server.records.record import Record, to_record
from forms_server.records.waiting_steps import end_waiting


@dataclass(frozen=True)
class Pair:
    """A pair of records, the earlier one first; ``state`` is that of the pair's row."""

    first: Record
    second: Record
    state: str


class NotAPair(Exception):
    """The records are not two counted ones of one form, or the pair was decided concurrently."""


def pairs(desk: Desk, ids: Sequence[tuple[str, str]]) -> Sequence[Pair]:
    """Look up pairs by the ids of their records; pairs with a missing record are left out."""
    records = _records(desk, {each for pair in ids for each in pair})
    states = {(row.first_id, row.second_id): row.state for row in _rows(desk, "open")}
    return [
        Pair(records[first], records[second], states.get((first, second), "open"))
        for first, second in ids
        if first in records and second in records
    ]


def joined(desk: Desk) -> Sequence[Pair]:
    """Return the merged pairs, newest decision first."""
    rows = _rows(desk, "same")
    records = _records(desk, {each for row in rows for each in (row.first_id, row.second_id)})
    return [
        Pair(records[row.first_id], records[row.second_id], "same")
        for row in rows
        if row.first_id in records and row.second_id in records
    ]


def join_records(desk: Desk, first_id: str, second_id: str) -> None:
    """Merge the second record into the first; only the first one counts from then on.

    Raises:
        NotAllowed: only the office may decide.
        NotFound: one of the records does not exist.
        NotAPair: they are not two counted records of one form.
        ReopenFirst: a finding of supervision says that it is not rectified, and the first counts as rectified.
    """
    first, second = _pair(desk, first_id, second_id)
    table = TABLES[second.form.kind]
    if second.form.kind == "issue":
        follow(desk, second, first)
    _decide(desk, second.form, first_id, second_id, "same", second.state.value)
    words = f"与{desk.campaign.unit_by_code[first.unit_code].name}登记的是同一个，已并入那一条"
    columns = {"state": State.WITHDRAWN.value, "state_reason": words}
    columns |= end_waiting(desk.connection, desk.now, desk.account, second)
    what = {"from": second.state.value, "to": State.WITHDRAWN.value, "joined": first.id}
    record_rows.change(desk, second, second.version, columns, Action.JOIN, what)
    row = {
        "id": second.id,
        "campaign_id": desk.campaign.id,
        "record_table": table.name,
        "record_id": first.id,
        "unit_code": second.unit_code,
        "found_by": second.values.get("found_by"),
        "way": "join",
        "source": second.values.get("source"),
        "content": second.values.get("content") or second.values.get("reason"),
        "created_by": second.created_by,
        "created_at": second.created_at,
    }
    record_rows.insert_once(desk.connection, finding, row)
    audit.record_many(desk.connection, desk.now, desk.account, found_again(table.name, first.id, second.id))


def tell_records_apart(desk: Desk, first_id: str, second_id: str) -> None:
    """Mark the pair as different; it is never asked about again.

    Raises:
        NotAllowed, NotAPair: as for ``join_records``.
    """
    _, second = _pair(desk, first_id, second_id)
    _decide(desk, second.form, first_id, second_id, "different", None)


def part_records(desk: Desk, first_id: str, second_id: str) -> None:
    """Undo a merge: restore the second record's state, so that it counts by itself again.

    Raises:
        NotAllowed: only the office may decide.
        NotAPair: they are not merged.
    """
    _permit(desk)
    row = desk.connection.execute(
        select(possible_double).where(
            possible_double.c.first_id == first_id,
            possible_double.c.second_id == second_id,
            possible_double.c.campaign_id == desk.campaign.id,
            possible_double.c.state == "same",
        )
    ).mappings().one_or_none()  # fmt: skip
    second = _records(desk, {second_id}).get(second_id)
    if row is None or second is None or second.state is not State.WITHDRAWN:
        raise NotAPair(second_id)
    if second.form.kind == "issue":
        go_back(desk, first_id, second)
    columns = {"state": row["state_before"], "state_reason": None}
    what = {"from": second.state.value, "to": row["state_before"], "parted": first_id}
    record_rows.change(desk, second, second.version, columns, Action.PART, what)
    audit.note_unfit(desk.connection, desk.now, desk.account, finding.name, [second_id])
    desk.connection.execute(delete(finding).where(finding.c.id == second_id, finding.c.record_id == first_id))
    audit.record(desk.connection, desk.now, desk.account, finding.name, second_id, Action.PART)
    _decide(desk, second.form, first_id, second_id, "different", None)


def _permit(desk: Desk) -> None:
    if not may_write(desk.account, Action.JOIN, ""):
        raise NotAllowed("是不是同一个问题，由办公室核定。")


def _pair(desk: Desk, first_id: str, second_id: str) -> tuple[Record, Record]:
    _permit(desk)
    records = _records(desk, {first_id, second_id})
    if len(records) != 2:
        raise NotFound(second_id)
    first, second = records[first_id], records[second_id]
    if first.form.id != second.form.id or State.WITHDRAWN in {first.state, second.state}:
        raise NotAPair(second_id)
    return first, second


def _records(desk: Desk, ids: set[str]) -> dict[str, Record]:
    """Return the campaign's records by id, across forms."""
    found: dict[str, Record] = {}
    forms = {form.id: form for form in desk.campaign.record_forms}
    for table in TABLES.values() if ids else ():
        query = select(table).where(table.c.id.in_(sorted(ids)), table.c.campaign_id == desk.campaign.id)
        for row in desk.connection.execute(query).mappings():
            if row["form_id"] in forms:
                found[row["id"]] = to_record(forms[row["form_id"]], row)
    return found


def _rows(desk: Desk, state: str) -> Sequence[RowMapping]:
    query = (
        select(possible_double)
        .where(possible_double.c.campaign_id == desk.campaign.id, possible_double.c.state == state)
        .order_by(
            possible_double.c.decided_at.desc(), possible_double.c.first_id, possible_double.c.second_id
        )
    )
    return desk.connection.execute(query).mappings().all()


def _decide(
    desk: Desk, form: RecordForm, first_id: str, second_id: str, state: str, state_before: str | None
) -> None:
    decided = {
        "state": state,
        "state_before": state_before,
        "decided_by": desk.account.id,
        "decided_at": desk.now,
    }
    born = {
        "first_id": first_id,
        "second_id": second_id,
        "campaign_id": desk.campaign.id,
        "record_table": TABLES[form.kind].name,
        "asked_by": desk.account.id,
        "asked_at": desk.now,
    }
    key = possible_double.c.first_id == first_id, possible_double.c.second_id == second_id
    audit.note_unfit(
        desk.connection, desk.now, desk.account, possible_double.name, [f"{first_id}/{second_id}"]
    )
    statement = insert_or(desk.connection, possible_double).on_conflict_do_nothing()
    desk.connection.execute(statement, {**born, **decided})
    desk.connection.execute(update(possible_double).where(*key).values(decided))
    audit.record_many(desk.connection, desk.now, desk.account, asked_about([born | decided]))
