"""A unit's open tasks with due dates, most urgent first."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for

from checklist.model import Campaign
from checklist.overdue import SOON
from checklist.states import State
from forms_server.access import Action, may_write
from forms_server.account import Account
from forms_server.figures.unit_figures import LedgerTasks, SharedFigures
from forms_server.records.ledger_filters import parameters
from forms_server.records.open_record_labels import due_words, late_words
from forms_server.records.record_counts import as_counted
from forms_server.records.visible_ledger import VisibleLedger
from forms_server.registers.round_standing import RoundDuty, duty_words
from forms_server.scope import Relation
from forms_server.visits.visit_progress import Figures
from forms_server.web.returns.return_tasks import ReturnNotice


@dataclass(frozen=True)
class Task:
    """A task with the page to do it on."""

    words: str
    address: str
    due: date | None
    late: bool = False
    sent_back: bool = False


@dataclass(frozen=True)
class TaskFacts:
    """Data from which a unit's tasks are derived."""

    campaign: Campaign
    account: Account
    today: date
    ledgers: Sequence[LedgerTasks]
    """Of all records that the account sees."""
    shared: Sequence[SharedFigures]
    handed_over: Mapping[str, int]
    """Number of issues that were transferred to the unit and that it may refuse, by form."""
    unanswered: int
    """Number of unreported problem types."""
    visits: Figures | None
    """Progress of the account's visits; None if the campaign has none."""
    past: bool
    """Whether the deadline's time, not only its day, is past."""
    rounds: Sequence[RoundDuty]
    """Steps of rounds that the account has to take."""
    notice: ReturnNotice | None
    """Status of the unit's return; None for village accounts."""


def tasks(facts: TaskFacts) -> list[Task]:
    """Return all tasks: sent back first, then late ones, then by day."""
    parts = (_whole_unit, _requests, _ledgers, _handed_over, _shared, _rounds, _visits)
    found = [task for part in parts for task in part(facts)]
    return sorted(found, key=lambda task: (not task.sent_back, not task.late, task.due or date.max))


def _ledgers(facts: TaskFacts) -> Iterator[Task]:
    """Tasks of the ledgers: issues sent back, overdue or due soon."""
    for each in facts.ledgers:
        ledger = VisibleLedger(facts.campaign, facts.account, each.form, facts.today)
        for count, words, argument in (
            (each.sent_back, "被退回，按理由改好再报", "sent_back"),
            (each.overdue, late_words(each.form), "overdue"),
            (each.due_soon, f"在 {SOON.days} 天内{due_words(each.form)}", "due_soon"),
        ):
            if count:
                late = argument != "due_soon"
                asked: dict[str, Any] = {
                    "form_id": each.form.id,
                    "sort": "due",
                    **parameters(relation=ledger.worked_off, **{argument: True}),
                }
                address = url_for("records.index", **asked)
                due = None if late else facts.today + SOON
                told = f"{each.form.name} {as_counted(count)} 条{words}"
                yield Task(told, address, due, late, argument == "sent_back")


def _requests(facts: TaskFacts) -> Iterator[Task]:
    """Requests for an extension that the account may grant."""
    for each in facts.ledgers:
        if each.extension_asked:
            asked = parameters(relation=Relation.OWN, extension_asked=True)
            told = f"{each.form.name} {as_counted(each.extension_asked)} 条申请延期，等您批准"
            yield Task(told, url_for("records.index", form_id=each.form.id, **asked), None, late=True)


def _handed_over(facts: TaskFacts) -> Iterator[Task]:
    """Issues that were transferred to the unit."""
    asked = parameters(relation=Relation.RESPONSIBLE, state=State.RECTIFYING)
    for form_id, count in facts.handed_over.items():
        told = f"{facts.campaign.form_by_id[form_id].name} {count} 条是转来的：要整改，不归本单位管的写明理由退回"
        yield Task(told, url_for("records.index", form_id=form_id, **asked), None)


def _shared(facts: TaskFacts) -> Iterator[Task]:
    """Issues that other units filed in the account's place, which its people rectify."""
    for each in facts.shared:
        if each.relation is Relation.HERE and each.open:
            address = url_for(
                "records.index",
                form_id=each.form.id,
                **parameters(relation=each.relation, state=State.RECTIFYING),
            )
            yield Task(f"{each.form.name} {each.open} 条是别的单位在本地登记的，还没有整改", address, None)


def _rounds(facts: TaskFacts) -> Iterator[Task]:
    """Steps of rounds, which go on when the campaign is over."""
    for each in facts.rounds:
        address = url_for("registers.round_", register_id=each.register.id, period=each.period)
        yield Task(duty_words(each), address, each.standing.due, each.late)


def _visits(facts: TaskFacts) -> Iterator[Task]:
    visits, deadline = facts.visits, facts.campaign.self_check_end
    if visits is None:
        return
    past = facts.past or facts.today > deadline
    address, counter = url_for("visits.index"), facts.campaign.counter
    if begun := visits.visits - visits.visits_finished:
        yield Task(f"{begun} {counter}排查了一半，接着填", address, deadline, past)
    if visits.left > 0:
        yield Task(f"名册上还有 {visits.left} {counter}没有去排查", address, deadline, past)


def _whole_unit(facts: TaskFacts) -> Iterator[Task]:
    """Tasks of the whole unit: zero reports, report and return."""
    notice, deadline = facts.notice, _deadline(facts)
    if notice is None:
        return
    late, checked = facts.past, facts.campaign.self_check_end
    if facts.unanswered:
        yield Task(
            f"还有 {facts.unanswered} 类问题没有报过：有问题的登记，没有的报零报告",
            url_for("zero.index"),
            checked,
            late or facts.today > checked,
        )
    if notice.written < notice.parts and facts.campaign.report_form:
        left = notice.parts - notice.written
        yield Task(
            f"{facts.campaign.report_form.name}还有 {left} 部分没有写",
            url_for("report.index"),
            deadline,
            late,
        )
    if words := _return(facts, notice):
        address = url_for("returns.unit", unit_code=facts.account.unit_code)
        urgent = notice.sent_back or notice.stale
        yield Task(words, address, deadline, late or urgent, urgent)


def _return(facts: TaskFacts, notice: ReturnNotice) -> str:
    """Text of the return's task; empty if the last return is current."""
    signs = may_write(facts.account, Action.SIGN, facts.account.unit_code)
    if notice.sent_back:
        return "报送被退回：按理由改好，" + ("重新签字报送" if signs else "请主要负责人重新签字")
    if notice.last is None:
        return "核对后签字报送" if signs else "核对报送还缺什么，请主要负责人签字"
    if not notice.stale:
        return ""
    who = "，其中有别的单位退回或者改动的" if notice.changed_by_others else ""
    return f"报送以后又有改动{who}，核对后" + ("重新签字" if signs else "请主要负责人重新签字")


def _deadline(facts: TaskFacts) -> date:
    return facts.campaign.notice.deadline.at.date()
