"""Display texts and links of the return pages."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import url_for

from checklist.date_formats import full_day, full_moment
from checklist.model import Campaign, RecordForm
from checklist.states import is_counted
from forms_server.db.record_columns import to_values
from forms_server.editable_states import STATE_NAMES, State
from forms_server.records.ledger_filters import parameters
from forms_server.returns.changes_while_signing import ChangeMeanwhile
from forms_server.returns.frozen_returns import SignedReturn
from forms_server.returns.return_completeness import Lack, Where
from forms_server.returns.return_difference import RecordDifference
from forms_server.returns.return_document import Document, numbers
from forms_server.returns.return_standing import STAGE_NAMES, ReturnStage
from forms_server.web.records.record_words import action_names, full_value, title_of

_ADDRESSES = {
    Where.ZERO: lambda lack: url_for("zero.index", _anchor=f"zero-{lack.key}" if lack.key else None),
    Where.REPORT: lambda lack: url_for("report.index", _anchor=lack.key),
    Where.RECORD: lambda lack: url_for("records.show", form_id=lack.form_id, record_id=lack.key),
    Where.LEDGER: lambda lack: url_for("records.index", form_id=lack.form_id, **parameters(overdue=True)),
    Where.VISITS: lambda lack: url_for("visits.list_", form_id=lack.form_id),
}

_COLUMNS = {
    "state_reason": "理由",
    "rectified_on": "整改完成日期",
    "item_id": "对照的排查内容",
}
"""Labels of record columns that are not form fields."""


def address(lack: Lack) -> str:
    """URL of the page on which a gap can be fixed."""
    return _ADDRESSES[lack.where](lack)


def state_words(signed: SignedReturn) -> str:
    """Display text of a return's state."""
    return STAGE_NAMES[ReturnStage(signed.state.value)]


def in_groups(digits: str) -> str:
    """Group a hash in blocks of eight digits for readability."""
    return " ".join(digits[place : place + 8] for place in range(0, len(digits), 8))


@dataclass(frozen=True)
class Described:
    """A changed record in words: its title, and label, before and after of each change."""

    form: str
    """With the record's number in its ledger."""
    title: str
    cells: tuple[tuple[str, str, str], ...]


def describe(change: RecordDifference, campaign: Campaign) -> Described:
    """Describe a record's change; a form no longer in the campaign appears by its id."""
    form = campaign.form_by_id.get(change.line["form_id"])
    if not isinstance(form, RecordForm):
        return Described(_numbered(change.line["form_id"], change.number), "", ())
    name = _numbered(form.name, change.number)
    title = title_of(form, to_values(form, change.line), campaign)
    if change.before is None or change.after is None:
        return Described(name, title, ())
    cells = (*_states(change.before, change.after), *_cells(form, campaign, change.before, change.after))
    return Described(name, title, tuple(cells))


def _numbered(ledger: str, number: int | None) -> str:
    return f"{ledger}第 {number} 条" if number else ledger


@dataclass(frozen=True)
class MeanwhileWords:
    """A concurrent change in words."""

    when: str
    action: str
    what: str
    address: str


def meanwhile_words(change: ChangeMeanwhile, document: Document, campaign: Campaign) -> MeanwhileWords:
    """Describe a concurrent change of a record, zero report or report, with the record's URL."""
    said = change.change
    when = full_moment(datetime.fromisoformat(said.moment))
    action = action_names().get(said.action) or _ACTIONS.get(said.action, "改动")
    row = next((row for row in document.get(said.subject, ()) if row.get("id") == said.subject_id), None)
    form = campaign.form_by_id.get(row["form_id"]) if row else None
    if row and isinstance(form, RecordForm):
        number = numbers(document, _COUNTED).get(said.subject_id)
        what = f"{_numbered(form.name, number)} {title_of(form, to_values(form, row), campaign)}"
        address = url_for("records.show", form_id=form.id, record_id=said.subject_id)
        return MeanwhileWords(when, action, what, address)
    key = said.subject_id.rpartition("/")[2]
    kind = campaign.problem_type_by_id.get(key)
    report = campaign.report_form
    part = next((part.title for part in report.parts if part.id == key), "") if report else ""
    return MeanwhileWords(when, action, kind.name if kind else part or "记录", "")


_COUNTED = frozenset(state.value for state in State if is_counted(state))
_ACTIONS = {"tick": "勾选经排查无问题", "untick": "取消勾选经排查无问题", "write": "写报告"}


def _states(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    if before["state"] != after["state"]:
        yield "状态", STATE_NAMES[State(before["state"])], STATE_NAMES[State(after["state"])]


def _cells(
    form: RecordForm, campaign: Campaign, before: Mapping[str, Any], after: Mapping[str, Any]
) -> Iterator[tuple[str, str, str]]:
    old, new = to_values(form, before), to_values(form, after)
    for field in form.fields:
        if old.get(field.id) != new.get(field.id):
            words = (full_value(field, values.get(field.id), campaign) for values in (old, new))
            yield field.label, next(words), next(words)
    for name, label in _COLUMNS.items():
        if before.get(name) != after.get(name):
            yield label, _plain(before.get(name)), _plain(after.get(name))


def _plain(value: Any) -> str:
    """A day in words, other texts as they are."""
    with suppress(ValueError):
        return full_day(date.fromisoformat(str(value)))
    return str(value or "")
