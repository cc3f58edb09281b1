"""What was built on an import since, and keeps it from being undone (``batch_undo``)."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, String, and_, cast, or_, select, true

from checklist.model import Campaign
from forms_server.db.record_columns import TABLES
from forms_server.db.tables import (
    alike_issue,
    audit,
    draft,
    draw,
    draw_row,
    exemption,
    extension,
    extension_request,
    finding,
    household,
    import_batch,
    import_change,
    inspection_finding,
    issue,
    person,
    photo,
    possible_double,
    proposed_household,
    register_row,
    signed_return,
    spot_check,
    spot_visit,
    transfer,
    visit,
    visit_answer,
)
from forms_server.imports.import_batches import (
    IMPORT,
    NEW,
    ROSTER,
    Batch,
    household_stamp,
    member_stamp,
    rows_by_id,
)
from forms_server.registers.register_row import of_register
from forms_server.registers.row_references import names_written

REASONS: Mapping[str, str] = {
    "changed": "导入以后又修改、办理或并入过",
    "carried": "已经带到了下一期",
    "taken": "改以前的内容现在另有一行，一期只能有一行",
    "exempted": "已经有人申请豁免它的疑点",
    "photo": "已经添加了照片",
    "extension": "已经延期",
    "extension_request": "已经申请延期",
    "transfer": "已经转办或者请协办",
    "found_again": "又有人发现了这个问题",
    "double": "已经核定过它与另一条是不是同一个",
    "visit": "入户排查时已经用到",
    "inspected": "督导组已经看过，或者已经反馈",
    "alike": "已经作为举一反三查出的问题报过",
    "drawn": "已经在督导抽样的名单里",
    "draft": "有人正在修改，草稿还没有保存",
    "named": "已经有台账或者排查用到它",
    "signed": "本单位后来签字报送的台账里已经有这些内容，办公室退回以后才能撤回",
}
"""Why an import can't be undone, by what was built on it."""


@dataclass(frozen=True)
class BuiltOn:
    """A row of an import, or a return, on which something was built; ``reasons`` are keys of ``REASONS``."""

    subject: str
    subject_id: str
    reasons: tuple[str, ...]

    @property
    def words(self) -> str:
        """The reasons as a sentence."""
        return "，".join(REASONS[reason] for reason in self.reasons)


def built_on(connection: Connection, campaign: Campaign, batch: Batch) -> list[BuiltOn]:
    """Each row on which something was built since the batch, once, in the order of its first reason in ``REASONS``."""
    reasons: dict[tuple[str, str], set[str]] = {}
    for reason, subject, identity in _all(connection, campaign, batch):
        reasons.setdefault((subject, identity), set()).add(reason)
    order = list(REASONS)
    found = [BuiltOn(*row, tuple(sorted(said, key=order.index))) for row, said in reasons.items()]
    return sorted(found, key=lambda each: (order.index(each.reasons[0]), each.subject_id))


def _all(connection: Connection, campaign: Campaign, batch: Batch) -> Iterator[tuple[str, str, str]]:
    for table in (*TABLES.values(), register_row):
        query = _changes(batch, table.name).join(
            table, table.c.id == import_change.c.subject_id, isouter=True
        )
        for identity in connection.scalars(
            query.where(or_(table.c.id.is_(None), cast(table.c.version, String) != import_change.c.stamp))
        ):
            yield "changed", table.name, identity
    yield from _on_register_rows(connection, batch)
    for identity in _named_register_rows(connection, campaign, batch):
        yield "named", register_row.name, identity
    for identity in _taken_register_rows(connection, campaign, batch):
        yield "taken", register_row.name, identity
    for table in TABLES.values():
        for reason, condition in _ON_RECORDS:
            for identity in connection.scalars(condition(_changes(batch, table.name), batch)):
                yield reason, table.name, identity
    yield from _on_households(connection, batch)
    yield from _signed(connection, batch)


def _changes(batch: Batch, subject: str) -> Select[Any]:
    """Ids of the rows of one table that a batch made or changed."""
    return select(import_change.c.subject_id).where(
        import_change.c.batch_id == batch.id, import_change.c.subject == subject
    )


_MADE = import_change.c.effect == NEW
_ID = import_change.c.subject_id
_double = possible_double.c


def _decided_since(changes: Select[Any], batch: Batch) -> Select[Any]:
    """Pairs that a person decided; those of the import itself were decided with it."""
    made = import_change.alias().c
    of_batch = select(made.subject_id).where(made.batch_id == batch.id)
    its_own = and_(_double.second_id.in_(of_batch), _double.decided_at == batch.created_at)
    pair = or_(_double.first_id == _ID, _double.second_id == _ID)
    return changes.join(possible_double, pair).where(_MADE, _double.state != "open", ~its_own)


def _listed_in_a_draw(changes: Select[Any], kind: str) -> Select[Any]:
    """Rows on the list of a draw, drawn or not: it is sealed, and one that is left may stand in for another."""
    row = draw_row.c
    at = and_(row.draw_id == draw.c.id, row.kind == kind, row.subject_id == _ID)
    return changes.join(draw, true()).join(draw_row, at).where(_MADE)


def _checked_since(changes: Select[Any], batch: Batch) -> Select[Any]:
    """Records that a team looked at since, also those that the import only reported rectified."""
    check = spot_check.c
    return changes.join(spot_check, check.issue_id == _ID).where(check.created_at >= batch.created_at)


def _found_by_a_team(changes: Select[Any], _: Batch) -> Select[Any]:
    return changes.join(inspection_finding, inspection_finding.c.issue_id == _ID).where(_MADE)


_ON_RECORDS: tuple[tuple[str, Callable[[Select[Any], Batch], Select[Any]]], ...] = (
    ("photo", lambda changes, _: changes.join(photo, photo.c.issue_id == _ID).where(_MADE)),
    ("extension", lambda changes, _: changes.join(extension, extension.c.issue_id == _ID).where(_MADE)),
    (
        "extension_request",
        lambda changes, _: changes.join(extension_request, extension_request.c.issue_id == _ID).where(_MADE),
    ),
    ("transfer", lambda changes, _: changes.join(transfer, transfer.c.issue_id == _ID).where(_MADE)),
    ("found_again", lambda changes, _: changes.join(finding, finding.c.record_id == _ID).where(_MADE)),
    ("double", _decided_since),
    ("visit", lambda changes, _: changes.join(visit_answer, visit_answer.c.issue_id == _ID).where(_MADE)),
    ("inspected", _checked_since),
    ("inspected", _found_by_a_team),
    ("alike", lambda changes, _: changes.join(alike_issue, alike_issue.c.issue_id == _ID).where(_MADE)),
    ("drawn", lambda changes, _: _listed_in_a_draw(changes, issue.name)),
    ("named", lambda changes, _: changes.join(register_row, register_row.c.issue_id == _ID).where(_MADE)),
    ("draft", lambda changes, _: changes.join(draft, draft.c.record_id == _ID)),
)
"""What refers to a record; joins by indexes, so that a batch of thousands is asked about at once."""


def _on_register_rows(connection: Connection, batch: Batch) -> Iterator[tuple[str, str, str]]:
    """Rows that were carried into a later period, of whose doubts somebody asked, or that somebody edits."""
    row = register_row.c
    made = _changes(batch, register_row.name)
    carried = made.join(register_row, row.carried_from == _ID).where(_MADE)
    exempted = made.join(exemption, exemption.c.row_id == _ID).where(_MADE)
    for reason, query in (
        ("carried", carried),
        ("exempted", exempted),
        ("draft", made.join(draft, draft.c.record_id == _ID)),
    ):
        for identity in connection.scalars(query):
            yield reason, register_row.name, identity


def _named_register_rows(connection: Connection, campaign: Campaign, batch: Batch) -> Iterator[str]:
    """Rows that were made, or called otherwise, and that rows of other registers name."""
    query = _changes(batch, register_row.name).add_columns(
        register_row.c.register_id, register_row.c.row_key, import_change.c.before
    )
    changes = connection.execute(query.join(register_row, register_row.c.id == _ID)).all()
    for register_id in {each.register_id for each in changes} & {*campaign.register_by_id}:
        written = names_written(connection, campaign, campaign.register_by_id[register_id])
        for each in changes:
            called = each.before is None or "row_key" in each.before
            if called and each.register_id == register_id and each.row_key in written:
                yield each.subject_id


def _taken_register_rows(connection: Connection, campaign: Campaign, batch: Batch) -> Iterator[str]:
    """Rows that were called otherwise before, as another row of their period is by now."""
    row = register_row.c
    query = _changes(batch, register_row.name).add_columns(
        row.register_id, row.period, import_change.c.before
    )
    for each in connection.execute(query.join(register_row, row.id == _ID)).all():
        key = (each.before or {}).get("row_key")
        register = campaign.register_by_id.get(each.register_id)
        if key and register:
            there = of_register(campaign, register), row.period == each.period, row.row_key == key
            if connection.execute(select(row.id).where(*there, row.id != each.subject_id)).first():
                yield each.subject_id


def _on_households(connection: Connection, batch: Batch) -> Iterator[tuple[str, str, str]]:
    """Households of a list that were changed since, or that records, visits or inspectors name."""
    if batch.kind != ROSTER:
        return
    listed = import_change.c.stamp.is_not(None)
    query = _changes(batch, household.name).add_columns(import_change.c.stamp).where(listed)
    stamps = {row.subject_id: row.stamp for row in connection.execute(query)}
    now = rows_by_id(connection, household, stamps)
    for identity, stamp in stamps.items():
        if identity not in now or household_stamp(now[identity]) != stamp:
            yield "changed", household.name, identity
    yield from _on_members(connection, batch)
    for table in (issue, proposed_household, visit, register_row):
        named = _changes(batch, household.name).join(table, table.c.household_id == _ID).where(_MADE, listed)
        for identity in connection.scalars(named.distinct()):
            yield "named", household.name, identity
    made = _changes(batch, household.name).where(listed)
    inspected = made.join(spot_visit, spot_visit.c.household_id == _ID).where(_MADE)
    for reason, query in (("inspected", inspected), ("drawn", _listed_in_a_draw(made, household.name))):
        for identity in connection.scalars(query.distinct()):
            yield reason, household.name, identity


def _on_members(connection: Connection, batch: Batch) -> Iterator[tuple[str, str, str]]:
    """Households whose members another list told since."""
    listed = person.c.household_id, person.c.listed, import_change.c.stamp
    changes = _changes(batch, person.name).join(person, person.c.id == _ID).add_columns(*listed)
    for each in connection.execute(changes):
        if each.household_id and member_stamp(listed=each.listed) != each.stamp:
            yield "changed", household.name, each.household_id


def _signed(connection: Connection, batch: Batch) -> Iterator[tuple[str, str, str]]:
    """Yield returns signed after the import and not sent back, in the order of the audit log."""
    if batch.kind == ROSTER or _is_of_register(connection, batch):
        return
    row = audit.c
    imported = select(row.id).where(
        row.subject == import_batch.name, row.subject_id == batch.id, row.action == IMPORT
    )
    signed = (
        select(signed_return.c.id)
        .join(audit, and_(row.subject == signed_return.name, row.subject_id == signed_return.c.id))
        .where(
            signed_return.c.unit_code == batch.unit_code,
            signed_return.c.state != "sent_back",
            row.action == "sign",
            row.id > imported.scalar_subquery(),
        )
    )
    for identity in connection.scalars(signed.order_by(signed_return.c.number)):
        yield "signed", signed_return.name, identity


def _is_of_register(connection: Connection, batch: Batch) -> bool:
    """Whether it imported rows of a register, which no return holds."""
    return connection.execute(_changes(batch, register_row.name).limit(1)).first() is not None
