"""Transfers (转办) and assistance (协办): other units become responsible, with the sight and rights of these.

The issue stays with the unit that filed it and counts it. A unit to which it was transferred may refuse once, until
the issue is reported or withdrawn; then the former lead is back. Transferred to it again, it is the unit's.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from checklist.messages import say
from checklist.model import Campaign, Field
from checklist.problems import Problem
from checklist.values.responsible_units import SEPARATOR, NamedUnits, unit_reader
from forms_server import audit
from forms_server.account import Account
from forms_server.db.driver_statements import read
from forms_server.db.tables import account, transfer
from forms_server.desk import Desk
from forms_server.editable_states import NotNow
from forms_server.move import Move, TransferStep
from forms_server.move_fields import ASSISTING, HANDED_TO, HANDING_OVER, TURNING_BACK
from forms_server.records.issue_units import UNITS_TEXT
from forms_server.records.record import Record

REFUSED = "refused"
"""State of a transfer that the unit refused."""

_OPEN, _FINAL = "open", "final"


class NotHandedOver(Exception):
    """The units that were typed cannot become responsible."""

    def __init__(self, field: Field, code: str, **words: object) -> None:
        super().__init__(code)
        self.problem = Problem(field.id, code, say(code, label=field.label, **words))


class TransferNews(NamedTuple):
    """A transfer with the names of who made and who refused it."""

    row: Any
    made_by: str
    answered_by: str


def is_refusable(move: Move, record: Record) -> bool:
    """Whether a move fits what is known of the record's last transfer."""
    return move.transfer is not TransferStep.TURN_BACK or record.handed_to is not None


def transfers_of(connection: Connection, record: Record) -> Sequence[TransferNews]:
    """Transfers of an issue, the oldest first."""
    return [
        TransferNews(row, row.maker or row.maker_name, row.refuser or row.refuser_name or "")
        for row in read(connection, _TRANSFERS, {"issue": record.id})
    ]


_MAKER, _REFUSER = account.alias(), account.alias()
_TRANSFERS = (
    select(
        transfer,
        _MAKER.c.display_name.label("maker"),
        _MAKER.c.name.label("maker_name"),
        _REFUSER.c.display_name.label("refuser"),
        _REFUSER.c.name.label("refuser_name"),
    )
    .join(_MAKER, _MAKER.c.id == transfer.c.made_by)
    .outerjoin(_REFUSER, _REFUSER.c.id == transfer.c.answered_by)
    .where(transfer.c.issue_id == bindparam("issue"))
    .order_by(transfer.c.version)
)


def keep_transfer(desk: Desk, move: Move, before: Record, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Transfer, refuse or add units as the move says; any other move to another state ends the right to refuse.

    Returns:
        The issue's columns that follow from it.

    Raises:
        NotHandedOver: no unit is named, or none that is not responsible already.
        NotNow: there is nothing to refuse.
    """
    if move.transfer is TransferStep.TURN_BACK:
        return _turn_back(desk, move, before, answers)
    if move.transfer:
        return _hand_over(desk, move.transfer is TransferStep.ASSIST, before, answers)
    if move.target is not before.state:
        return settle(desk.connection, desk.now, desk.account, before)
    return {}


def settle(connection: Connection, now: datetime, author: Account | None, before: Record) -> dict[str, Any]:
    """End the right to refuse, since the issue is reported or no longer counts.

    Args:
        connection, now, author: the transaction, when, and who is named in the audit; None for the command line.
        before: the issue.

    Returns:
        The issue's columns that follow from it.
    """
    if not before.handed_to:
        return {}
    _end(connection, now, author, before, {"state": _FINAL})
    return {"handed_to": None}


def settle_unnamed(
    connection: Connection,
    now: datetime,
    author: Account | None,
    campaign: Campaign,
    before: Record,
    text: Any,
) -> dict[str, Any]:
    """End the right to refuse of a unit that the responsible units, as they become, no longer name.

    Args:
        connection, now, author, before: as for ``settle``.
        campaign: knows the units.
        text: the issue's ``responsible_unit`` from now on.

    Returns:
        The issue's columns that follow from it.
    """
    if not before.handed_to or before.handed_to in unit_reader(campaign).read(text).codes:
        return {}
    return settle(connection, now, author, before)


def is_transferred(desk: Desk, move: Move, current: Record, answers: Mapping[str, Any]) -> bool:
    """Whether the account's same step was the last one on the issue's transfers: a resend, if of an older version."""
    if move.transfer is TransferStep.TURN_BACK:
        return has_turned_back(desk, current.id, answers[TURNING_BACK.id])
    row = _last(desk.connection, current)
    if row is None:
        return False
    said = move.transfer is TransferStep.ASSIST, answers[HANDED_TO.id], answers[HANDING_OVER.id]
    return (row.assists, row.handed_to, row.reason, row.made_by) == (*said, desk.account.id)


def has_turned_back(desk: Desk, issue_id: str, answer: str) -> bool:
    """Whether the account refused the issue with these words: also where it sees it no longer."""
    row = transfer.c
    refused = row.issue_id == issue_id, row.state == REFUSED, row.answered_by == desk.account.id
    query = select(row.id).where(*refused, row.answer == answer)
    return desk.connection.execute(query.limit(1)).first() is not None


def _hand_over(desk: Desk, assists: bool, before: Record, answers: Mapping[str, Any]) -> dict[str, Any]:
    typed = str(answers[HANDED_TO.id])
    read = unit_reader(desk.campaign).read
    old, new = read(before.values.get(UNITS_TEXT)), read(typed)
    code = _first_new(assists, old, new)
    text = _text(desk.campaign, before, assists, old, new)
    if not assists:
        settle(desk.connection, desk.now, desk.account, before)
    refusable = not assists and not _has_refused(desk.connection, before, code)
    row = {
        "id": str(uuid5(UUID(before.id), f"transfer of version {before.version}")),
        "issue_id": before.id,
        "version": before.version,
        "assists": assists,
        "unit_code": code,
        "handed_to": typed,
        "units_before": before.values.get(UNITS_TEXT),
        "units_after": text,
        "reason": answers[HANDING_OVER.id],
        "made_by": desk.account.id,
        "made_at": desk.now,
        "state": _OPEN if refusable else _FINAL,
    }
    desk.connection.execute(insert(transfer).values(row))
    step = TransferStep.ASSIST if assists else TransferStep.HAND_OVER
    audit.record(desk.connection, desk.now, desk.account, transfer.name, str(row["id"]), step.value)
    handed = {} if assists else {"handed_to": code if refusable else None}
    return {UNITS_TEXT: text, **handed}


def _first_new(assists: bool, old: NamedUnits, new: NamedUnits) -> str:
    field = ASSISTING if assists else HANDED_TO
    if new.lead is None:
        raise NotHandedOver(field, "transfer-no-unit")
    added = [code for code in new.codes if code not in old.codes]
    if assists and not added:
        raise NotHandedOver(field, "assist-known")
    if not assists and new.lead == old.lead:
        raise NotHandedOver(field, "transfer-same")
    return added[0] if assists else new.lead


def _text(campaign: Campaign, before: Record, assists: bool, old: NamedUnits, new: NamedUnits) -> str:
    """The responsible units afterwards; who only assists stays, and so do words that are no unit's name."""
    codes = [*old.codes, *new.codes] if assists else [*new.codes, *old.codes[1:]]
    others = old.others if assists or old.lead else ()
    text = _joined(campaign, codes, others)
    limit = before.form.field(UNITS_TEXT).max_length
    if limit and len(text) > limit:
        field = ASSISTING if assists else HANDED_TO
        raise NotHandedOver(field, "too-long", length=len(text), limit=limit)
    return text


def _joined(campaign: Campaign, codes: Sequence[str], others: Sequence[str]) -> str:
    names = [campaign.unit_by_code[code].name for code in dict.fromkeys(codes)]
    return SEPARATOR.join([*names, *others])


def _turn_back(desk: Desk, move: Move, before: Record, answers: Mapping[str, Any]) -> dict[str, Any]:
    row = _open(desk.connection, before)
    if row is None or row.unit_code != before.handed_to:
        raise NotNow(before.state, move.name)
    refused = {
        "state": REFUSED,
        "answer": answers[TURNING_BACK.id],
        "answered_by": desk.account.id,
        "answered_at": desk.now,
    }
    _end(desk.connection, desk.now, desk.account, before, refused)
    return {UNITS_TEXT: _units_before(desk.campaign, row, before), "handed_to": None}


def _units_before(campaign: Campaign, row: Row[Any], now: Record) -> str | None:
    """The text before the transfer; where units were added since, with these."""
    text = now.values.get(UNITS_TEXT)
    if text == row.units_after:
        return None if row.units_before is None else str(row.units_before)
    read = unit_reader(campaign).read
    old, after, current = read(row.units_before), read(row.units_after), read(text)
    added = [code for code in current.codes if code not in after.codes]
    return _joined(campaign, [*old.codes, *added], tuple(dict.fromkeys((*old.others, *current.others))))


def _has_refused(connection: Connection, record: Record, unit_code: str) -> bool:
    refused = transfer.c.unit_code == unit_code, transfer.c.state == REFUSED
    query = select(transfer.c.id).where(transfer.c.issue_id == record.id, *refused)
    return connection.execute(query.limit(1)).first() is not None


def _end(
    connection: Connection, now: datetime, author: Account | None, before: Record, values: Mapping[str, Any]
) -> None:
    open_one = transfer.c.issue_id == before.id, transfer.c.state == _OPEN
    ended = connection.scalars(select(transfer.c.id).where(*open_one)).all()
    audit.note_unfit(connection, now, author, transfer.name, ended)
    connection.execute(update(transfer).where(*open_one).values(values))
    action = TransferStep.TURN_BACK.value if values["state"] == REFUSED else "end"
    for transfer_id in ended:
        audit.record(connection, now, author, transfer.name, transfer_id, action)


def _open(connection: Connection, record: Record) -> Row[Any] | None:
    query = select(transfer).where(transfer.c.issue_id == record.id, transfer.c.state == _OPEN)
    return connection.execute(query).one_or_none()


def _last(connection: Connection, record: Record) -> Row[Any] | None:
    query = select(transfer).where(transfer.c.issue_id == record.id)
    return connection.execute(query.order_by(transfer.c.version.desc()).limit(1)).one_or_none()
