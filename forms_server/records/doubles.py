"""Duplicate detection at filing: merge into the recorded problem, mark as different, or leave to the office.

A household's issue may be the same as another where household and problem type agree; a general issue where level,
place and problem type do and the texts are alike (in a village that the filer may read, whatever they say); a proposed
household where the household does. Closed and withdrawn issues are not compared: a new finding there is a new problem.
A team's is compared with closed ones, too: what was closed and is not so goes back, and was not missed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Table, and_, select

from checklist.model import RecordForm
from checklist.reading.similar_texts import ALIKE, likeness
from checklist.states import OPEN, State
from forms_server import audit
from forms_server.access import Action
from forms_server.db.engine import insert_or
from forms_server.db.record_columns import TABLES
from forms_server.db.tables import finding, inspection_finding, possible_double
from forms_server.desk import Desk, NotFound
from forms_server.finding_states import FindingState, Way
from forms_server.record_digests import subject_id
from forms_server.records import record_rows
from forms_server.records.record import Filing, Record, to_record
from forms_server.scope import shown_when_repeated

_MOST_COMPARED = 200


class PossiblySame(Exception):
    """The submitted record may be a duplicate; the user must decide."""

    def __init__(self, others: Sequence[Record]) -> None:
        super().__init__(len(others))
        self.others = tuple(others)


@dataclass(frozen=True)
class Alike:
    """Possible duplicates of a submitted record.

    Attributes:
        seen: records that are shown to the account.
        unseen: ids of records that it may not see; only their existence is disclosed, and the office decides.
        made: id of the household just created for the record, which therefore has no duplicates.
    """

    seen: Sequence[Record] = ()
    unseen: Sequence[str] = ()
    made: str | None = None


def alike(desk: Desk, form: RecordForm, record_id: str, columns: Mapping[str, Any]) -> Alike:
    """Return the records that may duplicate one with these columns; ``record_id`` is its own id.

    They are open, or closed where a team asks.
    """
    table = TABLES[form.kind]
    same = _same(table, columns)
    if same is None:
        return Alike()
    decided = select(possible_double.c.second_id).where(
        possible_double.c.first_id == table.c.id, possible_double.c.second_id == record_id
    )
    compared = (*OPEN, State.CLOSED) if desk.account.reads_assigned_units else OPEN
    query = (
        select(table, shown_when_repeated(form, desk.campaign, desk.account).label("seen"))
        .where(
            same,
            table.c.campaign_id == desk.campaign.id,
            table.c.form_id == form.id,
            table.c.state.in_([state.value for state in compared]),
            table.c.id != record_id,
            ~decided.exists(),
        )
        .order_by(table.c.created_at, table.c.id)
        .limit(_MOST_COMPARED)
    )
    found = desk.connection.execute(query).mappings()
    rows = [row for row in found if _near(columns, row)]
    seen = [to_record(form, row) for row in rows if row["seen"]]
    return Alike(seen, [row["id"] for row in rows if not row["seen"] and row["state"] != State.CLOSED])


def _same(table: Table, columns: Mapping[str, Any]) -> ColumnElement[bool] | None:
    """Build the condition for possible duplicates; None if the record has no identifying fields."""
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
    """Whether two records share a household, a village that the filer may read, or a similar text.

    A county or township has many general problems of one type: without a village only their texts tell.
    """
    if columns.get("household_id") or (columns.get("village_code") and other["seen"]):
        return True
    return likeness(str(columns.get("content") or ""), str(other["content"] or "")) >= ALIKE


def join(desk: Desk, filing: Filing, first: Record, way: str) -> Record:
    """Add a further finding to the recorded problem; idempotent.

    Args:
        desk: of the finder, who can see the first record.
        filing: the submission, which does not become a record of its own.
        first: the recorded problem.
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
    """Build the audit rows of a further finding: for the record and for the finding."""
    said = audit.AuditEntry(table, record_id, Action.FIND_AGAIN, {"finding": finding_id}, alters=False)
    return [said, audit.AuditEntry(finding.name, finding_id, Action.FIND_AGAIN)]


def found_before(desk: Desk, finding_id: str) -> bool:
    """Whether the finding is stored already, so that a resubmission does not create a record."""
    query = select(finding.c.id).where(finding.c.id == finding_id)
    return desk.connection.execute(query).first() is not None


def tell_apart(desk: Desk, form: RecordForm, record_id: str, others: Sequence[Record]) -> None:
    """Store that a user marked these as different; the pairs are never asked about again."""
    _pair(desk, form, record_id, [each.id for each in others], "different")


def leave_to_office(desk: Desk, form: RecordForm, record_id: str, others: Sequence[str]) -> None:
    """Store possible duplicates that the filer may not read, for the office to decide."""
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
    """Build the audit rows of possible duplicates."""
    name = possible_double.name
    return [audit.AuditEntry(name, subject_id(name, row), row["state"]) for row in rows]


def findings_of(desk: Desk, record: Record) -> Sequence[RowMapping]:
    """Return the further findings of a record, oldest first."""
    query = (
        select(finding).where(finding.c.record_id == record.id).order_by(finding.c.created_at, finding.c.id)
    )
    return desk.connection.execute(query).mappings().all()


def joined_with(desk: Desk, record: Record) -> str | None:
    """Return the id of the record that this one was merged into; None if it was not, or if that one is not visible."""
    pair = possible_double.c.second_id == record.id, possible_double.c.state == "same"
    first = desk.connection.execute(select(possible_double.c.first_id).where(*pair)).scalars().first()
    try:
        found = record_rows.find(desk, record.form, first) if first else None
    except NotFound:
        return None
    return found.id if found else None


def not_compared(desk: Desk, record: Record, others: Sequence[Record]) -> list[str]:
    """Ids of those that were not compared with the record when they were filed."""
    known = select(possible_double.c.second_id).where(possible_double.c.first_id == record.id)
    compared = set(desk.connection.scalars(known))
    return [each.id for each in others if each.id not in compared]


def is_cancelled(desk: Desk, record: Record) -> bool:
    """Whether an objection was accepted to the finding with which a team filed the issue."""
    row = inspection_finding.c
    query = select(row.id).where(
        row.issue_id == record.id, row.way == Way.MISSED.value, row.state == FindingState.CANCELLED.value
    )
    return desk.connection.execute(query).first() is not None
