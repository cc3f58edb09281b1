"""A household on the spot: the checklist's items, answered without sight of what the unit had found."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import RowMapping, select

from checklist.model import Area, Campaign, Item
from checklist.model.inspection import PhasedWork
from checklist.reading.personal_numbers import refuse_personal_numbers
from checklist.visit_forms import Groups, items_of
from forms_server import audit
from forms_server.access import Action, may_write
from forms_server.db.tables import draw_replacement, household, spot_visit
from forms_server.desk import Desk, NotAllowed, NotFound
from forms_server.inspection.inspection_plan import begun_units
from forms_server.inspection.resent_content import Compared, require_same
from forms_server.inspection.spot_list import spot_units
from forms_server.inspection.teams import Refused
from forms_server.phase_rights import permit_in_phase
from forms_server.records.record_rows import insert_once
from forms_server.scope import visible_households
from forms_server.visits.visit import ANSWER_NAMES, Answer, Answered

LONGEST = 1000
"""Characters of words."""

_LONGEST_VISIT = timedelta(hours=12)


@dataclass(frozen=True)
class Place:
    """A household that a team goes to; without ``draw_id`` it is not on the list."""

    row: RowMapping
    unit_code: str
    draw_id: str | None
    groups: Groups

    @property
    def items(self) -> Sequence[Item]:
        """The items to answer."""
        return [item for _, items in self.groups for item in items]


@dataclass(frozen=True)
class Seen:
    """What was seen and sent."""

    answers: Mapping[str, str]
    begun_at: datetime
    note: str = ""
    outside_reason: str = ""
    filled: Collection[str] = ()
    """Items that were answered at once, as all that was left of their area."""


def place_of(desk: Desk, household_id: str) -> Place:
    """A household of the units to which the account's team has been sent.

    Raises:
        NotFound: none, or in another unit, or before the team's first day.
    """
    query = select(household).where(
        household.c.id == household_id,
        household.c.campaign_id == desk.campaign.id,
        visible_households(desk.campaign, desk.account),
    )
    row = desk.connection.execute(query).mappings().one_or_none()
    form = desk.campaign.household_form
    if row is None or form is None or row["township_code"] not in begun_units(desk):
        raise NotFound(household_id)
    listed = {each.id: each.draw_id for unit in spot_units(desk) for each in unit.households}
    unit = desk.campaign.unit_by_code[row["township_code"]]
    groups = items_of(desk.campaign, form, unit, row["household_type"])
    return Place(row, unit.code, listed.get(household_id), groups)


def save_visit(desk: Desk, visit_id: str, place: Place, seen: Seen) -> None:
    """Store what was seen. Idempotent.

    Raises:
        NotAllowed: the account belongs to no team of the unit.
        NotFound: the id is of another sheet.
        Refused: an item without an answer, a household beside the list without a reason, or a personal number;
            ``SavedOtherwise`` where the id holds other answers.
    """
    permit_finding(desk, place.unit_code)
    left = [item for item in place.items if seen.answers.get(item.id) not in set(Answer)]
    if left:
        raise Refused(f"还有 {len(left)} 项没有选，第一项是“{left[0].text[:30]}”。")
    if place.draw_id is None and not seen.outside_reason.strip():
        raise Refused(_why_reason(desk, place))
    row = {
        "id": visit_id,
        "campaign_id": desk.campaign.id,
        "draw_id": place.draw_id,
        "household_id": place.row["id"],
        "unit_code": place.unit_code,
        "village_code": place.row["village_code"],
        "answers": {item.id: seen.answers[item.id] for item in place.items},
        "filled": sorted(seen.filled) or None,
        "outside_reason": clean_words("理由", seen.outside_reason) or None,
        "note": clean_words("现场情况", seen.note) or None,
        "begun_at": begun(desk, seen.begun_at),
        "created_by": desk.account.id,
        "created_at": desk.now,
    }
    if insert_once(desk.connection, spot_visit, row):
        audit.record(desk.connection, desk.now, desk.account, spot_visit.name, visit_id, "create")
    else:
        _require_same_sheet(desk, place, row)


def _why_reason(desk: Desk, place: Place) -> str:
    """Why a reason is asked for: it is on no list, or no longer."""
    replaced = select(draw_replacement.c.draw_id).where(draw_replacement.c.subject_id == place.row["id"])
    if desk.connection.execute(replaced).first() is None:
        return "这一户不在名单上，请写明为什么看它，如：群众反映、邻居说起。"
    return "这一户已经换成了下一户，不在名单上了。这张表还要存的，请写明为什么看它，按名单以外的户存。"


def _require_same_sheet(desk: Desk, place: Place, sent: Mapping[str, Any]) -> None:
    stored = desk.connection.execute(select(spot_visit).where(spot_visit.c.id == sent["id"])).mappings().one()
    if (stored["household_id"], stored["created_by"]) != (sent["household_id"], sent["created_by"]):
        raise NotFound(sent["id"])
    names = {each.value: name for each, name in ANSWER_NAMES.items()}
    old, new = ({key: names.get(said, "") for key, said in row["answers"].items()} for row in (stored, sent))
    answers = [
        Compared(f"“{item.text[:20]}”", old.get(item.id, ""), new.get(item.id, "")) for item in place.items
    ]
    words = {"outside_reason": "看这一户的理由", "note": "现场情况"}
    require_same(
        "这张表已经存过，填的和这次不一样：要按这次的，再保存一次，另存一张",
        [*answers, *(Compared(label, stored[key] or "", sent[key] or "") for key, label in words.items())],
    )


def visit_of(desk: Desk, visit_id: str) -> RowMapping:
    """A visit of the account's units.

    Raises:
        NotFound: none, or of another unit.
    """
    query = select(spot_visit).where(
        spot_visit.c.id == visit_id, spot_visit.c.campaign_id == desk.campaign.id
    )
    row = desk.connection.execute(query).mappings().one_or_none()
    if row is None or row["unit_code"] not in desk.account.inspects:
        raise NotFound(visit_id)
    return row


def problems_of(campaign: Campaign, row: RowMapping) -> Sequence[tuple[Area, Item]]:
    """The items that a sheet answered with a problem, though the household's type would not ask them any longer."""
    return [pair for key, pair in campaign.item_by_id.items() if row["answers"].get(key) == Answer.PROBLEM]


def answers_of(row: RowMapping) -> Mapping[str, Answered]:
    """The answers of a sheet, with those that were given for all that was left of an area at once."""
    filled, by, at = row["filled"] or (), row["created_by"], row["created_at"]
    return {
        item_id: Answered(Answer(said), None, by, at) if item_id in filled else Answered(Answer(said))
        for item_id, said in row["answers"].items()
    }


def permit_finding(desk: Desk, unit_code: str) -> None:
    """Raise NotAllowed where the account's team does not go to the unit, or not yet."""
    permit_in_phase(desk, PhasedWork.SPOT)
    if not may_write(desk.account, Action.FIND, unit_code):
        raise NotAllowed("您所在的督导组没有安排到这个单位。")


def begun(desk: Desk, said: datetime) -> datetime:
    """When it began, by the page: never later than now, and of the same day's work."""
    return said if desk.now - _LONGEST_VISIT <= said <= desk.now else desk.now


def clean_words(label: str, words: str) -> str:
    """Words without blanks around them.

    Raises:
        Refused: they hold a personal number, or are too long.
    """
    clean = words.strip()
    if len(clean) > LONGEST:
        raise Refused(f"“{label}”超过了 {LONGEST} 个字，请删减。")
    if refuse_personal_numbers(clean):
        raise Refused(f"“{label}”里像是有身份证号、电话或卡号，系统不保存个人的号码，请删去。")
    return clean
