"""Shared helpers of the registers' pages: look-up with access control, the period that is asked for, refusals."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, g, render_template, request, url_for

from build_scripts.rules.locked_database import RulesFailed
from checklist.messages import say
from checklist.model import Register, Stage
from checklist.register_periods import is_period, period_of, period_words
from forms_server.desk import Desk, NotAllowed
from forms_server.registers import row_store
from forms_server.registers.exemption_words import standing_words
from forms_server.registers.register_row import RegisterRow
from forms_server.registers.row_listing import SeenRows
from forms_server.registers.row_periods import known_periods
from forms_server.web.current_services import services
from forms_server.web.fields.record_fields import RecordFields
from forms_server.web.photos.photo_words import photo_words
from forms_server.web.records.offered_rows import offered_rows
from forms_server.web.records.record_words import (
    condition_words,
    full_value,
    short_value,
    title_of,
    unit_name,
    unit_words,
)
from forms_server.web.records.requested_record import desk, offer

blueprint = Blueprint("registers", __name__, url_prefix="/registers")

PERIOD = "period"
"""Parameter of the period, in addresses and forms."""


def asked_register(register_id: str) -> Register:
    """Look up a register; 404 if there is none."""
    return services().campaign.register_by_id.get(register_id) or abort(404)


def stored_row(at: Desk, register: Register, row_id: UUID) -> RegisterRow:
    """Look up the row of a URL; 404 outside the account's scope."""
    return row_store.get(at, register, str(row_id))


def seen_rows(register: Register) -> SeenRows:
    """The rows of the register that the signed-in account sees."""
    return SeenRows(services().campaign, g.account, register)


def counted_rows(register: Register) -> SeenRows:
    """The rows of the signed-in account's places, of which only figures are shown."""
    return SeenRows(services().campaign, g.account, register, as_figures=True)


def current_period(register: Register) -> str:
    """The period of today."""
    return period_of(register.period, services().clock.today())


def asked_period(register: Register, typed: str) -> str:
    """A period that was asked for; today's if it is none of the register's."""
    return typed if typed and is_period(register.period, typed) else current_period(register)


def offered_periods(at: Desk, register: Register, chosen: str) -> Sequence[str]:
    """Periods to choose from, the latest first: those with rows, today's and the chosen one."""
    if not register.period.repeats:
        return []
    known = known_periods(at.connection, at.campaign, register)
    return sorted({*known, current_period(register), chosen}, reverse=True)


def row_fields(register: Register) -> RecordFields:
    """The fields of a register's form; what refers to another register's row is chosen among those that are seen."""
    with desk() as at:
        return fields_of(at, register)


def fields_of(at: Desk, register: Register) -> RecordFields:
    """As ``row_fields``, for whoever reads already."""
    lists = replace(offer(), rows=offered_rows(at, register))
    return RecordFields(register, frozenset({Stage.FOUND}), lists)


def row_address(row: RegisterRow) -> str:
    """The page of a row."""
    return url_for("registers.show", register_id=row.register.id, row_id=row.id)


def row_title(row: RegisterRow) -> str:
    """One-line title of a row: what its first columns say."""
    return title_of(row.register, row.values, services().campaign)


@blueprint.errorhandler(NotAllowed)
def not_allowed(error: NotAllowed) -> tuple[str, int]:
    """Answer a write without permission, with the input to be copied."""
    return _refused("无权操作", str(error)), 403


@blueprint.errorhandler(RulesFailed)
def rules_failed(_: RulesFailed) -> tuple[str, int]:
    """Answer a write whose rules took too long, with the input to be copied: nothing was stored."""
    return _refused("没有算完", say("rules-failed")), 503


def _refused(title: str, text: str) -> str:
    path = request.view_args or {}
    register = asked_register(path["register_id"])
    labels = {each.id: each.label for each in register.fields}
    typed = [(labels[name], words) for name, words in request.form.items() if name in labels and words]
    back = url_for("registers.index", register_id=register.id)
    return render_template(
        "records/refused.html", title=title, text=text, typed=typed, back=back, way=("", "")
    )


@blueprint.context_processor
def words() -> dict[str, Any]:
    """Template context of the registers."""
    campaign = services().campaign
    return {
        "shown_value": lambda each, value: full_value(each, value, campaign),
        "short_value": lambda each, value: short_value(each, value, campaign),
        "unit_name": lambda code: unit_name(campaign, code),
        "condition_words": condition_words,
        "row_title": row_title,
        **photo_words(),
        "period_words": period_words,
        "standing_words": standing_words,
        **unit_words(offer()),
    }
