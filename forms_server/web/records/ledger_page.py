"""A form's ledger: filtered, page by page, with how many records stand in which state."""

import unicodedata
from collections.abc import Container, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from flask import g, render_template, request, url_for

from checklist.model import Field, FieldType, RecordForm, Stage, Unit
from forms_server.access import FILERS, Action, may_write
from forms_server.lifecycle import STATES_BY_KIND
from forms_server.records import keyset_paging, ledger_listing
from forms_server.records.keyset_paging import Position
from forms_server.records.ledger_filters import Filters, Sorting, VisibleLedger
from forms_server.records.record_counts import count_overdue, count_waiting, counts
from forms_server.web.current_services import services
from forms_server.web.records.bulk_deeds import offered
from forms_server.web.records.page_positions import position, written
from forms_server.web.records.requested_record import blueprint, desk, offer, record_form

LONGEST = 60
"""Characters of what is looked for."""

YEARS = range(1900, 2200)
"""Of a day that can be asked for: Python's own calendar ends at both sides with an OverflowError."""

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
    """The records of a form that the account may see, as the address asks for them."""
    form = record_form(form_id)
    filters, sorting = asked_filters(form), _sorting()
    ledger = VisibleLedger(services().campaign, g.account, form, services().clock.today())
    begin = position(request.args, day=sorting is Sorting.DUE and ledger.has_deadlines)
    with desk() as at:
        page = ledger_listing.page(at.connection, ledger, filters, begin, sorting)
        numbers = counts(at.connection, ledger, filters)
        overdue = count_overdue(at.connection, ledger, filters)
        waiting = count_waiting(at.connection, ledger, filters)
    deeds = [deed for deed in offered(form) if any(map(deed.possible, page.records))]
    return render_template(
        "records/ledger.html",
        form=form,
        deeds=deeds,
        pickable={record.id for record in page.records if any(deed.possible(record) for deed in deeds)},
        columns=columns(form),
        page=page,
        counts=numbers,
        overdue=overdue,
        waiting=waiting,
        filters=filters,
        sorting=sorting,
        due_first=Sorting.DUE,
        has_deadlines=ledger.has_deadlines,
        searched={field.id: field for field in form.fields if field.id in SEARCHED},
        searched_at_once=keyset_paging.SEARCHED,
        lists=offer(),
        units=_units(),
        may_file=may_write(g.account, Action.FILE, g.account.unit_code, g.account.village_code),
        address=ledger_address,
    )


SEARCHED = frozenset({"source", "householder", "responsible_unit", "content"})
"""Fields that a ledger can be searched by, where its form has them."""


def _units() -> list[Unit]:
    """The units whose records the account may see; none where it sees its own only."""
    if g.account.role in FILERS:
        return []
    all_units = services().campaign.filing_units
    return [unit for unit in all_units if not g.account.inspects or unit.code in g.account.inspects]


def columns(form: RecordForm) -> list[tuple[Field, str]]:
    """The fields that the list shows: the annex's own, but one long text only and nothing that is always the same."""
    asked = [
        field for field in form.fields if field.column and field.stage is Stage.FOUND and CELLS[field.type]
    ]
    long = [field for field in asked if CELLS[field.type] == "long"]
    shown = [field for field in asked if field not in long[1:] and field.type not in offer().same]
    return [(field, CELLS[field.type]) for field in shown]


def asked_filters(form: RecordForm) -> Filters:
    """What the address asks to see; words that this campaign does not know ask for nothing."""
    campaign, asked = services().campaign, request.args
    states = {state.value: state for state in STATES_BY_KIND[form.kind]}
    return Filters(
        unit_code=_known(asked.get("unit"), campaign.unit_by_code),
        village_code=_known(asked.get("village"), campaign.village_by_code),
        area_id=_known(asked.get("area"), [area.id for area in campaign.areas]),
        problem_type_id=_known(asked.get("problem_type"), campaign.problem_type_by_id),
        state=states.get(asked.get("state", "")),
        done=asked.get("done") == "1",
        overdue=asked.get("overdue") == "1",
        due_soon=asked.get("due_soon") == "1",
        sent_back=asked.get("sent_back") == "1",
        due_on=_day("due_on"),
        filed_on=_day("filed_on"),
        rectified_on=_day("rectified_on"),
        waiting=asked.get("waiting") == "1",
        source=_words("source"),
        householder=_words("householder"),
        responsible_unit=_words("responsible_unit"),
        words=_words("words"),
    )


def _known(code: str | None, codes: Container[str]) -> str | None:
    return code if code in codes else None


def _day(name: str) -> date | None:
    """A day of the address; None where it is none, or so far off that days can't be counted from it."""
    try:
        day = date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None
    return day if day.year in YEARS else None


def _words(name: str) -> str:
    """What the address looks for, spelled as it is stored; nothing that can't be seen is looked for."""
    words = unicodedata.normalize("NFC", request.args.get(name, "")).strip()[:LONGEST]
    unseen = any(unicodedata.category(character) in {"Cc", "Cs"} for character in words)
    return "" if unseen else words


def _sorting() -> Sorting:
    return Sorting.DUE if request.args.get("sort") == Sorting.DUE else Sorting.NEWEST


def ledger_address(
    form: RecordForm,
    filters: Filters,
    sorting: Sorting = Sorting.NEWEST,
    place: Position | None = None,
    **other: object,
) -> str:
    """The address of the ledger with these filters, some of them changed."""
    wanted = replace(filters, **other)  # type: ignore[arg-type]
    texts: dict[str, Any] = {
        name: getattr(wanted, name) or None for name in ("source", "householder", "responsible_unit", "words")
    }
    return url_for(
        "records.index",
        form_id=form.id,
        unit=wanted.unit_code,
        village=wanted.village_code,
        area=wanted.area_id,
        problem_type=wanted.problem_type_id,
        state=wanted.state and wanted.state.value,
        done="1" if wanted.done else None,
        overdue="1" if wanted.overdue else None,
        due_soon="1" if wanted.due_soon else None,
        sent_back="1" if wanted.sent_back else None,
        due_on=wanted.due_on and wanted.due_on.isoformat(),
        filed_on=wanted.filed_on and wanted.filed_on.isoformat(),
        rectified_on=wanted.rectified_on and wanted.rectified_on.isoformat(),
        waiting="1" if wanted.waiting else None,
        sort=sorting.value if sorting is Sorting.DUE else None,
        **texts,
        **written(place),
    )
