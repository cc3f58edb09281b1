"""Reminders of due, overdue and waiting records that an account may see: counts and links, never names."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, Select, func, or_, select

from checklist.date_formats import full_day
from checklist.model import Campaign, RecordForm
from checklist.overdue import due_rule
from checklist.states import State
from forms_server.access import FILERS, JUDGES
from forms_server.account import Account
from forms_server.desk import Desk
from forms_server.figures.unit_figures import handed_over
from forms_server.finding_states import FindingState
from forms_server.inspection.findings import awaits_answer, findings
from forms_server.inspection.inspection_plan import begun_units
from forms_server.inspection.letters import letters
from forms_server.inspection.sheet_problems import UnwrittenSheet, unwritten
from forms_server.records import inbox, overdue_conditions
from forms_server.records.inbox import Inbox
from forms_server.records.ledger_filters import Filters, parameters
from forms_server.records.open_record_labels import due_words, late_words
from forms_server.records.record_counts import as_counted, count_each, overdue_tasks
from forms_server.records.visible_ledger import VisibleLedger
from forms_server.registers.round_standing import duties, duty_words
from forms_server.returns.frozen_returns import ReturnState, by_unit, changed_after, of_unit
from forms_server.returns.return_standing import ReturnStage
from forms_server.scope import Relation, may_read_return, sees_all

AHEAD = timedelta(days=60)
"""How far a calendar looks."""


@dataclass(frozen=True)
class Reminder:
    """A reminder with the endpoint and arguments of its page."""

    words: str
    endpoint: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    late: bool = False


@dataclass(frozen=True)
class DueDay:
    """Number of issues of a form due on a day."""

    form: RecordForm
    day: date
    count: int


def reminders(connection: Connection, campaign: Campaign, account: Account, today: date) -> list[Reminder]:
    """Reminders of overdue, due (today or tomorrow) and waiting records; most urgent first."""
    ledgers = [VisibleLedger(campaign, account, form, today) for form in _forms(campaign)]
    return [
        *_returns(connection, campaign, account),
        *_found_on_the_spot(connection, campaign, account, today),
        *_letters(connection, campaign, account, today),
        *_handed_over(connection, campaign, account),
        *_rounds(connection, campaign, account, today),
        *(each for ledger in ledgers for each in _late(connection, ledger)),
        *_near(connection, campaign, account, today),
        *_waiting(connection, campaign, account),
    ]


def due_days(
    connection: Connection, campaign: Campaign, account: Account, first: date, last: date
) -> list[DueDay]:
    """Due days of the account's own issues, in order; empty for accounts that only read or verify."""
    if account.role not in FILERS:
        return []
    found = [
        each
        for form in _forms(campaign)
        for each in _of_form(connection, campaign, account, form, first, last)
    ]
    return sorted(found, key=lambda each: each.day)


def _of_form(
    connection: Connection, campaign: Campaign, account: Account, form: RecordForm, first: date, last: date
) -> Iterator[DueDay]:
    ledger = VisibleLedger(campaign, account, form, first)
    rule = ledger.due_rule
    if rule is None:
        return
    for day, count in ledger.read(connection, _due_counts, last):
        yield DueDay(form, rule.due_from(day), count)


def _due_counts(ledger: VisibleLedger, last: date) -> Select[date, int] | None:
    """Counts by the day that a deadline is counted from, for deadlines from today on."""
    rule = ledger.due_rule
    if rule is None:
        return None
    since, asked = overdue_conditions.since_column(ledger.table, rule), ledger.worked_off
    return (
        select(since, func.count())
        .where(
            or_(*ledger.parts(asked, names=False), *ledger.named_parts(asked)),
            overdue_conditions.due_between(ledger.table, rule, ledger.today, last),
        )
        .group_by(since)
    )


def _forms(campaign: Campaign) -> Sequence[RecordForm]:
    """Forms with deadlines."""
    return [form for form in campaign.record_forms if due_rule(form)]


def _late(connection: Connection, ledger: VisibleLedger) -> Iterator[Reminder]:
    """Issues sent back, for their filers; overdue ones, also for supervisors."""
    if ledger.account.role not in FILERS | JUDGES:
        return
    asked = [(overdue_tasks(ledger), late_words(ledger.form), "overdue")]
    if ledger.account.role in FILERS:
        asked.insert(0, (Filters(sent_back=True), "被退回，等着改好再报", "sent_back"))
    counts = count_each(connection, [(ledger, filters) for filters, _, _ in asked])
    for count, (_, words, argument) in zip(counts, asked, strict=True):
        if count:
            chosen = parameters(relation=ledger.worked_off, **{argument: True})
            values = {"form_id": ledger.form.id, "sort": "due", **chosen}
            told = f"{ledger.form.name} {as_counted(count)} 条{words}"
            yield Reminder(told, "records.index", values, late=True)


def _returns(connection: Connection, campaign: Campaign, account: Account) -> Iterator[Reminder]:
    """Outdated signed returns, for the unit and the office."""
    if account.role in FILERS and may_read_return(account, account.unit_code):
        last = of_unit(connection, campaign, account.unit_code)[:1]
        if last and last[0].state is ReturnState.SENT_BACK:
            words = f"第 {last[0].number} 次报送被退回，改好后由主要负责人重新签字"
        elif changed_after(connection, campaign, last):
            words = f"第 {last[0].number} 次报送签字以后内容又有改动，由主要负责人重新签字"
        else:
            return
        yield Reminder(words, "returns.unit", {"unit_code": account.unit_code}, late=True)
    elif sees_all(account):
        newest = [each[0] for each in by_unit(connection, campaign).values()]
        signed = [each for each in newest if each.state is not ReturnState.SENT_BACK]
        if stale := changed_after(connection, campaign, signed):
            words = f"{_named(campaign, stale)}的报送签字以后内容又有改动，等着重新签字"
            yield Reminder(words, "returns.index", {"state": ReturnStage.STALE.value}, late=True)


def _named(campaign: Campaign, codes: Collection[str]) -> str:
    """The units by name, in the campaign's order; of many the first ones, and how many they are."""
    names = [unit.name for unit in campaign.filing_units if unit.code in codes]
    words = "、".join(names[:_MOST_NAMED])
    return words if len(names) <= _MOST_NAMED else f"{words} 等 {len(names)} 个单位"


_MOST_NAMED = 8


def _found_on_the_spot(
    connection: Connection, campaign: Campaign, account: Account, today: date
) -> Iterator[Reminder]:
    """Findings that wait for the unit's answer, objections that wait for the office, and sheets for their teams."""
    if campaign.inspection is None:
        return
    desk = Desk(connection, campaign, account, datetime.combine(today, time()))
    if account.reads_assigned_units and (left := unwritten(desk, begun_units(desk))):
        yield Reminder(_unwritten_words(campaign, left), "inspection.index", late=True)
    if not (account.role in FILERS or sees_all(account)):
        return
    if sees_all(account) and (left := unwritten(desk, None)):
        yield Reminder(_unwritten_words(campaign, left), "inspection.rates", late=True)
    found = findings(desk)
    waiting = [each for each in found if awaits_answer(each)]
    if account.role in FILERS:
        waiting = [each for each in waiting if each["answers_code"] == account.unit_code]
    late = sum(each["claim_due"] < today for each in waiting)
    objected = sum(each["state"] == FindingState.OBJECTED for each in found)
    if late:
        yield Reminder(f"督导反馈的问题 {late} 个过了期限还没有认领", "inspection.findings_page", late=True)
    if account.role in FILERS and len(waiting) > late:
        yield Reminder(
            f"督导反馈的问题 {len(waiting) - late} 个等着认领", "inspection.findings_page", late=True
        )
    if sees_all(account) and objected:
        yield Reminder(f"督导反馈的异议 {objected} 个等着核定", "inspection.findings_page", late=True)


def _unwritten_words(campaign: Campaign, sheets: Sequence[UnwrittenSheet]) -> str:
    count = len({each.household_id for each in sheets})
    return f"督导看过的 {count} {campaign.counter}勾了有问题，还没有写明记入台账"


def _letters(connection: Connection, campaign: Campaign, account: Account, today: date) -> Iterator[Reminder]:
    """Letters of supervision that the unit has not answered, and for the office those that are late."""
    if campaign.inspection is None or not (account.role in FILERS or sees_all(account)):
        return
    for each in letters(Desk(connection, campaign, account, datetime.combine(today, time()))):
        late = each.row["answer_due"] < today
        page = "inspection.letter", {"letter_id": each.row["id"]}
        if account.role in FILERS and each.waiting:
            day = full_day(each.row["answer_due"])
            said = f"已经过了{day}的期限" if late else f"{day}前答复"
            yield Reminder(f"{each.row['mark']}等着答复，{said}", *page, late=late)
        elif sees_all(account) and late and (open_ones := [one for one in each.waiting if not one.urged_by]):
            words = f"{each.row['mark']}有 {len(open_ones)} 个单位逾期没有答复，可以下督办单"
            yield Reminder(words, "inspection.letters", late=True)


def _handed_over(connection: Connection, campaign: Campaign, account: Account) -> Iterator[Reminder]:
    """Issues that were transferred to the unit, and that it may refuse."""
    for form_id, count in handed_over(connection, campaign, account).items():
        words = f"{campaign.form_by_id[form_id].name} {count} 条是转来的：要整改，不归本单位管的写明理由退回"
        chosen = parameters(relation=Relation.RESPONSIBLE, state=State.RECTIFYING)
        yield Reminder(words, "records.index", {"form_id": form_id, **chosen}, late=True)


def _rounds(connection: Connection, campaign: Campaign, account: Account, today: date) -> Iterator[Reminder]:
    """Steps of rounds that the account has to take by tomorrow, or had to; for the office those late anywhere."""
    for each in duties(connection, campaign, account, today, timedelta(days=1)):
        arguments = {"register_id": each.register.id, "period": each.period}
        yield Reminder(duty_words(each), "registers.round_", arguments, late=each.late)


def _near(connection: Connection, campaign: Campaign, account: Account, today: date) -> Iterator[Reminder]:
    tomorrow = today + timedelta(days=1)
    for each in due_days(connection, campaign, account, today, tomorrow):
        ledger = VisibleLedger(campaign, account, each.form, today)
        asked = {"form_id": each.form.id, **parameters(relation=ledger.worked_off, due_on=each.day)}
        day = "今天" if each.day == today else "明天"
        yield Reminder(f"{each.form.name} {each.count} 条{day}{due_words(each.form)}", "records.index", asked)


def _waiting(connection: Connection, campaign: Campaign, account: Account) -> Iterator[Reminder]:
    if account.role in JUDGES and (count := inbox.count(connection, Inbox(campaign, account))):
        yield Reminder(f"{count} 条已整改，等着销号", "inbox.index")
