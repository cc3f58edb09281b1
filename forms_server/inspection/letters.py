"""The register of letters (文号): each number is given once, by whom and when; answers are recorded.

A letter's figures are those of the moment at which it was written down. A unit sees what was sent to it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, func, insert, select, true, update

from checklist.date_formats import full_day, full_moment
from forms_server import audit
from forms_server.access import Action, may_write
from forms_server.db.tables import letter, letter_unit
from forms_server.desk import Desk, NotAllowed, NotFound
from forms_server.inspection.findings import plan_of
from forms_server.inspection.letter_facts import circular_facts, late_findings, urged_rows
from forms_server.inspection.spot_visits import clean_words
from forms_server.inspection.teams import Refused
from forms_server.records.record_rows import insert_once
from forms_server.scope import may_read_return, sees_all

CIRCULAR, URGING = "inspection-circular", "urging-letter"


@dataclass(frozen=True)
class Addressee:
    """A unit to which a letter goes, with its answer; ``urged`` once an urging letter followed."""

    unit_code: str
    answer: str | None
    answered_at: Any
    urged: bool


@dataclass(frozen=True)
class Letter:
    """A letter and the units that the account may see among those to which it goes."""

    row: RowMapping
    units: Sequence[Addressee]

    @property
    def waiting(self) -> Sequence[Addressee]:
        """Those that have not answered."""
        return [each for each in self.units if each.answer is None]


def send_circular(desk: Desk, letter_id: str) -> None:
    """Write down a circular of what supervision has found until now, to all units. Idempotent.

    Raises:
        NotAllowed: the account is not the office's.
    """
    _permit(desk)
    last = next((each.row for each in reversed(letters(desk)) if each.row["kind"] == CIRCULAR), None)
    facts = circular_facts(desk, last)
    _write(desk, letter_id, CIRCULAR, facts, [unit.code for unit in desk.campaign.filing_units])


def send_urging(desk: Desk, letter_id: str, unit_code: str, follows_id: str | None = None) -> None:
    """Write down an urging letter: of findings that are late, or of a letter that was not answered. Idempotent.

    Raises:
        NotAllowed: the account is not the office's.
        NotFound: no such unit or letter.
        Refused: there is nothing to press for.
    """
    _permit(desk)
    unit = next((each for each in desk.campaign.filing_units if each.code == unit_code), None)
    if unit is None:
        raise NotFound(unit_code)
    if _exists(desk, letter_id, URGING, [unit_code]):
        return
    unanswered = _unanswered(desk, unit_code, follows_id) if follows_id else None
    late = late_findings(desk).get(unit_code, {})
    if unanswered is None and not late:
        raise Refused(f"{unit.name}没有过期未认领或者逾期未改完的督导反馈，不用督办。")
    facts = {
        "单位": unit.name,
        "督办": late,
        "未答复": unanswered["mark"] if unanswered else "",
        "原答复期限": full_day(unanswered["answer_due"]) if unanswered else "",
    }
    _write(desk, letter_id, URGING, facts, [unit_code], follows_id)


def answer_letter(desk: Desk, letter_id: str, unit_code: str, words: str) -> None:
    """Record a unit's answer: by the unit, or by the office as it came on paper. Idempotent.

    Raises:
        NotAllowed: the account does not answer for the unit.
        NotFound: the letter did not go to it.
        Refused: no words, or it was answered with others.
    """
    if not (may_write(desk.account, Action.ANSWER_LETTER, unit_code) or may_send(desk)):
        raise NotAllowed("答复由收到的单位填写，或者由办公室按纸面答复补登。")
    found = get_letter(desk, letter_id)
    known = next((each for each in found.units if each.unit_code == unit_code), None)
    if known is None:
        raise NotFound(unit_code)
    clean = clean_words("答复", words)
    if known.answer == clean:
        return
    if not clean:
        raise Refused("请写明办理情况。")
    if known.answer is not None:
        raise Refused("这一份已经答复过了，要补充的请另行报告办公室。")
    of_unit = letter_unit.c.letter_id == letter_id, letter_unit.c.unit_code == unit_code
    values = {"answer": clean, "answered_by": desk.account.id, "answered_at": desk.now}
    audit.note_unfit(desk.connection, desk.now, desk.account, letter.name, [letter_id])
    desk.connection.execute(update(letter_unit).where(*of_unit).values(values))
    audit.record(
        desk.connection, desk.now, desk.account, letter.name, letter_id, "answer", {"unit": unit_code}
    )


def letters(desk: Desk) -> Sequence[Letter]:
    """The letters that the account may see, the oldest first."""
    query = select(letter).where(letter.c.campaign_id == desk.campaign.id, _visible(desk))
    rows = desk.connection.execute(query.order_by(letter.c.number)).mappings().all()
    units = _units(desk, [row["id"] for row in rows])
    return [Letter(row, units.get(row["id"], [])) for row in rows]


def get_letter(desk: Desk, letter_id: str) -> Letter:
    """A letter.

    Raises:
        NotFound: none, or not one that the account may see.
    """
    query = select(letter).where(
        letter.c.id == letter_id, letter.c.campaign_id == desk.campaign.id, _visible(desk)
    )
    row = desk.connection.execute(query).mappings().one_or_none()
    if row is None:
        raise NotFound(letter_id)
    return Letter(row, _units(desk, [letter_id]).get(letter_id, []))


def words_of_letter(desk: Desk, row: RowMapping) -> dict[str, Any]:
    """All placeholders of a letter's template."""
    notice, facts = desk.campaign.notice, row["facts"]
    urged = {"各问题": urged_rows(desk, facts["督办"])} if row["kind"] == URGING else {}
    return {
        "专项": notice.name,
        "通知标题": notice.title,
        "文号": notice.number,
        "主送": notice.addressees.rstrip("：:"),
        "办公室": notice.contact.office,
        "联系电话": notice.contact.phone,
        "署名": notice.issuer,
        "发文号": row["mark"],
        "日期": full_day(row["as_of"].date()),
        "截至": full_moment(row["as_of"]),
        "答复期限": full_day(row["answer_due"]),
        **facts,
        **urged,
    }


def to_urge(desk: Desk) -> Mapping[str, int]:
    """Units with findings that are late, and how many."""
    return {code: len(ids) for code, ids in late_findings(desk).items()}


def may_send(desk: Desk) -> bool:
    """Whether the account sends letters."""
    return may_write(desk.account, Action.SEND_LETTER, "")


def _permit(desk: Desk) -> None:
    plan_of(desk)
    if not may_send(desk):
        raise NotAllowed("通报和督办单由办公室发。")


def _write(
    desk: Desk,
    letter_id: str,
    kind: str,
    facts: Mapping[str, Any],
    units: Collection[str],
    follows_id: str | None = None,
) -> None:
    if _exists(desk, letter_id, kind, units):
        return
    last = select(func.max(letter.c.number)).where(letter.c.campaign_id == desk.campaign.id)
    number, plan = (desk.connection.execute(last).scalar() or 0) + 1, plan_of(desk).letters
    row = {
        "id": letter_id,
        "campaign_id": desk.campaign.id,
        "kind": kind,
        "number": number,
        "mark": plan.number.format(year=desk.now.year, number=number),
        "as_of": desk.now,
        "facts": dict(facts),
        "answer_due": desk.now.date() + timedelta(days=plan.answer_days),
        "follows_id": follows_id,
        "issued_by": desk.account.id,
        "issued_at": desk.now,
    }
    if insert_once(desk.connection, letter, row):
        addressed = [{"letter_id": letter_id, "unit_code": code} for code in units]
        desk.connection.execute(insert(letter_unit), addressed)
        change = {"kind": kind, "number": number}
        audit.record(desk.connection, desk.now, desk.account, letter.name, letter_id, "create", change)


def _exists(desk: Desk, letter_id: str, kind: str, units: Collection[str]) -> bool:
    """Whether the letter was sent already.

    Raises:
        Refused: another one was, under this id.
    """
    sent = desk.connection.execute(select(letter.c.kind).where(letter.c.id == letter_id)).scalar()
    if sent is None:
        return False
    addressed = select(letter_unit.c.unit_code).where(letter_unit.c.letter_id == letter_id)
    if sent != kind or set(desk.connection.scalars(addressed)) != set(units):
        raise Refused("这一页已经发过别的一份，这次的没有发。请重新打开这一页再发。")
    return True


def _unanswered(desk: Desk, unit_code: str, letter_id: str) -> RowMapping:
    """The letter that a unit has not answered in time."""
    found = get_letter(desk, letter_id)
    if unit_code not in {each.unit_code for each in found.waiting}:
        raise Refused("这一份已经答复了，不用督办。")
    if found.row["answer_due"] >= desk.now.date():
        raise Refused(f"答复期限是{full_day(found.row['answer_due'])}，还没有过。")
    if any(each.urged for each in found.waiting if each.unit_code == unit_code):
        raise Refused("这一份没有答复，已经下过督办单，不用再下。")
    return found.row


def _visible(desk: Desk) -> ColumnElement[bool]:
    """Row-level access: the office all; a unit and who may read its return what was sent to it."""
    if sees_all(desk.account):
        return true()
    return letter.c.id.in_(select(letter_unit.c.letter_id).where(letter_unit.c.unit_code.in_(_own(desk))))


def _own(desk: Desk) -> list[str]:
    units = desk.campaign.filing_units
    return [unit.code for unit in units if may_read_return(desk.account, unit.code)]


def _units(desk: Desk, ids: Sequence[str]) -> dict[str, list[Addressee]]:
    query = select(letter_unit).where(letter_unit.c.letter_id.in_(ids))
    if not sees_all(desk.account):
        query = query.where(letter_unit.c.unit_code.in_(_own(desk)))
    after = select(letter.c.follows_id, letter_unit.c.unit_code).join(
        letter_unit, letter_unit.c.letter_id == letter.c.id
    )
    urged = {tuple(row) for row in desk.connection.execute(after.where(letter.c.follows_id.in_(ids)))}
    order = {unit.code: number for number, unit in enumerate(desk.campaign.filing_units)}
    found: dict[str, list[Addressee]] = {}
    for row in sorted(desk.connection.execute(query), key=lambda row: order.get(row.unit_code, len(order))):
        key = (row.letter_id, row.unit_code)
        each = Addressee(row.unit_code, row.answer, row.answered_at, key in urged)
        found.setdefault(row.letter_id, []).append(each)
    return found
