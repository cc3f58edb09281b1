"""The register of letters (文号): each number is given once, by whom and when; answers are recorded.

A letter's figures are those of the moment at which it was written down. A unit sees what was sent to it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, func, insert, select, true, update

from checklist.date_formats import full_day, full_moment
from forms_server import audit
from forms_server.access import Action, may_write
from forms_server.db.tables import letter, letter_unit
from forms_server.desk import Desk, NotAllowed, NotFound
from forms_server.inspection.findings import plan_of
from forms_server.inspection.letter_facts import circular_facts
from forms_server.inspection.spot_visits import clean_words
from forms_server.inspection.teams import Refused
from forms_server.inspection.urged_findings import URGING, ToUrge, to_urge, urged_rows
from forms_server.records.record_rows import insert_once
from forms_server.scope import may_read_return, sees_all

CIRCULAR = "inspection-circular"

_COMPARED = frozenset({"上次", "新反馈数", "上次漏查率", "上次虚假率", "本轮"})
"""What a circular says of the one before."""


@dataclass(frozen=True)
class Addressee:
    """A unit to which a letter goes, with its answer; ``urged_by`` is the mark of the urging letter that followed."""

    unit_code: str
    answer: str | None
    answered_at: datetime | None
    due: date
    urged_by: str = ""

    def late_days(self, today: date) -> int:
        """By how many days it answered late, or has not answered until today."""
        answered = self.answered_at.date() if self.answered_at else today
        return max(0, (answered - self.due).days)


@dataclass(frozen=True)
class Letter:
    """A letter and the units that the account may see among those to which it goes."""

    row: RowMapping
    units: Sequence[Addressee]

    @property
    def waiting(self) -> Sequence[Addressee]:
        """Those that have not answered."""
        return [each for each in self.units if each.answer is None]

    def answered_late(self, today: date) -> Sequence[Addressee]:
        """Those that answered after the deadline."""
        return [each for each in self.units if each.answer is not None and each.late_days(today)]


def send_circular(desk: Desk, letter_id: str) -> None:
    """Write down a circular of what supervision has found until now, to all units. Idempotent.

    Raises:
        NotAllowed: the account is not the office's.
        Refused: one with the same figures was written down on this day.
    """
    permit_sending(desk)
    units = [unit.code for unit in desk.campaign.filing_units]
    if is_sent(desk, letter_id, CIRCULAR, units):
        return
    sent = letters(desk)
    last = next((each.row for each in reversed(sent) if each.row["kind"] == CIRCULAR), None)
    facts = circular_facts(desk, last, _late_answers(desk, sent))
    if last and last["as_of"].date() == desk.now.date() and _figures(facts) == _figures(last["facts"]):
        raise Refused(f"今天已经发过{last['mark']}，数字没有变，不用再发。")
    write_down(desk, letter_id, CIRCULAR, facts, units)


def send_urging(desk: Desk, letter_id: str, unit_code: str, follows_id: str | None = None) -> None:
    """Write down an urging letter: of findings that are late, or of a letter that was not answered. Idempotent.

    Raises:
        NotAllowed: the account is not the office's.
        NotFound: no such unit or letter.
        Refused: there is nothing to press for.
    """
    permit_sending(desk)
    unit = next((each for each in desk.campaign.filing_units if each.code == unit_code), None)
    if unit is None:
        raise NotFound(unit_code)
    if is_sent(desk, letter_id, URGING, [unit_code]):
        return
    unanswered = _unanswered(desk, unit_code, follows_id) if follows_id else None
    urged = to_urge(desk).get(unit_code)
    if unanswered is None and not (urged and urged.late):
        raise Refused(_nothing_to_urge(unit.name, urged))
    facts = {
        "单位": unit.name,
        "督办": {each.id: each.standing for each in urged.late} if urged else {},
        "再次": "、".join(urged.again) if urged else "",
        "未答复": unanswered["mark"] if unanswered else "",
        "原答复期限": full_day(unanswered["answer_due"]) if unanswered else "",
    }
    write_down(desk, letter_id, URGING, facts, [unit_code], follows_id)


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
    units = _units(desk, [row["id"] for row in rows]) if rows else {}
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
        "迟答复": "",  # of letters from before there was such a word
        "再次": "",
        **facts,
        **urged,
    }


def may_send(desk: Desk) -> bool:
    """Whether the account sends letters."""
    return may_write(desk.account, Action.SEND_LETTER, "")


def permit_sending(desk: Desk) -> None:
    """Raise NotAllowed where the account sends no letters."""
    plan_of(desk)
    if not may_send(desk):
        raise NotAllowed("通报和督办单由办公室发。")


def write_down(
    desk: Desk,
    letter_id: str,
    kind: str,
    facts: Mapping[str, Any],
    units: Collection[str],
    follows_id: str | None = None,
) -> None:
    """Give a letter its number and write it down, with its figures and to whom it goes. Idempotent."""
    if is_sent(desk, letter_id, kind, units):
        return
    last = select(func.max(letter.c.number)).where(letter.c.campaign_id == desk.campaign.id)
    number, plan = (desk.connection.execute(last).scalar() or 0) + 1, plan_of(desk).letters
    of_year = number if "{year}" not in plan.number else _letters_of_year(desk) + 1
    row = {
        "id": letter_id,
        "campaign_id": desk.campaign.id,
        "kind": kind,
        "number": number,
        "mark": plan.number.format(year=desk.now.year, number=of_year),
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


def is_sent(desk: Desk, letter_id: str, kind: str, units: Collection[str]) -> bool:
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
    by = next((each.urged_by for each in found.waiting if each.unit_code == unit_code), "")
    if by:
        raise Refused(f"{found.row['mark']}没有答复，已经下过督办单{by}，不用再下；还不答复的，督办{by}。")
    return found.row


def _nothing_to_urge(unit: str, urged: ToUrge | None) -> str:
    if urged is None or urged.pressed is None:
        return f"{unit}没有过期未认领或者逾期未改完的督导反馈，不用督办。"
    mark, day = urged.pressed["mark"], full_day(urged.pressed["answer_due"])
    return (
        f"{unit}的这些问题已经下过督办单{mark}，答复期限是{day}，不用再下；到期还没有办结的，可以再次督办。"
    )


def _letters_of_year(desk: Desk) -> int:
    """How many letters the campaign has of this year, in which they are numbered."""
    first = datetime(desk.now.year, 1, 1)  # noqa: DTZ001 - wall-clock time, as everywhere
    of_year = letter.c.campaign_id == desk.campaign.id, letter.c.issued_at >= first
    return desk.connection.execute(select(func.count()).select_from(letter).where(*of_year)).scalar_one()


def _figures(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    return {key: value for key, value in facts.items() if key not in _COMPARED}


def _late_answers(desk: Desk, sent: Sequence[Letter]) -> str:
    """Units that answered letters late or not yet, each with the letters and by how many days."""
    today, late = desk.now.date(), dict[str, list[str]]()
    for each in sent:
        for unit in each.units:
            if days := unit.late_days(today):
                yet = "，还没有答复" if unit.answer is None else ""
                late.setdefault(unit.unit_code, []).append(f"{each.row['mark']}逾期{days}天{yet}")
    names = desk.campaign.unit_by_code
    return "、".join(
        f"{names[code].name}（{'；'.join(said)}）" for code, said in late.items() if code in names
    )


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
    after = select(letter.c.follows_id, letter_unit.c.unit_code, letter.c.mark).join(
        letter_unit, letter_unit.c.letter_id == letter.c.id
    )
    followed = desk.connection.execute(after.where(letter.c.follows_id.in_(ids)).order_by(letter.c.number))
    urged = {(row.follows_id, row.unit_code): row.mark for row in followed}
    days = select(letter.c.id, letter.c.answer_due).where(letter.c.id.in_(ids))
    due = {row.id: row.answer_due for row in desk.connection.execute(days)}
    order = {unit.code: number for number, unit in enumerate(desk.campaign.filing_units)}
    found: dict[str, list[Addressee]] = {}
    for row in sorted(desk.connection.execute(query), key=lambda row: order.get(row.unit_code, len(order))):
        key = (row.letter_id, row.unit_code)
        by = urged.get(key, "")
        each = Addressee(row.unit_code, row.answer, row.answered_at, due[row.letter_id], by)
        found.setdefault(row.letter_id, []).append(each)
    return found
