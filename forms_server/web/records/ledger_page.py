"""Ledger page: filters, keyset pagination, and counts by state."""

from collections.abc import Sequence
from uuid import uuid4

from flask import g, render_template, request

from checklist.model import RecordForm
from forms_server import scope
from forms_server.access import Action, may_write
from forms_server.desk import Desk
from forms_server.records import keyset_paging, ledger_listing
from forms_server.records.chosen_columns import chosen_columns
from forms_server.records.extensions import extensions_of_many
from forms_server.records.ledger_filters import Filters, FilterUse, Sorting, read_filters
from forms_server.records.record_counts import count_out_of_sight, counts, tab_counts
from forms_server.records.saved_filters import LONGEST_NAME, saved_filters
from forms_server.records.serial_number import serials
from forms_server.records.visible_ledger import VisibleLedger
from forms_server.web.current_services import services
from forms_server.web.read_names import note_read
from forms_server.web.records.bulk_actions import offered
from forms_server.web.records.filter_box import BoxFacts, controls, kept, remarks
from forms_server.web.records.ledger_columns import LedgerColumn, cell_words, columns_of, usual_columns
from forms_server.web.records.ledger_links import ledger_address
from forms_server.web.records.ledger_tabs import TabFacts
from forms_server.web.records.pagination_cursors import position
from forms_server.web.records.requested_record import blueprint, desk, offer, record_form


@blueprint.get("/<form_id>/")
def index(form_id: str) -> str:
    """List a form's records by the query string's filters."""
    form, campaign = record_form(form_id), services().campaign
    filters, sorting = asked_filters(form), asked_sorting()
    ledger = VisibleLedger(campaign, g.account, form, services().clock.today())
    begin = position(request.args, day=sorting is Sorting.DUE and ledger.due_rule is not None)
    with desk() as at:
        page = ledger_listing.page(at.connection, ledger, filters, begin, sorting)
        states = counts(at.connection, ledger, filters)
        hidden = count_out_of_sight(at.connection, ledger)
        kept_filters = saved_filters(at, form.id)
        numbers = serials(at.connection, at.campaign, page.records)
        moved = extensions_of_many(at.connection, [each for each in page.records if each.first_deadline])
        units = scope.other_units(campaign, g.account)
        shows_units = bool(units) or any(each.unit_code != g.account.unit_code for each in page.records)
        columns = shown_columns(at, form, with_units=shows_units)
        facts = TabFacts(form, filters, sorting, states, tab_counts(at.connection, ledger, filters))
    note_read("unit", [(code, code) for code in {record.unit_code for record in page.records}])
    deeds = [deed for deed in offered(form) if any(map(deed.possible, page.records))]
    return render_template(
        "records/ledger.html",
        form=form,
        deeds=deeds,
        pickable={record.id for record in page.records if any(deed.possible(record) for deed in deeds)},
        columns=columns,
        all_columns=columns_of(form),
        cells=lambda record, openings: [
            (opening, cell_words(each, record, moved.get(record.id, ()), campaign))
            for opening, each in zip(openings, columns, strict=True)
        ],
        numbers=numbers,
        asks_purpose=scope.overseen_units(campaign, g.account) is not None,
        page=page,
        tabs=facts.tabs(),
        filed=any(states.values()),
        searching=filters.asks(FilterUse.TALLIED, FilterUse.NARROW),
        asking=filters.asks(*FilterUse),
        controls=controls(BoxFacts(form, units, offer(), _relations(form)), filters),
        kept=kept(filters),
        kept_filters=kept_filters,
        longest_name=LONGEST_NAME,
        filter_id=uuid4(),
        remarks=remarks(filters, campaign),
        filters=filters,
        sorting=sorting,
        has_deadlines=ledger.due_rule is not None,
        searched_at_once=keyset_paging.SEARCHED,
        shows_units=shows_units,
        hidden=hidden,
        may_file=may_write(g.account, Action.FILE, g.account.unit_code, g.account.village_code),
        address=ledger_address,
    )


def _relations(form: RecordForm) -> Sequence[scope.Relation]:
    """The choice between what the own unit filed and what others did; a department's list of units says it, too."""
    return scope.relations(services().campaign, g.account) if form.kind == "issue" else []


def shown_columns(at: Desk, form: RecordForm, *, with_units: bool = True) -> list[LedgerColumn]:
    """The columns that the account chose, else the usual ones."""
    chosen = set(chosen_columns(at, form.id))
    found = [each for each in columns_of(form) if each.id in chosen]
    return found or usual_columns(form, offer(), with_units=with_units)


def asked_filters(form: RecordForm) -> Filters:
    """Filters of the query string; unknown values are ignored."""
    return read_filters(request.args, services().campaign, form)


def asked_sorting() -> Sorting:
    """Order of the query string; newest first by default."""
    return Sorting.DUE if request.args.get("sort") == Sorting.DUE else Sorting.NEWEST
