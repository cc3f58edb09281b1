"""退回记录: what was sent back, by whom, why and how often, for the office: issues, returns, rows of registers."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from flask import Blueprint, render_template, request, url_for

from checklist.model import Campaign
from forms_server.actions import Action
from forms_server.db.tables import register_row, signed_return
from forms_server.desk import Desk
from forms_server.given_reasons import GivenReason, listed_reasons, reason_counts
from forms_server.records.serial_number import placed_records, serials_of
from forms_server.registers.row_moves import MOVE
from forms_server.returns.frozen_returns import find
from forms_server.state_moves import REOPEN, RESTORE, SEND_BACK, WITHDRAW
from forms_server.web.current_services import services
from forms_server.web.read_names import note_read
from forms_server.web.records.requested_record import desk

blueprint = Blueprint("sent_back", __name__, url_prefix="/sent-back")

REASONS_A_PAGE = 100
_LAST_PAGE = 10_000

_KINDS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "issues": ("问题退回", (SEND_BACK.id,)),
    "reopened": ("重新打开", (REOPEN.id,)),
    "returns": ("报送退回", (Action.RETURN.value,)),
    "rows": ("长期台账改状态", (MOVE,)),
    "withdrawn": (
        "撤销、取回",
        (WITHDRAW.id, RESTORE.id, "restore_household", Action.JOIN.value, "cancel_finding"),
    ),
}
"""By the parameter of the address: words, and the audit's actions."""

_SENT_BACK = ("issues", "reopened", "returns")
"""What is listed if nothing else is asked for, and what is counted by unit."""


class ListedReason(NamedTuple):
    """A reason in words."""

    given: GivenReason
    what: str
    address: str
    kind: str


@blueprint.get("/")
def index() -> str:
    """List the reasons, newest first, under how often each unit was sent something back."""
    campaign = services().campaign
    kind = request.args.get("kind", "") if request.args.get("kind") in _KINDS else ""
    unit_code = request.args.get("unit", "") if request.args.get("unit") in campaign.unit_by_code else ""
    page = (
        min(request.args.get("page", 0, int), _LAST_PAGE) if request.args.get("page", "").isdecimal() else 0
    )
    with desk() as at:
        found = listed_reasons(
            at.connection, campaign.id, _actions((kind,) if kind else _SENT_BACK), unit_code,
            page * REASONS_A_PAGE, REASONS_A_PAGE + 1,
        )  # fmt: skip
        counts = reason_counts(at.connection, campaign.id, _actions(_SENT_BACK))
        listed = _in_words(at, found[:REASONS_A_PAGE])
    note_read("unit", [(each.given.subject.unit_code,) * 2 for each in listed])
    return render_template(
        "records/sent_back.html",
        listed=listed,
        counts=counts,
        kinds={name: words for name, (words, _) in _KINDS.items()},
        kind=kind,
        asked_unit=unit_code,
        units=campaign.filing_units,
        unit_name=lambda code: (
            campaign.unit_by_code[code].name if code in campaign.unit_by_code else code or ""
        ),
        page=page,
        more=len(found) > REASONS_A_PAGE,
    )


def _actions(kinds: Sequence[str]) -> list[str]:
    return [action for kind in kinds for action in _KINDS[kind][1]]


def _in_words(at: Desk, found: Sequence[GivenReason]) -> list[ListedReason]:
    """Each with what it is about, by its number, and the page of that."""
    ids = list({each.subject.id for each in found})
    numbers = serials_of(at.connection, at.campaign, placed_records(at.connection, ids))
    return [
        ListedReason(each, *_subject(at, each, numbers.get(each.subject.id)), _kind(each)) for each in found
    ]


def _kind(given: GivenReason) -> str:
    return next(words for words, actions in _KINDS.values() if given.action in actions)


def _subject(at: Desk, given: GivenReason, number: int | None) -> tuple[str, str]:
    subject, campaign = given.subject, at.campaign
    if subject.table == signed_return.name:
        signed = find(at.connection, campaign, subject.id)
        words = f"第 {signed.number} 次报送" if signed else "报送"
        return words, url_for("returns.show", return_id=subject.id)
    if subject.table == register_row.name:
        return _row(campaign, subject.ledger_id, subject.id)
    form = campaign.form_by_id.get(subject.ledger_id)
    words = f"{form.name if form else subject.ledger_id}"
    words += f"第 {number} 条" if number else "（已撤销的一条）"
    return words, url_for("records.show", form_id=subject.ledger_id, record_id=subject.id) if form else ""


def _row(campaign: Campaign, register_id: str, row_id: str) -> tuple[str, str]:
    register = campaign.register_by_id.get(register_id)
    if register is None:
        return register_id, ""
    return f"{register.name}的一行", url_for("registers.show", register_id=register_id, row_id=row_id)
