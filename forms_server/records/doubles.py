"""The same problem twice: found before it is stored, joined by the person who finds it again, or left to the office.

A household's issue may be the same as another where household and problem type agree; a general issue where level,
place and problem type do and the texts are alike (in a village that the filer may read, whatever they say); a proposed
household where the household does. Issues that are closed or
withdrawn are not asked about: a new finding there is a new problem.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Table, and_, select

from checklist.model import RecordForm
from checklist.reading.similar_texts import ALIKE, likeness
from checklist.states import OPEN
from forms_server import audit
from forms_server.access import Action
from forms_server.db.engine import insert_or
from forms_server.db.record_columns import TABLES
from forms_server.db.tables import finding, possible_double
from forms_server.desk import Desk, NotFound
from forms_server.record_digests import subject_id
from forms_server.records import record_rows
from forms_server.records.record import Filing, Record, to_record
from forms_server.scope import visible_records

_MOST_COMPARED = 200


class PossiblySame(Exception):
    """What is handed in may be recorded already; a person must say whether it is the same."""

    def __init__(self, others: Sequence[Record]) -> None:
        super().__init__(len(others))
        self.others = tuple(others)


@dataclass(frozen=True)
class Alike:
    """What is recorded already and may be the same.

    Attributes:
        seen: records that the account may read.
        unseen: ids of those that it may not: it is told that they are there, and the office decides.
        made: id of the household that was made for it, which no other record can name.
    """

    seen: Sequence[Record] = ()
    unseen: Sequence[str] = ()
    made: str | None = None


def alike(desk: Desk, form: RecordForm, record_id: str, columns: Mapping[str, Any]) -> Alike:
    """The open records that may say the same as one with these columns; ``record_id`` is its own."""
    table = TABLES[form.kind]
    same = _same(table, columns)
    if same is None:
        return Alike()
    decided = select(possible_double.c.second_id).where(
        possible_double.c.first_id == table.c.id, possible_double.c.second_id == record_id
    )
    query = (
        select(table, visible_records(form, desk.campaign, desk.account).label("seen"))
        .where(
            same,
            table.c.campaign_id == desk.campaign.id,
            table.c.form_id == form.id,
            table.c.state.in_([state.value for state in OPEN]),
            table.c.id != record_id,
            ~decided.exists(),
        )
        .order_by(table.c.created_at, table.c.id)
        .limit(_MOST_COMPARED)
    )
    found = desk.connection.execute(query).mappings()
    rows = [row for row in found if _near(columns, row)]
    seen = [to_record(form, row) for row in rows if row["seen"]]
    return Alike(seen, [row["id"] for row in rows if not row["seen"]])


def _same(table: Table, columns: Mapping[str, Any]) -> ColumnElement[bool] | None:
    """The condition for what may be the same; None where the record names nothing to know it by."""
    household_id = columns.get("household_id")
    if "level" not in table.c:
        return table.c.household_id == household_id if household_id else None
    if household_id:
        return and_(
            table.c.household_id == household_id, table.c.problem_type_id == columns["problem_type_id"]
        )
    if not columns.get("level"):
        return None
    names = ("problem_type_id", "level", "township_code", "village_code")
    return and_(*(table.c[name].is_not_distinct_from(columns.get(name)) for name in names))


def _near(columns: Mapping[str, Any], other: RowMapping) -> bool:
    """Whether two records of one household, or of one village that the filer may read, or of one text are near enough.

    A county or township has many general problems of one type: without a village only their texts tell.
    """
    if columns.get("household_id") or (columns.get("village_code") and other["seen"]):
        return True
    return likeness(str(columns.get("content") or ""), str(other["content"] or "")) >= ALIKE


def join(desk: Desk, filing: Filing, first: Record, way: str) -> Record:
    """Add what was found to the record that says it already; sending the same again changes nothing.

    Args:
        desk: of the finder, who may see the first record.
        filing: what would have been a record of its own.
        first: the record that counts.
        way: form, visit or import.
    """
    table = TABLES[first.form.kind]
    row = {
        "id": filing.id,
        "campaign_id": desk.campaign.id,
        "record_table": table.name,
        "record_id": first.id,
        "unit_code": filing.unit_code,
        "way": way,
        "found_by": filing.values.get("found_by") or desk.account.shown_name,
        "source": filing.values.get("source"),
        "content": filing.values.get("content") or filing.values.get("reason"),
        "created_by": desk.account.id,
        "created_at": desk.now,
    }
    if record_rows.insert_once(desk.connection, finding, row):
        audit.record_many(
            desk.connection, desk.now, desk.account, found_again(table.name, first.id, filing.id)
        )
    return first


def found_again(table: str, record_id: str, finding_id: str) -> list[audit.AuditEntry]:
    """Audit rows of a problem that was found again: of the record, and of the finding."""
    said = audit.AuditEntry(table, record_id, Action.FIND_AGAIN, {"finding": finding_id}, alters=False)
    return [said, audit.AuditEntry(finding.name, finding_id, Action.FIND_AGAIN)]


def found_before(desk: Desk, finding_id: str) -> bool:
    """Whether that finding was added already: a resend must not become a record of its own."""
    query = select(finding.c.id).where(finding.c.id == finding_id)
    return desk.connection.execute(query).first() is not None


def tell_apart(desk: Desk, form: RecordForm, record_id: str, others: Sequence[Record]) -> None:
    """Write down that a person called these different, so that nobody is asked again."""
    _pair(desk, form, record_id, [each.id for each in others], "different")


def leave_to_office(desk: Desk, form: RecordForm, record_id: str, others: Sequence[str]) -> None:
    """Write down that a record may be the same as these, which its filer may not read."""
    _pair(desk, form, record_id, others, "open")


def _pair(desk: Desk, form: RecordForm, record_id: str, others: Sequence[str], state: str) -> None:
    if not others:
        return
    decided = {"decided_by": desk.account.id, "decided_at": desk.now} if state != "open" else {}
    rows = [
        {
            "first_id": other,
            "second_id": record_id,
            "campaign_id": desk.campaign.id,
            "record_table": TABLES[form.kind].name,
            "state": state,
            "asked_by": desk.account.id,
            "asked_at": desk.now,
            **decided,
        }
        for other in others
    ]
    desk.connection.execute(insert_or(desk.connection, possible_double).on_conflict_do_nothing(), rows)
    audit.record_many(desk.connection, desk.now, desk.account, asked_about(rows))


def asked_about(rows: Iterable[Mapping[str, Any]]) -> list[audit.AuditEntry]:
    """Audit rows of pairs that may be one."""
    name = possible_double.name
    return [audit.AuditEntry(name, subject_id(name, row), row["state"]) for row in rows]


def findings_of(desk: Desk, record: Record) -> Sequence[RowMapping]:
    """Who found the record's problem again, the first first."""
    query = (
        select(finding).where(finding.c.record_id == record.id).order_by(finding.c.created_at, finding.c.id)
    )
    return desk.connection.execute(query).mappings().all()


def joined_with(desk: Desk, record: Record) -> str | None:
    """The id of the record that this one was joined into; None where it was not, or the account may not see it."""
    pair = possible_double.c.second_id == record.id, possible_double.c.state == "same"
    first = desk.connection.execute(select(possible_double.c.first_id).where(*pair)).scalars().first()
    try:
        found = record_rows.find(desk, record.form, first) if first else None
    except NotFound:
        return None
    return found.id if found else None
