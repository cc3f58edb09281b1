"""Issues behind a figure of the overview, grouped by ledger."""

from dataclasses import dataclass

from flask import g, render_template
from sqlalchemy import Connection

from checklist.model import RecordForm
from forms_server.records import ledger_conditions, ledger_listing
from forms_server.records.filter_conditions import unrestricted
from forms_server.records.keyset_paging import PAGE_SIZE
from forms_server.records.ledger_filters import Filters
from forms_server.records.ledger_listing import LedgerPage
from forms_server.records.record_counts import as_counted, count_up, counts
from forms_server.records.visible_ledger import VisibleLedger
from forms_server.web.current_services import services
from forms_server.web.records.filter_box import heading, remarks
from forms_server.web.records.ledger_links import ledger_address
from forms_server.web.records.ledger_page import asked_filters
from forms_server.web.records.requested_record import blueprint, desk

SHOWN = 10
"""Records of each ledger that the page shows."""


@dataclass(frozen=True)
class Found:
    """Issues of one ledger."""

    form: RecordForm
    number: str
    """How many there are, as far as they were counted."""
    page: LedgerPage
    address: str
    """Of the ledger with the same filters."""


@blueprint.get("/")
def found() -> str:
    """List issues by the query string, with a ledger's filters."""
    campaign, today = services().campaign, services().clock.today()
    forms = [form for form in campaign.record_forms if form.kind == "issue"]
    filters = asked_filters(forms[0]) if forms else Filters()  # the forms of issues share their states
    with desk() as at:
        each = [
            _found(at.connection, VisibleLedger(campaign, g.account, form, today), filters) for form in forms
        ]
    return render_template(
        "records/found.html",
        found=each,
        shown=SHOWN,
        filters=filters,
        heading=heading(filters),
        remarks=remarks(filters, campaign),
    )


def _found(connection: Connection, ledger: VisibleLedger, filters: Filters) -> Found:
    page = ledger_listing.page(connection, ledger, filters)
    return Found(
        ledger.form, _number(connection, ledger, filters, page), page, ledger_address(ledger.form, filters)
    )


def _number(connection: Connection, ledger: VisibleLedger, filters: Filters, page: LedgerPage) -> str:
    """Number of matching records: from the tally, or of the scanned window."""
    if filters.narrow:
        more = page.next is not None or page.unfinished
        return f"{PAGE_SIZE if more else len(page.records)}{'+' if more else ''}"
    if any(row.tab and row.ranges is not unrestricted for row, _ in filters.asked()):
        return as_counted(count_up(connection, ledger, filters))
    states = counts(connection, ledger, filters)
    return str(sum(states[state] for state in ledger_conditions.states_asked(ledger, filters)))
