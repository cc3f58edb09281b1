"""催办: what each unit owes, as a message to its contact, to be copied into WeChat or read out on the telephone."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from checklist.date_formats import full_day, short_moment
from checklist.model import Unit
from forms_server.accounts.account_store import units_with_accounts
from forms_server.desk import Desk
from forms_server.figures.county_figures import county
from forms_server.inspection.letters import letters
from forms_server.registers.round_standing import duty_words, late_steps
from forms_server.reminders.unit_contacts import UnitContact, contacts
from forms_server.returns import call_list
from forms_server.returns.return_standing import ReturnStage, standings


@dataclass(frozen=True)
class Urging:
    """A unit that owes something."""

    unit: Unit
    contact: UnitContact
    facts: Sequence[str]
    """What it owes; empty where nothing."""
    has_account: bool


def urgings(desk: Desk) -> list[Urging]:
    """Every filing unit with what it owes, in the order of ``units.yml``."""
    owed = _owed(desk)
    known, reached = contacts(desk), units_with_accounts(desk.connection)
    return [
        Urging(unit, known.get(unit.code, UnitContact()), owed.get(unit.code, []), unit.code in reached)
        for unit in desk.campaign.filing_units
    ]


def _owed(desk: Desk) -> Mapping[str, list[str]]:
    every = standings(desk.connection, desk.campaign, desk.now)
    owed: dict[str, list[str]] = {}
    for call in call_list.waiting(desk.connection, desk.campaign, every):
        words = [each.rstrip("。；") for each in call_list.facts_of(call)]
        if call.standing.stage is ReturnStage.NOT_STARTED:
            words.append("还没有开始填报")
        elif call.standing.last is None and (call.unreported or call.unwritten):
            words.append("还没有签字报送")  # else it is told to sign
        owed[call.standing.unit.code] = words
    found = county(desk.connection, desk.campaign, desk.campaign.filing_units, desk.now.date())
    for unit in desk.campaign.filing_units:
        if late := found.of_unit(unit).overdue:
            owed.setdefault(unit.code, []).append(f"有 {late} 个问题过了整改时限还没有整改")
    for each in late_steps(desk.connection, desk.campaign, desk.now.date()):
        owed.setdefault(each.place.township.code, []).append(duty_words(each.duty))
    for code, unanswered in _letters(desk):
        owed.setdefault(code, []).append(unanswered)
    return owed


def _letters(desk: Desk) -> Iterator[tuple[str, str]]:
    if desk.campaign.inspection is None:
        return
    for each in letters(desk):
        if each.row["answer_due"] < desk.now.date():
            due = full_day(each.row["answer_due"])
            yield from (
                (one.unit_code, f"{each.row['mark']}要求{due}前答复，还没有答复") for one in each.waiting
            )


def message(desk: Desk, urging: Urging) -> str:
    """The message to one unit's contact."""
    campaign = desk.campaign
    greeting = f"{urging.contact.person}，您好！" if urging.contact.person else ""
    lines = [f"{greeting}{campaign.notice.short_name}催办：{urging.unit.name}截至{short_moment(desk.now)}"]
    lines += [f"{number}. {words}" for number, words in enumerate(urging.facts, 1)]
    return "\n".join([*lines, _closing(desk)])


def group_message(desk: Desk, owing: Sequence[Urging]) -> str:
    """One message to all, for the group: units with what they owe; no persons and no telephone numbers."""
    lines = [
        f"【{desk.campaign.notice.short_name}催办】截至{short_moment(desk.now)}，还有 {len(owing)} 个单位有事要办："
    ]
    lines += [f"{number}. {each.unit.name}：{'；'.join(each.facts)}" for number, each in enumerate(owing, 1)]
    return "\n".join([*lines, _closing(desk)])


def call_sheet(owing: Sequence[Urging]) -> str:
    """The list for whoever telephones, with persons and numbers."""
    lines = [
        f"{number}. {each.unit.name}（{each.contact.words or '没有留联系人'}）：{'；'.join(each.facts)}"
        for number, each in enumerate(owing, 1)
    ]
    return "\n".join(lines)


def _closing(desk: Desk) -> str:
    notice = desk.campaign.notice
    if desk.now <= notice.deadline.at:
        when = f"报送截止 {notice.deadline.text}（{short_moment(notice.deadline.at)}），请抓紧办理。"
    else:
        when = "报送时限已过，请今天办好。"
    return f"{when}有问题请打{notice.contact.office}电话 {notice.contact.phone}。"
