"""A form's ledger: filtered, page by page, with how many records stand in which state."""

from collections.abc import Container, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from flask import g, render_template, request, url_for

from checklist.model import Field, FieldType, RecordForm, Stage
from forms_server.access import Action, Role, may_write
from forms_server.lifecycle import STATES_BY_KIND
from forms_server.records import listing
from forms_server.records.listing import Filters, Ledger, Position
from forms_server.services import services
from forms_server.views.records.common import blueprint, desk, offer, record_form

CELLS: Mapping[FieldType, str] = {
    FieldType.SERIAL: "",
    FieldType.TOWNSHIP: "short",
    FieldType.VILLAGE: "short",
    FieldType.PROBLEM_TYPE: "short",
    FieldType.CHOICE: "short",
    FieldType.TEXT: "short",
    FieldType.PARAGRAPH: "long",
    FieldType.INTEGER: "short",
    FieldType.DATE: "short",
    FieldType.DEADLINE: "short",
}
"""How a field of each type stands in the list; empty for one that does not."""


@blueprint.get("/<form_id>/")
def index(form_id: str) -> str:
    """The records of a form that the account may see, newest first."""
    form = record_form(form_id)
    filters = _filters(form)
    ledger = Ledger(services().campaign, g.account, form, services().clock.today())
    with desk() as at:
        page = listing.page(at.connection, ledger, filters, _position())
        counts = listing.counts(at.connection, ledger, filters.unit_code)
        overdue = listing.count_overdue(at.connection, ledger, filters.unit_code)
    return render_template(
        "records/ledger.html",
        form=form,
        columns=columns(form),
        page=page,
        counts=counts,
        overdue=overdue,
        filters=filters,
        lists=offer(),
        all_units=g.account.role is Role.OFFICE,
        may_file=may_write(g.account, Action.FILE, g.account.unit_code, g.account.village_code),
        address=_address,
    )


def columns(form: RecordForm) -> list[tuple[Field, str]]:
    """The fields that the list shows: the annex's own, but one long text only and nothing that is always the same."""
    asked = [
        field for field in form.fields if field.column and field.stage is Stage.FOUND and CELLS[field.type]
    ]
    long = [field for field in asked if CELLS[field.type] == "long"]
    shown = [field for field in asked if field not in long[1:] and field.type not in offer().same]
    return [(field, CELLS[field.type]) for field in shown]


def _filters(form: RecordForm) -> Filters:
    """What the address asks to see; words that this campaign does not know ask for nothing."""
    campaign, asked = services().campaign, request.args
    states = {state.value: state for state in STATES_BY_KIND[form.kind]}
    return Filters(
        unit_code=_known(asked.get("unit"), campaign.unit_by_code),
        village_code=_known(asked.get("village"), campaign.village_by_code),
        problem_type_id=_known(asked.get("problem_type"), campaign.problem_type_by_id),
        state=states.get(asked.get("state", "")),
        overdue=asked.get("overdue") == "1",
    )


def _known(code: str | None, codes: Container[str]) -> str | None:
    return code if code in codes else None


def _position() -> Position | None:
    """Where the page begins; the newest records where the address names no place."""
    for name in ("older", "newer"):
        moment, _, record_id = request.args.get(name, "").partition("_")
        try:
            return Position(
                datetime.fromisoformat(moment).replace(tzinfo=None), record_id, newer=name == "newer"
            )
        except ValueError:
            continue
    return None


def _address(form: RecordForm, filters: Filters, position: Position | None = None, **other: object) -> str:
    """The address of the ledger with these filters, some of them changed."""
    wanted = replace(filters, **other)  # type: ignore[arg-type]
    place: dict[str, Any] = {}
    if position:
        place = {"newer" if position.newer else "older": f"{position.created_at.isoformat()}_{position.id}"}
    return url_for(
        "records.index",
        form_id=form.id,
        unit=wanted.unit_code,
        village=wanted.village_code,
        problem_type=wanted.problem_type_id,
        state=wanted.state and wanted.state.value,
        overdue="1" if wanted.overdue else None,
        **place,
    )
