"""The list of registers, and the list of one register's rows with its filters and totals."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import g, render_template, request, url_for

from checklist.model import Field, FieldType, Register
from checklist.reading.personal_numbers import masked
from checklist.values.village_names import village_names
from forms_server.db.tables import register_row
from forms_server.records import keyset_paging
from forms_server.registers import row_listing, row_periods, row_totals
from forms_server.registers.exemption import EXEMPTIBLE, decides
from forms_server.registers.exemption_listing import waiting_for
from forms_server.registers.row_listing import RowFilters, RowOrder, choice_fields
from forms_server.registers.row_scope import keeps_rows, may_write_row, reads_rows
from forms_server.registers.row_sorting import MOST_SORTED, RowSort, few_enough, sortable, sorted_page
from forms_server.web.current_services import services
from forms_server.web.read_names import note_read
from forms_server.web.records.pagination_cursors import position_by_number, written
from forms_server.web.records.requested_record import desk, offer
from forms_server.web.registers.requested_register import (
    PERIOD,
    asked_period,
    asked_register,
    blueprint,
    counted_rows,
    current_period,
    offered_periods,
    seen_rows,
)

MOST_WORDS = 60
"""Characters of the words that are looked for."""


@blueprint.get("/")
def registers() -> str:
    """List the campaign's registers, with how many rows stand in today's period."""
    campaign = services().campaign
    with desk() as at:
        figures = {
            each.id: row_totals.totals_of_list(
                at.connection, counted_rows(each), RowFilters(current_period(each))
            )
            for each in campaign.registers
        }
        waiting = {
            each.id: row_periods.to_carry(at, each, current_period(each))
            for each in campaign.registers
            if each.period.repeats and keeps_rows(campaign, g.account, each)
        }
        to_decide = {
            each.id: waiting_for(at.connection, seen_rows(each))
            for each in campaign.registers
            if decides(g.account, each.owner)
        }
    return render_template(
        "registers/registers.html",
        figures=figures,
        waiting=waiting,
        to_decide=to_decide,
        periods={each.id: current_period(each) for each in campaign.registers},
        keeps={each.id for each in campaign.registers if keeps_rows(campaign, g.account, each)},
    )


@blueprint.get("/<register_id>/")
def index(register_id: str) -> str:
    """List a register's rows by the query string's filters."""
    register, campaign = asked_register(register_id), services().campaign
    filters, order, sort = asked_filters(register), _order(), asked_sort(register)
    seen, keeps = seen_rows(register), keeps_rows(campaign, g.account, register)
    exemptible = any(check.level == EXEMPTIBLE for check in register.checks)
    with desk() as at:
        position = position_by_number(request.args)
        sorts = few_enough(at.connection, seen.parts(filters))
        if sort and sorts:
            page = sorted_page(at.connection, seen, filters, sort, position)
        else:
            page = row_listing.page(at.connection, seen, filters, None if sort else position, order)
        figures = row_totals.totals_of_list(at.connection, seen, filters)
        periods = offered_periods(at, register, filters.period)
        ahead = keeps and register.period.repeats and filters.period == current_period(register)
        to_carry = row_periods.to_carry(at, register, filters.period) if ahead else 0
        exemptions_wait = waiting_for(at.connection, seen) if exemptible else 0
    note_read(register_row.name, [(row.unit_code, row.unit_code) for row in page.rows])
    return render_template(
        "registers/list.html",
        form=register,
        page=page,
        figures=figures,
        most_sorted=MOST_SORTED,
        sorts=sorts,
        sort=sort,
        sortable=sortable(register),
        sort_words=sort_words,
        filters=filters,
        order=order,
        periods=periods,
        to_carry=to_carry,
        columns=list_columns(register),
        controls=_controls(register, filters),
        confirmable={
            row.id
            for row in page.rows
            if row.waiting and not row.lacks and may_write_row(campaign, g.account, row)
        },
        keeps=keeps,
        reads=reads_rows(g.account, register),
        exemptions_there=exemptible,
        exemptions_wait=exemptions_wait,
        address=list_address,
        asked=parameters(filters),
        searched_at_once=keyset_paging.SEARCHED,
    )


def asked_filters(register: Register) -> RowFilters:
    """Filters of the query string; unknown values are ignored."""
    arguments, campaign = request.args, services().campaign
    village, township = arguments.get("village", ""), arguments.get("township", "")
    state = arguments.get("state", "")
    return RowFilters(
        period=asked_period(register, arguments.get(PERIOD, "")),
        township_code=township if township in campaign.unit_by_code else "",
        village_code=village if village in campaign.village_by_code else "",
        state=state if register.state(state) else "",
        waiting=bool(arguments.get("waiting")),
        choices={
            each.id: arguments[_name(each)]
            for each in choice_fields(register)
            if arguments.get(_name(each)) in {choice.id for choice in each.choices}
        },
        words=str(masked(" ".join(arguments.get("words", "").replace("\0", "").split())[:MOST_WORDS])),
    )


def parameters(filters: RowFilters) -> dict[str, Any]:
    """The filters as parameters of an address."""
    chosen = {f"is-{name}": answer for name, answer in filters.choices.items()}
    return {
        PERIOD: filters.period or None,
        "township": filters.township_code or None,
        "village": filters.village_code or None,
        "state": filters.state or None,
        "waiting": 1 if filters.waiting else None,
        "words": filters.words or None,
        **chosen,
    }


def list_address(register: Register, filters: RowFilters, sort: str | None, place: Any = None) -> str:
    """URL of a list with these filters in an order."""
    return url_for(
        "registers.index", register_id=register.id, **parameters(filters), sort=sort or None, **written(place)
    )


def asked_sort(register: Register) -> RowSort | None:
    """The column that the query string asks to sort by; None for the order of filing."""
    way, _, name = request.args.get("sort", "").partition(".")
    field = next((each for each in sortable(register) if each.id == name), None)
    return RowSort(field, descending=way == _DOWN) if field and way in {_UP, _DOWN} else None


def sort_words(field: Field, *, down: bool = False) -> str:
    """A column's order as a parameter of an address."""
    return f"{_DOWN if down else _UP}.{field.id}"


_UP, _DOWN = "up", "down"


def list_columns(register: Register) -> list[tuple[Field, str]]:
    """Columns of the list: all that are stored, with a single long text and without the account's constant ones."""
    shown: list[tuple[Field, str]] = []
    for each in register.stored_fields:
        kind = _kind(each)
        long = kind == "long" and any(style == "long" for _, style in shown)
        if kind and not long and each.type not in offer().same:
            shown.append((each, kind))
    return shown


def _kind(each: Field) -> str:
    """The style of a column; empty for types that the list does not show."""
    special: Mapping[FieldType, str] = {
        FieldType.SERIAL: "",
        FieldType.PARAGRAPH: "long",
        FieldType.DATE: "short day",
        FieldType.DEADLINE: "short day",
    }
    return special.get(each.type, "short")


def _order() -> RowOrder:
    return RowOrder.OLDEST if request.args.get("sort") == RowOrder.OLDEST else RowOrder.NEWEST


def _name(each: Field) -> str:
    """The parameter of a choice field: no filter of the list itself is called so."""
    return f"is-{each.id}"


def _controls(
    register: Register, filters: RowFilters
) -> list[tuple[str, str, str, Sequence[tuple[str, str]]]]:
    """Lists of the filter box: name, words for all, value, and choices."""
    campaign = services().campaign
    townships = [(each.value, each.label) for each in offer().townships()]
    of_township = campaign.unit_by_code.get(filters.township_code)
    names = village_names(campaign)
    villages = [(each.value, names.get(each.value, each.label)) for each in offer().villages()]
    if len(townships) > 1:
        within = of_township.villages if of_township else ()
        villages = [(each.code, names[each.code]) for each in within]
    places = [
        ("township", "全部乡镇", filters.township_code, townships),
        ("village", "全部村", filters.village_code, villages),
    ]
    state = ("state", "全部状态", filters.state, [(each.id, each.label) for each in register.states])
    answers = [
        (_name(each), f"全部{each.label}", filters.choices.get(each.id, ""),
         [(choice.id, choice.label) for choice in each.choices])
        for each in choice_fields(register)
    ]  # fmt: skip
    return [each for each in (*places, state, *answers) if len(each[3]) > 1]
