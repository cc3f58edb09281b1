"""Answers to an import's questions that hold for later files: of a unit, or set by the office for all units."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, delete, select

from build_scripts.intake.asked_questions import AskedQuestion
from checklist.model import Campaign
from checklist.questions import REMEMBERED, AnswerOrigin, Question, RememberedAnswer
from forms_server import audit
from forms_server.access import Action, may_write
from forms_server.db.engine import insert_or
from forms_server.db.tables import remembered_reading as table
from forms_server.desk import Desk, NotAllowed, NotFound
from forms_server.imports.importer import Importer
from forms_server.scope import sees_all

COUNTY = ""
"""In place of a unit's code: set by the office, for all units."""


@dataclass(frozen=True)
class RememberedReading:
    """A text and how it is read from now on."""

    unit_code: str
    question_key: str
    kind: str
    label: str
    typed: str
    answer: str
    meaning: str
    answered_at: datetime


def remembered_answers(
    connection: Connection, campaign: Campaign, unit_code: str
) -> dict[str, RememberedAnswer]:
    """Return the answers that hold for a unit's files, by question key; the office's come before its own."""
    query = (
        select(table.c.question_key, table.c.answer, table.c.unit_code)
        .where(table.c.campaign_id == campaign.id, table.c.unit_code.in_([COUNTY, unit_code]))
        .order_by(table.c.unit_code.desc())
    )
    return {
        key: RememberedAnswer(answer, AnswerOrigin.UNIT if unit else AnswerOrigin.COUNTY)
        for key, answer, unit in connection.execute(query)
    }


def remember(asked: Iterable[AskedQuestion], importer: Importer) -> None:
    """Store for the unit what a person answered or confirmed; what is known already stays as it is."""
    known = remembered_answers(importer.connection, importer.campaign, importer.unit.code)
    new = [
        each.question
        for each in asked
        if each.question.kind in REMEMBERED and not each.question.is_open and _is_news(each.question, known)
    ]
    place = importer.campaign.id, importer.unit.code
    subjects = [_subject(*place, question.key) for question in new]
    audit.note_unfit(importer.connection, importer.now, importer.author, table.name, subjects)
    for question in new:
        _put(importer, question)
    said = (
        audit.AuditEntry(table.name, _subject(*place, question.key), "remember", {"to": question.answer})
        for question in new
    )
    audit.record_many(importer.connection, importer.now, importer.author, said)


def readings(desk: Desk) -> Sequence[RememberedReading]:
    """Return what the account may see: the office all, others their unit's and what the office set."""
    query = select(table).where(table.c.campaign_id == desk.campaign.id)
    if not sees_all(desk.account):
        query = query.where(table.c.unit_code.in_([COUNTY, desk.account.unit_code]))
    names = RememberedReading.__dataclass_fields__
    rows = desk.connection.execute(query.order_by(table.c.unit_code, table.c.label, table.c.typed)).mappings()
    return [RememberedReading(**{name: row[name] for name in names}) for row in rows]


def may_change(desk: Desk, unit_code: str) -> bool:
    """Whether the account may remove a reading: the office any, others those of their unit as a whole."""
    of_office = may_write(desk.account, Action.ADOPT, unit_code)
    return of_office or (unit_code != COUNTY and may_write(desk.account, Action.FORGET, unit_code))


def forget(desk: Desk, unit_code: str, question_key: str) -> None:
    """Remove a reading; the text is asked about again.

    Raises:
        NotAllowed: the account may not.
        NotFound: there is none.
    """
    if not may_change(desk, unit_code):
        raise NotAllowed("这一条不能由您删除")
    _note_unfit(desk, unit_code, question_key)
    result = desk.connection.execute(delete(table).where(_at(desk, unit_code, question_key)))
    if not result.rowcount:
        raise NotFound(question_key)
    _record(desk, unit_code, question_key, "forget")


def adopt(desk: Desk, unit_code: str, question_key: str) -> None:
    """Let all units read a text as one of them does.

    Raises:
        NotAllowed: the account is not the office's.
        NotFound: there is no such reading.
    """
    if not may_write(desk.account, Action.ADOPT, unit_code):
        raise NotAllowed("只有办公室能定全县的读法")
    row = (
        desk.connection.execute(select(table).where(_at(desk, unit_code, question_key)))
        .mappings()
        .one_or_none()
    )
    if row is None:
        raise NotFound(question_key)
    values = dict(row) | {"unit_code": COUNTY, "answered_by": desk.account.id, "answered_at": desk.now}
    for code in (unit_code, COUNTY):
        _note_unfit(desk, code, question_key)
    _upsert(desk.connection, values)
    _record(desk, COUNTY, question_key, "remember")


def _is_news(question: Question, known: dict[str, RememberedAnswer]) -> bool:
    """Whether a person's answer is not remembered as it is; the office's is not replaced by a unit's."""
    before = known.get(question.key)
    if before is None:
        return question.answer != question.default
    return before.origin is AnswerOrigin.UNIT and before.answer != question.answer


def _put(importer: Importer, question: Question) -> None:
    values = {
        "campaign_id": importer.campaign.id,
        "unit_code": importer.unit.code,
        "question_key": question.key,
        "kind": str(question.kind),
        "label": question.label,
        "typed": question.typed,
        "answer": question.answer,
        "meaning": question.meaning,
        "answered_by": importer.account.id,
        "answered_at": importer.now,
    }
    _upsert(importer.connection, values)


def _upsert(connection: Connection, values: dict[str, object]) -> None:
    keys = [column.name for column in table.primary_key]
    changed = {name: value for name, value in values.items() if name not in keys}
    statement = insert_or(connection, table).values(values)
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=changed))


def _at(desk: Desk, unit_code: str, question_key: str) -> ColumnElement[bool]:
    own = table.c.campaign_id == desk.campaign.id
    return and_(own, table.c.unit_code == unit_code, table.c.question_key == question_key)


def _note_unfit(desk: Desk, unit_code: str, question_key: str) -> None:
    subject = _subject(desk.campaign.id, unit_code, question_key)
    audit.note_unfit(desk.connection, desk.now, desk.account, table.name, [subject])


def _record(desk: Desk, unit_code: str, question_key: str, action: str) -> None:
    subject = _subject(desk.campaign.id, unit_code, question_key)
    audit.record(desk.connection, desk.now, desk.account, table.name, subject, action)


def _subject(campaign_id: str, unit_code: str, question_key: str) -> str:
    return f"{campaign_id}/{unit_code}/{question_key}"
